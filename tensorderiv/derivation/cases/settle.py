"""An expression under a coincidence pattern: indices that agree get one name, deltas and comparisons between them are decided."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from tensorderiv.algebra.build import ONE, ZERO, both, delta
from tensorderiv.algebra.expression import (
    And,
    ArgReduction,
    Bracket,
    Compare,
    Condition,
    CopyTensor,
    Element,
    Expr,
    KroneckerDelta,
    Node,
    Number,
    Or,
    Position,
    Pow,
    Reduction,
    Select,
    Subscript,
)
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.program import Statement
from tensorderiv.algebra.traverse import bound_indices, parts, rebuild, rewrite, subscripts_of, substitute_expr, walk
from tensorderiv.canonical import canonical
from tensorderiv.contract import contract
from tensorderiv.derivation.cases.patterns import Family, Pattern
from tensorderiv.equality.proof import written_out
from tensorderiv.simplify import finish
from tensorderiv.simplify.nest import nest_sums
from tensorderiv.simplify.tidy import tidy

LARGEST_INLINED = 2000
"""Expressions with more nodes than this after their names are inserted are not examined further."""


def compared_families(expr: Expr, axes: Sequence[Index]) -> tuple[Family, ...]:
    """The indices among `axes` that deltas, copy tensors or comparisons hold against one another, by extent."""
    found: set[Index] = set()

    def look(node: Node, hidden: frozenset[Index]) -> None:
        if isinstance(node, (KroneckerDelta, CopyTensor)):
            compare(subscripts_of(node), hidden)
        elif isinstance(node, Compare) and isinstance(node.left, Position) and isinstance(node.right, Position):
            compare((node.left.index, node.right.index), hidden)
        inner = hidden | set(bound_indices(node))
        for part in parts(node):
            look(part, inner)

    def compare(subscripts: Sequence[Subscript], hidden: frozenset[Index]) -> None:
        free = [sub for sub in subscripts if isinstance(sub, Index) and sub in axes and sub not in hidden]
        found.update(index for index in free if any(o != index and o.extent == index.extent for o in free))

    look(expr, frozenset())
    extents = dict.fromkeys(index.extent for index in axes if index in found)
    return tuple(tuple(index for index in axes if index in found and index.extent == extent) for extent in extents)


def decide(node: Node, pattern: Pattern, hidden: frozenset[Index] = frozenset()) -> Node | bool:
    """Comparisons and unequal deltas between free indices of the pattern by their value; a decided condition is True or False.

    A delta that holds stays as delta_ii, so that one sees which terms their deltas leave; `contract` makes it 1.
    """

    def known(subscript: Subscript) -> bool:
        return isinstance(subscript, Index) and subscript in pattern.naming and subscript not in hidden

    match node:
        case KroneckerDelta(left, right) if known(left) and known(right):
            return node if left == right else ZERO
        case CopyTensor(subscripts):
            distinct = tuple(dict.fromkeys(subscripts))
            if sum(map(known, distinct)) > 1:
                return ZERO
            return node if len(distinct) == 1 else delta(*distinct) if len(distinct) == 2 else CopyTensor(distinct)
        case Compare(op, Position(left), Position(right)) if known(left) and known(right):
            if left == right:
                return op in ("=", "<=", ">=")
            return {"=": False, "!=": True}.get(op, node)
        case And(items) | Or(items):
            return _joined(isinstance(node, And), [cast("Condition | bool", decide(item, pattern, hidden)) for item in items])
        case Bracket(condition):
            held = decide(condition, pattern, hidden)
            return (ONE if held else ZERO) if isinstance(held, bool) else Bracket(cast(Condition, held))
        case Select(condition, then, otherwise):
            held = decide(condition, pattern, hidden)
            yes, no = (cast(Expr, decide(part, pattern, hidden)) for part in (then, otherwise))
            return (yes if held else no) if isinstance(held, bool) else Select(cast(Condition, held), yes, no)
        case Reduction(op, indices, body, condition) if condition is not None:
            inner = hidden | set(indices)
            held = decide(condition, pattern, inner)
            inside = cast(Expr, decide(body, pattern, inner))
            if held is False and op in ("sum", "prod"):
                return ZERO if op == "sum" else ONE
            where = None if held is True else condition if held is False else cast(Condition, held)
            return Reduction(op, indices, inside, where)
        case ArgReduction(arg, index, body, condition) if condition is not None:
            inner = hidden | {index}
            held = decide(condition, pattern, inner)
            where = None if held is True else condition if held is False else cast(Condition, held)
            return ArgReduction(arg, index, cast(Expr, decide(body, pattern, inner)), where)
    inner = hidden | set(bound_indices(node))
    return rebuild(node, lambda part: cast(Node, decide(part, pattern, inner)))


def _joined(every: bool, items: Sequence[Condition | bool]) -> Condition | bool:
    """A conjunction (or disjunction) of which some parts are decided."""
    left = [item for item in items if not isinstance(item, bool)]
    if any(item is not every for item in items if isinstance(item, bool)):
        return not every
    if not left:
        return every
    return cast(Condition, both(*left)) if every else left[0] if len(left) == 1 else Or(tuple(left))


class Settler:
    """Puts expressions over the names of a program under patterns, and judges whether two of them are the same."""

    def __init__(self, statements: Sequence[Statement]) -> None:
        self.statements = tuple(statements)
        self.defined = frozenset(statement.tensor.name for statement in statements)
        self.known: dict[Expr, Expr] = {}

    def settle(self, expr: Expr, pattern: Pattern) -> Expr:
        """The terms that their deltas leave under the pattern, not yet tidied."""
        return cast(Expr, decide(substitute_expr(expr, pattern.naming), pattern))

    def value(self, expr: Expr, pattern: Pattern) -> Expr:
        """The value under the pattern as a person would write it; 0 where it is 0 once the names are inserted."""
        settled = rewrite(contract(self.settle(expr, pattern)), lambda node: self._diagonal(node, undivided=True))
        written = finish(settled, self.statements)
        return ZERO if self.vanishes(written) else written

    def vanishes(self, expr: Expr) -> bool:
        """Whether it is proved to be 0, with C_ii = 1 and the like: X_il C_ii / N_i - X_il / N_i."""
        return canonical(expr) == ZERO or canonical(rewrite(expr, self._diagonal)) == ZERO

    def _on_diagonal(self, node: Element) -> bool:
        return node.tensor.name in self.defined and len(set(node.subscripts)) < len(node.subscripts)

    def _diagonal(self, node: Expr, undivided: bool = False) -> Expr:
        """C_ii -> 1 for a quantity that is a number on its diagonal; `undivided`: only where no division can be 0/0 there."""
        if not isinstance(node, Element) or not self._on_diagonal(node):
            return node
        inserted = written_out(node, self.statements)
        if undivided and any(isinstance(part, Pow) and not _is_positive(part.exponent) for part in walk(inserted)):
            return node
        if node not in self.known:
            small = sum(1 for _ in walk(inserted)) <= LARGEST_INLINED
            found = canonical(tidy(nest_sums(tidy(tidy(inserted))))) if small else node
            self.known[node] = found if isinstance(found, Number) else node
        return self.known[node]


def _is_positive(exponent: Expr) -> bool:
    return isinstance(exponent, Number) and exponent.value > 0
