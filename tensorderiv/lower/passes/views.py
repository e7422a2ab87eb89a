"""A stored statement seen from a row: what it adds up over the columns of that row, and what it hands to them.

    T_i  = h(sum_j g_ij, max_j .., ..)         a row quantity: its reductions are finished inside row i
    T_ij = e_ij                                a table
    T_ip = sum_j w_ij g_ijp                    weights that are spread onto the row
    T_jp = sum_i w_ij g_ijp                    weights that are spread onto the columns
    T_j  = sum_i g_ij                          a sum onto the columns

A view names the row index, the column index, and which of the two the target has. A statement with more around its sums, such as
T_ip = u_ip + c_i sum_j .., is first split: the sums get names of their own, and what is left is a few operations a row.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tensorderiv.algebra.build import factors_of, mul, terms_of
from tensorderiv.algebra.expression import ArgReduction, Bracket, Element, Expr, MatrixFunction, Node, Reduction
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.program import Statement
from tensorderiv.algebra.traverse import free_indices, substitute_expr, walk
from tensorderiv.lower.collect import RowSum, collect
from tensorderiv.lower.passes.twofold import linear_difference
from tensorderiv.lower.setting import Setting, features_of, rows_of
from tensorderiv.lower.values import body_of, condition_parts


@dataclass(frozen=True)
class Term:
    """w g, summed over the other index of the pair; g has the feature, w has not."""

    weight: Expr
    spread: Expr


@dataclass(frozen=True)
class View:
    """A statement over the pairs of `row` and `column`; one of `values` and `terms` says what it takes."""

    statement: Statement
    row: Index
    column: Index
    onto_columns: bool
    value: Expr | None = None
    terms: tuple[Term, ...] = ()

    def renamed(self, row: Index, column: Index) -> View:
        """The same over other letters."""
        letters = {self.row: row, self.column: column}
        statement = Statement(
            self.statement.tensor, tuple(letters.get(i, i) for i in self.statement.indices), self.statement.body
        )
        value = None if self.value is None else substitute_expr(self.value, letters)
        terms = tuple(Term(substitute_expr(t.weight, letters), substitute_expr(t.spread, letters)) for t in self.terms)
        return View(statement, row, column, self.onto_columns, value, terms)

    @property
    def needs(self) -> tuple[Expr, ...]:
        """Every expression it computes."""
        return (*(() if self.value is None else (self.value,)), *(e for t in self.terms for e in (t.weight, t.spread)))


def views(statement: Statement, setting: Setting) -> tuple[View, ...]:
    """How a statement can be computed from a row; empty where it is no matter of pairs."""
    if isinstance(statement.body, MatrixFunction) or statement.tensor.integer:
        return ()
    rows, features = rows_of(statement.indices, setting), features_of(statement.indices, setting)
    if len(rows) == 2 and not features:
        return _table(statement, rows[0], rows[1], setting)
    if len(rows) != 1 or len(features) > 1:
        return ()
    return _spread(statement, rows[0], features[0], setting) if features else _of_row(statement, rows[0], setting)


def _table(statement: Statement, row: Index, column: Index, setting: Setting) -> tuple[View, ...]:
    """T_ij as it stands, where no entry takes a loop over rows."""
    return () if loops_over_rows(statement.body, setting) else (View(statement, row, column, False, statement.body),)


def _of_row(statement: Statement, row: Index, setting: Setting) -> tuple[View, ...]:
    """T_i = .. as it stands; T_j = sum_i g also as a sum onto the columns."""
    columns = {
        i for node in walk(statement.body) if isinstance(node, Reduction) for i in node.indices if i.extent in setting.rows
    }
    columns |= {node.index for node in walk(statement.body) if isinstance(node, ArgReduction)}
    inner = pair_extents(statement.body, setting)
    over = [i for i in sorted(columns, key=str) if i.extent in inner]
    if not over or len(inner) != 1:
        return ()
    found = [View(statement, row, over[0], False, statement.body)]
    body = statement.body
    if isinstance(body, Reduction) and body.op == "sum" and len(body.indices) == 1:
        other = body.indices[0]
        guarded = mul(*(Bracket(part) for part in condition_parts(body.condition)), body.body)
        found.append(View(statement, other, row, True, guarded))
    return tuple(found)


def _spread(statement: Statement, row: Index, feature: Index, setting: Setting) -> tuple[View, ...]:
    """T_ip = sum_j w g, with nothing beside the sums."""
    collected = collect(statement, setting.rows, setting.facts)
    if (
        statement.indices != (row, feature)
        or collected.rest
        or not collected.sums
        or any(len(found.indices) != 1 for found in collected.sums)
    ):
        return ()
    extents = {found.indices[0].extent for found in collected.sums}
    if len(extents) != 1:
        return ()
    column = collected.sums[0].indices[0]
    onto_row: list[Term] = []
    for found in collected.sums:
        for term in _terms(found, feature, setting):
            if term is None:
                return ()
            letters = {found.indices[0]: column}
            onto_row.append(Term(substitute_expr(term.weight, letters), substitute_expr(term.spread, letters)))
    terms = tuple(onto_row)
    return (View(statement, row, column, False, None, terms), View(statement, column, row, True, None, terms))


def _terms(found: RowSum, feature: Index, setting: Setting) -> list[Term | None]:
    guards = tuple(Bracket(part) for part in condition_parts(found.condition))
    made: list[Term | None] = []
    for term in terms_of(found.body):
        with_feature = [f for f in factors_of(term) if feature in free_indices(f)]
        weight = [f for f in factors_of(term) if f not in with_feature]
        spread = mul(*with_feature)
        pair = frozenset(i for i in free_indices(term) if i.extent in setting.rows)
        if any(not is_value(node, pair, feature, setting) for node in unfolded(spread, setting.virtual)):
            made.append(None)
        else:
            made.append(Term(mul(*guards, *weight), spread))
    return made


def is_value(node: Node, pair: frozenset[Index], feature: Index, setting: Setting) -> bool:
    """Whether a tile can take the node: no loops in it but linear maps of differences of points."""
    if isinstance(node, Reduction):
        return linear_difference(node, pair, feature, setting) is not None
    return not isinstance(node, ArgReduction | MatrixFunction)


def unfolded(node: Node, virtual: Mapping[str, Statement]) -> list[Node]:
    """The parts of a node, the virtual names in it replaced by what they stand for."""
    found: list[Node] = []
    for part in walk(node):
        found.append(part)
        if isinstance(part, Element) and part.tensor.name in virtual:
            found += unfolded(body_of(virtual[part.tensor.name], part.subscripts), virtual)
    return found


def loops_over_rows(node: Node, setting: Setting) -> bool:
    """Whether the node, names unfolded, reduces over rows."""
    return bool(pair_extents(node, setting))


def pair_extents(node: Node, setting: Setting) -> set[object]:
    """The row extents that are reduced over in the node, names unfolded."""
    found: set[object] = set()
    for part in unfolded(node, setting.virtual):
        if isinstance(part, Reduction):
            found |= {i.extent for i in part.indices if i.extent in setting.rows}
        elif isinstance(part, ArgReduction) and part.index.extent in setting.rows:
            found.add(part.index.extent)
    return found
