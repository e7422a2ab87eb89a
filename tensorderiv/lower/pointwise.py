"""A program over single points as one nest without threads: f(x, y) and its gradient, callable from other compiled code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tensorderiv.algebra.expression import Element, Expr, Subscript
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.program import Program, Statement
from tensorderiv.lower.builder import Builder
from tensorderiv.lower.facts import Facts
from tensorderiv.lower.nest import Alloc, Nest, Return, Store
from tensorderiv.lower.plan import names_in
from tensorderiv.lower.stages import live


def pointwise(program: Program, outputs: Sequence[str]) -> Nest:
    """One nest that returns the named outputs in order: scalars, and arrays it allocates."""
    statements = live(program.statements, outputs)
    virtual = {s.tensor.name: s for s in statements}
    facts = Facts(program.inputs, statements)
    builder = Builder(virtual, facts, frozenset(), names_in(program, statements))
    results: list[Expr] = []
    for name in outputs:
        statement = virtual[name]
        if not statement.indices:
            results.append(builder.value(statement.element))
            continue
        builder.scope.allocate(Alloc(name, statement.tensor.extents))

        def step(_: Mapping[Index, Subscript], statement: Statement = statement) -> None:
            builder.scope.emit(Store(statement.element, builder.value(statement.body)))

        builder.loops(statement.indices, None, step)
        results.append(Element(statement.tensor))
    builder.scope.emit(Return(tuple(results)))
    last = virtual[outputs[-1]]
    return Nest(last.tensor, builder.scope.finish(), f"{', '.join(outputs)} of one pair of points")
