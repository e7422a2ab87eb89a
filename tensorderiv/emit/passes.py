"""A pass as text: one compiled function that computes some of the parts into which the rows are cut.

    def _pass1(begin, end, parts, rows, n, d, ..):
        strips
        for part in range(begin, end):
            for first in range(part * n // parts, (part + 1) * n // parts, rows):
                fill the strips; run over the rows; spread the weights

Threads take parts (`_run`). What is summed onto columns has one accumulator a part, added in the order of the parts: results
depend on sizes, never on threads.
"""

from __future__ import annotations

from dataclasses import dataclass

from tensorderiv.algebra.expression import Element
from tensorderiv.algebra.index import Extent
from tensorderiv.algebra.traverse import walk
from tensorderiv.emit.loops import NestLines, extents_of, nodes_of
from tensorderiv.emit.names import Names
from tensorderiv.emit.row_printer import RowPrinter
from tensorderiv.emit.tiles import fold_text, spread_text
from tensorderiv.emit.tiles.spread import Forms
from tensorderiv.emit.tiles.text import TileText
from tensorderiv.lower.grouping import grouped_labels, order_of_rows, sorted_labels
from tensorderiv.lower.nest import Loop, Op, Store, walk_ops
from tensorderiv.lower.passes import Pass, Spreading, Weighted
from tensorderiv.lower.passes.builder import LOCAL_ROW
from tensorderiv.lower.passes.strips import Folded, Product, Turned
from tensorderiv.lower.tile import Fold, Spread

ONTO = ("onto columns", "column sum")
"""Roles whose targets have one accumulator a part."""


def picking_extent(found: Pass) -> str:
    """The extent that picks the form of the spreads, where all have the same features and their number is not fixed."""
    extents = {s.how.body.feature.extent for s in found.spreads if isinstance(s.how, Spread)}
    only = extents.pop() if len(extents) == 1 else ""
    return only if isinstance(only, str) else ""


@dataclass(frozen=True)
class PassText:
    """The function of a pass and what a caller hands over behind begin, end, parts, rows."""

    name: str
    source: tuple[str, ...]
    tiles: tuple[TileText, ...]
    extents: tuple[str, ...]
    arguments: tuple[tuple[str, str], ...]
    """(kind, name): "tensor", "flag", or packed in "panels", "columns", "features"; in the order of the parameters."""
    products: bool
    helpers: frozenset[str]

    @property
    def key(self) -> tuple[object, ...]:
        """Equal for passes that do the same with the same names."""
        return self.source, tuple(tile.lines for tile in self.tiles), self.extents, self.arguments


