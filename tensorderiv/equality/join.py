"""Two expressions that were written apart become one claim: inputs are shared by name, extents and free indices are matched."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from tensorderiv.algebra.expression import Element, Size
from tensorderiv.algebra.index import Extent, Index
from tensorderiv.algebra.program import Domain, Input, Statement
from tensorderiv.algebra.traverse import bound_indices, substitute_expr, walk
from tensorderiv.equality.claim import Claim, Side
from tensorderiv.equality.relabel import Relabelling
from tensorderiv.errors import ExtentMismatch, IndexProblem


@dataclass(frozen=True)
class Part:
    """One side as it was written. `ordered`: its free indices are places of an array, so that their letters do not matter."""

    side: Side
    inputs: tuple[Input, ...]
    axes: tuple[Index, ...]
    ordered: bool


@dataclass(frozen=True)
class Pair:
    """Two extents that must be one, and why."""

    left: Extent
    right: Extent
    what: str


def join(left: Part, right: Part) -> Claim:
    """The claim that both are equal.

    Free indices are matched by their place where both sides have an order of them (left-hand sides), else by their letter.
    Raises IndexProblem where the free indices differ, ExtentMismatch where an input has two shapes.
    """
    left, right = _adopted(left, right), _adopted(right, left)
    apart = Relabelling({extent: f"{extent}'" for extent in _extents(right)})
    right = _relabelled(right, apart)
    pairs = [*_shared_inputs(left, right), *_matched_axes(left, right)]
    names = _solved(left, right, pairs)
    labels = frozenset(i.tensor.name for part in (left, right) for i in part.inputs if i.tensor.integer)
    relabelling = Relabelling(names, labels)
    left, right = _relabelled(left, relabelling), _relabelled(right, relabelling)
    axes = left.axes
    if left.ordered and right.ordered:
        renaming = dict(zip(right.axes, left.axes, strict=True))
        right = replace(right, side=replace(right.side, expr=substitute_expr(right.side.expr, renaming)))
    elif len(right.axes) > len(left.axes):
        axes = right.axes
    return Claim(left.side, right.side, axes, _merged(left.inputs, right.inputs))


def _adopted(part: Part, other: Part) -> Part:
    """A name that is an input here and defined on the other side means what it means there."""
    defined = {statement.tensor.name for statement in other.side.statements}
    known = {statement.tensor.name for statement in part.side.statements}
    wanted = {item.tensor.name for item in part.inputs if item.tensor.name in defined}
    if not wanted:
        return part
    needed = Side(part.side.expr, (*other.side.statements, *part.side.statements)).used
    taken = tuple(s for s in needed if s in other.side.statements and s.tensor.name not in known)
    own = tuple(item for item in part.inputs if item.tensor.name not in wanted)
    more = tuple(item for item in other.inputs if item.tensor.name not in {mine.tensor.name for mine in own})
    return replace(part, side=replace(part.side, statements=(*taken, *part.side.statements)), inputs=(*own, *more))


def _extents(part: Part) -> list[str]:
    """The symbolic extents of one side, in order of appearance."""

    def found() -> Iterator[Extent]:
        for item in part.inputs:
            yield from item.tensor.extents
            if item.label_extent is not None:
                yield item.label_extent
        yield from (index.extent for index in part.axes)
        for statement in part.side.statements:
            yield from statement.tensor.extents
        for body in (part.side.expr, *(statement.body for statement in part.side.statements)):
            for node in walk(body):
                yield from (index.extent for index in bound_indices(node))
                if isinstance(node, Size):
                    yield node.extent
                if isinstance(node, Element):
                    yield from node.tensor.extents

    return list(dict.fromkeys(extent for extent in found() if isinstance(extent, str)))


def _relabelled(part: Part, relabelling: Relabelling) -> Part:
    statements = tuple(relabelling.statement(statement) for statement in part.side.statements)
    inputs = tuple(
        replace(
            item,
            tensor=relabelling.tensor(item.tensor),
            label_extent=None if item.label_extent is None else relabelling.extent(item.label_extent),
        )
        for item in part.inputs
    )
    axes = tuple(relabelling.index(index) for index in part.axes)
    return Part(Side(relabelling.expr(part.side.expr), statements), inputs, axes, part.ordered)


def _shared_inputs(left: Part, right: Part) -> Iterator[Pair]:
    theirs = {item.tensor.name: item for item in right.inputs}
    for item in left.inputs:
        other = theirs.get(item.tensor.name)
        if other is None:
            continue
        name, order = item.tensor.name, item.tensor.order
        if order != other.tensor.order:
            counts = f"{order} {'index' if order == 1 else 'indices'} on the left, {other.tensor.order} on the right"
            raise ExtentMismatch(f"{name} has {counts}", hint="give one of the two another name")
        for axis, (mine, its) in enumerate(zip(item.tensor.extents, other.tensor.extents, strict=True)):
            yield Pair(mine, its, f"axis {axis + 1} of {name}")
        if item.label_extent is not None and other.label_extent is not None:
            yield Pair(item.label_extent, other.label_extent, f"the values of {name}")
    defined: dict[str, Statement] = {statement.tensor.name: statement for statement in right.side.statements}
    for statement in left.side.statements:
        twin = defined.get(statement.tensor.name)
        if twin is not None and twin.tensor.order == statement.tensor.order:
            for mine, its in zip(statement.tensor.extents, twin.tensor.extents, strict=True):
                if twin.body == statement.body:
                    yield Pair(mine, its, f"an axis of {statement.tensor.name}")


def _matched_axes(left: Part, right: Part) -> Iterator[Pair]:
    """The axes in pairs. Raises IndexProblem where there is no such pairing."""
    mine, its = left.axes, right.axes
    if left.ordered and right.ordered:
        if len(mine) != len(its):
            raise IndexProblem(
                f"the left side has {_letters(mine)}, the right side {_letters(its)}",
                hint="give both sides the same free indices",
            )
        pairs = list(zip(mine, its, strict=True))
    else:
        names = {index.name: index for index in its}
        wider = {index.name for index in (mine if left.ordered or (len(mine) >= len(its) and not right.ordered) else its)}
        narrower = {index.name for index in (*mine, *its)}
        if not narrower <= wider:
            raise IndexProblem(
                f"the free indices differ: {_letters(mine)} on the left, {_letters(its)} on the right",
                hint="use the same letters on both sides",
            )
        pairs = [(index, names[index.name]) for index in mine if index.name in names]
    for first, second in pairs:
        yield Pair(first.extent, second.extent, f"the index {first.name}")


def _letters(axes: Iterable[Index]) -> str:
    return ", ".join(index.name for index in axes) or "no index"


def _solved(left: Part, right: Part, pairs: Iterable[Pair]) -> dict[str, Extent]:
    """One extent for each class of extents that must be equal: a number, else a name of the left side, else of the right.

    A name of the right side that nothing ties to the left means the same extent as there, if there is one.
    """
    mine, its = _extents(left), _extents(right)
    parent: dict[Extent, Extent] = {}

    def find(extent: Extent) -> Extent:
        while extent in parent:
            extent = parent[extent]
        return extent

    def unite(pair: Pair) -> None:
        a, b = find(pair.left), find(pair.right)
        if a == b:
            return
        if isinstance(a, int) and isinstance(b, int):
            raise ExtentMismatch(f"{pair.what} has the extent {a} on one side and {b} on the other", hint="declare one extent")
        if isinstance(b, int) or (b in mine and a not in mine and not isinstance(a, int)):
            a, b = b, a
        parent[b] = a

    for pair in pairs:
        unite(pair)
    tied = {find(extent) for extent in mine}
    for extent in its:
        if find(extent) == extent and extent not in tied and extent[:-1] in mine:
            unite(Pair(extent[:-1], extent, f"the extent {extent[:-1]}"))
    own = {extent: find(extent) for extent in (*mine, *its)}
    return {
        extent: root[:-1] if isinstance(root, str) and root in its and root[:-1] not in mine else root
        for extent, root in own.items()
    }


def _merged(left: tuple[Input, ...], right: tuple[Input, ...]) -> tuple[Input, ...]:
    """The inputs of both; of two with one name the first that declares a domain counts."""
    merged = {item.tensor.name: item for item in left}
    for item in right:
        first = merged.setdefault(item.tensor.name, item)
        domain = first.domain if first.domain.kind != "labels" and first.domain != Domain() else item.domain
        extent = first.label_extent if first.label_extent is not None else item.label_extent
        merged[item.tensor.name] = replace(first, tensor=item.tensor, domain=domain, label_extent=extent)
    return tuple(merged.values())
