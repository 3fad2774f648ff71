"""From a payload's JSON to the dataclass or TypedDict that a handler asks for."""

import dataclasses
import inspect
import types
import typing
from collections.abc import Callable
from contextlib import suppress
from enum import Enum
from typing import Any, Literal, NotRequired, Required, Union, get_args, get_origin

from nightsafe.errors import PayloadError, ProgramError

Converter = Callable[[object, str], Any]
"""Makes the wanted value of a JSON value, or raises PayloadError that names the place given."""

_UNION_ORIGINS = (Union, types.UnionType)
_JSON_NAMES = {
    type(None): "null",
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: "a text",
    list: "a list",
    dict: "an object",
}


def converter_for(handler: Callable[..., Any]) -> Converter | None:
    """How to make the handler's payload, or None when it takes the JSON as it is.

    Raises ProgramError for a class with a field that JSON can't fill.
    """
    annotation = _payload_annotation(handler)
    if not (_is_dataclass(annotation) or typing.is_typeddict(annotation)):
        return None
    return _Compiler().compile(annotation, annotation.__name__)


def _payload_annotation(handler: Callable[..., Any]) -> Any:
    parameter = next(iter(inspect.signature(handler).parameters.values()))
    annotation = parameter.annotation
    if not isinstance(annotation, str):
        return annotation
    try:
        return eval(annotation, getattr(inspect.unwrap(handler), "__globals__", {}))
    except Exception:
        raise ProgramError(
            f"the payload's annotation '{annotation}' names nothing at the module's top level"
        ) from None


def _is_dataclass(annotation: object) -> bool:
    return isinstance(annotation, type) and dataclasses.is_dataclass(annotation)


class _Compiler:
    """Compiles types to converters; a class that holds itself is compiled once."""

    def __init__(self) -> None:
        self._classes: dict[object, Converter] = {}

    def compile(self, wanted: Any, where: str) -> Converter:
        if wanted is Any or wanted is object:
            return lambda value, _: value
        if wanted is None or wanted in (type(None), bool, int, str, list, dict):
            return _exactly(type(None) if wanted is None else wanted)
        if wanted is float:
            return _number
        if _is_dataclass(wanted) or typing.is_typeddict(wanted):
            return self._class(wanted)
        if isinstance(wanted, type) and issubclass(wanted, Enum):
            return _one_of({member.value: member for member in wanted})
        return self._parametrized(wanted, where)

    def _parametrized(self, wanted: Any, where: str) -> Converter:
        origin, arguments = get_origin(wanted), get_args(wanted)
        if origin is Literal:
            return _one_of({value: value for value in arguments})
        if origin in _UNION_ORIGINS:
            return _union([self.compile(member, where) for member in arguments], arguments)
        if origin is list:
            return _list_of(self.compile(arguments[0], where), list)
        if origin is tuple and arguments[1:] == (...,):
            return _list_of(self.compile(arguments[0], where), tuple)
        if origin is dict and arguments[0] is str:
            return _dict_of(self.compile(arguments[1], where))
        raise ProgramError(f"{where} has the type {wanted}, which can't be filled from JSON")

    def _class(self, wanted: Any) -> Converter:
        if wanted not in self._classes:
            # Calls through the table, so that a class can hold itself.
            self._classes[wanted] = lambda value, place: made[0](value, place)
            made = [self._object(wanted)]
        return self._classes[wanted]

    def _object(self, wanted: Any) -> Converter:
        try:
            hints = typing.get_type_hints(wanted, include_extras=True)
        except NameError as e:
            raise ProgramError(f"{wanted.__name__} uses the unknown name '{e.name}'") from None
        names, required = _fields(wanted, hints)
        fields = {
            name: self.compile(_bare(hints[name]), f"{wanted.__name__}.{name}") for name in names
        }

        def convert(value: object, place: str) -> Any:
            given = _exactly(dict)(value, place)
            for name in sorted(given.keys() - fields.keys()):
                known = ", ".join(fields) or "none"
                raise PayloadError(f"{place} has the unknown field '{name}'; known are: {known}")
            for name in fields:
                if name in required and name not in given:
                    raise PayloadError(f"{place}.{name} is missing")
            arguments = {n: fields[n](given[n], f"{place}.{n}") for n in fields if n in given}
            return _construct(wanted, arguments, place)

        return convert


def _construct(wanted: Any, arguments: dict[str, Any], place: str) -> Any:
    try:
        return wanted(**arguments)
    except ValueError as e:  # a __post_init__ that checks
        raise PayloadError(f"{place}: {e}") from e


def _fields(wanted: Any, hints: dict[str, Any]) -> tuple[list[str], set[str]]:
    """The names that JSON may give, and those that it must."""
    if _is_dataclass(wanted):
        fields = [field for field in dataclasses.fields(wanted) if field.init]
        missing = dataclasses.MISSING
        return [field.name for field in fields], {
            field.name
            for field in fields
            if field.default is missing and field.default_factory is missing
        }
    # __required_keys__ overlooks NotRequired in annotations that are texts, the hints don't.
    said = {name: get_origin(hint) for name, hint in hints.items()}
    return list(hints), {
        name
        for name, mark in said.items()
        if mark is Required or (name in wanted.__required_keys__ and mark is not NotRequired)
    }


def _bare(hint: Any) -> Any:
    while get_origin(hint) in (Required, NotRequired) or hasattr(hint, "__metadata__"):
        hint = get_args(hint)[0]
    return hint


def _exactly(wanted: type) -> Converter:
    def convert(value: object, place: str) -> Any:
        if type(value) is not wanted:
            raise _mismatch(place, _JSON_NAMES[wanted], value)
        return value

    return convert


def _number(value: object, place: str) -> float:
    if type(value) is int or type(value) is float:
        with suppress(OverflowError):
            return float(value)
    raise _mismatch(place, "a number", value)


def _one_of(choices: dict[Any, Any]) -> Converter:
    expected = "one of " + ", ".join(map(repr, choices))

    def convert(value: object, place: str) -> Any:
        for key, choice in choices.items():
            if type(value) is type(key) and value == key:
                return choice
        raise PayloadError(f"{place} must be {expected}")

    return convert


def _union(members: list[Converter], wanted: tuple[Any, ...]) -> Converter:
    if len(wanted) == 2 and type(None) in wanted:  # its own error names the inner field
        member = members[1 - wanted.index(type(None))]
        return lambda value, place: None if value is None else member(value, place)

    def convert(value: object, place: str) -> Any:
        for member in members:
            try:
                return member(value, place)
            except PayloadError:
                continue
        raise _mismatch(place, " or ".join(_JSON_NAMES.get(t, str(t)) for t in wanted), value)

    return convert


def _list_of(item: Converter, wanted: Callable[[list[Any]], Any]) -> Converter:
    def convert(value: object, place: str) -> Any:
        values = _exactly(list)(value, place)
        return wanted([item(each, f"{place}[{index}]") for index, each in enumerate(values)])

    return convert


def _dict_of(item: Converter) -> Converter:
    def convert(value: object, place: str) -> Any:
        values = _exactly(dict)(value, place)
        return {name: item(each, f"{place}.{name}") for name, each in values.items()}

    return convert


def _mismatch(place: str, expected: str, value: object) -> PayloadError:
    return PayloadError(f"{place} must be {expected}, not {_JSON_NAMES[type(value)]}")
