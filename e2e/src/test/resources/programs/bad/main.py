"""Speaks the task protocol by hand, and badly: what goes wrong stands in its arguments and in each task's payload."""

import base64
import json
import os
import sys
import time

VALUE = os.environ.get("CANARY", "")


def say(**message):
    print(json.dumps(message), flush=True)


def answer(task, result):
    say(task_id=task["task_id"], result=result, error=None, retry=False)


def garbage(task):
    sys.stdout.write('hello\n{\n{}\n[1]\nnull\n{"task_id": 5}\n{"status": "odd"}\n{"task_id": "x", "progress": 1}\n')
    sys.stdout.buffer.write(b"\xff\xfe\x00" + VALUE.encode() + b"\n")
    sys.stdout.buffer.write(b"{" + base64.b64encode(VALUE.encode()) + b"\n")
    answer(task, "after garbage")


def flood(task):
    line = VALUE + "x" * 999_000 + "\n"
    for _ in range(40):
        sys.stdout.write(line)
        sys.stderr.write(line)
    sys.stdout.write('{"no end": "' + VALUE + "y" * 3_000_000 + "\n")
    answer(task, "after the flood")


def die(task):
    sys.stdout.write('{"task_id": "' + task["task_id"] + '", "result": "' + VALUE)
    sys.stdout.flush()
    os._exit(7)


def wrong(task):
    say(task_id="00000000-0000-7000-8000-000000000000", result=VALUE, error=None, retry=False)
    time.sleep(600)


def twice(task):
    answer(task, "first")
    answer(task, "second " + VALUE)


def silent(task):
    say(task_id=task["task_id"], progress="working with " + VALUE)
    time.sleep(600)


def deep(task):
    result = VALUE
    for _ in range(68):
        result = [result]
    answer(task, result)


def good(task):
    answer(task, "good")


def main():
    if "never-ready" in sys.argv:
        print("loading with", VALUE, flush=True)
        time.sleep(600)
    if "no-start" in sys.argv:
        say(status="error", error="no model for " + VALUE)
        return
    say(status="ready")
    for line in sys.stdin:
        task = json.loads(line)
        payload = task["payload"]
        doing = payload["do"] if task["retry_count"] < payload.get("times", 1000) else "good"
        globals()[doing](task)


if __name__ == "__main__":
    main()
