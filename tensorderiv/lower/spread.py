"""element += body over the features of the target, where the part of the body that all features share is not zero.

    if c != 0:
        for q in range(d):
            Xbar_iq += c u_ijq

A zero factor makes the product zero, so nothing is left out. The test is made where zeros are to be expected: in the adjoint of a
hinge, of a maximum or of a sum under a condition most pairs of rows take no part.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tensorderiv.algebra.build import ZERO, add, factors_of, mul, terms_of
from tensorderiv.algebra.expression import Compare, Element, Expr, Subscript
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.program import Statement
from tensorderiv.algebra.traverse import free_indices, substitute_expr
from tensorderiv.lower.builder import Builder
from tensorderiv.lower.nest import Accumulate, If
from tensorderiv.lower.scope import Body
from tensorderiv.lower.values import often_zero


def spread(builder: Builder, element: Element, body: Expr, features: Sequence[Index]) -> None:
    """Emit element += body in loops over the features."""
    dense: list[Expr] = []
    for term in terms_of(body):
        factor = shared_factor(term, features, builder.virtual) if features else None
        if factor is None:
            dense.append(term)
            continue
        made = builder.local(factor)
        inside = Body([], set(builder.scope.body.claims))
        with builder.scope.within(inside):
            _loops(builder, element, term, features)
        builder.scope.emit(If(Compare("!=", made, ZERO), inside.ops))
    if dense:
        _loops(builder, element, add(*dense), features)


def _loops(builder: Builder, element: Element, body: Expr, features: Sequence[Index]) -> None:
    def step(renaming: Mapping[Index, Subscript]) -> None:
        place = substitute_expr(element, renaming)
        assert isinstance(place, Element)
        builder.scope.emit(Accumulate(place, builder.value(substitute_expr(body, renaming))))

    if features:
        builder.loops(tuple(features), None, step)
    else:
        step({})


def shared_factor(term: Expr, features: Sequence[Index], virtual: Mapping[str, Statement]) -> Expr | None:
    """The factors of a term in which no feature stands, if they may well be zero."""
    shared = [f for f in factors_of(term) if not set(features) & set(free_indices(f))]
    if not any(often_zero(f, virtual) for f in shared):
        return None
    return mul(*shared)
