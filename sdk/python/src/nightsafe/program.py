"""What a program registers: handlers by task type, and what to do before the first task."""

import inspect
from collections.abc import Callable
from typing import Any, TypeVar, overload

from nightsafe.errors import PayloadError, ProgramError
from nightsafe.payload import Converter, converter_for

F = TypeVar("F", bound=Callable[..., Any])


class Program:
    """The handlers and the loader of one process."""

    def __init__(self) -> None:
        self._default: Callable[..., Any] | None = None
        self._named: dict[str, Callable[..., Any]] = {}
        self._loader: Callable[[], Any] | None = None
        self._context: tuple[Any, ...] = ()
        self._converters: dict[Callable[..., Any], Converter | None] = {}

    def add_handler(self, function: Callable[..., Any], types: tuple[str, ...]) -> None:
        """Registers a handler for these types, or for every type that has no handler of its own."""
        _require_plain_function("@task", function)
        if not types:
            if self._default is not None:
                raise ProgramError(
                    f"{_name(self._default)} is already the handler for every type;"
                    f' give {_name(function)} a type of its own: @task("…")'
                )
            self._default = function
        for task_type in types:
            if task_type in self._named:
                raise ProgramError(
                    f"task type '{task_type}' already has the handler"
                    f" {_name(self._named[task_type])}"
                )
            self._named[task_type] = function

    def set_loader(self, function: Callable[[], Any]) -> None:
        """Registers what runs once, before the program is ready."""
        _require_plain_function("@load", function)
        if self._loader is not None:
            raise ProgramError(f"@load is already on {_name(self._loader)}; a program has one")
        self._loader = function

    def start(self) -> None:
        """Runs the loader, then sees that every handler can be called and every payload be read."""
        handlers = {*self._named.values(), *([self._default] if self._default else [])}
        if not handlers:
            raise ProgramError("the program has no handler; put @task on a function")
        context = self._loader() if self._loader else None
        self._context = () if context is None else (context,)
        for handler in handlers:
            self._require_callable(handler)
            self._converters[handler] = converter_for(handler)

    def answer(self, task_type: str | None, payload: object) -> object:
        """What the handler for this type returns. Raises PayloadError, or whatever it raises."""
        handler = self._handler(task_type)
        convert = self._converters[handler]
        argument = payload if convert is None else convert(payload, "payload")
        return handler(argument, *self._context)

    def _handler(self, task_type: str | None) -> Callable[..., Any]:
        handler = self._named.get(task_type, self._default) if task_type else self._default
        if not task_type and handler is None and len(self._named) == 1:
            handler = next(iter(self._named.values()))
        if handler is None:
            asked = f"task type '{task_type}'" if task_type else "a task without a type"
            known = ", ".join(f"'{name}'" for name in self._named)
            raise PayloadError(f"no handler for {asked}; this program has {known}")
        return handler

    def _require_callable(self, handler: Callable[..., Any]) -> None:
        try:
            inspect.signature(handler).bind({}, *self._context)
        except TypeError:
            given = "(payload, ctx), for @load returned one" if self._context else "(payload) alone"
            why = "" if self._context else "; a ctx comes only from a @load that returns one"
            raise ProgramError(f"{_name(handler)} can't be called with {given}{why}") from None


def _name(function: Callable[..., Any]) -> str:
    return getattr(function, "__qualname__", repr(function)) + "()"


def _require_plain_function(decorator: str, function: object) -> None:
    if not callable(function):
        raise ProgramError(f"{decorator} goes on a function, not on {type(function).__name__}")
    if inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function):
        raise ProgramError(
            f"{decorator} can't be async; call asyncio.run(…) inside {_name(function)}"
        )


PROGRAM = Program()
"""The program that the decorators fill and run() runs."""


@overload
def task(function: F, /) -> F: ...
@overload
def task(*types: str) -> Callable[[F], F]: ...
def task(*arguments: Any) -> Any:
    """Makes a function the handler of tasks.

    `@task` alone: of every type without a handler of its own. `@task("summarize")`: of that type.
    The function gets the payload, and what @load returned when that isn't None. A payload parameter
    annotated with a dataclass or TypedDict gets one, checked. What it returns is the result.
    """
    if len(arguments) == 1 and not isinstance(arguments[0], str):
        PROGRAM.add_handler(arguments[0], ())
        return arguments[0]
    if any(not isinstance(name, str) or not name for name in arguments):
        raise ProgramError('the types in @task("…") are texts that aren\'t empty')

    def register(function: F) -> F:
        PROGRAM.add_handler(function, arguments)
        return function

    return register


def load(function: F) -> F:
    """Makes a function run once, before the first task.

    What it returns, unless that is None, is the second argument of every handler.
    """
    PROGRAM.set_loader(function)
    return function
