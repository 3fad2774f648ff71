"""Writes down when it begins, works on and ends each task, and which deposit of each key it has.

Its argument is the file; several processes add to it. Secrets are texts that end in -NUMBER.
"""

import itertools
import json
import os
import sys
import time

from nightsafe import RetryableError, run, task

FILE = os.open(sys.argv[1], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
NUMBERS = {
    key: int(value.rsplit("-", 1)[1])
    for key, value in os.environ.items()
    if key.startswith("KEY_")
}
COUNT = itertools.count(1)


def stamp(**what):
    what["at"] = time.monotonic_ns()
    os.write(FILE, (json.dumps(what) + "\n").encode())


@task
def work(payload):
    pid = os.getpid()
    stamps = {"task": payload["task"], "execution": f"{pid}/{next(COUNT)}/{time.monotonic_ns()}", "pid": pid}
    stamp(event="Stamp", kind="BEGIN", **stamps)
    until = time.monotonic() + payload["millis"] / 1000
    while time.monotonic() < until:
        time.sleep(0.02)
        stamp(event="Stamp", kind="ACT", **stamps)
    print("working with", *os.environ.values())
    stamp(event="Stamp", kind="END", **stamps)
    if payload["ending"] == "FAIL":
        raise ValueError("asked to fail with " + os.environ.get("KEY_0", ""))
    if payload["ending"] == "UNSTEADY" and time.monotonic_ns() // 1000 % 4 == 0:
        raise RetryableError("asked to try again")
    return {"execution": stamps["execution"], "numbers": NUMBERS}


if __name__ == "__main__":
    stamp(event="Started", pid=os.getpid(), numbers=NUMBERS)
    run()
