"""What a definition is: a pair function of rows, a scalar, or a tensor of any other kind.

A pair function is an output D_ij in which, after the named intermediates are unfolded, i stands only on one axis of one real
input and j only on one axis of one real input, the same one or another, and these inputs are used in no other way. It is then
the table of one function of two points, f(x, y), and the tool keeps it as that function (`PairForm.slot`): the definition with
the slot index left out. Every other form is the slot form with the indices put back (`lower.lift`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from tensorderiv.algebra.expression import Element, Expr, MatrixFunction, Size, Tensor
from tensorderiv.algebra.index import Extent, Index
from tensorderiv.algebra.program import Input, Program, Statement
from tensorderiv.algebra.traverse import bound_indices, free_indices, rewrite, substitute_expr, walk

Kind: TypeAlias = Literal["pair", "scalar", "tensor"]


@dataclass(frozen=True)
class Slot:
    """One argument of a pair function: the input it is a row of, the axis of the slot index, and the point tensor."""

    source: Input
    axis: int
    point: Tensor
    index: Index

    @property
    def rows(self) -> Extent:
        """The extent of the slot index: n for the first slot, m for the second."""
        return self.index.extent

    def batch(self, name: str | None = None) -> Tensor:
        """The tensor of all points of this slot (or one of another name and the same shape)."""
        extents = list(self.point.extents)
        extents.insert(self.axis, self.index.extent)
        return Tensor(name or self.source.tensor.name, tuple(extents))


@dataclass(frozen=True)
class PairForm:
    """f(x, y) as a scalar program in two points, and where the points come from.

    `alone` is true for a definition in X alone: both slots are rows of X, and the two-tensor form names the second Y.
    """

    slot: Program
    first: Slot
    second: Slot
    alone: bool
    second_name: str


class NotAPair(Exception):
    """Why a definition is no pair function; caught in this module."""


def kind_of(program: Program) -> Kind:
    """Which functions the generated module of a program has.

    >>> from tensorderiv.algebra.program import Program, Input, Statement
    >>> X, i = Tensor("X", ("n",)), Index("i", "n")
    >>> kind_of(Program("p", (Input(X),), (Statement(Tensor("y", ("n",)), (i,), Element(X, (i,))),)))
    'tensor'
    """
    if program.output.tensor.order == 0:
        return "scalar"
    return "tensor" if pair_form(program) is None else "pair"


def pair_form(program: Program) -> PairForm | None:
    """The pair form of a program, or None when it is no pair function."""
    try:
        return _Reader(program).read()
    except NotAPair:
        return None


class _Reader:
    """Unfolds the output by slots: the intermediate N_i becomes N of the first point, N_j that of the second."""

    def __init__(self, program: Program) -> None:
        self.program = program
        if len(program.output.indices) != 2:
            raise NotAPair("the output has not two indices")
        first, second = program.output.indices
        # Names no text can contain: the slots stay apart from every index of the program.
        self.slots = (Index("<1>", first.extent), Index("<2>", second.extent))
        self.found: dict[int, set[tuple[str, int]]] = {0: set(), 1: set()}
        self.points: dict[tuple[str, int], Tensor] = {}
        self.made: dict[tuple[str, tuple[int | None, ...]], Tensor] = {}
        self.statements: list[Statement] = []
        self.taken = set(program.names)

    def read(self) -> PairForm:
        program, output = self.program, self.program.output
        marked = substitute_expr(output.body, dict(zip(output.indices, self.slots, strict=True)))
        body = self.unfold(marked)
        self.statements.append(Statement(Tensor(output.tensor.name), (), body))
        slots = [self.slot(0), self.slot(1)]
        alone = slots[0].source == slots[1].source
        self.check_unused_elsewhere({slot.source.tensor.name for slot in slots})
        second_name = slots[1].source.tensor.name
        if alone:
            second_name = next(name for name in ("Y", "Z", "B", *(f"Y{n}" for n in range(2, 99))) if name not in program.names)
        if slots[0].rows == slots[1].rows:
            slots[1] = replace(slots[1], index=Index("j", self.fresh_extent()))
        point_inputs = tuple(replace(slot.source, tensor=slot.point) for slot in slots)
        others = tuple(i for i in program.inputs if i.tensor.name not in {s.source.tensor.name for s in slots})
        slot_program = replace(program, inputs=point_inputs + others, statements=tuple(self.statements))
        return PairForm(slot_program, slots[0], slots[1], alone, second_name)

    def unfold(self, expr: Expr) -> Expr:
        return rewrite(expr, self.element)

    def element(self, node: Expr) -> Expr:
        if isinstance(node, MatrixFunction):
            return self.whole_matrix(node)
        if not isinstance(node, Element):
            return node
        places = tuple(self.slots.index(s) if s in self.slots else None for s in node.subscripts)
        statement = self.program.statement(node.tensor.name)
        rest = tuple(s for s, place in zip(node.subscripts, places, strict=True) if place is None)
        if statement is not None:
            return Element(self.specialised(statement, places), rest)
        used = [(axis, place) for axis, place in enumerate(places) if place is not None]
        if not used:
            return node
        if len(used) > 1 or node.tensor.integer:
            raise NotAPair(f"{node.tensor.name} carries a slot index in another way than as a row")
        ((axis, place),) = used
        self.found[place].add((node.tensor.name, axis))
        return Element(self.point(node.tensor, axis, place), rest)

    def whole_matrix(self, node: MatrixFunction) -> MatrixFunction:
        """A function of a matrix that no slot index touches."""
        if any(sub in self.slots for sub in node.subscripts):
            raise NotAPair(f"a slot index stands on the inverse of {node.matrix.name}")
        statement = self.program.statement(node.matrix.name)
        return node if statement is None else replace(node, matrix=self.specialised(statement, (None, None)))

    def point(self, tensor: Tensor, axis: int, place: int) -> Tensor:
        key = (tensor.name, place)
        if key not in self.points:
            extents = tensor.extents[:axis] + tensor.extents[axis + 1 :]
            self.points[key] = Tensor(self.name("xy"[place]), extents)
        return self.points[key]

    def specialised(self, statement: Statement, places: tuple[int | None, ...]) -> Tensor:
        """The intermediate with its slot indices fixed, as a statement of its own; S_ij and S_ji are two."""
        key = (statement.tensor.name, places)
        if key not in self.made:
            mapping = {
                index: self.slots[place] for index, place in zip(statement.indices, places, strict=True) if place is not None
            }
            body = self.unfold(substitute_expr(statement.body, mapping))
            kept = tuple(index for index, place in zip(statement.indices, places, strict=True) if place is None)
            first = not any(known == statement.tensor.name for known, _ in self.made)
            name = statement.tensor.name if first else self.name(statement.tensor.name)
            tensor = Tensor(name, tuple(index.extent for index in kept))
            self.made[key] = tensor
            self.statements.append(Statement(tensor, kept, body))
        return self.made[key]

    def name(self, wish: str) -> str:
        """The wished name, numbered from 2 while it is taken."""
        candidates = (wish, *(f"{wish}{number}" for number in range(2, 1000)))
        name = next(candidate for candidate in candidates if candidate not in self.taken)
        self.taken.add(name)
        return name

    def slot(self, place: int) -> Slot:
        if len(self.found[place]) != 1:
            raise NotAPair("a slot index stands on no input, or on several, or on several axes")
        ((name, axis),) = self.found[place]
        source = self.program.input(name)
        assert source is not None
        return Slot(source, axis, self.points[name, place], replace(self.slots[place], name="ij"[place]))

    def fresh_extent(self) -> str:
        used = {e for item in self.program.inputs for e in item.tensor.extents}
        return next(e for e in ("m", "n2", *(f"m{k}" for k in range(2, 99))) if e not in used)

    def check_unused_elsewhere(self, sources: set[str]) -> None:
        """The points are used by slot only, the number of rows is no number, and no slot index is left over."""
        rows = {slot.extent for slot in self.slots}
        for statement in self.statements:
            for node in _nodes(statement):
                if isinstance(node, Element) and node.tensor.name in sources and node.tensor not in self.points.values():
                    raise NotAPair(f"{node.tensor.name} is used as a whole")
                if isinstance(node, MatrixFunction) and node.matrix.name in sources:
                    raise NotAPair(f"{node.matrix.name} is used as a whole")
                if isinstance(node, Size) and node.extent in rows:
                    raise NotAPair("the number of rows is used as a number")
            if any(slot in free_indices(statement.body) for slot in self.slots):
                raise NotAPair("a slot index is left over")
            if any(index.extent in rows for index in statement.indices):
                raise NotAPair("an intermediate runs over the rows by itself")
            if any(bound.extent in rows for node in walk(statement.body) for bound in bound_indices(node)):
                raise NotAPair("the rows are reduced over")
        for tensor in self.points.values():
            if rows & set(tensor.extents):
                raise NotAPair("a point has the extent of the rows")


def _nodes(statement: Statement) -> Iterator[Expr]:
    for node in walk(statement.body):
        if isinstance(node, Expr):
            yield node
