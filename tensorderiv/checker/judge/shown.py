"""A counterexample in the words of the author: names as they spelled them, entries of an array by row and column."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from tensorderiv.checker.case import Case
from tensorderiv.checker.meaning.names import identifier
from tensorderiv.equality import Counterexample

if TYPE_CHECKING:
    from tensorderiv.checker.meaning import Meaning

PLACES = {1: ("entry",), 2: ("row", "column")}


def shown(example: Counterexample | None, case: Case, left: Meaning) -> Counterexample | None:
    """The counterexample under names that the author knows; `left` is the left-hand side of the claim."""
    if example is None:
        return None
    places = PLACES.get(len(left.loose), tuple(f"axis {number}" for number in range(1, len(left.loose) + 1)))
    indices = {axis.name: place for axis, place in zip(left.loose, places, strict=True)}
    spelled = spellings(case)
    return replace(
        example,
        indices={indices.get(name, name): value for name, value in example.indices.items()},
        inputs={spelled.get(name, name): array for name, array in example.inputs.items()},
    )


def spellings(case: Case) -> dict[str, str]:
    r"""The plain names that the engine uses for the symbols of a case, and their spelling; none where two would be the same.

    >>> from tensorderiv.checker.case import Symbol
    >>> spellings(Case(("1",), symbols=(Symbol(r"\mu_0"), Symbol("x"))))
    {'mu0': '\\mu_0', 'x': 'x'}
    """
    plain = {symbol.name: identifier(symbol.name) for symbol in case.symbols}
    often = Counter(plain.values())
    return {name: spelling for spelling, name in plain.items() if often[name] == 1}
