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
    Mul,
    Node,
    Number,
    Position,
    Reduction,
    Tensor,
)
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.program import Statement
from tensorderiv.algebra.traverse import free_indices, index_names, rebuild, substitute_expr
from tensorderiv.lower.key import canonical_bound, same_up_to_free
from tensorderiv.lower.nest import Let
from tensorderiv.lower.passes.branchless import BranchlessBuilder
from tensorderiv.lower.passes.gram import squared_difference, stored
from tensorderiv.lower.passes.split import Naming
from tensorderiv.lower.passes.twofold import LinearDifference, TwoFold, linear_difference, nested
from tensorderiv.lower.passes.views import unfolded
from tensorderiv.lower.scope import Body
from tensorderiv.lower.setting import Setting
from tensorderiv.lower.tile import Fold, Pairwise


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


class Tables:
    """Stored tables with one row a point: as they are, or packed by a statement of their own in front of the pass."""

    def __init__(self, setting: Setting, naming: Naming, row: Index, column: Index) -> None:
        self.setting = setting
        self.naming = naming
        self.row = row
        self.column = column
        self.packed: list[Statement | TwoFold] = []
        self.used: set[str] = set()
        """The names of packed tables that are read here; another pass may have made them."""

    def table(self, expr: Expr, point: Index, feature: Index) -> Element:
        """An expression of one point and the feature as an entry of a stored table."""
        if isinstance(expr, Element) and expr.subscripts == (point, feature) and expr.tensor.name not in self.setting.virtual:
            return expr
        first, second = Index("<point>", point.extent), Index("<feature>", feature.extent)
        key = cast(Expr, canonical_bound(substitute_expr(expr, {point: first, feature: second})))
        if key not in self.naming.made:
            tensor = Tensor(self.naming.fresh(), (point.extent, feature.extent))
            self.naming.made[key] = tensor
            self.put(Statement(tensor, (point, feature), expr))
        self.used.add(self.naming.made[key].name)
        return Element(self.naming.made[key], (point, feature))

    def vector(self, expr: Expr, index: Index) -> Element:
        """An expression of one index as an entry of a stored vector."""
        if isinstance(expr, Element) and expr.subscripts == (index,) and expr.tensor.name not in self.setting.virtual:
            return expr
        key = cast(Expr, canonical_bound(substitute_expr(expr, {index: Index("<index>", index.extent)})))
        if key not in self.naming.made:
            self.naming.made[key] = Tensor(self.naming.fresh(), (index.extent,))
            self.put(Statement(self.naming.made[key], (index,), expr))
        self.used.add(self.naming.made[key].name)
        return Element(self.naming.made[key], (index,))

    def put(self, statement: Statement) -> None:
        self.packed.append(statement)
        self.setting.facts.learn(statement)

    def mapped(self, expr: Expr, feature: Index) -> Expr:
        """The expression with linear maps of differences of points read from tables (`twofold`)."""
        if isinstance(expr, Reduction):
            found = linear_difference(expr, frozenset({self.row, self.column}), feature, self.setting)
            if found is not None:
                pairs = [(scale, *self.two_fold(found, entry, feature)) for scale, entry in found.terms]
                high = add(*(mul(scale, one) for scale, one, _ in pairs))
                return Add((high, add(*(mul(scale, one) for scale, _, one in pairs))))
            return expr
        return cast(Expr, rebuild(expr, lambda part: self.mapped(part, feature) if isinstance(part, Expr) else part))

    def two_fold(self, found: LinearDifference, entry: Element, feature: Index) -> tuple[Element, Element]:
        """The two floats of a mapped point."""
        point = cast(Index, entry.subscripts[0])
        made: list[Tensor] = []
        for part in ("<high>", "<low>"):
            key = Element(Tensor(part), (found.matrix.tensor.name, str(found.turned), entry.tensor.name))  # type: ignore[arg-type]
            if key not in self.naming.made:
                self.naming.made[key] = Tensor(self.naming.fresh(), (point.extent, feature.extent))
            made.append(self.naming.made[key])
        stage = TwoFold(made[0], made[1], found.matrix.tensor, found.turned, entry.tensor)
        if stage not in self.naming.staged:
            self.naming.staged.add(stage)
            self.packed.append(stage)
        self.used |= set(stage.names)
        high, low = (Element(tensor, (point, feature)) for tensor in made)
        return high, low

    def of_points(self, expr: Expr, feature: Index) -> Expr:
        """The expression with all that depends on one point alone read from tables."""
        free = set(free_indices(expr))
        points = free & {self.row, self.column}
        if not points:
            return expr
        if len(points) == 1 and free <= {self.row, self.column, feature}:
            numbers = [f for f in factors_of(expr) if isinstance(f, Number)]
            rest = [f for f in factors_of(expr) if f not in numbers]
            return mul(*numbers, self.table(mul(*rest), points.pop(), feature))
        if isinstance(expr, Element) and expr.tensor.name in self.setting.virtual:
            return expr
        if isinstance(expr, Mul):
            groups = self.grouped(expr, feature)
            mixed = [self.of_points(f, feature) for f in groups.mixed]
            own = [
                self.table(mul(*fs), point, feature) for point, fs in ((self.row, groups.row), (self.column, groups.column)) if fs
            ]
            return mul(*groups.free, *own, *mixed)
        return cast(Expr, rebuild(expr, lambda part: self.of_points(part, feature) if isinstance(part, Expr) else part))

    def grouped(self, expr: Expr, feature: Index) -> Groups:
        """The factors by the points they depend on."""
        groups = Groups([], [], [], [])
        for factor in factors_of(expr):
            points = set(free_indices(factor)) & {self.row, self.column}
            if len(points) == 2:
                groups.mixed.append(factor)
            elif points == {self.row}:
                groups.row.append(factor)
            elif points == {self.column}:
                groups.column.append(factor)
            else:
                groups.free.append(factor)
        return groups


@dataclass(frozen=True)
class Groups:
    """The factors of a product: of neither point, of the row, of the column, of both."""

    free: list[Expr]
    row: list[Expr]
    column: list[Expr]
    mixed: list[Expr]


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


def pairwise_of(expr: Expr, row: Index, column: Index, feature: Index, tables: Tables, setting: Setting) -> Pairwise | None:
    """The expression over tables, with its strong zeros decided; None where it needs more than values."""
    packed = tables.of_points(tables.mapped(expr, feature), feature)
    builder = BranchlessBuilder(setting.virtual, setting.facts, setting.rows, setting.taken)
    body = Body([], {row.name, column.name, feature.name})
    with builder.scope.within(body):
        value = builder.value(packed)
    ops = [*builder.scope.root.ops, *body.ops]
    if not all(isinstance(op, Let) for op in ops):
        return None
    values = tuple((op.name, op.value) for op in ops if isinstance(op, Let))
    made = Pairwise(row, column, feature, values, value)
    known = {(row, feature), (column, feature), (feature,), ()}
    elements = {e.subscripts for e in made.reads(row, column)} | {
        part.subscripts for root in made.roots for part in _elements(root)
    }
    placed = any(isinstance(part, Position) for root in made.roots for part in unfolded(root, {}))
    return made if elements <= known and not placed else None


def _elements(node: Node) -> list[Element]:
    return [part for part in unfolded(node, {}) if isinstance(part, Element)]
