"""strip_ij = op_p f(i, j, p), vectorised over j.

The table of columns comes in panels: features outside, a block of columns inside, so that neighbouring lanes are neighbouring
columns and no lane is ever summed with another. Four rows and four features at a time share what they load; the accumulators
stand in a local array of constant shape, which LLVM knows to be apart from everything else. Rows beyond the last are the last
one again: computed again and stored again, the same.
"""

from __future__ import annotations

from tensorderiv.algebra.expression import Element
from tensorderiv.emit.names import Names
from tensorderiv.emit.scalar import PRODUCT
from tensorderiv.emit.tiles.body import Lanes, body_function, unfused, with_function
from tensorderiv.emit.tiles.lanes import LanePrinter
from tensorderiv.emit.tiles.reads import OWN, TAKEN, Reads, reads_of
from tensorderiv.emit.tiles.support import LANES
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
    helpers = {*writer.printer.helpers, *(function.helpers if function else ()), "local"}
    return TileText(name, parameters, tuple(with_function(function, lines)), frozenset(helpers))


def _shown(fold: Fold) -> str:
    where = "; ".join(f"{name} = {value}" for name, value in fold.body.values)
    return f"{fold.body.value}" + (f" with {where}" if where else "")


class _Fold:
    """The text of one fold."""

    def __init__(self, fold: Fold, reads: Reads, lanes: Lanes, panels: dict[str, str]) -> None:
        self.fold, self.reads, self.lanes, self.panels = fold, reads, lanes, panels
        self.printer = lanes.printer
        self.rows, self.steps = fold_unrolling(fold.body)

    def body(self) -> list[str]:
        names, rows = self.printer.names, range(self.rows)
        neutral = self.printer.constant(NEUTRAL[self.fold.op])
        steps = self.feature_steps()
        lines = [
            *self.printer.hoisted("S"),
            "rows = stop - start",
            "m = S.shape[1]",
            f"d = {self._packed_depth() or self.reads.depth(names)}",
            *(f"acc{k} = _local(S, {LANES})" for k in rows),
            f"for block in range((m + {LANES - 1}) // {LANES}):",
        ]
        inner = [f"low = {LANES} * block", f"width = min({LANES}, m - low)"]
        inner += [f"{self.panel(e)} = {self.panels[e.tensor.name]}[block]" for e in self.reads.columns]
        inner += [f"for first in range(0, max(d, 1), {DEEP}):"]
        deep = [f"last = min(d, first + {DEEP})", f"for r0 in range(0, rows, {self.rows}):"]
        group = [f"r{k} = min(r0 + {k}, rows - 1)" for k in rows[1:]]
        group += [f"i{k} = start + r{k}" for k in rows if self.reads.rows]
        group += ["if first == 0:", f"    for j in range({LANES}):"]
        group += [f"        acc{k}[j] = {neutral}" for k in rows]
        group += ["else:", "    for j in range(width):"]
        group += [f"        acc{k}[j] = S[r{k}, low + j]" for k in rows]
        group += [*steps, "for j in range(width):", *(f"    S[r{k}, low + j] = acc{k}[j]" for k in rows)]
        return [*lines, *indented(inner), *indented(deep, 2), *indented(group, 3)]

    def _packed_depth(self) -> str:
        """The number of features by a panel, where no other table tells it."""
        if self.reads.rows or not self.reads.columns or isinstance(self.fold.body.feature.extent, int):
            return ""
        return f"{self.panels[self.reads.columns[0].tensor.name]}.shape[1]"

    def panel(self, element: Element) -> str:
        return self.lanes.of(element, "block")

    def feature_steps(self) -> list[str]:
        """The features: as many at a time as fit, then what is left."""
        lines: list[str] = []
        at = "first"
        for step in self.steps:
            if step == 1:
                lines += [f"for p0 in range({at}, last):", *indented(self.step(1))]
            else:
                lines += [f"end = last - (last - {at}) % {step}", f"for p0 in range({at}, end, {step}):"]
                lines += indented(self.step(step))
                at = "end"
        return lines

    def step(self, count: int) -> list[str]:
        """The lines for `count` features of all rows of the group."""
        names = self.printer.names
        rows, features = range(self.rows), range(count)
        outside = [f"p{u} = p0 + {u}" for u in features[1:]]
        inside: list[str] = []
        for u in features:
            for e in self.reads.rows:
                table = names.of("tensor", e.tensor.name)
                outside += [f"{self.lanes.of(e, f'{k}{u}')} = {table}[i{k}, p{u}]" for k in rows]
            for e in self.reads.features:
                outside.append(f"{self.lanes.of(e, f'p{u}')} = {names.of('tensor', e.tensor.name)}[p{u}]")
            inside += [f"{self.lanes.of(e, f'j{u}')} = {self.panel(e)}[p{u}, j]" for e in self.reads.columns]
        for k in rows:
            values = []
            for u in features:
                lines, text = self.lanes.value(f"{k}{u}", PRODUCT, lambda e, k=k, u=u: self._at(e, k, u))  # type: ignore[misc]
                inside += lines
                values.append(text)
            inside += self.combined(f"acc{k}[j]", values)
        return [*outside, f"for j in range({LANES}):", *indented(inside)]

    def _at(self, element: Element, row: int, feature: int) -> str:
        body = self.fold.body
        if element.subscripts == (body.row, body.feature):
            return self.lanes.of(element, f"{row}{feature}")
        return self.lanes.of(element, f"{'j' if len(element.subscripts) == 2 else 'p'}{feature}")

    def combined(self, target: str, values: list[str]) -> list[str]:
        """One after the other, in order. A maximum is nan where one of them is."""
        if self.fold.op == "sum":
            return added(target, values)
        p = self.printer
        sign = ">" if self.fold.op == "max" else "<"
        best, lines, undefined = p.names.fresh("best"), [], []
        lines.append(f"{best} = {target}")
        for text in values:
            p.lines = []
            value = p.local(text)
            lines += [*p.lines, f"{best} = {p.choice(f'{value} {sign} {best}', value, best)}"]
            undefined.append(f"({value} != {value})")
        return [*lines, f"{target} = {p.choice(' | '.join(undefined), p.constant('np.nan'), best)}"]
