"""Does with its secret what a program must not do: prints it, returns it, raises with it."""

import base64
import os
import sys

from nightsafe import progress, run, task


@task
def leak(payload):
    value = os.environ["CANARY"]
    print("stdout", value)
    print("stderr", value, file=sys.stderr)
    progress("progress " + value)
    if payload.get("raise"):
        raise ValueError("failed with " + value)
    return {"raw": value, "nested": ["x" + value + "y"], "base64": base64.b64encode(value.encode()).decode()}


if __name__ == "__main__":
    run()
