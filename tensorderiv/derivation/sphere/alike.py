"""Sums over the same terms under one sign: the gradient and its part along the row are sums over the same pairs.

x sum_{j: j != k} s_j - sum_{j: j != k} y_j  ->  sum_{j: j != k} (x s_j - y_j)
"""

from __future__ import annotations

from typing import cast

from tensorderiv.algebra.build import add, factors_of, mul
from tensorderiv.algebra.expression import Add, Expr, Reduction
from tensorderiv.algebra.traverse import index_names, rebind
from tensorderiv.simplify.nest import rename_apart


def gather_sums(node: Expr) -> Expr:
    """A sum of terms with those that run over the same condition joined, in the place of the first."""
    if not isinstance(node, Add):
        return node
    joined: list[Expr] = []
    for term in node.terms:
        for place, earlier in enumerate(joined):
            together = _join(earlier, term)
            if together is not None:
                joined[place] = together
                break
        else:
            joined.append(term)
    return add(*joined)


def _join(first: Expr, second: Expr) -> Expr | None:
    left, right = _inside(first), _inside(second)
    if left is None or right is None or [i.extent for i in left.indices] != [i.extent for i in right.indices]:
        return None
    renamed = cast(Reduction, rebind(right, dict(zip(right.indices, left.indices, strict=True))))
    if renamed.condition != left.condition:
        return None
    return Reduction("sum", left.indices, add(left.body, renamed.body), left.condition)


def _inside(term: Expr) -> Reduction | None:
    """A product with one sum under a condition as that sum, everything else in its body."""
    sums = [f for f in factors_of(term) if isinstance(f, Reduction) and f.op == "sum" and f.condition is not None]
    if len(sums) != 1:
        return None
    (only,) = sums
    rest = mul(*(f for f in factors_of(term) if f is not only))
    apart = rename_apart(only, index_names(rest))
    return Reduction("sum", apart.indices, mul(rest, apart.body), apart.condition)
