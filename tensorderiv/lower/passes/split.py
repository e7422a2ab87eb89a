"""Statements over pairs with something around their sums, as a sum with a name of its own and a few operations a row.

    T_ip = u_ip + sum_j f_ijp        ->  R_ip = sum_j f_ijp;    T_ip = u_ip + R_ip
    T_j  = c_j sum_i g_ij            ->  R_j  = sum_i g_ij;     T_j  = c_j R_j
    L    = sum_i h(sum_j g_ij)       ->  R_i  = h(sum_j g_ij);  L    = sum_i R_i

What is a sum alone can be taken up by a pass, whichever of its two rows runs outside.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import cast

from tensorderiv.algebra.build import add, mul, terms_of, total
from tensorderiv.algebra.expression import Bracket, Element, Expr, MatrixFunction, Mul, Node, Reduction, Size, Tensor
from tensorderiv.algebra.index import Extent, Index
from tensorderiv.algebra.program import Statement
from tensorderiv.algebra.traverse import contains, free_indices, rebuild, substitute_expr
from tensorderiv.lower.collect import collect
from tensorderiv.lower.key import canonical_bound, same_up_to_free
from tensorderiv.lower.passes.views import loops_over_rows
from tensorderiv.lower.setting import Setting, features_of, rows_of
from tensorderiv.lower.values import condition_parts


class Naming:
    """Gives names to parts; the same function of other indices is one tensor."""

    def __init__(self, taken: Iterable[str], letter: str = "R") -> None:
        self.taken = set(taken)
        self.letter = letter
        self.made: dict[Node, Tensor] = {}
        self.staged: set[object] = set()

    def fresh(self) -> str:
        number = 1
        while f"{self.letter}{number}" in self.taken:
            number += 1
        self.taken.add(f"{self.letter}{number}")
        return f"{self.letter}{number}"

    def element(self, node: Expr, indices: tuple[Index, ...] = ()) -> tuple[Element, Statement | None]:
        """The node as an element of a tensor, and the statement that defines the tensor where it is new.

        The axes of the tensor are the free indices in order of occurrence, or the `indices`.
        """
        key: Node
        key, free = same_up_to_free(node)
        if indices:
            free = indices
            key = canonical_bound(substitute_expr(node, {i: Index(f"<f{n}>", i.extent) for n, i in enumerate(free)}))
        if key in self.made:
            return Element(self.made[key], free), None
        tensor = Tensor(self.fresh(), tuple(index.extent for index in free))
        self.made[key] = tensor
        return Element(tensor, free), Statement(tensor, free, node)


class Splitting:
    """Splits the stored statements of a program, in order."""

    def __init__(self, setting: Setting, naming: Naming) -> None:
        self.setting = setting
        self.naming = naming
        self.done: list[Statement] = []

    def run(self, statements: Iterable[Statement], virtual: Mapping[str, Statement]) -> tuple[Statement, ...]:
        for statement in statements:
            body = statement.body if isinstance(statement.body, MatrixFunction) else self.split(statement)
            self.done.append(Statement(statement.tensor, statement.indices, body))
        return tuple(self.done)

    def split(self, statement: Statement) -> Expr:
        rows, features = rows_of(statement.indices, self.setting), features_of(statement.indices, self.setting)
        if not statement.indices:
            return cast(Expr, self.total(statement.body))
        if len(rows) != 1 or len(features) > 1:
            return statement.body
        return self.of_row(statement) if not features else self.with_feature(statement)

    def named(self, node: Expr, indices: tuple[Index, ...] = ()) -> Expr:
        element, made = self.naming.element(node, indices)
        if made is not None:
            self.done.append(made)
        return element

    def total(self, node: Node) -> Node:
        """Sums over rows, with another loop over rows inside: the inside is a quantity of the row."""
        if isinstance(node, Mul):
            node = sizes_inside(node)
        if not isinstance(node, Reduction):
            return rebuild(node, self.total)
        rows = [i for i in node.indices if i.extent in self.setting.rows]
        inner_loops = loops_over_rows(node.body, self.setting) or len(rows) > 1
        if node.op != "sum" or not rows or not inner_loops or free_indices(node):
            return node
        row, others = rows[0], tuple(i for i in node.indices if i != rows[0])
        if others:
            inside = total(others, node.body, node.condition)
        else:
            inside = mul(*(Bracket(part) for part in condition_parts(node.condition)), node.body)
        return Reduction("sum", (row,), self.named(inside), None)

    def of_row(self, statement: Statement) -> Expr:
        """c_j sum_i g_ij: the sum gets a name, where it is the only loop over rows."""
        found = list(self.row_sums(statement.body))
        if len(found) != 1 or found[0] == statement.body or not isinstance(found[0], Reduction):
            return statement.body
        only = found[0]
        if only.op != "sum" or len(only.indices) != 1 or free_indices(only) != statement.indices:
            return statement.body
        return cast(Expr, self.replaced(statement.body, only, self.named(only)))

    def row_sums(self, node: Node) -> Iterable[Node]:
        """The outermost parts that loop over rows themselves."""
        if isinstance(node, Reduction) and any(i.extent in self.setting.rows for i in node.indices):
            yield node
            return
        if isinstance(node, Element) and node.tensor.name in self.setting.virtual and loops_over_rows(node, self.setting):
            yield node
            return
        found: list[Node] = []

        def see(part: Node) -> Node:
            found.extend(self.row_sums(part))
            return part

        rebuild(node, see)
        yield from found

    def replaced(self, node: Node, old: Node, new: Node) -> Node:
        return new if node == old else rebuild(node, lambda part: self.replaced(part, old, new))

    def with_feature(self, statement: Statement) -> Expr:
        """The sums that have the feature, one quantity; and the sums inside the rest."""
        collected = collect(statement, self.setting.rows, self.setting.facts)
        row, feature = rows_of(statement.indices, self.setting)[0], features_of(statement.indices, self.setting)[0]
        order = (row, feature)

        def inside(node: Node) -> Node:
            mine = isinstance(node, Reduction) and node.op == "sum" and feature in free_indices(node)
            if isinstance(node, Reduction) and mine and any(i.extent in self.setting.rows for i in node.indices):
                return self.named(node, order if set(free_indices(node)) == set(order) else ())
            return rebuild(node, inside)

        rest = [cast(Expr, inside(term)) for term in collected.rest]
        groups: dict[tuple[Extent, ...], list[Expr]] = {}
        for found in collected.sums:
            made = Reduction("sum", found.indices, found.body, found.condition)
            groups.setdefault(tuple(index.extent for index in found.indices), []).append(made)
        if not rest and len(groups) == 1 and statement.indices == order:
            return statement.body
        together = [add(*group) for group in groups.values()]
        return add(*rest, *(self.named(sums, order if set(free_indices(sums)) == set(order) else ()) for sums in together))


def sizes_inside(node: Mul) -> Expr:
    """1/n sum_j g as sum_j g/n: over no j at all, both are 0 only where 1/n = 1/0 meets no entry."""
    sums = [f for f in node.factors if isinstance(f, Reduction) and f.op == "sum"]
    sizes = [f for f in node.factors if contains(f, Size) and not isinstance(f, Reduction)]
    if len(sums) != 1 or not sizes:
        return node
    inside = Reduction("sum", sums[0].indices, mul(*sizes, sums[0].body), sums[0].condition)
    return mul(*(inside if f is sums[0] else f for f in node.factors if f not in sizes))


def term_by_term(statement: Statement, setting: Setting, naming: Naming) -> tuple[Statement, ...]:
    """T_ip = sum_j f + sum_j g as R_ip = sum_j f, Q_ip = sum_j g, T_ip = R_ip + Q_ip: each may stand on a side of its own."""
    collected = collect(statement, setting.rows, setting.facts)
    if collected.rest or not statement.indices:
        return ()
    parts: list[Expr] = []
    pieces: list[Statement] = []
    for found in collected.sums:
        for term in terms_of(found.body):
            element, made = naming.element(Reduction("sum", found.indices, term, found.condition), statement.indices)
            parts.append(element)
            if made is not None:
                pieces.append(made)
                setting.facts.learn(made)
    if len(parts) < 2:
        return ()
    return (*pieces, Statement(statement.tensor, statement.indices, add(*parts)))