class PassWriter:
    """Writes the function of one pass. `optional` are the targets that are spread onto only where they are asked for.

    `form` is that of all its spreads (see `tiles.spread`).
    """

    def __init__(self, found: Pass, known: frozenset[str], name: str, optional: frozenset[str], form: Forms = "both") -> None:
        self.form = form
        self.found = found
        self.name = name
        self.optional = optional
        self.names = Names(
            (*(f"spread{k}" for k in range(1, 40)), "begin", "end", "stop", "rows", "parts", "part", "first", "last", "real")
        )
        self.place = self.names.fresh("r")
        self.names.given[("tensor", LOCAL_ROW.tensor.name)] = self.place
        self.printer = RowPrinter(self.names)
        self.lines = NestLines(self.printer)
        self.known = known
        self.tiles: list[TileText] = []
        self.panels: dict[tuple[str, str], str] = {}
        self.parted: dict[str, str] = {}
        self.tensors: dict[str, str] = {}
        self.extents: dict[str, None] = {}
        self.helpers: set[str] = {"ordered", "partition"}
        alone = found.targets[0] if len(found.targets) == 1 and found.strips and not found.looks_around else None
        self.table = alone.name if alone is not None and alone.role == "table" else ""
        """The table whose rows are the first strip, where a pass computes nothing else."""
        if self.table:  # two names for the same place would keep LLVM from vectorising
            here = (LOCAL_ROW, found.column)
            target = Element(found.targets[0].statement.tensor, (found.row, found.column))
            self.printer.instead[target] = Element(found.strips[0].tensor, here)

    # ---- names ---------------------------------------------------------------------------------------------------------------

    def tensor(self, name: str) -> str:
        """The identifier of a stored tensor; it, or the accumulators of all parts, becomes a parameter."""
        shown = self.names.of("tensor", name)
        if any(target.name == name and target.role in ONTO for target in self.found.targets):
            if name not in self.parted:
                self.parted[name] = self.names.fresh(f"{shown}_parts")
            self.tensors[name] = self.parted[name]
        else:
            self.tensors[name] = shown
        return shown

    def packed(self, kind: str, name: str) -> str:
        """The identifier of a table that is packed for a tile: in "panels" for a fold, "columns" or "features" for a product."""
        if (kind, name) not in self.panels:
            self.panels[kind, name] = self.names.fresh(f"{self.names.of('tensor', name)}_{kind}")
        return self.panels[kind, name]

    def extent(self, extent: Extent) -> str:
        """The identifier of an extent; it becomes a parameter."""
        if isinstance(extent, str):
            self.extents[extent] = None
        return self.printer.extent(extent)

    def strip(self, name: str) -> str:
        return self.names.of("tensor", name)

    # ---- text ----------------------------------------------------------------------------------------------------------------

    def run(self) -> PassText:
        found = self.found
        *front, loop = found.body
        assert isinstance(loop, Loop)
        inside = [line for spread in found.spreads for line in self.spread(spread)]
        fills = [line for strip in found.strips for line in self.fill(strip.tensor.name, strip.filling)]
        before = [line for op in front for line in self.lines.op(op)]
        rows = [] if self.is_copy(loop) else list(self.lines.of(loop.body, 1))
        self.stored(found.body)
        n, m = self.extent(found.row.extent), self.extent(found.column.extent)
        row = self.names.of("index", found.row.name)
        block = [f"{self.strip(found.strips[0].tensor.name)} = {self.tensor(self.table)}[first:last]"] if self.table else []
        block += fills
        if rows:
            block += [f"for {row} in range(first, last):", f"    {self.place} = {row} - first", *rows]
        block += inside
        lines = [*self.allocated(m), *before, "for part in range(begin, end):"]
        lines += [f"    {self.names.of('tensor', name)} = {shown}[part]" for name, shown in self.parted.items()]
        lines += [f"    stop = (part + 1) * {n} // parts", f"    for first in range(part * {n} // parts, stop, rows):"]
        lines += ["        last = min(first + rows, stop)", *("        " + line for line in block)]
        parameters, arguments = self.parameters()
        extents = tuple(dict.fromkeys([*self.extents, *extents_of(list(found.body))]))
        shown = [self.names.of("extent", e) for e in extents]
        head = ", ".join(["begin", "end", "parts", "rows", *shown, *parameters])
        doc = found.summary.replace('"', "'")
        text = ["@_jit()", f"def {self.name}({head}):", f'    """{doc}: the parts from begin to end."""']
        text += ["    " + line for line in lines]
        self.helpers |= self.printer.helpers
        products = any(isinstance(s.filling, Product) for s in found.strips) or any(
            isinstance(s.how, Weighted) for s in found.spreads
        )
        return PassText(
            self.name, tuple(text), tuple(self.tiles), extents, tuple(arguments), products, frozenset(self.helpers)
        )  # fmt: skip

    def is_copy(self, loop: Loop) -> bool:
        """Whether the rows only copy the strip to the table that it is."""
        if not self.table:
            return False
        first, (row, column) = self.found.strips[0].tensor, (self.found.row, self.found.column)
        target = Element(self.found.targets[0].statement.tensor, (row, column))
        return loop.body == [Loop(column, [Store(target, Element(first, (LOCAL_ROW, column)))])]

    def parameters(self) -> tuple[list[str], list[tuple[str, str]]]:
        shown, arguments = [], []
        for name, one in self.tensors.items():
            shown.append(one)
            arguments.append(("tensor", name))
        for packed, one in self.panels.items():
            shown.append(one)
            arguments.append(packed)
        for target in self.found.targets:
            if target.name in self.optional:
                shown.append(self.flag(target.name))
                arguments.append(("flag", target.name))
        return shown, arguments

    def flag(self, name: str) -> str:
        return self.names.of("tensor", f"with_{name}")

    def stored(self, ops: tuple[Op, ...]) -> None:
        """Stored tensors and labels in the body become parameters."""
        for labels in grouped_labels(list(ops)):
            self.known |= {order_of_rows(labels).name, sorted_labels(labels).name}
        for op in walk_ops(list(ops)):
            for root in nodes_of(op):
                for node in walk(root):
                    if isinstance(node, Element) and node.tensor.name in self.known:
                        self.tensor(node.tensor.name)

    def allocated(self, m: str) -> list[str]:
        """The strips. A weight stands where a strip was, which nothing reads any more, unless a row looks around."""
        found = self.found
        strips = [self.strip(s.tensor.name) for s in found.strips]
        if self.table:
            del strips[0]
        weights = [self.strip(w.name) for w in found.weights]
        typed = self.typed()
        lines = [f"{name} = np.empty((rows, {m}), {typed}.dtype)" for name in strips]
        free = [] if found.looks_around else list(strips)
        for name in weights:
            lines.append(f"{name} = {free.pop(0)}" if free else f"{name} = np.empty((rows, {m}), {typed}.dtype)")
        return lines

    def typed(self) -> str:
        """A real array whose type the strips have."""
        found = self.found
        for strip in found.strips:
            match strip.filling:
                case Product(left, _):
                    return self.tensor(left.name)
                case Turned(table):
                    return self.tensor(table.name)
                case Folded(fold):
                    for element in (
                        *fold.body.reads(found.row, fold.body.feature),
                        *fold.body.reads(found.column, fold.body.feature),
                    ):
                        return self.tensor(element.tensor.name)
        name = found.spreads[0].target.name if found.spreads else found.targets[0].name
        shown = self.tensor(name)
        return self.parted.get(name, shown)

    def fill(self, strip: str, filling: Product | Folded | Turned) -> list[str]:
        shown = self.strip(strip)
        match filling:
            case Product(left, right):
                self.helpers |= {"local", "product"}
                return [f"_product(first, last, {self.tensor(left.name)}, {self.packed('columns', right.name)}, {shown})"]
            case Turned(table):
                self.helpers.add("turned")
                return [f"_turned(first, last, {self.tensor(table.name)}, {shown})"]
            case Folded(fold):
                return [self.call(self.fold(fold), shown)]

    def fold(self, fold: Fold) -> TileText:
        made = fold_text(fold, f"{self.name}_fold{len(self.tiles) + 1}")
        self.tiles.append(made)
        self.helpers |= made.helpers
        return made

    def spreader(self, spread: Spread, finite: bool) -> TileText:
        made = spread_text(spread, f"{self.name}_spread{len(self.tiles) + 1}", finite, self.form)
        self.tiles.append(made)
        self.helpers |= made.helpers
        return made

    def call(self, tile: TileText, strip: str, out: str = "") -> str:
        """The call of a tile for the block at hand."""
        passed = []
        for parameter in tile.parameters:
            match parameter.kind:
                case "start":
                    passed.append("first")
                case "stop":
                    passed.append("last")
                case "weights":
                    passed.append(strip)
                case "strip":
                    passed.append(strip)
                case "out":
                    passed.append(out)
                case "panels":
                    self.helpers.add("panels")
                    passed.append(self.packed("panels", parameter.name))
                case "extent":
                    passed.append(self.extent(parameter.name))
                case _:
                    passed.append(self.tensor(parameter.name))
        return f"{tile.name}({', '.join(passed)})"

    def spread(self, spread: Spreading) -> list[str]:
        weights, target = self.strip(spread.weights.name), self.tensor(spread.target.name)
        if spread.weights not in self.found.weights:
            weights = f"{self.tensor(spread.weights.name)}[first:last]"
        match spread.how:
            case Weighted(table, onto_columns):
                self.helpers |= {"local", "product"}
                function = "_weighted_columns" if onto_columns else "_weighted"
                line = f"{function}(first, last, {weights}, {self.packed('features', table.name)}, {target})"
            case Spread() as how:
                line = self.call(self.spreader(how, spread.finite), weights, target)
        if spread.target.name in self.optional:
            return [f"if {self.flag(spread.target.name)}:", f"    {line}"]
        return [line]
