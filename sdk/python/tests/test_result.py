"""From a handler's result to JSON."""

import json
from collections import Counter, OrderedDict, namedtuple
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum, IntEnum
from types import MappingProxyType
from typing import Any

import pytest

from nightsafe.errors import ResultError
from nightsafe.result import MAX_DEPTH, encode, printable, to_json


class Colour(Enum):
    RED = "red"


class Level(IntEnum):
    LOW = 1


@dataclass
class Item:
    name: str
    colour: Colour
    parts: list["Item"] = field(default_factory=list)


def test_dataclasses_and_enums_become_objects_and_values() -> None:
    item = Item("a", Colour.RED, [Item("b", Colour.RED)])
    assert to_json({"item": item, "level": Level.LOW}) == {
        "item": {
            "name": "a",
            "colour": "red",
            "parts": [{"name": "b", "colour": "red", "parts": []}],
        },
        "level": 1,
    }


def test_tuples_become_lists_and_kinds_of_dict_become_objects() -> None:
    pair = namedtuple("pair", "a b")
    value = [(1, 2), pair(3, 4), Counter("aa"), OrderedDict(z=1), {5: "number"}]
    assert to_json(value) == [[1, 2], [3, 4], {"a": 2}, {"z": 1}, {"5": "number"}]


@pytest.mark.parametrize(
    ("value", "error"),
    [
        (object(), "result is of the type object, which JSON can't hold; convert it first"),
        (Item, "result is of the type type,"),
        ({"at": datetime.now(UTC)}, "result.at is of the type datetime.datetime,"),
        ([{"a": {1}}], "result[0].a is of the type set,"),
        (MappingProxyType({}), "result is of the type mappingproxy,"),
        ((n for n in "a"), "result is of the type generator,"),
        ({True: 1}, "result has a key of the type bool, not a text"),
        ({None: 1}, "result has a key of the type NoneType, not a text"),
        ({1: 1, "1": 2}, "result has the key '1' twice, as a text and as a number"),
        ([float("inf")], "result[0] is inf, which JSON can't hold"),
        ("a\ud800", "result is a str with a lone surrogate, which isn't Unicode"),
        ({"\ud800": 1}, "a key of result is a str with a lone surrogate"),
    ],
)
def test_what_json_can_not_hold_is_named(value: object, error: str) -> None:
    with pytest.raises(ResultError) as raised:
        to_json(value)
    assert str(raised.value).startswith(error)


def test_a_result_that_is_too_deep_or_holds_itself_is_refused() -> None:
    nested: list[Any] = []
    for _ in range(MAX_DEPTH):
        nested = [nested]
    assert to_json(nested) == nested
    circle: dict[str, object] = {}
    circle["again"] = circle
    for value in ([nested], circle):
        with pytest.raises(ResultError, match="nested deeper than 60 levels, or holds itself"):
            to_json(value)


def test_a_message_is_one_line_of_utf_8() -> None:
    message: Mapping[str, Any] = {"a": "ä\n\r\u2028"}
    line = encode(dict(message))
    assert line == '{"a":"ä\\n\\r\u2028"}\n'.encode()
    assert json.loads(line) == message


def test_lone_surrogates_become_escapes_in_error_texts() -> None:
    assert printable("a\udcffä") == "a\\udcffä"
