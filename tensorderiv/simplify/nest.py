"""Sums with nothing in them that does not belong there: constants outside, one index a sum, the cheapest inside.

    sum_{j,p} W_ij X_ip Y_jp / N_i  ->  1/N_i sum_j W_ij sum_p X_ip Y_jp

This is the form in which named quantities are recognised, and the one that costs least to compute.
"""

from __future__ import annotations

from tensorderiv.algebra.build import factors_of, mul
from tensorderiv.algebra.expression import Derivative, Expr, Reduction
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.traverse import free_indices, index_names, rename_bound, rewrite

PENDING = (Derivative,)
"""What stands under a pending derivative is left as it is: it has still to be differentiated."""


def nest_sums(expr: Expr) -> Expr:
    """Every sum in nested form, everywhere in the expression."""
    return rewrite(expr, lambda node: nest(node) if isinstance(node, Reduction) and node.op == "sum" else node, PENDING)


def nest(node: Reduction) -> Expr:
    """One sum in nested form. A sum with a condition keeps its indices together and lets constants out."""
    outside, inside = _separate(factors_of(node.body), node.indices)
    if node.condition is not None:
        return mul(*outside, Reduction("sum", node.indices, mul(*inside), node.condition))
    if len(node.indices) == 1:
        return mul(*outside, Reduction("sum", node.indices, mul(*inside)))
    inner = min(node.indices, key=lambda index: sum(index in free_indices(f) for f in inside))
    others = tuple(index for index in node.indices if index != inner)
    core = nest(Reduction("sum", (inner,), mul(*inside)))
    if isinstance(core, Reduction) and core.indices == (inner,):
        return mul(*outside, Reduction("sum", node.indices, mul(*inside)))
    return mul(*outside, nest(Reduction("sum", others, core)))


def _separate(factors: tuple[Expr, ...], indices: tuple[Index, ...]) -> tuple[list[Expr], list[Expr]]:
    outside = [f for f in factors if not set(free_indices(f)) & set(indices)]
    return outside, [f for f in factors if f not in outside]


def rename_apart(node: Reduction, names: frozenset[str]) -> Reduction:
    """The sum with its bound indices renamed away from `names`."""
    clashes = [index for index in node.indices if index.name in names]
    if not clashes:
        return node
    renamed = rename_bound(node, clashes, names | index_names(node))
    assert isinstance(renamed, Reduction)
    return renamed
