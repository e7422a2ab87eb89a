"""A sum of squared differences as a product of matrices, for those who ask for it (method="gram"):

    sum_p w_p (a_ip - b_jp)^2   ->   s if s > 0 else 0,   s = A_i + B_j - 2 sum_p (w_p a_ip) b_jp
    A_i = sum_p w_p a_ip^2,   B_j = sum_p w_p b_jp^2

It needs a, b, w finite and w >= 0. Equal as mathematics, not in floating point: with unit roundoff u = eps / 2 and d terms,
A and B carry relative errors of (d + 1) u, the product one of (d + 1) u sum_p w |a b| <= (d + 1) u (A + B) / 2, twice; adding the
three up, in any order, and storing the result takes at most 6 u (A + B), since 0 <= s <= 2 (A + B). To first order

    |error of s_ij| <= (d + 4) eps (A_i + B_j),

however small s_ij is: where two rows lie close together, or far from 0, no digit of s need be right, and sqrt(s) is off by up to
the root of the bound. The sum of squares itself has a relative error of about d eps.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import TYPE_CHECKING

from tensorderiv.algebra.build import TWO, add, factors_of, mul, neg, number, power, terms_of
from tensorderiv.algebra.expression import Add, Expr, Number, Pow, Reduction
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.text import to_text
from tensorderiv.algebra.traverse import free_indices
from tensorderiv.lower.facts import Facts

if TYPE_CHECKING:
    from tensorderiv.lower.passes.tables import Tables

ROUNDINGS = 4
"""What the bound counts beside one rounding a term."""


@dataclass(frozen=True)
class SquaredDifference:
    """sum_p w_p (a_ip - b_jp)^2; `of_row` is a, `of_column` is b."""

    weight: Expr
    of_row: Expr
    of_column: Expr
    feature: Index

    def square(self, side: Expr) -> Reduction:
        """sum_p w_p a_ip^2."""
        return Reduction("sum", (self.feature,), mul(self.weight, power(side, 2)), None)

    def rewritten(self, row_square: Expr, column_square: Expr) -> Expr:
        """A_i + B_j - 2 sum_p (w_p a_ip) b_jp."""
        product = Reduction("sum", (self.feature,), mul(self.weight, self.of_row, self.of_column), None)
        return add(row_square, column_square, mul(number(-2), product))


def squared_difference(expr: Reduction, row: Index, column: Index, facts: Facts) -> SquaredDifference | None:
    """The parts of a sum of squared differences between a row and a column; None where it is no such sum."""
    if expr.op != "sum" or len(expr.indices) != 1 or expr.condition is not None:
        return None
    feature, pair = expr.indices[0], {row, column}
    factors = list(factors_of(expr.body))
    squares = [f for f in factors if isinstance(f, Pow) and f.exponent == TWO and pair <= set(free_indices(f.base))]
    if len(squares) != 1:
        return None
    factors.remove(squares[0])
    weight = mul(*factors)
    inside = list(factors_of(squares[0].base))
    sums = [f for f in inside if isinstance(f, Add) and pair <= set(free_indices(f))]
    if len(sums) != 1:
        return None
    inside.remove(sums[0])
    scale = mul(*inside)
    terms = terms_of(sums[0])
    of_column = [term for term in terms if column in free_indices(term)]
    of_row = [term for term in terms if term not in of_column]
    apart = not any(row in free_indices(term) for term in of_column)
    known = facts.finite(weight) and facts.sign(weight).at_least_zero and all(facts.finite(f) for f in (scale, *terms))
    if not apart or not known or (set(free_indices(weight)) | set(free_indices(scale))) - {feature}:
        return None
    return SquaredDifference(weight, mul(scale, add(*of_row)), neg(mul(scale, add(*of_column))), feature)


def stored(found: SquaredDifference, tables: Tables) -> Expr:
    """The sum of squared differences by a product of matrices: rows, weights and the squares of rows are stored."""
    row, column, feature = tables.row, tables.column, found.feature
    weight = found.weight if isinstance(found.weight, Number) else tables.vector(found.weight, feature)
    of_row, of_column = tables.table(found.of_row, row, feature), tables.table(found.of_column, column, feature)
    found = SquaredDifference(weight, of_row, of_column, feature)
    return found.rewritten(tables.vector(found.square(of_row), row), tables.vector(found.square(of_column), column))


def bound_words(sums: Sequence[Reduction]) -> tuple[str, ...]:
    """What a docstring says of a function that takes these sums by products of matrices."""
    if not sums:
        return ()
    shown = ", ".join(dict.fromkeys(to_text(s) for s in sums))
    extents = ", ".join(dict.fromkeys(str(s.indices[0].extent) for s in sums))
    text = (
        f'method="gram": s = {shown}, of the form sum_p w_p (a_ip - b_jp)^2, is computed as max(0, A_i + B_j - 2 C_ij) with '
        f"A_i = sum_p w_p a_ip^2, B_j = sum_p w_p b_jp^2, C_ij = sum_p w_p a_ip b_jp. To first order "
        f"|error of s_ij| <= ({extents} + {ROUNDINGS}) eps (A_i + B_j), eps = np.finfo(dtype).eps, however small s_ij is; "
        "where rows nearly coincide sqrt(s_ij) is off by up to the square root of that, and what divides by it may be infinite. "
        "Coincident rows may not give exactly 0. Infinite input gives nan."
    )
    return tuple(wrap(text, 120, break_long_words=False, break_on_hyphens=False))
