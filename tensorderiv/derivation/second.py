"""Second derivatives in closed form: the first derivative, differentiated once more through the names of the definition.

d2L / dx dy = sum_v  d(dL/dx)/dv  dv/dy        over the names v, each dv/dy derived once
"""

from __future__ import annotations

from collections.abc import Mapping

from tensorderiv.algebra.expression import Derivative, Element, Expr
from tensorderiv.algebra.program import Program, Statement
from tensorderiv.algebra.text import to_text
from tensorderiv.algebra.traverse import rewrite, substitute_expr
from tensorderiv.contract import contract
from tensorderiv.derivation.recorder import Recorder
from tensorderiv.differentiate.driver import expand
from tensorderiv.differentiate.laws import Context
from tensorderiv.simplify import finish
from tensorderiv.simplify.factor import factor
from tensorderiv.simplify.tidy import tidy


def chain_second(program: Program, first: Recorder, variables: tuple[Element, Element]) -> Recorder:
    """diff(diff(D_ij, X_kl), X_mq): `first` holds the first derivative, which is differentiated forward."""
    by = variables[1]
    recorder = Recorder.start(program, *variables)
    recorder.names = first.names
    recorder.record("first derivative", f"insert the derivative by {variables[0]}", Derivative(first.expr, by))
    named = (*program.statements, *first.names)
    context = Context.of(program.with_statements(*named), frozenset({by.tensor.name}))
    recorder.differentiate(context, stop_at=context.active)
    closed = slopes(named, by, context)
    inserted, told = insert(factor(recorder.expr), closed, by)
    if told:
        recorder.record("derivatives of the names", f"insert {', '.join(told)}", inserted)
    recorder.differentiate(context)
    recorder.contract()
    recorder.collect(program.statements)
    return recorder


def slopes(statements: tuple[Statement, ...], by: Element, context: Context) -> dict[str, Statement]:
    """The derivative of each active name by the variable, in closed form: the name's statement with that as its body."""
    closed: dict[str, Statement] = {}
    for statement in statements:
        if statement.tensor.name not in context.active:
            continue
        pending = expand(Derivative(statement.body, by), context, stop_at=context.active)
        inserted, _ = insert(factor(tidy(pending)), closed, by)  # 2 a da + da is (2 a + 1) da before da is written out
        body = finish(contract(expand(inserted, context)), statements)
        closed[statement.tensor.name] = Statement(statement.tensor, statement.indices, body)
    return closed


def insert(expr: Expr, closed: Mapping[str, Statement], by: Element) -> tuple[Expr, list[str]]:
    """Pending derivatives of names by their closed forms, and what was inserted, in words."""
    told: dict[str, None] = {}

    def change(node: Expr) -> Expr:
        if not (isinstance(node, Derivative) and isinstance(node.body, Element) and node.body.tensor.name in closed):
            return node
        statement = closed[node.body.tensor.name]
        told[f"{to_text(Derivative(statement.element, by))} = {to_text(statement.body)}"] = None
        return substitute_expr(statement.body, dict(zip(statement.indices, node.body.subscripts, strict=True)))

    return rewrite(expr, change), list(told)
