"""Sums whose value is known: rows of a simplex add up to 1, unit rows have length 1, deviations from a mean cancel.

    sum_j Y_ij -> 1   (Y in simplex)        sum_p X_kp^2 -> 1   (X in sphere)        sum_j P_ij -> 1   (P_ij = f_ij / sum_k f_ik)

A quantity of the program is looked at through its definition; only what comes out as a number or an extent is put in.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from tensorderiv.algebra.build import ONE, factors_of, power
from tensorderiv.algebra.expression import Derivative, Element, Expr, Function, MatrixFunction, Node, Number, Pow, Reduction, Size
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.program import Program
from tensorderiv.algebra.traverse import count_nodes, free_indices, rewrite, substitute_expr, tensors
from tensorderiv.canonical import canonical
from tensorderiv.contract.driver import contract
from tensorderiv.simplify.alike import unify
from tensorderiv.simplify.nest import nest_sums
from tensorderiv.simplify.tidy import tidy

LARGEST = 150
"""A sum with more nodes than this, its names unfolded, is not looked at."""

UNIT_ROWS = {"simplex": 1, "sphere": 2}
"""Domain -> the power of the entries of a row that adds up to 1."""


@dataclass(frozen=True)
class Known:
    """What was put in, in the order found: the sum (or named quantity) and its value."""

    program: Program
    found: dict[Expr, Expr] = field(default_factory=dict)

    def put_in(self, expr: Expr) -> Expr:
        """The expression with every known sum replaced by its value, and entries of symmetric inputs with indices in order."""
        return rewrite(self._sorted(expr), self._value_of, (Derivative,))

    def _sorted(self, expr: Expr) -> Expr:
        free = set(free_indices(expr))
        symmetric = {item.tensor for item in self.program.inputs if item.domain.kind in ("symmetric", "spd")}

        def change(node: Expr) -> Expr:
            match node:
                case Element(tensor, (Index() as left, Index() as right)) if tensor in symmetric:
                    ordered: Expr = Element(tensor, tuple(sorted((left, right), key=lambda index: (index not in free, index))))
                case MatrixFunction("inv", tensor, (Index() as left, Index() as right)) if tensor in symmetric:
                    both_ways = tuple(sorted((left, right), key=lambda index: (index not in free, index)))
                    ordered = MatrixFunction("inv", tensor, both_ways)
                case _:
                    return node
            if ordered != node:
                self.found[node] = ordered
            return ordered

        return rewrite(expr, change, (Derivative,))

    def _value_of(self, node: Expr) -> Expr:
        if not (isinstance(node, Element) and self.program.statement(node.tensor.name)) and not _is_sum(node):
            return node
        if node not in self.found:
            self.found[node] = self._known(node)
        return self.found[node]

    def _known(self, node: Expr) -> Expr:
        whole = self._unfolded(node)
        if whole is None:
            return node
        for reading in (self._by_domain(whole), self._plain(whole)):
            if _is_constant(reading):
                return reading
        if isinstance(node, Reduction) and tensors(node):
            made = canonical(whole)
            if _is_constant(made):
                return made
        return node

    def _unfolded(self, expr: Expr) -> Expr | None:
        """The names of the program written by their definitions, one level after another; None where it becomes too large."""

        def change(node: Expr) -> Expr:
            statement = self.program.statement(node.tensor.name) if isinstance(node, Element) else None
            if statement is None or not isinstance(node, Element):
                return node
            return substitute_expr(statement.body, dict(zip(statement.indices, node.subscripts, strict=True)))

        current, before = expr, None
        while current != before:
            if count_nodes(current) > LARGEST:
                return None
            current, before = rewrite(current, change, (Derivative,)), current
        return current

    def _plain(self, expr: Expr) -> Expr:
        """Constants out of the sums, so that the sum and its divisor meet."""
        return tidy(unify(nest_sums(tidy(contract(expr)))))

    def _by_domain(self, expr: Expr) -> Expr:
        """Rows of inputs that add up to 1 by their domain."""
        return self._plain(rewrite(self._plain(expr), self._unit_row, (Derivative,)))

    def _unit_row(self, node: Expr) -> Expr:
        if not (isinstance(node, Reduction) and node.op == "sum" and len(node.indices) == 1 and node.condition is None):
            return _root_of_one(node)
        for item in self.program.inputs:
            exponent = UNIT_ROWS.get(item.domain.kind)
            for element in _rows(node.body, node.indices[0]):
                if exponent is not None and element.tensor == item.tensor and node.body == power(element, exponent):
                    return ONE
        return node


def _root_of_one(node: Expr) -> Expr:
    match node:
        case Function("sqrt", (Number(value),)) | Pow(Number(value), _) if value == 1:
            return ONE
    return node


def _rows(body: Expr, index: Index) -> Iterator[Element]:
    """The elements whose last subscript, and no other, is the summed index."""
    for factor in factors_of(body):
        base = factor.base if isinstance(factor, Pow) else factor
        if not (isinstance(base, Element) and base.subscripts):
            continue
        *others, last = base.subscripts
        if last == index and not any(
            other == index or (isinstance(other, Expr) and index in free_indices(other)) for other in others
        ):
            yield base


def _is_sum(node: Node) -> bool:
    return isinstance(node, Reduction) and node.op == "sum"


def _is_constant(expr: Expr) -> bool:
    """A number, an extent, or a product of them."""
    return all(isinstance(f.base if isinstance(f, Pow) else f, (Number, Size)) for f in factors_of(expr))
