"""From what a handler returned to JSON, exactly or not at all."""

import dataclasses
import json
import math
from enum import Enum
from typing import Any

from nightsafe.errors import ResultError

MAX_DEPTH = 60
"""Servers take 64 levels; a result travels inside a few."""


def to_json(value: Any, place: str = "result", depth: int = 0) -> Any:
    """The value in plain dicts, lists, texts and numbers. Raises ResultError, naming the place."""
    if depth > MAX_DEPTH:
        raise ResultError(f"the result is nested deeper than {MAX_DEPTH} levels, or holds itself")
    match value:
        case Enum():
            return to_json(value.value, place, depth)
        case None | bool() | int():
            return value
        case float():
            return _finite(value, place)
        case str():
            return _text(value, place)
        case dict():
            return _object(value, place, depth)
        case list() | tuple():
            return [to_json(v, f"{place}[{i}]", depth + 1) for i, v in enumerate(value)]
        case _ if dataclasses.is_dataclass(value) and not isinstance(value, type):
            fields = {f.name: getattr(value, f.name) for f in dataclasses.fields(value)}
            return _object(fields, place, depth)
    kind = type(value)
    name = (
        kind.__qualname__
        if kind.__module__ == "builtins"
        else f"{kind.__module__}.{kind.__qualname__}"
    )
    raise ResultError(f"{place} is of the type {name}, which JSON can't hold; convert it first")


def encode(message: dict[str, Any]) -> bytes:
    """One line of JSON in UTF-8, with its newline."""
    text = json.dumps(message, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.encode() + b"\n"


def printable(text: str) -> str:
    """The text with what UTF-8 can't hold (lone surrogates) written as escapes."""
    return text.encode(errors="backslashreplace").decode()


def _finite(value: float, place: str) -> float:
    if not math.isfinite(value):
        raise ResultError(
            f"{place} is {value}, which JSON can't hold; return None or a text instead"
        )
    return value


def _text(value: str, place: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ResultError(f"{place} is a str with a lone surrogate, which isn't Unicode") from None
    return value


def _object(value: dict[Any, Any], place: str, depth: int) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for key, each in value.items():
        if isinstance(key, bool) or not isinstance(key, str | int):
            raise ResultError(f"{place} has a key of the type {type(key).__name__}, not a text")
        name = _text(key, f"a key of {place}") if isinstance(key, str) else str(key)
        if name in made:
            raise ResultError(f"{place} has the key {name!r} twice, as a text and as a number")
        made[name] = to_json(each, f"{place}.{name}", depth + 1)
    return made
