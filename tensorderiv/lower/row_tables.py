"""Tables of rows get names before the adjoint is taken, so that gradients pass through them once a row, not once a pair:

    C_ij = sum_p X_ip Y_jp / (N_i M_j)    ->    U_ip = X_ip / N_i,   V_jp = Y_jp / M_j,   C_ij = sum_p U_ip V_jp

The adjoint of U_ip is one sum over j; how it falls upon X_ip and upon N_i is then a matter of row i alone. Without the name each
of the two would be a sum over the pairs, and a norm that is written out in several quantities of a pair one sum for each of them.

What gets a name: inside a loop over features of a pair, the factors that speak of one row and the feature alone, where they are
made of more than one entry. Numbers stay outside; what a condition decides stays where it is. A difference such as X_ip - m_i
stays as well: its adjoint takes the sum of a row, and an infinite weight, as a row of zeros has in a correlation, would make
inf - inf of what is infinite alone.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import cast

from tensorderiv.algebra.build import factors_of, mul
from tensorderiv.algebra.expression import (
    ArgReduction,
    Bracket,
    CopyTensor,
    Element,
    Expr,
    KroneckerDelta,
    MatrixFunction,
    Mul,
    Node,
    Number,
    Position,
    Reduction,
    Select,
    Tensor,
)
from tensorderiv.algebra.index import Extent, Index
from tensorderiv.algebra.program import Program, Statement
from tensorderiv.algebra.traverse import contains, free_indices, parts, rebuild, rewrite, substitute_expr
from tensorderiv.lower.key import canonical_bound

DECIDED = (ArgReduction, Bracket, CopyTensor, KroneckerDelta, MatrixFunction, Position, Select)
"""Nodes that keep what they stand in from being a table."""


def name_row_tables(program: Program, rows: frozenset[Extent]) -> Program:
    """The program with a statement for each table of rows that its pairs are made of.

    >>> from tensorderiv.language import read
    >>> made = name_row_tables(read("D_ij = sum_p abs(X_ip / (sum_q X_iq) - X_jp / (sum_q X_jq))", "f"), frozenset({"n"}))
    >>> print(*(str(s.body) for s in made.statements), sep="; ")
    X_ip / sum_q X_iq; sum_p abs(U1_ip - U1_jp)
    """
    return _Naming(program, rows).run()


class _Naming:
    def __init__(self, program: Program, rows: frozenset[Extent]) -> None:
        self.program = program
        self.rows = rows
        self.made: dict[Expr, Tensor] = {}
        self.taken = set(program.names)
        self.done: list[Statement] = []

    def run(self) -> Program:
        for statement in self.program.statements:
            body = statement.body
            if not isinstance(body, MatrixFunction):
                body = rewrite(body, self.loop)
            self.done.append(replace(statement, body=body))
        return replace(self.program, statements=tuple(self.done))

    def rows_in(self, node: Node) -> set[Index]:
        return {index for index in free_indices(node) if index.extent in self.rows}

    def loop(self, node: Expr) -> Expr:
        """A loop over features of a pair, its tables named."""
        if not isinstance(node, Reduction) or any(index.extent in self.rows for index in node.indices):
            return node
        return replace(node, body=self.part(node.body, frozenset(node.indices)))

    def part(self, expr: Expr, features: frozenset[Index]) -> Expr:
        """The expression with its tables named, where two rows or more stand in it."""
        if isinstance(expr, Reduction) or len(self.rows_in(expr)) < 2:
            return expr
        if isinstance(expr, Mul):
            groups: dict[frozenset[Index], list[Expr]] = {}
            for factor in expr.factors:
                groups.setdefault(frozenset(self.rows_in(factor)), []).append(factor)
            made = [self.table(group, features) if len(rows) == 1 else group for rows, group in groups.items()]
            return mul(*(self.part(factor, features) for group in made for factor in group))
        return cast(Expr, rebuild(expr, lambda inner: self.inside(inner, features)))

    def inside(self, node: Node, features: frozenset[Index]) -> Node:
        """A part of what is no product: a table as a whole, or with tables in it."""
        if not isinstance(node, Expr):
            return node
        if len(self.rows_in(node)) == 1:
            return mul(*self.table(list(factors_of(node)), features))
        return self.part(node, features)

    def table(self, factors: list[Expr], features: frozenset[Index]) -> list[Expr]:
        """Factors of one row: those that are no number, as an entry of a table where that is worth a name."""
        numbers = [f for f in factors if isinstance(f, Number)]
        whole = mul(*(f for f in factors if f not in numbers))
        row = self.rows_in(whole)
        feature = set(free_indices(whole)) - row
        if len(feature) != 1 or not feature <= features or contains(whole, *DECIDED) or len(entries(whole)) < 2:
            return factors
        if not all(carries(f, *feature) for f in factors_of(whole) if feature & set(free_indices(f))):
            return factors
        return [*numbers, self.named(whole, (*row, *feature))]

    def named(self, expr: Expr, indices: tuple[Index, ...]) -> Expr:
        letters = {index: Index(f"<t{n}>", index.extent) for n, index in enumerate(indices)}
        key = cast(Expr, canonical_bound(substitute_expr(expr, letters)))
        if key not in self.made:
            tensor = Tensor(self.fresh(), tuple(index.extent for index in indices))
            self.made[key] = tensor
            self.done.append(Statement(tensor, indices, expr))
        return Element(self.made[key], indices)

    def fresh(self) -> str:
        number = next(n for n in count(1) if f"U{n}" not in self.taken)
        self.taken.add(f"U{number}")
        return f"U{number}"


def entries(expr: Expr) -> set[Node]:
    """The entries of tensors and the loops that an expression is made of; scalars do not count."""
    if isinstance(expr, Reduction):
        return {expr}
    if isinstance(expr, Element):
        return {expr} if expr.subscripts else set()
    return {found for part in parts(expr) if isinstance(part, Expr) for found in entries(part)}


def carries(factor: Expr, feature: Index) -> bool:
    """Whether each entry of a factor has the feature: none is a quantity of the whole row."""
    return all(isinstance(found, Element) and feature in found.subscripts for found in entries(factor))
