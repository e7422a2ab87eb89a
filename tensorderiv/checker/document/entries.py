r"""What is written of declared arrays: x_1 is an entry of an x in R^2 and no name; x'y is a product with a transpose."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from tensorderiv.algebra.index import Extent
from tensorderiv.checker.document.facts import INDEX, PRIMES, Fact
from tensorderiv.checker.document.primes import is_plain_call
from tensorderiv.checker.document.uses import Use, Uses
from tensorderiv.checker.reading.ellipsis import DOTS


def is_numbered(use: Use) -> bool:
    return bool(use.subscripts) and all(part.isdigit() for part in use.subscripts)


def with_places(gathered: Iterable[Uses], facts: Mapping[str, Fact]) -> list[Uses]:
    r"""The uses, where A_{12} of a matrix has two subscripts.

    >>> from tensorderiv.checker.document.uses import uses_of
    >>> [use.subscripts for use in with_places([uses_of("A_{12} x_{12} + B_{ij} B_{21}")], {"A": Fact("A", (), (2, 2))})[0].uses]
    [('1', '2'), ('12',), ('i', 'j'), ('2', '1')]
    """
    found = list(gathered)
    pairs = {name for name, fact in facts.items() if fact.shape is not None and len(fact.shape) == 2 and not fact.letters}
    pairs |= {use.name + use.label for uses in found for use in uses.uses if len(use.subscripts) == 2}

    def one(use: Use) -> Use:
        only = use.subscripts[0] if len(use.subscripts) == 1 else ""
        if use.name + use.label in pairs and only.isdigit() and len(only) == 2:
            return replace(use, subscripts=tuple(only))
        return use

    return [replace(uses, uses=[one(use) for use in uses.uses]) for uses in found]


def arrays_with_entries(gathered: Iterable[Uses], facts: Mapping[str, Fact], defined: Collection[str]) -> set[str]:
    r"""The names whose numbers tell entries: arrays that are declared with as many axes, of which no x_1 is declared or defined,
    and no x_1^T or x_0 stands anywhere.
    """
    numbered: dict[str, list[Use]] = {}
    for uses in gathered:
        for use in uses.uses:
            if is_numbered(use):
                numbered.setdefault(use.name + use.label, []).append(use)
    return {name for name, uses in numbered.items() if name in facts and _have_entries(name, uses, facts, defined)}


def _have_entries(name: str, uses: Iterable[Use], facts: Mapping[str, Fact], defined: Collection[str]) -> bool:
    shape = facts[name].shape
    if not shape or facts[name].letters:
        return False
    for use in uses:
        whole = f"{name}_{{{''.join(use.subscripts)}}}"
        if whole in facts or whole in defined or use.transposed or use.inverse or len(use.subscripts) != len(shape):
            return False
        places = [int(part) for part in use.subscripts]
        if any(place < 1 or (isinstance(size, int) and place > size) for place, size in zip(places, shape, strict=True)):
            return False
    return True


def turned_by_primes(gathered: Iterable[Uses], facts: Mapping[str, Fact], defined: Collection[str]) -> set[str]:
    r"""The names whose prime is a transpose: where the text says so of primes; else declared vectors and matrices whose prime
    always stands beside a factor, x'Ax, while x - x' and k(x, x') speak of another point.
    """
    primed: dict[str, list[Use]] = {}
    for uses in gathered:
        for use in uses.uses:
            if use.primes:
                primed.setdefault(use.name + use.label, []).append(use)
    return {name for name, uses in primed.items() if _is_turned(name, uses, facts, defined)}


def _is_turned(name: str, uses: Iterable[Use], facts: Mapping[str, Fact], defined: Collection[str]) -> bool:
    if any(f"{name}{sign}" in table for sign in ("'", "''") for table in (facts, defined)):
        return False
    fact = facts.get(name)
    array = fact is not None and (bool(fact.shape) or fact.kind in ("vector", "matrix") or r"\cdot" in fact.rule)
    if PRIMES in facts and (array or fact is None):
        return all(use.primes == 1 for use in uses)
    return array and all(use.primes == 1 and use.beside and not is_plain_call(use) for use in uses)


def counting(texts: Iterable[str], gathered: Iterable[Uses], facts: Mapping[str, Fact]) -> dict[str, Fact]:
    r"""An index for the sum that dots stand for: x_1^2 + ... + x_n^2 of an x in R^n; empty where there are none.

    >>> from tensorderiv.checker.document.uses import uses_of
    >>> counting(["x_1+\\dots+x_n"], [uses_of("x_1+x_n")], {"x": Fact("x", (), ("n",))}).keys()
    dict_keys(['index i'])
    """
    if not any(sign in text for text in texts for sign in DOTS):
        return {}
    uses = [use for one in gathered for use in one.uses]
    taken = {letter for use in uses for letter in (use.name, *use.subscripts, *use.above)} | facts.keys()
    sizes: dict[Extent, None] = {}
    for use in uses:
        shape = facts[use.name + use.label].shape if use.name + use.label in facts else None
        if shape and len(shape) == len(use.subscripts):
            sizes |= {size: None for size, letter in zip(shape, use.subscripts, strict=True) if size == letter}
    fresh = [letter for letter in "ijklmpqrs" if letter not in taken and INDEX + letter not in facts]
    return {INDEX + letter: Fact(INDEX + letter, (), (size,)) for letter, size in zip(fresh, sizes, strict=False)}
