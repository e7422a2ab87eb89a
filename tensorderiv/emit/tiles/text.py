"""What a tile function is as text, and what the pass that calls it must hand over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

ParameterKind: TypeAlias = Literal["start", "stop", "weights", "table", "panels", "vector", "scalar", "extent", "strip", "out"]


@dataclass(frozen=True)
class Parameter:
    """One argument of a tile: what it is, its name in the program ("" for what is no tensor or extent), its identifier there.

    start, stop      the rows start <= i < stop
    weights, strip   a block of rows and all columns, shape (at least stop - start, m)
    table            the whole matrix of rows or of columns, as it is
    panels           the table of columns packed by `_panels`
    vector, scalar   a vector over the features; a number
    extent           a size as a whole number
    out              what is added to: (n, d), or (m, d) when onto columns
    """

    kind: ParameterKind
    name: str
    shown: str


@dataclass(frozen=True)
class TileText:
    """The source of a tile: `lines` are whole functions, decorators included; `helpers` are names for `support_texts`."""

    name: str
    parameters: tuple[Parameter, ...]
    lines: tuple[str, ...]
    helpers: frozenset[str]

    @property
    def source(self) -> str:
        return "\n".join(self.lines)


def indented(lines: list[str] | tuple[str, ...], depth: int = 1) -> list[str]:
    """The lines, further right."""
    return ["    " * depth + line if line else line for line in lines]


def function_lines(
    name: str, parameters: tuple[str, ...], doc: list[str], body: list[str], decorator: str = "_ordered"
) -> list[str]:
    """A compiled function."""
    first, *rest = doc
    shown = [f'"""{first}"""'] if not rest else [f'"""{first}', *rest, '"""']
    return [f"@{decorator}", f"def {name}({', '.join(parameters)}):", *indented([*shown, *body])]


WIDE = 110
"""Characters of a line that is not broken."""


def added(target: str, terms: list[str]) -> list[str]:
    """target + first + second ..., from left to right."""
    line = f"{target} = {' + '.join([target, *terms])}"
    if len(line) <= WIDE:
        return [line]
    return [f"{target} = (", f"    {target}", *(f"    + {term}" for term in terms), ")"]
