"""Tells the SHA-256 of the variables and files that it is asked for."""

import hashlib
import os

from nightsafe import run, task


@task
def fingerprint(payload):
    found = {}
    for name in payload.get("variables", []):
        value = os.environb.get(name.encode())
        found[name] = None if value is None else hashlib.sha256(value).hexdigest()
    for name in payload.get("files", []):
        with open(os.environ[name], "rb") as file:
            found[name] = hashlib.sha256(file.read()).hexdigest()
    return found


if __name__ == "__main__":
    run()
