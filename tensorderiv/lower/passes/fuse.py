"""Which statements are computed in one run over the pairs, read off the dependency graph.

A statement joins a pass when everything it reads stands before the pass, or is a row quantity of the same pass read at its own
row. A row quantity read at the columns, or a scalar of all pairs, needs a pass that is over: a new one is begun. So N-pairs takes
one pass (its normaliser belongs to the row), symmetric losses take two, t-SNE sums its normaliser first.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from tensorderiv.algebra.expression import ArgReduction, Element, MatrixFunction, Node, Reduction
from tensorderiv.algebra.index import Extent, Index
from tensorderiv.algebra.program import Statement
from tensorderiv.algebra.traverse import bound_indices, free_indices, parts
from tensorderiv.lower.key import canonical_bound
from tensorderiv.lower.passes.split import Naming, term_by_term
from tensorderiv.lower.passes.views import View, unfolded, views
from tensorderiv.lower.setting import Setting
from tensorderiv.lower.values import body_of


@dataclass
class Group:
    """The statements of one pass, in its letters. `secondary`: they are needed for results that nobody may ask for."""

    row: Index
    column: Index
    secondary: bool
    views: list[View] = field(default_factory=list)
    quantities: frozenset[Node] = frozenset()

    @property
    def names(self) -> frozenset[str]:
        return frozenset(view.statement.tensor.name for view in self.views)

    @property
    def own(self) -> frozenset[str]:
        """The row quantities that are ready within a row."""
        return frozenset(v.statement.tensor.name for v in self.views if v.value is not None and not v.onto_columns)


Arranged = list[Statement | Group]


def arrange(
    statements: Sequence[Statement],
    setting: Setting,
    naming: Naming,
    secondary: Collection[str],
    alone: Collection[str],
    without: Collection[str],
) -> Arranged:
    """Stored statements in order, those over pairs gathered into groups; those in `without` stay as they are.

    What is only needed for `secondary` names is never mixed with the rest; each table in `alone` has a group of its own.
    """
    primary = needed_by({s.tensor.name for s in statements} - set(secondary), statements, setting.virtual, secondary)
    made: Arranged = []
    waiting = list(statements)
    while waiting:
        statement = waiting.pop(0)
        name = statement.tensor.name
        found = () if name in without else views(statement, setting)
        apart = name not in primary
        if found and ((name not in alone and _joined(found, made, apart, setting)) or _begun(found, made, apart, setting)):
            continue
        pieces = term_by_term(statement, setting, naming) if found else ()
        if len(pieces) > 1:
            primary |= {piece.tensor.name for piece in pieces if not apart}
            waiting[:0] = pieces
        else:
            _put(statement, made, setting)
    return made


def _put(statement: Statement, made: Arranged, setting: Setting) -> None:
    """In front of the first pass that stands behind all it reads: another statement of that pass may wait for it."""
    reads = names_read(statement.body, setting.virtual)
    place = len(made)
    while place > 0:
        before = made[place - 1]
        names = before.names if isinstance(before, Group) else {before.tensor.name}
        if names & reads:
            break
        place -= 1
    made.insert(place, statement)


def needed_by(
    names: Collection[str], statements: Sequence[Statement], virtual: Mapping[str, Statement], secondary: Collection[str]
) -> frozenset[str]:
    """The names that some result is computed from that is not secondary: results are what nothing else reads."""
    reads = {s.tensor.name: names_read(s.body, virtual) for s in statements}
    read_by_others = {name for reader, found in reads.items() for name in found if reader != name}
    wanted = {name for name in reads if name not in read_by_others and name not in secondary}
    stack = list(wanted)
    while stack:
        for name in reads.get(stack.pop(), ()):
            if name not in wanted:
                wanted.add(name)
                stack.append(name)
    return frozenset(wanted & set(reads))


def names_read(node: Node, virtual: Mapping[str, Statement]) -> frozenset[str]:
    """The stored names and inputs in a node."""
    found = unfolded(node, virtual)
    names = {part.tensor.name for part in found if isinstance(part, Element)}
    return frozenset(names | {part.matrix.name for part in found if isinstance(part, MatrixFunction)}) - frozenset(virtual)


def _joined(found: tuple[View, ...], made: Arranged, secondary: bool, setting: Setting) -> bool:
    """Into the pass, and with the side, that needs the fewest further strips."""
    best: tuple[int, Group, View] | None = None
    for place, group in enumerate(made):
        if not isinstance(group, Group) or group.secondary != secondary:
            continue
        after = _defined(made[place:]) - group.names
        for view in found:
            if (view.row.extent, view.column.extent) != (group.row.extent, group.column.extent):
                continue
            here = view.renamed(group.row, group.column)
            if feasible(here, group.own, group.names | after, setting):
                further = len(pair_quantities(here, setting) - group.quantities)
                if best is None or further < best[0]:
                    best = further, group, here
    if best is None:
        return False
    _, group, here = best
    group.views.append(here)
    group.quantities |= pair_quantities(here, setting)
    return True


def _begun(found: tuple[View, ...], made: Arranged, secondary: bool, setting: Setting) -> bool:
    """A pass of its own, from the side that reads the fewest strips."""
    possible = [view for view in found if feasible(view, frozenset(), frozenset(), setting)]
    if not possible:
        return False
    view = min(possible, key=lambda one: len(pair_quantities(one, setting)))
    made.append(Group(view.row, view.column, secondary, [view], pair_quantities(view, setting)))
    return True


def pair_quantities(view: View, setting: Setting) -> frozenset[Node]:
    """The loops over features of a pair that a view reads, and the tables it reads across."""
    found: set[Node] = set()
    for expr in view.needs:
        for part in unfolded(expr, setting.virtual):
            if isinstance(part, Reduction) and {view.row, view.column} <= set(free_indices(part)):
                if not any(i.extent in setting.rows for i in part.indices):
                    found.add(canonical_bound(part))
            elif isinstance(part, Element) and part.tensor.name not in setting.virtual:
                found |= {part} if part.subscripts == (view.column, view.row) else set()
    return frozenset(found)


def _defined(nodes: Arranged) -> frozenset[str]:
    names: set[str] = set()
    for node in nodes:
        names |= node.names if isinstance(node, Group) else {node.tensor.name}
    return frozenset(names)


def feasible(view: View, own: frozenset[str], missing: frozenset[str], setting: Setting) -> bool:
    """Whether the view can be computed in a pass with these row quantities, `missing` names not being there yet."""
    for expr in view.needs:
        if not anchored(expr, view.row, setting):
            return False
    for term in view.terms:
        if names_read(term.spread, setting.virtual) & (missing | own):
            return False
    values = ([view.value] if view.value is not None else []) + [term.weight for term in view.terms]
    return all(_reads_only_its_row(value, view.row, own, missing, False, setting) for value in values)


def _reads_only_its_row(
    node: Node, row: Index, own: frozenset[str], missing: frozenset[str], in_strip: bool, setting: Setting
) -> bool:
    if isinstance(node, Element):
        name = node.tensor.name
        if name in setting.virtual:
            return _reads_only_its_row(body_of(setting.virtual[name], node.subscripts), row, own, missing, in_strip, setting)
        if name in own:
            if in_strip or node.subscripts != (row,):
                return False
        elif name in missing:
            return False
    if isinstance(node, Reduction) and not any(i.extent in setting.rows for i in node.indices):
        in_strip = in_strip or bool(rows_in(node, setting.rows) - {row})
    return all(_reads_only_its_row(part, row, own, missing, in_strip, setting) for part in parts(node))


def rows_in(node: Node, rows: frozenset[Extent]) -> set[Index]:
    """The free row indices of a node."""
    return {i for i in free_indices(node) if i.extent in rows}


def anchored(node: Node, row: Index, setting: Setting) -> bool:
    """Whether every loop over rows inside belongs to the row of the pass, and every pair of rows in it has that row."""
    for part in unfolded(node, setting.virtual):
        if not isinstance(part, Reduction | ArgReduction):
            continue
        over_rows = any(i.extent in setting.rows for i in bound_indices(part))
        if row not in free_indices(part) and (over_rows or len(rows_in(part, setting.rows)) > 1):
            return False
    return True
