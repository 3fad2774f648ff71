"""Does with its secret what a program must not do: prints it, returns it, reports it, raises and ends with it."""

import base64
import os
import sys

from nightsafe import RetryableError, entry, issue, progress, run, step, summary, task


@task
def leak(payload):
    value = os.environ["CANARY"]
    print("stdout", value)
    print("stderr", value, file=sys.stderr)
    progress("progress " + value)
    summary("summary " + value)
    issue(2, "title " + value, affected=value, expected=value, actual="x" + value)
    step("step " + value, "failed", value)
    entry("name", value)
    match payload.get("end"):
        case "raise":
            raise ValueError("failed with " + value)
        case "retry":
            raise RetryableError("again with " + value)
        case "die":
            os.write(2, value.encode())
            sys.exit("ended with " + value)
        case "garbage":
            os.write(1, b'{"task_id": "' + value.encode() + b'", "result": ')
            os._exit(3)
    return {"raw": value, "nested": ["x" + value + "y"], "base64": base64.b64encode(value.encode()).decode()}


if __name__ == "__main__":
    if sys.argv[1:] == ["dies"]:
        raise RuntimeError("not started with " + os.environ["CANARY"])
    run()
