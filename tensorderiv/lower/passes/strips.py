"""The strips of a pass: one value for each pair of a block of rows and all columns, filled before the rows are run over.

    Product   strip_ij = sum_p A_ip B_jp      both operands stored tables: a product of matrices
    Folded    strip_ij = op_p f(i, j, p)      any other loop over features
    Turned    strip_ij = T_ji                 a table read across its rows

Factors that belong to one row alone are taken into the tables first (X_ip / N_i is a table): what a strip reads is an entry of a
table of rows at (i, p), of a table of columns at (j, p), a vector at p, or a scalar.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias, cast

from tensorderiv.algebra.build import add, factors_of, mul, terms_of
from tensorderiv.algebra.expression import (
    Add,
    ArgReduction,
    Element,
    Expr,
    MatrixFunction,
    Node,
    Reduction,
    Tensor,
)
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.traverse import free_indices, index_names, substitute_expr
from tensorderiv.lower.key import canonical_bound, same_up_to_free
from tensorderiv.lower.passes.gram import squared_difference, stored
from tensorderiv.lower.passes.tables import Tables, pairwise_of
from tensorderiv.lower.passes.twofold import nested
from tensorderiv.lower.passes.views import unfolded
from tensorderiv.lower.setting import Setting
from tensorderiv.lower.tile import Fold


@dataclass(frozen=True)
class Product:
    """strip_ij = sum_p A_ip B_jp: the tables by name."""

    left: Tensor
    right: Tensor


@dataclass(frozen=True)
class Folded:
    """strip_ij = op_p f(i, j, p)."""

    fold: Fold


@dataclass(frozen=True)
class Turned:
    """strip_ij = table_ji."""

    table: Tensor


Filling: TypeAlias = Product | Folded | Turned


@dataclass(frozen=True)
class Strip:
    """A strip and how it is filled."""

    tensor: Tensor
    filling: Filling


class Strips:
    """The strips of one pass, each quantity once."""

    def __init__(self, setting: Setting, tables: Tables, row: Index, column: Index, name: Callable[[str], str]) -> None:
        self.setting = setting
        self.tables = tables
        self.row = row
        self.column = column
        self.name = name
        self.made: dict[Node, Strip | None] = {}
        self.gram: dict[Node, Reduction] = {}
        """The sums that are taken by products of matrices."""

    @property
    def all(self) -> tuple[Strip, ...]:
        return tuple(strip for strip in self.made.values() if strip is not None)

    def of(self, expr: Reduction) -> tuple[Strip, Index] | None:
        """The strip that holds a reduction over one feature of the pair (row, other), and the other; None where there is none."""
        points = frozenset(i for i in free_indices(expr) if i.extent in (self.row.extent, self.column.extent))
        expr = nested(expr, points, self.setting) or expr
        if len(expr.indices) != 1 or expr.condition is not None or expr.op not in ("sum", "max", "min"):
            return None
        if expr.indices[0].extent in self.setting.rows:
            return None
        others = [i for i in free_indices(expr) if i != self.row]
        if self.row not in free_indices(expr) or len(others) != 1 or others[0].extent != self.column.extent:
            return None
        other = others[0]
        if self.column.name in index_names(expr) and other != self.column:
            return None
        expr = cast(Reduction, substitute_expr(expr, {other: self.column}))
        key = canonical_bound(expr)
        if key not in self.made:
            self.made[key] = self.strip(self.filling(expr))
        strip = self.made[key]
        return None if strip is None else (strip, other)

    def by_product(self, expr: Reduction) -> Expr | None:
        """A sum of squared differences of the pair (row, other) as squares of each less twice a product (`gram`)."""
        others = [i for i in free_indices(expr) if i != self.row]
        if self.setting.method != "gram" or self.row not in free_indices(expr) or len(others) != 1:
            return None
        (other,) = others
        if other.extent != self.column.extent or (self.column.name in index_names(expr) and other != self.column):
            return None
        inside = unfolded(expr.body, self.setting.virtual)
        loops = any(isinstance(node, Reduction | ArgReduction | MatrixFunction) for node in inside)
        if loops or expr.indices[0].extent in self.setting.rows:
            return None
        expr = cast(Reduction, substitute_expr(expr, {other: self.column}))
        found = squared_difference(expr, self.row, self.column, self.setting.facts)
        key = canonical_bound(expr)
        if found is None or same_up_to_free(expr)[0] in self.setting.kept:
            return None
        self.gram[key] = expr
        return substitute_expr(stored(found, self.tables), {self.column: other})

    def turned(self, element: Element) -> tuple[Strip, Index] | None:
        """The strip of a table that is read at (other, row)."""
        if len(element.subscripts) != 2 or element.subscripts[1] != self.row or element.tensor.integer:
            return None
        other = element.subscripts[0]
        if not isinstance(other, Index) or other == self.row or other.extent != self.column.extent:
            return None
        key = Element(element.tensor, (self.column, self.row))
        if key not in self.made:
            self.made[key] = self.strip(Turned(element.tensor))
        strip = self.made[key]
        return None if strip is None else (strip, other)

    def strip(self, filling: Filling | None) -> Strip | None:
        if filling is None:
            return None
        return Strip(Tensor(self.name("S"), (self.row.extent, self.column.extent)), filling)

    def filling(self, expr: Reduction) -> Filling | None:
        body, feature = self.tables.mapped(expr.body, expr.indices[0]), expr.indices[0]
        if any(isinstance(node, Reduction | ArgReduction | MatrixFunction) for node in unfolded(body, self.setting.virtual)):
            return None
        if expr.op == "sum":
            groups = self.tables.grouped(body, feature)
            if not groups.mixed and groups.row and groups.column:
                left, right = mul(*groups.free, *groups.row), mul(*groups.column)
                if all(feature in free_indices(side) for side in (left, right)):
                    tables = self.tables.table(left, self.row, feature), self.tables.table(right, self.column, feature)
                    return Product(tables[0].tensor, tables[1].tensor)
        pairwise = pairwise_of(body, self.row, self.column, feature, self.tables, self.setting)
        op = cast(Literal["sum", "max", "min"], expr.op)
        return None if pairwise is None else Folded(Fold(op, pairwise))


def terms_apart(expr: Reduction, row: Index) -> Expr | None:
    """sum_p (a_ip b_jp + c_ip d_jp) as a sum of products of matrices; None where some term is no such product."""
    terms = terms_of(expr.body)
    if expr.op != "sum" or not isinstance(expr.body, Add) or expr.condition is not None:
        return None
    for term in terms:
        for factor in factors_of(term):
            points = [i for i in free_indices(factor) if i not in expr.indices]
            if len(points) > 1:
                return None
        if len({i for i in free_indices(term) if i not in expr.indices}) != 2:
            return None
    return add(*(Reduction("sum", expr.indices, term, None) for term in terms))
