"""Which functions a kernel calls as vector functions: none, unless the emitter runs inside `vector_math`."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from tensorderiv.emit.vector_math.registry import VECTOR_MATH

_CALLED: ContextVar[frozenset[str]] = ContextVar("vector_math", default=frozenset())


def called_as_vectors() -> frozenset[str]:
    """The functions that are written as vector functions here; `x ** y` counts as pow."""
    return _CALLED.get()


@contextmanager
def vector_math(names: Collection[str] = VECTOR_MATH) -> Iterator[None]:
    """Modules emitted inside call these functions as vector functions and carry their text."""
    unknown = sorted(set(names) - VECTOR_MATH)
    if unknown:
        raise KeyError(f"no vector function {', '.join(unknown)}; there are {', '.join(sorted(VECTOR_MATH))}")
    token = _CALLED.set(frozenset(names))
    try:
        yield
    finally:
        _CALLED.reset(token)
