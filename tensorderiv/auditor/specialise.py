"""A definition of rows as one of single vectors: D_ij of X_i and Y_j becomes D of x and y.

People write functions of two vectors, definitions speak of all rows at once. A row index of the output that stands in every row
place of a tensor takes the tensor to one vector for each row; a scalar definition stays as it is.

>>> from tensorderiv.language import read
>>> program = read("D_ij = sum_p (X_ip - X_jp)^2")
>>> [str(slot) for slot in slots(program)]
['X_i', 'X_j']
>>> print(specialised(program, ["x", "y"]).output.body)
sum_p (x_p - y_p)^2
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from tensorderiv.algebra.build import number
from tensorderiv.algebra.expression import (
    Compare,
    Element,
    Expr,
    KroneckerDelta,
    MatrixFunction,
    Node,
    Position,
    Size,
    Tensor,
)
from tensorderiv.algebra.index import Extent, Index
from tensorderiv.algebra.program import Input, Program, Statement
from tensorderiv.algebra.traverse import bottom_up, bound_indices, subscripts_of, walk
from tensorderiv.errors import IndexProblem

Rows = tuple[Index, ...]
TensorFor = Callable[[str, Rows], Tensor]
"""The tensor that stands for one of that name at those rows."""


@dataclass(frozen=True)
class Slot:
    """What a function is given for an input: all of it, or the part that belongs to rows of the output."""

    item: Input
    rows: Rows
    extents: tuple[Extent, ...]

    @property
    def name(self) -> str:
        return self.item.tensor.name

    def __str__(self) -> str:
        return f"{self.name}_{''.join(map(str, self.rows))}" if self.rows else self.name


def slots(program: Program) -> tuple[Slot, ...]:
    """The arguments that a function of single vectors takes for this definition, in the order of the inputs and of the rows.

    Raises IndexProblem where the output depends on other rows than those it is given for.
    """
    return _Specialiser(program).slots()


def specialised(program: Program, names: Sequence[str]) -> Program:
    """The definition with a scalar output, its inputs called by the names given for its slots."""
    maker = _Specialiser(program)
    found = maker.slots()
    return maker.program_with(dict(zip(found, names, strict=True)))


class _Specialiser:
    def __init__(self, program: Program) -> None:
        self.program = program
        self.order = program.output.indices
        self.row_extents = {index.extent for index in self.order}
        self.inputs = {item.tensor.name: item for item in program.inputs}
        self.given = {statement.tensor.name: statement for statement in program.statements}

    def slots(self) -> tuple[Slot, ...]:
        found: dict[Slot, None] = {}
        self._visit(self.program.output.tensor.name, self.order, found)
        unused = [item for item in self.program.inputs if item.tensor.name not in {slot.name for slot in found}]
        for item in unused:
            found[Slot(item, (), item.tensor.extents)] = None
        places = list(self.inputs)
        return tuple(sorted(found, key=lambda slot: (places.index(slot.name), [self.order.index(row) for row in slot.rows])))

    def program_with(self, names: Mapping[Slot, str]) -> Program:
        by_key = {(slot.name, slot.rows): (slot, name) for slot, name in names.items()}
        made: dict[tuple[str, Rows], Statement] = {}
        several: dict[str, int] = {}
        taken = set(names.values())

        def tensor_for(name: str, rows: Rows) -> Tensor:
            if name in self.inputs:
                slot, new = by_key[name, rows]
                return Tensor(new, slot.extents, slot.item.tensor.integer)
            if (name, rows) not in made:
                statement = self.given[name]
                body = self._body(statement, rows, tensor_for)
                kept = tuple(index for index in statement.indices if index.extent not in self.row_extents)
                several[name] = several.get(name, 0) + 1
                new = name if several[name] == 1 else f"{name}{several[name]}"
                while new in taken:
                    new += "'"
                taken.add(new)
                tensor = Tensor(new, tuple(index.extent for index in kept))
                made[name, rows] = Statement(tensor, kept, body)
            return made[name, rows].tensor

        tensor_for(self.program.output.tensor.name, self.order)
        inputs = tuple(
            replace(slot.item, tensor=Tensor(name, slot.extents, slot.item.tensor.integer)) for slot, name in names.items()
        )
        return replace(self.program, inputs=inputs, statements=self._in_order(made))

    def _in_order(self, made: Mapping[tuple[str, Rows], Statement]) -> tuple[Statement, ...]:
        """In the order of the definition."""
        places = list(self.given)
        return tuple(made[key] for key in sorted(made, key=lambda key: places.index(key[0])))

    def _visit(self, name: str, rows: Rows, found: dict[Slot, None]) -> None:
        if name in self.inputs:
            item = self.inputs[name]
            rest = tuple(extent for extent in item.tensor.extents if extent not in self.row_extents)
            found[Slot(item, rows, rest)] = None
            return

        def tensor_for(other: str, others: Rows) -> Tensor:
            self._visit(other, others, found)
            return self.inputs[other].tensor if other in self.inputs else self.given[other].tensor

        self._body(self.given[name], rows, tensor_for, keep=True)

    def _body(self, statement: Statement, rows: Rows, tensor_for: TensorFor, *, keep: bool = False) -> Expr:
        """The body with the statement's row indices standing for `rows`, every element by `tensor_for(name, its rows)`."""
        own = [index for index in statement.indices if index.extent in self.row_extents]
        stands = dict(zip(own, rows, strict=True))

        def change(node: Node) -> Node:
            if isinstance(node, Element):
                taken = self._rows_of(node, stands)
                tensor = tensor_for(node.tensor.name, taken)
                if keep:
                    return node
                pairs = zip(node.subscripts, node.tensor.extents, strict=True)
                return Element(tensor, tuple(sub for sub, extent in pairs if extent not in self.row_extents))
            if isinstance(node, KroneckerDelta) and {node.left, node.right} & set(stands):
                return self._delta(node, stands)
            if isinstance(node, MatrixFunction):
                if set(node.matrix.extents) & self.row_extents:
                    raise self._refusal(f"{node} takes all rows")
                return replace(node, matrix=tensor_for(node.matrix.name, ()))
            return node

        for node in walk(statement.body):
            self._check(node)
        body = bottom_up(statement.body, change)
        assert isinstance(body, Expr)
        return body

    def _check(self, node: Node) -> None:
        """Nothing but elements and deltas may speak of rows."""
        if any(index.extent in self.row_extents for index in bound_indices(node)):
            raise self._refusal("it goes over all rows")
        if isinstance(node, Size) and node.extent in self.row_extents:
            raise self._refusal(f"it depends on the number of rows {node.extent}")
        if isinstance(node, (Position, Compare)):
            subs = subscripts_of(node)
            if any(isinstance(sub, Index) and sub.extent in self.row_extents for sub in subs):
                raise self._refusal("it depends on the numbers of the rows")

    def _rows_of(self, node: Element, stands: Mapping[Index, Index]) -> Rows:
        found: list[Index] = []
        for sub, extent in zip(node.subscripts, node.tensor.extents, strict=True):
            if extent in self.row_extents:
                if not isinstance(sub, Index) or sub not in stands:
                    raise self._refusal(f"{node} is of another row")
                found.append(stands[sub])
        return tuple(found)

    def _delta(self, node: KroneckerDelta, stands: Mapping[Index, Index]) -> Expr:
        sides = {stands.get(side, side) if isinstance(side, Index) else side for side in (node.left, node.right)}
        if not sides <= set(self.order):
            raise self._refusal(f"{node} picks a row")
        return number(1 if len(sides) == 1 else 0)

    def _refusal(self, why: str) -> IndexProblem:
        problem = f"{self.program.output.element} is no function of single rows: {why}"
        return IndexProblem(problem, hint="give a definition of one or two vectors, such as D(x, y) = ...")
