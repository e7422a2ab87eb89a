"""A time limit for everything that is computed inside it, however deep: long walks over expressions and numbers ask for it.

    with time_limit(2.0):
        value = evaluate(expr, inputs)      OutOfTime where that takes longer

Limits nest: the earliest end counts. Whoever sets a limit catches OutOfTime and says what it means there; it is no
TensorDerivError, so that nothing in between takes it for something wrong with an expression.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import monotonic

_END: ContextVar[float | None] = ContextVar("end", default=None)


class OutOfTime(Exception):
    """The time limit around a computation is over."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """What runs inside raises OutOfTime once the seconds are over, or those of a limit around this one.

    >>> with time_limit(60):
    ...     in_time()
    """
    around, end = _END.get(), monotonic() + seconds
    token = _END.set(end if around is None else min(around, end))
    try:
        yield
    finally:
        _END.reset(token)


def in_time() -> None:
    """Raises OutOfTime where the limit is over: called wherever work can pile up."""
    end = _END.get()
    if end is not None and monotonic() > end:
        raise OutOfTime
