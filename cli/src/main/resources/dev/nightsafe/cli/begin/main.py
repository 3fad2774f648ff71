"""A task program: it stays up and answers one task after another. Its secrets are environment variables."""

import hashlib
import hmac
import os

from nightsafe import load, progress, run, task


@load
def key() -> bytes:
    """Runs once, before the first task. A program whose secret is missing fails here, visibly."""
    return os.fsencode(os.environ["API_KEY"])


@task
def greet(payload: dict, key: bytes) -> dict:
    """Put your own work here. What it returns is the task's result; values of secrets are redacted in it."""
    progress("greeting")
    greeting = f"Hello, {payload['name']}"
    return {"greeting": greeting, "signature": hmac.new(key, greeting.encode(), hashlib.sha256).hexdigest()}


if __name__ == "__main__":
    run()
