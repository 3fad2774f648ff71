"""A task program for runqy-python 0.2.2, as it runs on Runqy: nothing in it knows Nightsafe."""

import hashlib
import os

from runqy_python import load, run, task


@load
def setup():
    """Runs once; what it returns is the handler's second argument."""
    return {"key": os.environ["OPENAI_API_KEY"]}


@task
def prove(payload, ctx):
    """Returns something that only a program with the key can compute."""
    proof = hashlib.sha256((ctx["key"] + payload["text"]).encode()).hexdigest()
    return {"text": payload["text"], "proof": proof[:16]}


if __name__ == "__main__":
    run()
