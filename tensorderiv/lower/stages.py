"""Which names are stored, which are recomputed inside the loops, and which parts become names of their own.

The extents of a program are rows (of the batch) or features. A pair quantity S_ij is virtual: it lives in the loops over i and j
and is computed once for each pair there. A name with at most one row index is stored, when it is small (2 a row index + 1 a
feature index, at most 3) or shaped like an input. So the memory of a loss is that of its inputs, never n x n.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

from tensorderiv.algebra.build import add, both, factors_of, mul
from tensorderiv.algebra.expression import Bracket, Element, Expr, Function, MatrixFunction, Mul, Node, Number, Reduction, Tensor
from tensorderiv.algebra.index import Extent, Index
from tensorderiv.algebra.program import Input, Program, Statement
from tensorderiv.algebra.traverse import bound_indices, free_indices, rebuild, rewrite, tensors
from tensorderiv.lower.alike import one_label
from tensorderiv.lower.collect import collect
from tensorderiv.lower.diagonal import sift
from tensorderiv.lower.eliminate import eliminate
from tensorderiv.lower.facts import Facts
from tensorderiv.lower.key import same_up_to_free
from tensorderiv.lower.values import CHEAP, as_condition, body_of, condition_parts, is_costly, is_leaf, unfolded_bound

HEAVIEST = 3
"""The largest weight (2 a row index, 1 a feature index) of a name that is stored although no input has its shape."""


@dataclass(frozen=True)
class Stages:
    """The stored statements in order, the virtual ones by name, and the extents that count rows."""

    stored: tuple[Statement, ...]
    virtual: Mapping[str, Statement]
    rows: frozenset[Extent]
    facts: Facts


def row_extents(inputs: Iterable[Input]) -> frozenset[Extent]:
    """The extents that count rows: those of leading axes, unless they are the last axis of another table.

    >>> from tensorderiv.algebra.expression import Tensor
    >>> sorted(row_extents([Input(Tensor("X", ("n", "d"))), Input(Tensor("A", ("d", "d"))), Input(Tensor("c", ("n",)))]))
    ['n']
    """
    tables = [item.tensor.extents for item in inputs if item.tensor.order >= 2]
    features = {extents[-1] for extents in tables if extents[-1] != extents[0]}
    middle = {extent for extents in tables for extent in extents[1:-1]}
    leading = {extents[0] for extents in tables} - features - middle
    vectors = {item.tensor.extents[0] for item in inputs if item.tensor.order == 1} - features - middle
    return frozenset(leading | vectors)


def weight(extents: Iterable[Extent], rows: frozenset[Extent]) -> int:
    """2 for each row index, 1 for each feature index."""
    return sum(2 if extent in rows else 1 for extent in extents)


def fits(extents: Sequence[Extent], shapes: Iterable[Sequence[Extent]]) -> bool:
    """Whether some shape holds an array of these extents."""
    wanted = Counter(extents)
    return any(not wanted - Counter(shape) for shape in shapes)


def live(statements: Sequence[Statement], outputs: Iterable[str]) -> list[Statement]:
    """The statements the outputs depend on, in order."""
    needed = set(outputs)
    kept: list[Statement] = []
    for statement in reversed(statements):
        if statement.tensor.name in needed:
            needed |= tensors(statement.body)
            kept.append(statement)
    return kept[::-1]


def stages(program: Program, outputs: Sequence[str], rows: frozenset[Extent], whole: frozenset[str] = frozenset()) -> Stages:
    """Decide for every live name; split parts that deserve names of their own. The names in `whole` are stored in any case."""
    kept = live(program.statements, outputs)
    splitter = _Splitter(program, kept, rows)
    statements = live(splitter.run(), outputs)
    facts = Facts(program.inputs, statements)
    shapes = [item.tensor.extents for item in program.inputs]
    shapes += [s.tensor.extents for s in statements if s.tensor.name in outputs or s.tensor.name in whole]
    virtual: dict[str, Statement] = {}
    stored: list[Statement] = []
    for statement in statements:
        in_any_case = statement.tensor.name in outputs or statement.tensor.name in whole
        if in_any_case or _is_stored(statement, virtual, rows, shapes) or _is_matrix(statement, splitter.squares, virtual):
            stored.append(statement)
        else:
            virtual[statement.tensor.name] = statement
    guarded = tuple(replace(s, body=rewrite(s.body, lambda node: _with_guards(node, virtual))) for s in stored)
    return Stages(guarded, virtual, rows, facts)


def _with_guards(node: Expr, virtual: Mapping[str, Statement]) -> Expr:
    """Unfold a virtual factor of a summand that is a bracket times something: the bracket then guards the whole loop body."""
    if not isinstance(node, Reduction) or node.op != "sum":
        return node
    factors: list[Expr] = []
    for factor in factors_of(node.body):
        if isinstance(factor, Element) and factor.tensor.name in virtual:
            inner = factors_of(body_of(virtual[factor.tensor.name], factor.subscripts))
            if any(as_condition(part) is not None for part in inner):
                factors.extend(inner)
                continue
        factors.append(factor)
    return Reduction("sum", node.indices, mul(*factors), node.condition)


def _is_stored(
    statement: Statement, virtual: Mapping[str, Statement], rows: frozenset[Extent], shapes: Sequence[Sequence[Extent]]
) -> bool:
    extents = statement.tensor.extents
    bound = unfolded_bound(statement.body, virtual)
    if not extents:
        return bool(bound)
    if _is_trivial(statement.body):
        return False
    if not bound and all(extent in rows for extent in extents) and not is_costly(statement.body, virtual):
        return False  # a few operations a row: cheaper than an array and a nest
    if sum(extent in rows for extent in extents) >= 2:
        # recomputing a pair quantity costs a loop over features; one that needs a loop over rows is stored where it may be
        return bool(bound & rows) and fits(extents, shapes)
    return weight(extents, rows) <= HEAVIEST or fits(extents, shapes)


def _is_matrix(statement: Statement, squares: frozenset[tuple[Extent, ...]], virtual: Mapping[str, Statement]) -> bool:
    """A quantity shaped like a matrix that is inverted, with loops inside: it meets that inverse in loops over three indices."""
    return statement.tensor.extents in squares and bool(unfolded_bound(statement.body, virtual))


def _is_trivial(body: Expr) -> bool:
    """An element, a number, or the product of a number and an element: nothing is gained by storing it."""
    if isinstance(body, Mul):
        return sum(not isinstance(f, Number) for f in body.factors) <= 1 and all(_is_trivial(f) for f in body.factors)
    return is_leaf(body) or isinstance(body, Element)


class _Splitter:
    """Gives names to parts that are computed once for many uses, or that need loops of their own.

    * inside loops over i and j, a reduction or a costly function of j alone: exp(Y_jp) is computed n d times, not n n d times;
    * in a target without rows, a sum over rows that cannot be accumulated: sqrt(sum_i x_i^2), and sum_i a_i / sum_i b_i;
    * inside a reduction over all rows that is no sum, the reductions of one row: max_i min_j D_ij;
    * where a matrix is inverted, and memory for more of its shape is no matter, the inner one of two matrix products.
    """

    def __init__(self, program: Program, statements: Sequence[Statement], rows: frozenset[Extent]) -> None:
        self.program = program
        self.rows = rows
        self.pending = list(statements)
        self.done: list[Statement] = []
        self.by_name = {s.tensor.name: s for s in statements}
        self.made: dict[Expr, Tensor] = {}
        self.taken = set(program.names)
        self.facts = Facts(program.inputs, statements)
        self.squares = frozenset(s.body.matrix.extents for s in statements if isinstance(s.body, MatrixFunction))

    def run(self) -> list[Statement]:
        for statement in self.pending:
            self.finish(statement)
        return self.done

    def finish(self, statement: Statement) -> None:
        """Split what must be split, then put the statement behind the names it uses."""
        scope = tuple(statement.indices)
        body = rewrite(one_label(statement.body), lambda node: eliminate(sift(node), self.rows, self.facts))
        body = rewrite(body, self.pulled_out)
        body = cast(Expr, self.shared(body, scope, whole=True))
        statement = Statement(statement.tensor, statement.indices, body)
        statement = self.separable(statement)
        self.done.append(statement)

    def has_rows(self, node: Node) -> bool:
        return bool(unfolded_bound(node, self.by_name) & self.rows)

    def pulled_out(self, node: Expr) -> Expr:
        """sum_{k: i != j} c_ij f_k  ->  [i != j] c_ij sum_k f_k, so that the sum is one quantity for all i, j.

        A factor that may be infinite is pulled out only where it takes a row index with it: c sum f is then 0, not nan, where
        c is infinite and the terms cancel.
        """
        if not isinstance(node, Reduction) or node.op != "sum" or not self.has_rows(node):
            return node
        bound = set(node.indices)
        conditions = condition_parts(node.condition)
        outside = [part for part in conditions if not bound & set(free_indices(part))]
        free = [f for f in factors_of(node.body) if not bound & set(free_indices(f))]
        inner = [f for f in factors_of(node.body) if f not in free]
        rows = {index for f in inner for index in free_indices(f) if index.extent in self.rows}
        gained = [f for f in free if {i for i in free_indices(f) if i.extent in self.rows} - rows]
        out = [f for f in free if f in gained or self.facts.finite(f)]
        if not outside and not out:
            return node
        kept = [f for f in factors_of(node.body) if f not in out]
        condition = both(*(part for part in conditions if part not in outside))
        return mul(*(Bracket(part) for part in outside), *out, Reduction("sum", node.indices, mul(*kept), condition))

    # ---- one quantity, many uses ------------------------------------------------------------------------------------------

    def shared(self, node: Node, scope: tuple[Index, ...], *, whole: bool = False) -> Node:
        """Name what depends on fewer rows than the loops around it."""
        if not whole and isinstance(node, Expr) and self.deserves_a_name(node, scope):
            return self.named(node)
        inner = scope + tuple(bound_indices(node))
        return rebuild(node, lambda part: self.shared(part, inner))

    def deserves_a_name(self, node: Expr, scope: tuple[Index, ...]) -> bool:
        costly = isinstance(node, Reduction) or (isinstance(node, Function) and node.name not in CHEAP)
        if not costly:
            return False
        free = free_indices(node)
        if isinstance(node, Reduction) and tuple(index.extent for index in free) in self.squares and set(free) < set(scope):
            return True
        own = {index for index in free if index.extent in self.rows}
        around = {index for index in scope if index.extent in self.rows}
        if not own < around or weight((i.extent for i in free), self.rows) > HEAVIEST:
            return False
        if not free:
            return self.has_rows(node)  # otherwise it is computed once, in front of the loops
        table = isinstance(node, Reduction) and not own  # the same for all rows, and no scalar
        return self.has_rows(node) or table or len(around) >= 2

    def named(self, node: Expr) -> Expr:
        """The node as an element of a stored tensor of its own; the same function of other indices shares the tensor."""
        key, free = same_up_to_free(node)
        if key not in self.made:
            tensor = Tensor(self.fresh_name(), tuple(index.extent for index in free))
            self.made[key] = tensor
            statement = Statement(tensor, free, node)
            self.by_name[tensor.name] = statement
            self.facts = Facts(self.program.inputs, self.by_name.values())
            self.finish(statement)
        return Element(self.made[key], free)

    def fresh_name(self) -> str:
        number = 1
        while f"R{number}" in self.taken:
            number += 1
        self.taken.add(f"R{number}")
        return f"R{number}"

    # ---- sums that cannot be accumulated ----------------------------------------------------------------------------------

    def separable(self, statement: Statement) -> Statement:
        """In the terms that are not accumulated, name the sums over rows that would run serially or once a feature."""
        collected = collect(statement, self.rows, self.facts)
        features = [i for i in statement.indices if i.extent not in self.rows]
        rows = [i for i in statement.indices if i.extent in self.rows]
        if rows and not features:
            return statement

        def split(node: Node, depth: int) -> Node:
            if isinstance(node, Reduction) and self.has_rows(node):
                free = free_indices(node)
                light = weight((i.extent for i in free), self.rows) <= HEAVIEST
                useful = bool(set(features) & set(free)) if rows else True
                bound = any(i.extent in self.rows for i in node.indices)
                if light and useful and bound and not (depth == 0 and (node.op != "sum" or node == statement.body)):
                    return self.named(node)
            return rebuild(node, lambda part: split(part, depth + 1))

        if not any(self.has_rows(term) for term in collected.rest):
            return statement
        rest = [cast(Expr, split(self.nested_rows(term, bool(rows)), 0)) for term in collected.rest]
        sums = [Reduction("sum", found.indices, found.body, found.condition) for found in collected.sums]
        return Statement(statement.tensor, statement.indices, add(*rest, *sums))

    def nested_rows(self, term: Expr, has_rows: bool) -> Expr:
        """max_{i,j} f -> max_i max_j f, for a target without rows: the inner one is then a quantity of row i."""
        if has_rows or not isinstance(term, Reduction) or term.op == "sum" or len(term.indices) < 2:
            return term
        rows = [index for index in term.indices if index.extent in self.rows]
        if len(rows) < 2:
            return term
        outer, inner = rows[0], tuple(index for index in term.indices if index != rows[0])
        return Reduction(term.op, (outer,), Reduction(term.op, inner, term.body, term.condition), None)
