"""The body of a tile in each lane: short ones are written out there, long ones are a function that the loop takes in."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tensorderiv.algebra.expression import Element, Function, Select, Tensor
from tensorderiv.algebra.traverse import walk
from tensorderiv.emit.names import Names
from tensorderiv.emit.scalar import CHOICE
from tensorderiv.emit.tiles.lanes import LanePrinter
from tensorderiv.emit.tiles.reads import TAKEN, Reads
from tensorderiv.emit.tiles.text import function_lines
from tensorderiv.emit.tiles.unroll import body_weight
from tensorderiv.lower.tile import Pairwise

SHORT = 10
"""The weight up to which a body is written out in each lane; beyond, one function compiles sooner."""

CHOOSING = frozenset("relu max min".split())
"""Functions that are written as a choice of values that may be products."""


@dataclass(frozen=True)
class BodyFunction:
    """The text of a function of one lane; `elements` are its arguments, before scalars and extents."""

    name: str
    elements: tuple[Element, ...]
    lines: tuple[str, ...]
    helpers: frozenset[str]


class Lanes:
    """The identifiers of what one function reads in each lane: rows k and features or columns u of the unrolled loop."""

    def __init__(self, reads: Reads, printer: LanePrinter, function: BodyFunction | None = None) -> None:
        self.reads = reads
        self.printer = printer
        self.function = function
        self.known: dict[tuple[str, object], str] = {}

    def of(self, element: Element, mark: str) -> str:
        """The identifier of an element in a lane, such as x_0 for X_ip at the row 0."""
        return self._given(element.tensor.name.lower(), (mark, element))

    def _given(self, stem: str, key: tuple[str, object]) -> str:
        if key not in self.known:
            clean = "".join(c for c in stem if c.isascii() and c.isalnum())
            self.known[key] = self.printer.names.fresh(f"{clean if clean[:1].isalpha() else f'v{clean}'}_{key[0]}")
        return self.known[key]

    def value(self, mark: str, binding: int, at: Callable[[Element], str]) -> tuple[list[str], str]:
        """The lines that compute the body in the lane `mark`, and the text of its value."""
        reads, printer, lines = self.reads, self.printer, []
        if self.function is not None:
            scalars = [printer.constant(printer.names.of("tensor", e.tensor.name)) for e in reads.scalars]
            extents = [printer.names.of("extent", extent) for extent in reads.extents]
            return [], f"{self.function.name}({', '.join([*map(at, self.function.elements), *scalars, *extents])})"
        reading = {e: at(e) for e in (*reads.rows, *reads.columns, *reads.features)}
        for name, expr in reads.body.values:
            needed, text = printer.value(expr, CHOICE, reading)
            shown = self._given(name, (mark, name))
            lines += [*needed, f"{shown} = {text}"]
            reading[Element(Tensor(name))] = shown
        needed, text = printer.value(reads.body.value, binding, reading)
        return [*lines, *needed], text


def body_function(reads: Reads, name: str, formula: str) -> BodyFunction | None:
    """The function of a long body; None for a short one."""
    elements = (*reads.rows, *reads.columns, *reads.features)
    if body_weight(reads.body) <= SHORT or not elements:
        return None
    names = Names(TAKEN)
    printer = LanePrinter(names)
    lanes = Lanes(reads, printer)
    shown = {e: lanes.of(e, _mark(e)) for e in elements}
    scalars = [names.of("tensor", e.tensor.name) for e in reads.scalars]
    extents = [names.of("extent", extent) for extent in reads.extents]
    lines, text = lanes.value("", CHOICE, shown.__getitem__)
    front = printer.converted(f"type({shown[elements[0]]})")
    body = [*front, *lines, f"return {text}"]
    decorator = f"_lane{unfused(reads.body)}"
    whole = function_lines(name, (*shown.values(), *scalars, *extents), [f"{formula}."], body, decorator)
    return BodyFunction(name, elements, tuple(whole), frozenset(printer.helpers))


def unfused(body: Pairwise) -> str:
    """The end of the decorator's name for a body that chooses.

    LLVM moves a choice that many lanes share out of a loop, for some rows of a group and not for others, and fuses products into
    sums only where no choice stands between them.
    """
    nodes = (node for root in body.roots for node in walk(root))
    chooses = any(isinstance(n, Select) or (isinstance(n, Function) and n.name in CHOOSING) for n in nodes)
    return "_unfused" if chooses else ""


def _mark(element: Element) -> str:
    return "".join(str(s) for s in element.subscripts[:1] if str(s).isalnum())


def with_function(function: BodyFunction | None, lines: Iterable[str]) -> list[str]:
    """The lines of a tile, after the function that they call."""
    return [*function.lines, "", "", *lines] if function is not None else list(lines)
