"""Cases as plain data, to compare with what is expected of a document."""

from __future__ import annotations

from typing import Any

from tensorderiv.checker.case import Case
from tensorderiv.checker.reading import normal


def summary(case: Case) -> dict[str, Any]:
    """Everything that a case says, but its places and notes."""
    return {
        "aside": case.aside,
        "definitions": list(case.definitions),
        "lines": list(case.lines),
        "symbols": {
            symbol.name: [list(symbol.shape), symbol.value, list(symbol.indices), list(symbol.assume)] for symbol in case.symbols
        },
        "indices": dict(case.indices),
        "wrt": case.wrt,
        "sums": case.sums,
        "layout": case.layout,
        "kind": case.kind,
        "problem": case.problem.message if case.problem else None,
    }


def differences(got: Case, want: Case) -> list[str]:
    """What differs in content: extents may have other names, and the inferred shape may be more general."""
    renamed: dict[object, object] = {}
    found: list[str] = []

    def same(what: str, one: tuple[object, ...], other: tuple[object, ...]) -> None:
        if len(one) != len(other):
            found.append(f"{what}: {one}, not {other}")
            return
        for inferred, declared in zip(one, other, strict=True):
            if renamed.setdefault(inferred, declared) != declared and not isinstance(declared, int):
                found.append(f"{what}: {one}, not {other}")

    symbols = {normal(symbol.name): symbol for symbol in got.symbols}
    for symbol in want.symbols:
        other = symbols.pop(normal(symbol.name), None)
        if other is None:
            found.append(f"{symbol.name} is missing")
            continue
        if other.value != symbol.value or len(other.indices) != len(symbol.indices):
            found.append(f"{symbol.name}: {other.value} {other.indices}, not {symbol.value} {symbol.indices}")
        else:
            same(symbol.name, other.shape, symbol.shape)
        if not set(symbol.assume) <= set(other.assume):
            found.append(f"{symbol.name}: {other.assume}, not {symbol.assume}")
    found += [f"{name} is no symbol" for name in symbols]
    for letter, extent in want.indices.items():
        if normal(letter) in got.indices:
            same(f"index {letter}", (got.indices[normal(letter)],), (extent,))
        else:
            found.append(f"the index {letter} is missing")
    found += [f"{letter} is no index" for letter in got.indices if letter not in {normal(other) for other in want.indices}]
    if got.sums != want.sums:
        found.append(f"{got.sums} sums")
    return found


def plain(latex: str) -> str:
    """LaTeX without blanks."""
    return "".join(latex.split())
