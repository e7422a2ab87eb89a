"""Apply the contraction laws to a fixed point, and say which law did what.

After it no bound index is left in a delta. Functions are entered first, the innermost before the outer ones (`level` counts the
functions around a node): once their arguments are contracted, no delta inside them is bound inside. Within a level every sweep
lowers `measure`, so it stops; a substitution further out may leave a delta_ii inside a function, so the levels are gone through
again until nothing changes (from then on laws only delete).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from tensorderiv.algebra.expression import Add, Expr, Mul, Node, Reduction
from tensorderiv.algebra.traverse import contains, parts, rebuild
from tensorderiv.contract.laws import DELTAS, LAWS, NONLINEAR, Law, NamedLaw
from tensorderiv.contract.live import Scope
from tensorderiv.contract.preparing import gather

GATHER = NamedLaw("gather", gather, "a delta that every term holds is written once", DELTAS, True)


@dataclass(frozen=True)
class Sweep:
    """One law applied wherever it applied on one level, and the expression it left."""

    law: NamedLaw
    after: Expr
    level: int = 0


def is_opaque(node: Node) -> bool:
    """Whether deltas do not pass through the node: functions, powers, cases, reductions other than sums."""
    return isinstance(node, NONLINEAR) or (isinstance(node, Reduction) and node.op != "sum")


def deepest(node: Node) -> int:
    """How many opaque nodes are nested."""
    return max((deepest(part) for part in parts(node)), default=0) + is_opaque(node)


def apply_at(law: Law, expr: Expr, level: int, about: tuple[type, ...] = ()) -> Expr:
    """The law once at every node with `level` opaque nodes around it, innermost first.

    The scope grows through sums and products and is empty inside opaque nodes. What holds no node `about` which the law is stays.
    """
    everywhere = not about

    def visit(node: Node, scope: Scope, here: int) -> Node:
        if here > level or not (everywhere or contains(node, *about)):
            return node
        inner: Scope = frozenset()
        if isinstance(node, Reduction) and node.op == "sum":
            inner = scope | set(node.indices)
        elif isinstance(node, (Add, Mul)):
            inner = scope
        below = here + is_opaque(node)
        node = rebuild(node, lambda part: visit(part, inner, below))
        if here == level and isinstance(node, Expr):
            changed = law(node, scope)
            return node if changed is None else changed
        return node

    return cast(Expr, visit(expr, frozenset(), 0))


def contraction_steps(expr: Expr) -> Iterator[Sweep]:
    """Sweep after sweep until no law applies."""
    current = expr
    while True:
        before = current
        for level in range(deepest(current), -1, -1):
            for sweep in _contract_level(current, level):
                current = sweep.after
                yield sweep
        if current == before:
            return


def _contract_level(expr: Expr, level: int) -> Iterator[Sweep]:
    """All laws on one level, to the end."""
    current = apply_at(gather, expr, level, GATHER.about)
    if current != expr:
        yield Sweep(GATHER, current, level)
    while True:
        for named in LAWS:
            after = apply_at(named.law, current, level, named.about)
            if after != current:
                current = after
                yield Sweep(named, after, level)
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
