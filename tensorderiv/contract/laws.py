"""The laws of contraction: each a small function, before -> after.

A law looks at one node. `scope` holds the indices bound by the sums around it (`live`). Laws that only move factors about, so
that a sift can follow, stand in `preparing`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias, cast

from tensorderiv.algebra.build import ONE, ZERO, add, both, conjuncts, delta, factors_of, mul, neg, number, total
from tensorderiv.algebra.expression import (
    Bracket,
    Compare,
    Condition,
    CopyTensor,
    Expr,
    Function,
    KroneckerDelta,
    MatrixFunction,
    Mul,
    Number,
    Pow,
    Reduction,
    Select,
    Size,
    Subscript,
)
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.traverse import free_indices, rewrite, substitute, substitute_expr
from tensorderiv.contract.coincidence import agreeing, classes, one_indicator
from tensorderiv.contract.inverses import beside_its_inverse
from tensorderiv.contract.live import Scope, live_inside, partner
from tensorderiv.contract.preparing import distribute, pull_out, split_sum
from tensorderiv.errors import ExtentMismatch

Law: TypeAlias = Callable[[Expr, Scope], Expr | None]


def _agree(index: Index, kept: Subscript, where: Expr) -> None:
    if isinstance(kept, Index) and kept.extent != index.extent:
        raise ExtentMismatch(
            f"{where} compares {index} (extent {index.extent}) with {kept} (extent {kept.extent})",
            hint="declare both with the same extent",
        )


def sift(node: Expr, scope: Scope) -> Expr | None:
    """sum_p delta_pl f_p -> f_l.   Needs: p bound here; p and l of equal extent.

    A condition on p moves along: sum_{p: c_p} delta_pl f_p -> [c_l] f_l. A copy tensor loses the index:
    sum_i H_ijk f_i -> delta_jk f_j.
    """
    if not (isinstance(node, Reduction) and node.op == "sum"):
        return None
    factors = factors_of(node.body)
    for position, factor in enumerate(factors):
        for index in node.indices:
            kept = partner(factor, index)
            if kept is None:
                continue
            _agree(index, kept, factor)
            left = _without(factor, index)
            rest = mul(*factors[:position], left, *factors[position + 1 :])
            return _drop(node, index, kept, rest)
    return None


def _without(factor: Expr, index: Index) -> Expr:
    """What is left of a delta or copy tensor after its index is sifted."""
    if isinstance(factor, CopyTensor):
        others = tuple(sub for sub in factor.subscripts if sub != index)
        return delta(*others) if len(others) == 2 else CopyTensor(others)
    return ONE


def _drop(node: Reduction, index: Index, kept: Subscript, rest: Expr) -> Expr:
    """The sum without `index`, which is replaced by `kept` everywhere."""
    mapping = {index: kept}
    body = substitute_expr(rest, mapping)
    where = None if node.condition is None else cast(Condition, substitute(node.condition, mapping))
    remaining = tuple(other for other in node.indices if other != index)
    if remaining:
        return Reduction("sum", remaining, body, where)
    return body if where is None else mul(Bracket(where), body)


def sift_condition(node: Expr, scope: Scope) -> Expr | None:
    """sum_{p: p = l and c} f_p -> [c] f_l: an equality among the conditions is a delta."""
    if not (isinstance(node, Reduction) and node.op == "sum" and node.condition is not None):
        return None
    parts = conjuncts(node.condition)
    for position, part in enumerate(parts):
        for index in node.indices:
            kept = partner(Bracket(part), index)
            if kept is None:
                continue
            _agree(index, kept, Bracket(part))
            others = both(*parts[:position], *parts[position + 1 :])
            return _drop(Reduction("sum", node.indices, node.body, others), index, kept, node.body)
    return None


def diagonal(node: Expr, scope: Scope) -> Expr | None:
    """delta_ii -> 1,   H_iij -> delta_ij: an index always agrees with itself."""
    match node:
        case KroneckerDelta(left, right) if left == right:
            return ONE
        case KroneckerDelta(int(), int()):
            return ZERO
        case CopyTensor(subscripts) if len(set(subscripts)) < len(subscripts):
            distinct = tuple(dict.fromkeys(subscripts))
            return ONE if len(distinct) == 1 else delta(*distinct) if len(distinct) == 2 else CopyTensor(distinct)
        case Bracket(Compare("=", left_side, right_side)) if left_side == right_side:
            return ONE
        case Bracket(Compare("!=" | "<" | ">", left_side, right_side)) if left_side == right_side:
            return ZERO
    return None


DELTAS = (KroneckerDelta, CopyTensor)
INDICATORS = (*DELTAS, Bracket)


def idempotent(node: Expr, scope: Scope) -> Expr | None:
    """delta_ij delta_ij -> delta_ij,   delta_ij^2 -> delta_ij: what is 0 or 1 equals its powers."""
    match node:
        case Pow(base, Number(value)) if isinstance(base, INDICATORS) and value > 0:
            return base
        case Mul(factors):
            kept: list[Expr] = []
            for factor in factors:
                if not (isinstance(factor, INDICATORS) and factor in kept):
                    kept.append(factor)
            return mul(*kept) if len(kept) < len(factors) else None
    return None


def lone_sum(node: Expr, scope: Scope) -> Expr | None:
    """sum_p c -> n c,   sum_i delta_ii -> n: a sum over an index that does not occur counts its extent."""
    if not (isinstance(node, Reduction) and node.op == "sum"):
        return None
    used = set(free_indices(node.body)) | (set(free_indices(node.condition)) if node.condition else set())
    lone = [index for index in node.indices if index not in used]
    if not lone:
        return None
    kept = tuple(index for index in node.indices if index in used)
    counts = [Size(i.extent) if isinstance(i.extent, str) else number(i.extent) for i in lone]
    if not kept and node.condition is not None:
        return mul(*counts, Bracket(node.condition), node.body)
    return mul(*counts, total(kept, node.body, node.condition))


def empty(node: Expr, scope: Scope) -> Expr | None:
    """sum_p 0 -> 0."""
    return ZERO if isinstance(node, Reduction) and node.op == "sum" and node.body == ZERO else None


NONLINEAR = (Function, Pow, Select)


def split_cases(node: Expr, scope: Scope) -> Expr | None:
    """f(b + a delta_pl) -> f(b) + delta_pl (f(b + a) - f(b)): a delta inside a function has two cases."""
    nonlinear = isinstance(node, NONLINEAR) or (isinstance(node, Reduction) and node.op != "sum")
    if not nonlinear:
        return None
    live = next(live_inside(node, scope), None)
    if live is None:
        return None
    without = rewrite(node, lambda part: _equal_cases(ZERO if part == live else part))
    within = rewrite(node, lambda part: _equal_cases(ONE if part == live else part))
    return add(without, mul(live, add(within, neg(without))))


def _equal_cases(node: Expr) -> Expr:
    """if(c, a, a) -> a."""
    return node.then if isinstance(node, Select) and node.then == node.otherwise else node


def equal_cases(node: Expr, scope: Scope) -> Expr | None:
    """if(c, a, a) -> a: what is the same in every case needs no cases."""
    made = _equal_cases(node)
    return None if made is node else made


def fuse(node: Expr, scope: Scope) -> Expr | None:
    """delta_ij delta_jk -> H_ijk,   H_ijk delta_kl -> H_ijkl: indicators that share a subscript are one copy tensor."""
    if not isinstance(node, Mul):
        return None
    indicators = [factor for factor in node.factors if isinstance(factor, (KroneckerDelta, CopyTensor))]
    for place, one in enumerate(indicators):
        for other in indicators[place + 1 :]:
            if set(agreeing(one)) & set(agreeing(other)):
                ((*members,),) = classes([one, other])
                rest = list(node.factors)
                rest[rest.index(one)] = one_indicator(members)
                rest.remove(other)
                return mul(*rest)
    return None


@dataclass(frozen=True)
class NamedLaw:
    """A law with the words a student reads beside the step. What only moves factors `prepares` a sift and is not told alone.

    The law changes nothing in which no node of the kinds it is `about` occurs.
    """

    name: str
    law: Law
    why: str
    about: tuple[type, ...]
    prepares: bool = False


SIFT = "a delta under the sum picks the one term in which its indices agree"
LAWS: tuple[NamedLaw, ...] = (
    NamedLaw("empty sum", empty, "a sum of zeros is zero", (Reduction,)),
    NamedLaw("diagonal", diagonal, "an index always agrees with itself", INDICATORS),
    NamedLaw("equal cases", equal_cases, "what is the same in every case needs no cases", (Select,)),
    NamedLaw("idempotence", idempotent, "what is 0 or 1 equals its own powers", INDICATORS),
    NamedLaw("sift", sift, SIFT, INDICATORS),
    NamedLaw("sift", sift_condition, "a sum over one single value is that term", (Compare,)),
    NamedLaw("inverse", beside_its_inverse, "a matrix times its inverse is the identity", (MatrixFunction,)),
    NamedLaw("lone sum", lone_sum, "the summand does not depend on the index, so the sum counts its extent", (Reduction,)),
    NamedLaw("split cases", split_cases, "a delta is 0 or 1, so a function of it has two cases", DELTAS),
    NamedLaw("pull out", pull_out, "what does not depend on the summed index leaves the sum", INDICATORS, True),
    NamedLaw("split the sum", split_sum, "the sum of a sum is the sum of the sums", INDICATORS, True),
    NamedLaw("copy tensor", fuse, "deltas that share an index are one copy tensor: all of its indices agree", DELTAS),
    NamedLaw("distribute", distribute, "multiply out, so that each delta stands alone under its sum", INDICATORS, True),
)
"""Tried in this order; the first that applies anywhere is applied everywhere, then the list is tried again."""
