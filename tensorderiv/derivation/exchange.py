"""A second derivative does not change when its two slots are exchanged: told and shown with every Hessian."""

from __future__ import annotations

from tensorderiv.algebra.expression import Subscript
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.traverse import substitute_expr
from tensorderiv.derivation.derivation import Derivation
from tensorderiv.derivation.section import EQUALS, Row, Section, shown
from tensorderiv.equality.claim import Claim
from tensorderiv.equality.decide import refuted
from tensorderiv.equality.proof import proves
from tensorderiv.errors import RuleProblem

SCHWARZ = "H. A. Schwarz: mixed second derivatives agree wherever they are continuous; nothing at random points speaks against it"


def exchange_section(derivation: Derivation) -> Section | None:
    """H_kl,mq = H_mq,kl for a second derivative by one tensor twice; None for a first or a mixed one.

    Shown by canonical form where that is within reach. Raises RuleProblem where the result is not symmetric: a fault of ours.
    """
    if derivation.order != 2 or len({variable.tensor for variable in derivation.variables}) != 1:
        return None
    if not derivation.wrt.subscripts:
        return None
    first, second = (variable.subscripts for variable in derivation.variables)
    swap: dict[Index, Subscript] = {}
    for one, other in zip(first, second, strict=True):
        if isinstance(one, Index) and isinstance(other, Index):
            swap |= {one: other, other: one}
    result = derivation.result
    mirrored = substitute_expr(result.expr, swap)
    statements = (*derivation.program.statements, *result.names)
    if proves(result.expr, mirrored, statements, statements):
        how = "proved by canonical form"
    elif refuted(Claim.within(derivation.program, result.expr, mirrored, result.axes, result.names)):
        raise RuleProblem(f"the second derivative of {derivation.program.output.element} is not symmetric: {result.expr}")
    else:
        how = SCHWARZ
    names = " and ".join(str(variable) for variable in derivation.variables)
    row = Row(shown(result.expr, result.axes) + EQUALS + shown(mirrored, result.axes), f"{names} exchanged: {how}")
    assert row.formula is not None
    data = {"text": row.formula.text, "latex": row.formula.latex, "proof": how}
    return Section("exchange", "exchange of the two slots", (row,), data)
