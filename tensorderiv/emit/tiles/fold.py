"""strip_ij = op_p f(i, j, p), vectorised over j.

The table of columns comes in panels: features outside, a block of columns inside, so that neighbouring lanes are neighbouring
columns and no lane is ever summed with another. A block has as many columns as the accumulators of four rows fill registers
(`_width`): LLVM keeps them there while it runs over the features, because they stand in local arrays of constant shape that
nothing else can reach. Rows beyond the last are the last one again: computed again and stored again, the same.
"""

from __future__ import annotations

from tensorderiv.algebra.expression import Element
from tensorderiv.emit.names import Names
from tensorderiv.emit.scalar import PRODUCT
from tensorderiv.emit.tiles.body import Lanes, body_function, unfused, with_function
from tensorderiv.emit.tiles.lanes import LanePrinter
from tensorderiv.emit.tiles.reads import OWN, TAKEN, Reads, reads_of
from tensorderiv.emit.tiles.support import WIDEST
from tensorderiv.emit.tiles.text import Parameter, TileText, added, function_lines, indented
from tensorderiv.emit.tiles.unroll import fold_unrolling
from tensorderiv.lower.tile import Fold

DEEP = 128
"""Features taken at once, so that their part of a panel stays in the first-level cache."""

NEUTRAL = {"sum": "0.0", "max": "-np.inf", "min": "np.inf"}
"""What a fold over nothing is."""


def fold_text(fold: Fold, name: str) -> TileText:
    """The function `name(start, stop, ..., S)`: S[i - start, j] = op_p f(i, j, p) for start <= i < stop and all j.

    Raises RuleProblem where the body reads what a tile has not.
    """
    reads = reads_of(fold.body)
    names = Names({*OWN, *TAKEN})
    arguments = reads.arguments(names, packed=True)
    parameters = (Parameter("start", "", "start"), Parameter("stop", "", "stop"), *arguments, Parameter("strip", "", "S"))
    function = body_function(reads, f"{name}_f", _shown(fold))
    panels = {p.name: p.shown for p in arguments if p.kind == "panels"}
    writer = _Fold(fold, reads, Lanes(reads, LanePrinter(names), function), panels)
    body = writer.body()
    i, j, p = fold.body.row, fold.body.column, fold.body.feature
    doc = [f"S[{i} - start, {j}] = {fold.op} over {p} of {_shown(fold)}, for the rows start to stop."]
    lines = function_lines(name, tuple(p.shown for p in parameters), doc, body, f"_ordered{unfused(fold.body)}")
    helpers = {*writer.printer.helpers, *(function.helpers if function else ()), "local", "width"}
    return TileText(name, parameters, tuple(with_function(function, lines)), frozenset(helpers))


def _shown(fold: Fold) -> str:
    where = "; ".join(f"{name} = {value}" for name, value in fold.body.values)
    return f"{fold.body.value}" + (f" with {where}" if where else "")


class _Fold:
    """The text of one fold."""

    def __init__(self, fold: Fold, reads: Reads, lanes: Lanes, panels: dict[str, str]) -> None:
        self.fold, self.reads, self.lanes, self.panels = fold, reads, lanes, panels
        self.printer = lanes.printer
        self.rows = fold_unrolling(fold.body)[0]

    def body(self) -> list[str]:
        names, rows = self.printer.names, range(self.rows)
        neutral = self.printer.constant(NEUTRAL[self.fold.op])
        step = self.step()
        lines = [
            *self.printer.hoisted("S"),
            "rows = stop - start",
            "m = S.shape[1]",
            f"d = {self._packed_depth() or self.reads.depth(names)}",
            "full = _width(S)",
            *(f"acc{k} = _local(S, {WIDEST})" for k in rows),
            "for block in range((m + full - 1) // full):",
        ]
        inner = ["low = full * block", "width = min(full, m - low)"]
        inner += [f"{self.panel(e)} = {self.panels[e.tensor.name]}[block]" for e in self.reads.columns]
        inner += [f"for first in range(0, max(d, 1), {DEEP}):"]
        deep = [f"last = min(d, first + {DEEP})", f"for r0 in range(0, rows, {self.rows}):"]
        group = [f"r{k} = min(r0 + {k}, rows - 1)" for k in rows[1:]]
        group += [f"i{k} = start + r{k}" for k in rows if self.reads.rows]
        group += ["for j in range(full):", *(f"    acc{k}[j] = {neutral}" for k in rows)]
        group += ["if first > 0:", "    for j in range(width):", *(f"        acc{k}[j] = S[r{k}, low + j]" for k in rows)]
        group += ["for p0 in range(first, last):", *indented(step)]
        stored = [f"    S[r{k}, low + j] = acc{k}[j]" for k in rows]
        group += ["if width == full:", *indented(["for j in range(full):", *stored])]
        group += ["else:", *indented(["for j in range(width):", *stored])]
        return [*lines, *indented(inner), *indented(deep, 2), *indented(group, 3)]

    def _packed_depth(self) -> str:
        """The number of features by a panel, where no other table tells it."""
        if self.reads.rows or not self.reads.columns or isinstance(self.fold.body.feature.extent, int):
            return ""
        return f"{self.panels[self.reads.columns[0].tensor.name]}.shape[1]"

    def panel(self, element: Element) -> str:
        return self.lanes.of(element, "block")

    def step(self) -> list[str]:
        """The lines for one feature of all rows of the group."""
        names, rows = self.printer.names, range(self.rows)
        outside: list[str] = []
        for e in self.reads.rows:
            outside += [f"{self.lanes.of(e, str(k))} = {names.of('tensor', e.tensor.name)}[i{k}, p0]" for k in rows]
        for e in self.reads.features:
            outside.append(f"{self.lanes.of(e, 'p')} = {names.of('tensor', e.tensor.name)}[p0]")
        inside = [f"{self.lanes.of(e, 'j')} = {self.panel(e)}[p0, j]" for e in self.reads.columns]
        for k in rows:
            lines, text = self.lanes.value(str(k), PRODUCT, lambda e, k=k: self._at(e, k))  # type: ignore[misc]
            inside += [*lines, *self.combined(f"acc{k}[j]", text)]
        return [*outside, "for j in range(full):", *indented(inside)]

    def _at(self, element: Element, row: int) -> str:
        body = self.fold.body
        if element.subscripts == (body.row, body.feature):
            return self.lanes.of(element, str(row))
        return self.lanes.of(element, "j" if len(element.subscripts) == 2 else "p")

    def combined(self, target: str, value: str) -> list[str]:
        """One more feature. A maximum is nan where a value is."""
        if self.fold.op == "sum":
            return added(target, [value])
        p = self.printer
        p.lines = []
        one = p.local(value)
        sign = ">" if self.fold.op == "max" else "<"
        best = p.choice(f"{one} {sign} {target}", one, target)
        return [*p.lines, f"{target} = {p.choice(f'{one} != {one}', p.constant('np.nan'), best)}"]
