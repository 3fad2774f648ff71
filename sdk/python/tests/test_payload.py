"""Typed payloads: what is made, and what the errors name."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Annotated, Any, Literal, NotRequired, TypedDict

import pytest

from nightsafe.errors import PayloadError, ProgramError
from nightsafe.payload import converter_for


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


@dataclass(frozen=True)
class Point:
    x: float
    y: float = 0.0


@dataclass
class Order:
    name: str
    count: int
    points: list[Point] = field(default_factory=list)
    colour: Colour | None = None
    mode: Literal["fast", "slow", 3] = "slow"
    labels: Annotated[dict[str, int | str], "any"] = field(default_factory=dict)
    pair: tuple[bool, ...] = ()
    anything: Any = None
    made: str = field(default="here", init=False)


class Text(TypedDict):
    text: str
    sentences: NotRequired[int]


@dataclass
class Tree:
    leaves: list[Tree]


@dataclass
class Even:
    number: int

    def __post_init__(self) -> None:
        if self.number % 2:
            raise ValueError("number must be even")


def read(wanted: str, payload: object) -> Any:
    def handler(payload: Any) -> None: ...

    handler.__annotations__["payload"] = wanted
    convert = converter_for(handler)
    assert convert is not None
    return convert(payload, "payload")


def test_a_dataclass_is_built_with_all_it_holds() -> None:
    order = read(
        "Order",
        {
            "name": "n",
            "count": 2,
            "points": [{"x": 1}, {"x": 2.5, "y": 3}],
            "colour": "blue",
            "mode": 3,
            "labels": {"a": 1, "b": "two"},
            "pair": [True, False],
            "anything": [None],
        },
    )
    assert order == Order(
        "n",
        2,
        [Point(1.0), Point(2.5, 3.0)],
        Colour.BLUE,
        3,
        {"a": 1, "b": "two"},
        (True, False),
        [None],
    )


def test_fields_with_a_default_may_be_missing() -> None:
    assert read("Order", {"name": "n", "count": 0}) == Order("n", 0)


def test_a_typed_dict_is_checked() -> None:
    assert read("Text", {"text": "t"}) == {"text": "t"}
    assert read("Text", {"text": "t", "sentences": 2}) == {"text": "t", "sentences": 2}
    with pytest.raises(PayloadError, match=r"^payload\.text is missing$"):
        read("Text", {"sentences": 2})


def test_a_class_may_hold_itself() -> None:
    assert read("Tree", {"leaves": [{"leaves": []}]}) == Tree([Tree([])])


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"name": None}, "payload.name must be a text, not null"),
        ({"count": True}, "payload.count must be a whole number, not true or false"),
        ({"count": 1.0}, "payload.count must be a whole number, not a number"),
        ({"points": {}}, "payload.points must be a list, not an object"),
        ({"points": [{"x": 1}, {}]}, "payload.points[1].x is missing"),
        ({"points": [{"x": "1"}]}, "payload.points[0].x must be a number, not a text"),
        ({"points": [{"x": 10**400}]}, "payload.points[0].x must be a number, not a whole number"),
        ({"colour": "green"}, "payload.colour must be one of 'red', 'blue'"),
        ({"mode": 3.0}, "payload.mode must be one of 'fast', 'slow', 3"),
        (
            {"labels": {"a": None}},
            "payload.labels.a must be a whole number or a text, not null",
        ),
        ({"pair": [1]}, "payload.pair[0] must be true or false, not a whole number"),
        (
            {"size": 1},
            "payload has the unknown field 'size'; known are:"
            " name, count, points, colour, mode, labels, pair, anything",
        ),
        ({"made": "there"}, "payload has the unknown field 'made'; known are: name, count"),
    ],
)
def test_an_error_names_the_field(change: dict[str, object], error: str) -> None:
    with pytest.raises(PayloadError) as raised:
        read("Order", {"name": "n", "count": 1} | change)
    assert str(raised.value).startswith(error)


def test_an_error_never_shows_the_value() -> None:
    changes: list[dict[str, object]] = [
        {"name": ["canary"]},
        {"colour": "canary"},
        {"mode": "canary"},
    ]
    for change in changes:
        with pytest.raises(PayloadError) as raised:
            read("Order", {"name": "n", "count": 1} | change)
        assert "canary" not in str(raised.value)


def test_a_payload_that_is_no_object_is_an_error() -> None:
    with pytest.raises(PayloadError, match=r"^payload must be an object, not a list$"):
        read("Order", [])


def test_a_class_that_checks_itself_refuses_in_its_own_words() -> None:
    assert read("Even", {"number": 2}) == Even(2)
    with pytest.raises(PayloadError, match=r"^payload: number must be even$"):
        read("Even", {"number": 1})


@pytest.mark.parametrize("wanted", ["dict[str, Any]", "Any", "list[int]", "str"])
def test_other_annotations_take_the_payload_as_it_is(wanted: str) -> None:
    def handler(payload: Any) -> None: ...

    handler.__annotations__["payload"] = wanted
    assert converter_for(handler) is None


def test_a_class_that_uses_an_unknown_name_is_refused_at_the_start() -> None:
    @dataclass
    class Local:
        point: Nowhere  # type: ignore[name-defined] # noqa: F821

    def handler(payload: Any) -> None: ...

    handler.__annotations__["payload"] = Local
    with pytest.raises(ProgramError, match="Local uses the unknown name 'Nowhere'"):
        converter_for(handler)
