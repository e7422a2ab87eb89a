"""Apply the contraction laws to a fixed point, and say which law did what.

After it no bound index is left in a delta. It stops because `measure` falls with every sweep (tests/contract).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from tensorderiv.algebra.expression import Add, Expr, Mul, Node, Reduction
from tensorderiv.algebra.traverse import rebuild
from tensorderiv.contract.laws import LAWS, Law, NamedLaw, Scope, gather

GATHER = NamedLaw("gather", gather, "a delta that every term holds is written once")


@dataclass(frozen=True)
class Sweep:
    """One law applied wherever it applied, and the expression it left."""

    law: NamedLaw
    after: Expr


def apply_everywhere(law: Law, expr: Expr) -> Expr:
    """The law once at every node, innermost first. The scope grows through sums and products and is empty inside functions."""

    def visit(node: Node, scope: Scope) -> Node:
        inner: Scope = frozenset()
        if isinstance(node, Reduction) and node.op == "sum":
            inner = scope | set(node.indices)
        elif isinstance(node, (Add, Mul)):
            inner = scope
        node = rebuild(node, lambda part: visit(part, inner))
        if isinstance(node, Expr):
            changed = law(node, scope)
            return node if changed is None else changed
        return node

    return cast(Expr, visit(expr, frozenset()))


def contraction_steps(expr: Expr) -> Iterator[Sweep]:
    """Sweep after sweep until no law applies."""
    current = apply_everywhere(gather, expr)
    if current != expr:
        yield Sweep(GATHER, current)
    while True:
        for named in LAWS:
            after = apply_everywhere(named.law, current)
            if after != current:
                current = after
                yield Sweep(named, after)
                break
        else:
            return


def contract(expr: Expr) -> Expr:
    """The contracted expression: equal to `expr`, and no delta holds an index that a sum around it binds.

    sum_p 2 (X_ip - X_jp) (delta_ik - delta_jk) delta_pl -> 2 (X_il - X_jl) (delta_ik - delta_jk)
    """
    current = expr
    for sweep in contraction_steps(expr):
        current = sweep.after
    return current
