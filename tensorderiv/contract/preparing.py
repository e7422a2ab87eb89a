"""Laws that move factors and terms about until each live delta stands alone under its sum; a sift follows."""

from __future__ import annotations

from tensorderiv.algebra.build import add, factors_of, mul, terms_of
from tensorderiv.algebra.expression import Add, Expr, KroneckerDelta, Mul, Reduction
from tensorderiv.algebra.traverse import free_indices
from tensorderiv.contract.apart import guards
from tensorderiv.contract.live import Scope, has_live


def pull_out(node: Expr, scope: Scope) -> Expr | None:
    """sum_p delta_ik f_p -> delta_ik sum_p f_p   where p does not occur in the factor and i is summed further out."""
    if not (isinstance(node, Reduction) and node.op == "sum"):
        return None
    inside: list[Expr] = []
    outside: list[Expr] = []
    for factor in factors_of(node.body):
        movable = has_live(factor, scope) and not set(free_indices(factor)) & set(node.indices)
        (outside if movable else inside).append(factor)
    return mul(*outside, Reduction("sum", node.indices, mul(*inside), node.condition)) if outside else None


def split_sum(node: Expr, scope: Scope) -> Expr | None:
    """sum_p (f_p + g_p) -> sum_p f_p + sum_p g_p   where one of the two holds a live delta."""
    if not (isinstance(node, Reduction) and node.op == "sum" and isinstance(node.body, Add)):
        return None
    around = scope | set(node.indices)
    if not any(has_live(term, around) for term in node.body.terms):
        return None
    live = [term for term in node.body.terms if has_live(term, around)]
    rest = [term for term in node.body.terms if not has_live(term, around)]
    pieces = live + ([add(*rest)] if rest else [])
    if len(pieces) < 2:
        return None
    return add(*(Reduction("sum", node.indices, piece, node.condition) for piece in pieces))


def distribute(node: Expr, scope: Scope) -> Expr | None:
    """c (a delta_pl + b) -> c a delta_pl + c b   where the delta is live; see `apart` for what has to be kept."""
    if not isinstance(node, Mul):
        return None
    for position, factor in enumerate(node.factors):
        if isinstance(factor, Add) and any(has_live(term, scope) for term in factor.terms):
            live = [term for term in factor.terms if has_live(term, scope)]
            rest = [term for term in factor.terms if not has_live(term, scope)]
            pieces = live + ([add(*rest)] if rest else [])
            before, after = node.factors[:position], node.factors[position + 1 :]
            if len(pieces) < 2:
                return None
            guard = tuple(guards(factor, before + after))
            return add(*(mul(*guard, *before, piece, *after) for piece in pieces))
    return None


def gather(node: Expr, scope: Scope) -> Expr | None:
    """a delta_pl + b delta_pl -> (a + b) delta_pl: a delta that every term holds is written once."""
    if not isinstance(node, Add):
        return None
    shared = [
        factor
        for factor in factors_of(node.terms[0])
        if isinstance(factor, KroneckerDelta) and all(factor in factors_of(term) for term in node.terms[1:])
    ]
    if not shared:
        return None
    rests = [mul(*(f for f in factors_of(term) if f not in shared)) for term in terms_of(node)]
    return mul(add(*rests), *shared)
