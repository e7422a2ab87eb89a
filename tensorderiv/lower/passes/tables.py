"""Tables with one row a point, which tiles and products read: as they are, or packed by a statement in front of the pass.

Factors that belong to one point alone are taken into a table first (X_ip / N_i is a table), linear maps of differences into two.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from tensorderiv.algebra.build import add, factors_of, mul
from tensorderiv.algebra.expression import Add, Element, Expr, Mul, Node, Number, Position, Reduction, Tensor
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.program import Statement
from tensorderiv.algebra.traverse import free_indices, rebuild, substitute_expr
from tensorderiv.lower.key import canonical_bound
from tensorderiv.lower.nest import Let
from tensorderiv.lower.passes.branchless import BranchlessBuilder
from tensorderiv.lower.passes.split import Naming
from tensorderiv.lower.passes.twofold import LinearDifference, TwoFold, linear_difference
from tensorderiv.lower.passes.views import unfolded
from tensorderiv.lower.scope import Body
from tensorderiv.lower.setting import Setting
from tensorderiv.lower.tile import Pairwise


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
