"""What goes wrong in a task program."""


class RetryableError(Exception):
    """Raise it from a handler when the task failed but another attempt may succeed."""


class ProgramError(Exception):
    """The program itself can't work; said to the runner instead of 'ready'."""


class PayloadError(Exception):
    """A task's payload isn't what its handler asks for. Names the field, never its value."""


class ResultError(Exception):
    """A handler returned something that JSON can't hold. Names the place and the type."""
