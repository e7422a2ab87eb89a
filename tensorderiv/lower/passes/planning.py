"""From stored statements to stages and passes, in an order in which each finds what it reads."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from tensorderiv.algebra.build import MINUS_ONE, add, factors_of, mul, neg
from tensorderiv.algebra.expression import Add, Element, Expr, Node, Tensor
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.program import Statement
from tensorderiv.algebra.traverse import free_indices
from tensorderiv.lower.key import canonical_bound
from tensorderiv.lower.passes.apart import TakingApart
from tensorderiv.lower.passes.body import Finals, RowBody, reads_around
from tensorderiv.lower.passes.builder import PassBuilder
from tensorderiv.lower.passes.fuse import Arranged, Group, arrange, names_read
from tensorderiv.lower.passes.passing import Pass, Role, Spreading, Target, Weighted
from tensorderiv.lower.passes.products import Multiplied, products_of
from tensorderiv.lower.passes.split import Naming, Splitting
from tensorderiv.lower.passes.strips import Strips
from tensorderiv.lower.passes.tables import Tables, pairwise_of
from tensorderiv.lower.passes.twofold import TwoFold
from tensorderiv.lower.passes.views import Term, View
from tensorderiv.lower.setting import Setting
from tensorderiv.lower.tile import Spread
from tensorderiv.lower.values import often_zero

Planned: TypeAlias = Statement | TwoFold | Multiplied | Pass


def with_passes(
    statements: Sequence[Statement], setting: Setting, secondary: Collection[str], alone: Collection[str]
) -> list[Planned]:
    """Stored statements in order; those over pairs as passes, with the tables these need in front of them."""
    naming = Naming(setting.taken | set(setting.virtual))
    apart = TakingApart(setting, naming)
    split = Splitting(setting, naming).run(apart.run(statements), setting.virtual)
    setting = replace(setting, facts=setting.facts.knowing(split), taken=setting.taken | naming.taken)
    without: set[str] = set()
    while True:
        try:
            made = _made(arrange(split, setting, naming, secondary, alone, without), setting, naming)
            return [multiplied(node, setting, apart.instead) if isinstance(node, Statement) else node for node in made]
        except NoTile as found:
            without.add(str(found))


def multiplied(statement: Statement, setting: Setting, instead: Mapping[str, Statement]) -> Statement | Multiplied:
    """A statement that is a product of matrices as one; it keeps what it was before it was taken apart."""
    products = products_of(statement, setting)
    return Multiplied(statement, products, instead.get(statement.tensor.name)) if products else statement


def _made(arranged: Arranged, setting: Setting, naming: Naming) -> list[Planned]:
    made: list[Planned] = []
    number = 0
    for node in arranged:
        if not isinstance(node, Group):
            made.append(node)
            continue
        number += 1
        made += PassMaker(node, setting, naming, f"pass{number}").run()
    return made


class NoTile(Exception):
    """What a statement spreads is more than a value of a pair and a feature."""


class PassMaker:
    """Builds one pass out of its group."""

    def __init__(self, group: Group, setting: Setting, naming: Naming, name: str) -> None:
        self.group = group
        self.setting = setting
        self.name = name
        self.row, self.column = group.row, group.column
        self.tables = Tables(setting, naming, self.row, self.column)
        self.builder = PassBuilder(setting.virtual, setting.facts, setting.rows, setting.taken, self.strips)
        self.weights: list[tuple[Tensor, Expr]] = []
        self.spreads: list[Spreading] = []

    def strips(self, builder: PassBuilder) -> Strips:
        return Strips(self.setting, self.tables, self.row, self.column, builder.scope.name)

    def run(self) -> list[Planned]:
        """The packed tables, then the pass."""
        finals = Finals()
        targets: list[Target] = []
        for view in self.group.views:
            targets.append(Target(view.statement, self.role(view)))
            if view.terms:
                self.spread(view)
            elif view.value is not None and view.onto_columns:
                finals.columns.append((view.statement.element, view.value))
            elif view.value is not None and len(view.statement.indices) == 2:
                finals.tables.append((view.statement.element, view.value))
        finals.weights = self.weights
        body = RowBody(self.builder, self.row, self.column, self.group.views, finals).ops()
        strips = self.builder.strips.all
        own = self.group.names | {s.tensor.name for s in strips} | {w.name for w, _ in self.weights}
        read = {name for view in self.group.views for e in view.needs for name in names_read(e, self.setting.virtual)}
        read |= self.tables.used
        found = Pass(
            self.name, self.row, self.column, tuple(targets), strips, tuple(w for w, _ in self.weights), body,
            tuple(self.spreads), tuple(sorted(read - own)), reads_around(body, self.column),
            tuple(self.builder.strips.gram.values()),
        )  # fmt: skip
        return [*self.tables.packed, found]

    @staticmethod
    def role(view: View) -> Role:
        if view.terms:
            return "onto columns" if view.onto_columns else "onto rows"
        if view.onto_columns:
            return "column sum"
        return "table" if len(view.statement.indices) == 2 else "row"

    def spread(self, view: View) -> None:
        """The weights of a target; terms that spread the same, up to sign, share theirs."""
        feature = view.statement.indices[1]
        gathered: dict[Node, Term] = {}
        for term in view.terms:
            key, opposite = canonical_bound(term.spread), canonical_bound(opposed(term.spread))
            if key in gathered:
                gathered[key] = Term(add(gathered[key].weight, term.weight), gathered[key].spread)
            elif opposite in gathered:
                gathered[opposite] = Term(add(gathered[opposite].weight, neg(term.weight)), gathered[opposite].spread)
            else:
                gathered[key] = term
        for term in gathered.values():
            self.spreads.append(self.spreading(view, term, feature))

    def spreading(self, view: View, term: Term, feature: Index) -> Spreading:
        from_point = self.row if view.onto_columns else self.column
        to_point = self.column if view.onto_columns else self.row
        if to_point not in free_indices(term.spread) and from_point in free_indices(term.spread):
            own = [f for f in factors_of(term.weight) if set(free_indices(f)) == {from_point}]
            weight = mul(*(f for f in factors_of(term.weight) if f not in own))
            if not self.readable(own) or not {self.row, self.column} <= set(free_indices(weight)):
                own, weight = [], term.weight
            term = Term(weight, mul(*own, term.spread))
            table = self.tables.table(term.spread, from_point, feature)
            how: Weighted | Spread = Weighted(table.tensor, view.onto_columns)
        else:
            negative = self.known_weight(neg(term.weight))
            spread = term.spread if negative is None else opposed(term.spread)
            pairwise = pairwise_of(spread, self.row, self.column, feature, self.tables, self.setting)
            if pairwise is None:
                raise NoTile(view.statement.tensor.name)
            masked = often_zero(term.weight, self.setting.virtual)
            sparse = often_zero(term.weight, self.setting.virtual, exceptions=False)
            how = Spread(pairwise, view.onto_columns, not self.setting.facts.finite(term.spread), masked, sparse)
            if negative is not None:
                return Spreading(view.statement.tensor, negative, how, self.setting.facts.finite(term.weight))
        finite = self.setting.facts.finite(term.weight)
        return Spreading(view.statement.tensor, self.weight(term.weight), how, finite)

    def readable(self, factors: Sequence[Expr]) -> bool:
        """Whether a table in front of the pass may hold the factors: nothing in them is computed by the pass itself."""
        return not any(names_read(factor, self.setting.virtual) & self.group.names for factor in factors)

    def weight(self, expr: Expr) -> Tensor:
        """The strip of a weight, each once; a stored table of the pairs is one as it stands."""
        if isinstance(expr, Element) and self.stands(expr):
            return expr.tensor
        known = self.known_weight(expr)
        if known is not None:
            return known
        tensor = Tensor(self.builder.scope.name("W"), (self.row.extent, self.column.extent))
        self.weights.append((tensor, expr))
        return tensor

    def stands(self, entry: Element) -> bool:
        """Whether an entry is that of the pair in a stored real table that the pass does not compute itself."""
        name = entry.tensor.name
        other = name in self.setting.virtual or name in self.group.names or entry.tensor.integer
        return entry.subscripts == (self.row, self.column) and not other

    def known_weight(self, expr: Expr) -> Tensor | None:
        """The strip of a weight that is there already."""
        key = canonical_bound(expr)
        return next((tensor for tensor, known in self.weights if canonical_bound(known) == key), None)


def opposed(expr: Expr) -> Expr:
    """-(x - y) as y - x."""
    return add(*(mul(MINUS_ONE, term) for term in expr.terms)) if isinstance(expr, Add) else mul(MINUS_ONE, expr)
