"""One program on either SDK: `program.py nightsafe` or `program.py runqy_python`."""

import hashlib
import importlib
import os
import sys
from typing import Any

sdk: Any = importlib.import_module(sys.argv[1])


@sdk.load
def context() -> dict[str, bytes]:
    """Takes the key once."""
    print("loading")
    return {"key": os.environ["OPENAI_API_KEY"].encode()}


@sdk.task
def handler(payload: dict[str, Any], ctx: dict[str, bytes]) -> object:
    """Does what the payload says."""
    print("working")
    match payload.get("do"):
        case "return":
            return payload["value"]
        case "use the key":
            return hashlib.sha256(ctx["key"]).hexdigest()
        case "return a tuple":
            return (1, {2: "two"})
        case "return a set":
            return {1}
        case "fail":
            raise ValueError(payload["message"])
        case "fail for now":
            raise sdk.RetryableError(payload["message"])
        case "look up":
            return payload["missing"]
        case _:
            return payload


getattr(sdk, sys.argv[2] if len(sys.argv) > 2 else "run")()
