"""A loop nest as the text of a function. Nothing is decided here; identifiers are given out and lines are written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tensorderiv.algebra.expression import Element, Node, Size
from tensorderiv.algebra.index import Extent
from tensorderiv.algebra.traverse import walk
from tensorderiv.emit.names import Names
from tensorderiv.emit.scalar import SUM, ScalarPrinter
from tensorderiv.lower.grouping import grouped_labels, order_of_rows, sorted_labels
from tensorderiv.lower.nest import (
    BLOCKS,
    MOST_BLOCK_ENTRIES,
    Accumulate,
    Alloc,
    Blocks,
    Bound,
    Group,
    If,
    Init,
    Let,
    Loop,
    MatrixStep,
    Nest,
    Op,
    ReduceRow,
    Return,
    Span,
    Store,
    Update,
    UpdateArg,
    UpdateLogSumExp,
    walk_ops,
)


@dataclass(frozen=True)
class NestFunction:
    """The text of one nest: what it takes (extents and tensors by their names in the program) and its lines.

    A `threaded` nest takes begin, end, parts in front, and computes these parts of the rows counted by the extent of that name,
    or of "blocks"; a `parallel` one, whose blocks are added up in the end, has loops that Numba runs in parallel.
    """

    extents: tuple[str, ...]
    tensors: tuple[str, ...]
    parameters: tuple[str, ...]
    lines: tuple[str, ...]
    parallel: bool
    threaded: str
    returns: bool
    helpers: frozenset[str]
    summary: str


def nodes_of(op: Op) -> Iterator[Node]:
    """The expressions and conditions an operation holds itself."""
    match op:
        case Let(_, value) | Init(_, value):
            if not isinstance(value, str):
                yield value
        case Update(_, _, value) | UpdateLogSumExp(_, _, value) | UpdateArg(_, _, _, value, _):
            yield value
        case Store(element, value) | Accumulate(element, value):
            yield element
            yield value
        case Return(values):
            yield from values
        case MatrixStep(_, _, matrix):
            yield Element(matrix)
        case If(condition, _, _):
            yield condition
        case Span(group):
            yield Element(sorted_labels(group.labels))
            yield group.value
        case Loop(_, _, group=Group(labels)):
            yield Element(order_of_rows(labels))


def extents_of(ops: list[Op]) -> list[str]:
    """The symbolic extents a nest speaks of, in order of first use."""
    found: dict[str, None] = {}

    def see(extents: Iterable[Extent]) -> None:
        for extent in extents:
            if isinstance(extent, str) and extent != "blocks":
                found[extent] = None

    for op in walk_ops(ops):
        match op:
            case Loop(index):
                see([index.extent])
            case Alloc(_, extents) | Blocks(_, _, extents):
                see(extents)
        for root in nodes_of(op):
            see(node.extent for node in walk(root) if isinstance(node, Size))
    return list(found)


def tensors_of(ops: list[Op], known: frozenset[str]) -> list[str]:
    """The inputs and stored names a nest reads or writes, in order of first use."""
    found: dict[str, None] = {}
    for op in walk_ops(ops):
        for root in nodes_of(op):
            for node in walk(root):
                if isinstance(node, Element) and node.tensor.name in known:
                    found[node.tensor.name] = None
    return list(found)


def nest_function(nest: Nest, known: frozenset[str], names: Names | None = None) -> NestFunction:
    """The function of a nest. `known` are the names that are inputs or stored: all others are locals."""
    names = names or Names()
    threaded = threaded_by(nest.body)
    if threaded:
        for word in ("begin", "end", "parts"):
            names.fresh(word)
    extents = extents_of(nest.body)
    for labels in grouped_labels(nest.body):
        known |= {order_of_rows(labels).name, sorted_labels(labels).name}
    tensors = [t for t in tensors_of(nest.body, known) if t != nest.target.name]
    returns = any(isinstance(op, Return) for op in walk_ops(nest.body))
    if not returns:
        tensors.append(nest.target.name)
    parameters = [names.of("extent", e) for e in extents] + [names.of("tensor", t) for t in tensors]
    printer = ScalarPrinter(names)
    lines = [*_blocks_line(nest.body, printer), *NestLines(printer, bool(threaded)).of(nest.body)]
    return NestFunction(
        tuple(extents),
        tuple(tensors),
        tuple(parameters),
        tuple(lines),
        nest.parallel and not threaded,
        threaded,
        returns,
        frozenset(printer.helpers),
        nest.summary,
    )


def threaded_by(ops: list[Op]) -> str:
    """The extent whose rows threads can share, or "blocks"; empty where what the threads did is added up in the same nest."""
    *front, last = ops
    if any(isinstance(op, Blocks | Alloc | Loop) for op in walk_ops(front)):
        return ""
    match last:
        case Loop(index, parallel=True, start=None, stop=None) if isinstance(index.extent, str):
            return index.extent
        case Blocks(extents=()):
            return "blocks"
    return ""


def _blocks_line(ops: list[Op], printer: ScalarPrinter) -> Iterator[str]:
    found = [op for op in walk_ops(ops) if isinstance(op, Blocks)]
    extents = next((op.extents for op in found if op.extents), ())  # all accumulators of a nest are shaped like its target
    if extents:
        entries = " * ".join(printer.extent(e) for e in extents)
        yield f"blocks = max(1, min({BLOCKS}, {MOST_BLOCK_ENTRIES} // max(1, {entries})))"
    elif found and not threaded_by(ops):
        yield f"blocks = {BLOCKS}"


class NestLines:
    """Writes operations as indented lines."""

    def __init__(self, printer: ScalarPrinter, threaded: bool = False) -> None:
        self.printer = printer
        self.threaded = threaded

    def of(self, ops: list[Op], depth: int = 0) -> Iterator[str]:
        for op in ops:
            for line in self.op(op):
                yield "    " * depth + line

    def block(self, ops: list[Op]) -> Iterator[str]:
        yield from self.of(ops, 1)
        if not ops:
            yield "    pass"

    def local(self, name: str) -> str:
        return self.printer.names.of("tensor", name)

    def op(self, op: Op) -> Iterator[str]:
        p = self.printer
        match op:
            case Let(name, Element(tensor, _) as value) if tensor.integer:
                yield f"{self.local(name)} = {p.element(value)}"
            case Let(name, value):
                yield f"{self.local(name)} = {p.text(value)}"
            case Init(name, "none"):
                yield f"{self.local(name)} = -1"
            case Init(name, value):
                text = {"inf": "np.inf", "-inf": "-np.inf"}[value] if isinstance(value, str) else p.text(value)
                yield f"{self.local(name)} = {text}"
            case Update(name, "+" | "*" as sign, value):
                yield f"{self.local(name)} {sign}= {p.text(value)}"
            case Update(name, sign, value):
                at, text = self.local(name), p.text(value, SUM)
                yield f"if {text} {'>' if sign == 'max' else '<'} {at} or {text} != {text}:"
                yield f"    {at} = {text}"
            case UpdateLogSumExp(top, rest, value):
                yield from self.log_sum_exp(self.local(top), self.local(rest), p.text(value, SUM))
            case UpdateArg(place, best, arg, value, index):
                at, top, text = self.local(place), self.local(best), p.text(value, SUM)
                yield f"if {at} < 0 or {text} {'>' if arg == 'argmax' else '<'} {top}:"
                yield f"    {at} = {p.subscript(index)}"
                yield f"    {top} = {text}"
            case ReduceRow(name, reduction, row):
                p.helpers.add("logsumexp" if reduction == "logsumexp" else "extremes")
                function = {"max": "_largest", "min": "_smallest", "logsumexp": "_logsumexp"}[reduction]
                yield f"{self.local(name)} = {function}({self.local(row.name)})"
            case Store(element, value):
                yield f"{p.element(element)} = {p.text(value)}"
            case Accumulate(element, value):
                yield f"{p.element(element)} += {p.text(value)}"
            case MatrixStep(name, "inv", matrix):
                p.helpers |= {"lu", "inv"}
                yield f"_inv({self.local(matrix.name)}, {self.local(name)})"
            case MatrixStep(name, function, matrix):
                p.helpers |= {"lu", function}
                yield f"{self.local(name)} = _{function}({self.local(matrix.name)})"
            case Alloc(name, extents, zero):
                shape = ", ".join("blocks" if e == "blocks" else p.extent(e) for e in extents)
                shown = shape if len(extents) == 1 else f"({shape})"
                yield f"{self.local(name)} = np.{'zeros' if zero else 'empty'}({shown})"
            case Return(values):
                yield f"return {', '.join(p.text(value) for value in values)}"
            case If(condition, then, otherwise):
                yield f"if {p.condition(condition)}:"
                yield from self.block(then)
                if otherwise:
                    yield "else:"
                    yield from self.block(otherwise)
            case Loop(_, body, group=Group() as group):
                place = p.names.of("index", f"{op.index.name} place")
                yield f"for {place} in range({self.local(group.low)}, {self.local(group.high)}):"
                order = p.names.of("tensor", order_of_rows(group.labels).name)
                yield f"    {self.index(op)} = {order}[{place}]"
                yield from self.block(body)
            case Span(group):
                held, label = p.names.of("tensor", sorted_labels(group.labels).name), p.whole(group.value)
                yield f"{self.local(group.low)} = np.searchsorted({held}, {label})"
                yield f'{self.local(group.high)} = np.searchsorted({held}, {label}, side="right")'
            case Loop(index, body):
                yield f"for {self.index(op)} in {self.range(op)}:"
                yield from self.block(body)
            case Blocks(_, body):
                yield "for block in range(begin, end):" if self.threaded else "for block in prange(blocks):"
                yield from self.block(body)

    def index(self, loop: Loop) -> str:
        return self.printer.subscript(loop.index)

    def range(self, loop: Loop) -> str:
        if loop.index.extent == "blocks":
            return "range(blocks)"
        extent = self.printer.extent(loop.index.extent)
        if loop.blocked:
            blocks = "parts" if self.threaded else "blocks"
            return f"range(block * {extent} // {blocks}, (block + 1) * {extent} // {blocks})"
        if loop.parallel and self.threaded:
            return f"range(begin * {extent} // parts, end * {extent} // parts)"
        stop = extent if loop.stop is None else self.bound(loop.stop)
        word = "prange" if loop.parallel else "range"
        return f"{word}({stop})" if loop.start is None else f"{word}({self.bound(loop.start)}, {stop})"

    def bound(self, bound: Bound) -> str:
        text = self.printer.subscript(bound.at)
        return f"{text} + {bound.offset}" if bound.offset else text

    @staticmethod
    def log_sum_exp(top: str, rest: str, value: str) -> Iterator[str]:
        yield f"if {value} > {top}:"
        yield f"    {rest} = {rest} * math.exp({top} - {value}) + 1.0"
        yield f"    {top} = {value}"
        yield f"elif {value} == {top}:"
        yield f"    {rest} += 1.0"
        yield "else:"
        yield f"    {rest} += math.exp({value} - {top})"
