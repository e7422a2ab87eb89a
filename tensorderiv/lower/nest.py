"""Loop nests: what runs, in which order, with nothing left to decide. They print themselves.

    for i in range(n):  # parallel
        s1 = 0
        for p in range(d):
            s1 += X_ip^2
        N_i = sqrt(s1)

Values are expressions of the algebra without reductions: numbers, sizes, elements of stored tensors, locals (order-0 tensors),
arithmetic, `Select`. A product that needs a strong-zero guard is already a `Select` here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from tensorderiv.algebra.expression import Condition, Element, Expr, MatrixFunctionName, Subscript, Tensor
from tensorderiv.algebra.index import Extent, Index
from tensorderiv.algebra.text import condition_text, to_text

BLOCKS = 64
"""Into how many blocks a parallel loop is cut where blocks have arrays of their own. Fixed: results never depend on threads."""


@dataclass
class Let:
    """name = value: a local that is never changed."""

    name: str
    value: Expr


@dataclass
class Init:
    """name = value: the start of an accumulator."""

    name: str
    value: Expr | Literal["inf", "-inf", "none"]


@dataclass
class Update:
    """name = name op value."""

    name: str
    op: Literal["+", "*", "max", "min"]
    value: Expr


@dataclass
class UpdateLogSumExp:
    """One step of the running maximum `top` and the sum of exp(value - top); safe at -inf."""

    top: str
    rest: str
    value: Expr


@dataclass
class UpdateArg:
    """Keep the first index whose value is best: `place` starts at -1, which is the place of nothing."""

    place: str
    best: str
    op: Literal["argmax", "argmin"]
    value: Expr
    index: Index


@dataclass
class ReduceRow:
    """name = the maximum, the minimum or the logsumexp of a row buffer that is full."""

    name: str
    op: Literal["max", "min", "logsumexp"]
    row: Tensor


@dataclass
class Store:
    """element = value."""

    element: Element
    value: Expr


@dataclass
class Accumulate:
    """element += value."""

    element: Element
    value: Expr


@dataclass
class MatrixStep:
    """target = a function of a whole matrix: "inv" fills the array of that name, "det" and "logdet" give a local."""

    target: str
    function: MatrixFunctionName
    matrix: Tensor


@dataclass
class Alloc:
    """name = an array of these extents; zeros where `zero`."""

    name: str
    extents: tuple[Extent, ...]
    zero: bool = False


@dataclass
class Return:
    """The results of a nest that returns something: a scalar, or a scalar and the arrays it filled."""

    values: tuple[Expr, ...]


@dataclass
class If:
    """if condition: then; else: otherwise."""

    condition: Condition
    then: list[Op]
    otherwise: list[Op] = field(default_factory=list)


@dataclass
class Loop:
    """for index in range(start, stop): body. Bounds are subscripts, plus one where `after` says so.

    `blocked` names the block index when the loop covers only the rows of one block. With a `group` the loop covers only the
    rows of one label.
    """

    index: Index
    body: list[Op]
    parallel: bool = False
    start: Bound | None = None
    stop: Bound | None = None
    blocked: str | None = None
    group: Group | None = None


@dataclass(frozen=True)
class Group:
    """The rows whose label is the value: those from `low` up to `high` among the rows sorted by label (see `grouping`)."""

    labels: Tensor
    value: Expr
    low: str
    high: str


@dataclass
class Span:
    """low, high = the places of a group."""

    group: Group


@dataclass(frozen=True)
class Bound:
    """A loop bound: the subscript, plus `offset`."""

    at: Subscript
    offset: int = 0


@dataclass
class Blocks:
    """for block in range(count), in parallel: a fixed partition; arrays allocated inside belong to one block.

    With `extents` the count is lowered so that all blocks together hold at most `MOST_BLOCK_ENTRIES` entries of these extents.
    """

    index: str
    body: list[Op]
    extents: tuple[Extent, ...] = ()


MOST_BLOCK_ENTRIES = 4_194_304
"""32 MiB of float64 for all accumulators of a nest together."""

Op: TypeAlias = (
    Let
    | Init
    | Update
    | UpdateLogSumExp
    | UpdateArg
    | ReduceRow
    | Store
    | Accumulate
    | MatrixStep
    | Alloc
    | Return
    | If
    | Loop
    | Blocks
    | Span
)


@dataclass
class Nest:
    """One loop nest that computes one stored tensor (or returns one scalar)."""

    target: Tensor
    body: list[Op]
    summary: str

    @property
    def parallel(self) -> bool:
        """Whether some loop runs in parallel."""
        return any(isinstance(op, Blocks) or (isinstance(op, Loop) and op.parallel) for op in walk_ops(self.body))

    def __str__(self) -> str:
        return "\n".join(lines_of(self.body))


def walk_ops(ops: list[Op]) -> Iterator[Op]:
    """Every operation, in order, outermost first."""
    for op in ops:
        yield op
        match op:
            case Loop(body=body) | Blocks(body=body):
                yield from walk_ops(body)
            case If(then=then, otherwise=otherwise):
                yield from walk_ops(then)
                yield from walk_ops(otherwise)


def lines_of(ops: list[Op], depth: int = 0) -> Iterator[str]:
    """The nest as text."""
    pad = "    " * depth
    for op in ops:
        match op:
            case Let(name, value) | Init(name, value):
                yield f"{pad}{name} = {value if isinstance(value, str) else to_text(value)}"
            case Update(name, "+" | "*" as sign, value):
                yield f"{pad}{name} {sign}= {to_text(value)}"
            case Update(name, sign, value):
                yield f"{pad}{name} = {sign}({name}, {to_text(value)})"
            case UpdateLogSumExp(top, rest, value):
                yield f"{pad}({top}, {rest}) logsumexp= {to_text(value)}"
            case UpdateArg(place, _, arg, value, index):
                yield f"{pad}{place} {arg}= {to_text(value)} at {index.name}"
            case ReduceRow(name, reduction, row):
                yield f"{pad}{name} = {reduction}({row.name})"
            case Store(element, value):
                yield f"{pad}{to_text(element)} = {to_text(value)}"
            case Accumulate(element, value):
                yield f"{pad}{to_text(element)} += {to_text(value)}"
            case MatrixStep(name, function, matrix):
                yield f"{pad}{name} = {function}({matrix.name})"
            case Alloc(name, extents, zero):
                yield f"{pad}{name} = {'zeros' if zero else 'empty'}({', '.join(map(str, extents))})"
            case Return(values):
                yield f"{pad}return {', '.join(to_text(value) for value in values)}"
            case If(condition, then, otherwise):
                yield f"{pad}if {condition_text(condition)}:"
                yield from lines_of(then, depth + 1)
                if otherwise:
                    yield f"{pad}else:"
                    yield from lines_of(otherwise, depth + 1)
            case Loop(index, body, parallel):
                yield f"{pad}for {index.name} in {_range_text(op)}:" + ("  # parallel" if parallel else "")
                yield from lines_of(body, depth + 1)
            case Blocks(name, body):
                yield f"{pad}for {name} in blocks:  # parallel"
                yield from lines_of(body, depth + 1)
            case Span(group):
                yield f"{pad}{group.low}, {group.high} = places of {to_text(group.value)} in {group.labels.name}"


def _range_text(loop: Loop) -> str:
    if loop.blocked:
        return f"{loop.blocked} of range({loop.index.extent})"
    if loop.group is not None:
        return f"rows with {loop.group.labels.name}_{loop.index.name} = {to_text(loop.group.value)}"
    stop = str(loop.index.extent) if loop.stop is None else _bound_text(loop.stop)
    return f"range({stop})" if loop.start is None else f"range({_bound_text(loop.start)}, {stop})"


def _bound_text(bound: Bound) -> str:
    text = str(bound.at)
    return f"{text} + {bound.offset}" if bound.offset else text
