"""The vector functions by name, and the text of those that a module uses."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from tensorderiv.emit.vector_math.base import BASE
from tensorderiv.emit.vector_math.error_function import ERROR_FUNCTION
from tensorderiv.emit.vector_math.exponential import EXPONENTIAL
from tensorderiv.emit.vector_math.inverse import INVERSE
from tensorderiv.emit.vector_math.logarithm import LOGARITHM
from tensorderiv.emit.vector_math.power import POWER
from tensorderiv.emit.vector_math.text import VectorFunction
from tensorderiv.emit.vector_math.trigonometry import TRIGONOMETRY

PIECES: dict[str, VectorFunction] = {
    piece.name: piece for piece in (BASE, *EXPONENTIAL, *LOGARITHM, *POWER, *TRIGONOMETRY, *INVERSE, *ERROR_FUNCTION)
}
"""Everything that can stand in a module, each after what it needs."""

VECTOR_MATH = frozenset("exp log log1p expm1 tanh sigmoid softplus pow sin cos acos asin atan2 erf".split())
"""What a kernel may call, as `_NAME(...)`. The other pieces are what these need, and `sin_near` and `cos_near`."""


def vector_pieces(names: Iterable[str]) -> tuple[VectorFunction, ...]:
    """The pieces for the functions and all that they need, each once, each after what it needs.

    >>> [piece.name for piece in vector_pieces(["tanh"])]
    ['vector_base', 'exp_parts', 'expm1_parts', 'tanh']
    """
    wanted: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in wanted:
            wanted.add(name)
            waiting.extend(PIECES[name].needs)
    return tuple(piece for piece in PIECES.values() if piece.name in wanted)


def vector_texts(names: Iterable[str]) -> tuple[str, ...]:
    """The text of these pieces, for a module that has imported math, numpy as np and numba.njit."""
    return tuple(piece.source.strip() for piece in vector_pieces(names))


@lru_cache(maxsize=1)
def defined_names() -> frozenset[str]:
    """Every name that a piece defines in its module; nests must be named otherwise.

    >>> sorted(defined_names() & {"_fma", "_exp", "_exp_64", "_QUARTERS_2", "x"})
    ['_QUARTERS_2', '_exp', '_exp_64', '_fma']
    """
    lines = re.findall(r"^(?:def (\w+)|(\w[\w, ]*) =)", "\n".join(piece.source for piece in PIECES.values()), re.MULTILINE)
    return frozenset(name for function, targets in lines for name in (function or targets).split(", "))
