"""A linear map of a difference of points as a difference of mapped points, each kept in two floats:

    sum_q M_pq (X_iq - Y_jq)   ->   (A_ip - B_jp) + (a_ip - b_jp)        A + a = X M^T,  B + b = Y M^T

One loop over features is left for a pair instead of two: n m d operations, not n m d^2. In one float each, A - B would lose what
the points have in common; A + a is the product to about twice the precision (Ogita, Rump, Oishi 2005, "Accurate sum and dot
product", algorithm Dot2), so the difference is as good as if the points had been subtracted first.
"""

from __future__ import annotations

from dataclasses import dataclass

from tensorderiv.algebra.build import factors_of, mul, sub, terms_of
from tensorderiv.algebra.expression import Add, Element, Expr, Number, Reduction, Tensor
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.program import Statement
from tensorderiv.algebra.traverse import free_indices
from tensorderiv.lower.setting import Setting


@dataclass(frozen=True)
class TwoFold:
    """high + low = sum_q matrix_pq table_iq (or matrix_qp where `turned`), a stage of its own."""

    high: Tensor
    low: Tensor
    matrix: Tensor
    turned: bool
    table: Tensor

    @property
    def statements(self) -> tuple[Statement, ...]:
        i, p = (Index(letter, extent) for letter, extent in zip("ip", self.high.extents, strict=True))
        q = Index("q", self.table.extents[1])
        entry = Element(self.matrix, (q, p) if self.turned else (p, q))
        whole = Reduction("sum", (q,), mul(entry, Element(self.table, (i, q))), None)
        return Statement(self.high, (i, p), whole), Statement(self.low, (i, p), sub(whole, Element(self.high, (i, p))))

    @property
    def names(self) -> tuple[str, ...]:
        return self.high.name, self.low.name

    @property
    def reads(self) -> tuple[str, ...]:
        return self.matrix.name, self.table.name

    def __str__(self) -> str:
        matrix = f"{self.matrix.name}{'' if self.turned else '^T'}"
        return f"{self.high.name} + {self.low.name} = {self.table.name} {matrix}, in two floats"


@dataclass(frozen=True)
class LinearDifference:
    """sum_q matrix_pq (terms): each term a number and an entry of a table at (point, q)."""

    matrix: Element
    turned: bool
    terms: tuple[tuple[Expr, Element], ...]


def linear_difference(expr: Reduction, points: frozenset[Index], feature: Index, setting: Setting) -> LinearDifference | None:
    """The parts of such a sum; None for any other."""
    if expr.op != "sum" or len(expr.indices) != 1 or expr.condition is not None or expr.indices[0].extent in setting.rows:
        return None
    inner = expr.indices[0]
    factors = list(factors_of(expr.body))
    sums = [f for f in factors if isinstance(f, Add)]
    maps = [f for f in factors if isinstance(f, Element) and set(f.subscripts) == {feature, inner}]
    numbers = [f for f in factors if isinstance(f, Number)]
    if len(sums) != 1 or len(maps) != 1 or len(factors) != 2 + len(numbers) or not _stored(maps[0], setting):
        return None
    terms: list[tuple[Expr, Element]] = []
    for term in terms_of(sums[0]):
        entries = [f for f in factors_of(term) if not isinstance(f, Number)]
        scale = mul(*numbers, *(f for f in factors_of(term) if isinstance(f, Number)))
        if len(entries) != 1 or not isinstance(entries[0], Element) or not _stored(entries[0], setting):
            return None
        entry = entries[0]
        if len(entry.subscripts) != 2 or entry.subscripts[1] != inner or entry.subscripts[0] not in points:
            return None
        terms.append((scale, entry))
    return LinearDifference(maps[0], maps[0].subscripts == (inner, feature), tuple(terms))


def nested(expr: Reduction, points: frozenset[Index], setting: Setting) -> Reduction | None:
    """sum_{p,q} x_ijp M_pq (X_iq - Y_jq), or a sum in a sum, with the linear sum inside; None where there is none."""
    expr = _flat(expr, setting)
    if expr.op != "sum" or len(expr.indices) != 2 or expr.condition is not None:
        return None
    for outer, inner in (expr.indices, expr.indices[::-1]):
        within = [f for f in factors_of(expr.body) if inner in free_indices(f)]
        rest = [f for f in factors_of(expr.body) if f not in within]
        made = Reduction("sum", (inner,), mul(*within), None)
        if linear_difference(made, points, outer, setting) is not None:
            return Reduction("sum", (outer,), mul(*rest, made), None)
    return None


def _flat(expr: Reduction, setting: Setting) -> Reduction:
    """sum_p sum_q f as sum_{p,q} f, for features."""
    body = expr.body
    if not isinstance(body, Reduction) or expr.op != body.op or len(expr.indices) + len(body.indices) != 2:
        return expr
    if body.condition is not None or body.indices[0].extent in setting.rows:
        return expr
    return Reduction(expr.op, expr.indices + body.indices, body.body, expr.condition)


def _stored(entry: Element, setting: Setting) -> bool:
    return entry.tensor.name not in setting.virtual and not entry.tensor.integer and setting.facts.finite(entry)
