"""Waits, in a task, for a new value of a secret in a file; says its SHA-256 and when it came."""

import hashlib
import queue
import time

from nightsafe import load, progress, run, secrets, task

told: queue.SimpleQueue[tuple[str, float]] = queue.SimpleQueue()


@load
def begin():
    secrets.watch("TOKEN_FILE", lambda value: told.put((sha(value), time.time())))


def sha(value):
    return hashlib.sha256(value).hexdigest()


@task
def wait(payload):
    progress("waiting")
    before = sha(secrets.read("TOKEN_FILE"))
    after, at = told.get()
    return {"before": before, "after": after, "at": round(at * 1000)}


run()
