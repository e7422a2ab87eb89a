"""A program over single points as one nest without threads: f(x, y) and its gradient, callable from other compiled code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tensorderiv.algebra.expression import Element, Expr, MatrixFunction, Subscript
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.program import Program, Statement
from tensorderiv.lower.builder import Builder
from tensorderiv.lower.facts import Facts
from tensorderiv.lower.matrices import is_whole, name_matrices
from tensorderiv.lower.nest import Alloc, MatrixStep, Nest, Return, Store
from tensorderiv.lower.plan import names_in
from tensorderiv.lower.stages import live


def pointwise(program: Program, outputs: Sequence[str]) -> Nest:
    """One nest that returns the named outputs in order: scalars, and arrays it allocates."""
    program, whole = name_matrices(program)
    statements = live(program.statements, outputs)
    stored = [s for s in statements if s.tensor.name in whole and (s.indices or is_whole(s))]
    virtual = {s.tensor.name: s for s in statements if s not in stored}
    facts = Facts(program.inputs, statements)
    builder = Builder(virtual, facts, frozenset(), names_in(program, statements))
    results: list[Expr] = []

    def fill(statement: Statement) -> None:
        """The statement as an array, or as a local where it is the determinant of a matrix."""
        if statement.indices:
            builder.scope.allocate(Alloc(statement.tensor.name, statement.tensor.extents))
        if isinstance(statement.body, MatrixFunction):
            builder.scope.emit(MatrixStep(statement.tensor.name, statement.body.name, statement.body.matrix))
            return

        def step(_: Mapping[Index, Subscript]) -> None:
            builder.scope.emit(Store(statement.element, builder.value(statement.body)))

        builder.loops(statement.indices, None, step)

    for statement in stored:
        fill(statement)
    by_name = {s.tensor.name: s for s in statements}
    for name in outputs:
        statement = by_name[name]
        if not statement.indices:
            results.append(builder.value(statement.element))
            continue
        if statement not in stored:
            fill(statement)
        results.append(Element(statement.tensor))
    builder.scope.emit(Return(tuple(results)))
    last = by_name[outputs[-1]]
    return Nest(last.tensor, builder.scope.finish(), f"{', '.join(outputs)} of one pair of points")
