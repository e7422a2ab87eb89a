"""A case in short, for tests of the reader."""

from __future__ import annotations

from typing import Any

from tensorderiv.checker.case import Case, Symbol
from tensorderiv.checker.reading import Vocabulary, read_definitions, read_line
from tests.support.shown import shown

SYMBOLS = (
    Symbol("X", ("n", "d")),
    Symbol("A", ("n", "n")),
    Symbol("B", ("n", "n")),
    Symbol("x", ("n",)),
    Symbol("y", ("n",)),
    Symbol("a"),
    Symbol("b"),
    Symbol("c"),
    Symbol(r"{\tt1}", ("n",), "ones"),
    Symbol("I", ("n", "n"), "identity"),
    Symbol(r"\bar{e}", ("n",), "basis", indices=("i",)),
    Symbol("h", value="function", arity=1),
    Symbol("t", ("n",), "label"),
)


def known(*definitions: str, **fields: Any) -> Vocabulary:
    """The vocabulary of SYMBOLS, the indices i, j, k, and these definitions."""
    given = {"indices": dict.fromkeys("ijk", "n"), "symbols": SYMBOLS, "wrt": "x_i", "extents": ("n", "d", "p")} | fields
    return read_definitions(Case(lines=("0",), definitions=definitions, **given))[0]


def readings(line: str, *definitions: str, **fields: Any) -> list[str]:
    """All readings of a line, in short."""
    return [shown(node) for node in read_line(line, known(*definitions, **fields))]


def usual(line: str, *definitions: str, **fields: Any) -> str:
    """The most usual one."""
    return readings(line, *definitions, **fields)[0]
