"""Write task programs for Nightsafe.

A task program is started by a runner, with its secrets in the environment, and answers tasks:

    from nightsafe import run, task

    @task
    def greet(payload):
        return {"greeting": f"Hello, {payload['name']}"}

    run()
"""

from nightsafe import secrets
from nightsafe.errors import RetryableError
from nightsafe.loop import run, run_once
from nightsafe.program import load, task
from nightsafe.work import entry, exit_code, issue, next_step, progress, step, summary

__all__ = [
    "RetryableError",
    "entry",
    "exit_code",
    "issue",
    "load",
    "next_step",
    "progress",
    "run",
    "run_once",
    "secrets",
    "step",
    "summary",
    "task",
]

__version__ = "0.1.0"
