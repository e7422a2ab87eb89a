r"""How far a sum sign, an operator, a function without brackets and a `d` reach: the flat row of a term -> one node.

\sum, \prod, \max_j     the rest of the term
\frac{\partial}{\partial x}, \nabla_X   a bracket that follows at once, else the rest of the term (or the other way)
\log, \sin, ...         a bracket, bar or fraction that follows at once; else the letters and numbers that follow (or the first)
tr, det                 as these, but past brackets too
d                       the one factor that follows

Then `:` is looser than \odot, which is looser than products.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import cast

from tensorderiv.checker.reading.items import At, Brackets, Choices, Item, Joint, Prefix
from tensorderiv.checker.reading.scripts import attach
from tensorderiv.checker.reading.vocabulary import Vocabulary
from tensorderiv.checker.tree import (
    Big,
    Call,
    Comparison,
    Component,
    Delta,
    Differential,
    Evaluated,
    Frobenius,
    Group,
    Hadamard,
    Iverson,
    Name,
    Negative,
    Node,
    Number,
    Outer,
    Power,
    Product,
    Span,
    Sum,
    Transpose,
    children,
    walk,
)
from tensorderiv.checker.tree import Joint as Sign

Problem = Callable[[str, Span], Exception]
TRACES = frozenset({"tr", "Tr", "trace", "Trace", "TR"})
SIMPLE = (Name, Component, Delta, Number, Power, Transpose, Differential)


class Scopes:
    """Builds terms. `problem` makes the error for a place."""

    def __init__(self, known: Vocabulary, choices: Choices, problem: Problem) -> None:
        self.known, self.choices, self.problem = known, choices, problem

    def term(self, row: Sequence[Item]) -> Node:
        """The node of a whole term."""
        before: list[Item] = []
        for item in row:
            if isinstance(item, At):
                if not before:
                    raise self.problem("nothing stands before this bar", item.span)
                body = self.joined(before)
                before = [Evaluated(body, item.condition.left, item.condition.right, span=_over(body, item))]
            else:
                before.append(item)
        return self.joined(before)

    def over_terms(self, terms: list[Node]) -> list[Node]:
        r"""\sum_i x_i^2 - 2 a x_i the other way: the sum takes the terms too that hold its index."""
        out: list[Node] = []
        for term in terms:
            big = _last_big(out[-1]) if out else None
            if big is not None and _holds(term, big.bound) and self.choices.other("reach of sum"):
                body = Sum((*(big.body.terms if isinstance(big.body, Sum) else (big.body,)), term), span=_over(big.body, term))
                wider = replace(big, body=body, span=_over(big, term))
                out[-1] = _with_big(out[-1], wider, term)
            else:
                out.append(term)
        return out

    def joined(self, row: Sequence[Item]) -> Node:
        """The node of a row without bars."""
        done: list[Item] = []  # what stands to the right, nearest last
        for item in reversed(row):
            if isinstance(item, Prefix):
                self.take(item, done)
            else:
                done.append(item)
        return self.by_entries_and_traces(done[::-1])

    def take(self, prefix: Prefix, done: list[Item]) -> None:
        """Gives a prefix its operand out of `done`, and puts the node in its place."""
        if not done or isinstance(done[-1], Joint):
            raise self.problem(f"{prefix.name or 'this'} has no operand", prefix.span)
        if prefix.kind in ("big", "negative"):
            count = len(done)
        elif prefix.kind == "differential":
            count = 1
        elif prefix.kind == "operator":
            count = self.reach_of_operator(done)
        else:
            return self.take_function(prefix, done)
        operand = done[len(done) - count :]
        del done[len(done) - count :]
        body = self.by_entries_and_traces(operand[::-1])
        done.append(_widened(prefix.make((body,)), prefix.span, body))
        return None

    def reach_of_operator(self, done: list[Item]) -> int:
        if len(done) == 1:
            return 1
        whole = not isinstance(done[-1], Brackets)
        return len(done) if whole != self.choices.other("reach of operator") else 1

    def take_function(self, prefix: Prefix, done: list[Item]) -> None:
        first = done[-1]
        if isinstance(first, Brackets):
            powered = any(script.kind == "sup" and not script.mark for script in first.scripts)
            if powered and not prefix.matrix and len(first.relations) == 1 and self.choices.other("power of function"):
                done.pop()
                arguments: tuple[Node, ...] = (self.closed(first),)
                done.append(_widened(prefix.make(arguments), prefix.span, first))
                return
            if self.goes_past_brackets(prefix, first, done):
                whole = self.by_entries_and_traces(done[::-1])
                done[:] = [_widened(prefix.make((whole,)), prefix.span, whole)]
                return
            done.pop()
            call = _widened(prefix.make(first.relations), prefix.span, first)
            done.append(attach(call, first.scripts, self.known, self.choices))
            return
        count = self.reach_of_function(prefix, done)
        operand = done[len(done) - count :]
        del done[len(done) - count :]
        body = self.by_entries_and_traces(operand[::-1])
        done.append(_widened(prefix.make((body,)), prefix.span, body))

    def goes_past_brackets(self, prefix: Prefix, first: Brackets, done: list[Item]) -> bool:
        r"""tr(A - B)^T(A - B) is the trace of the product, tr(A) B is not."""
        if prefix.name not in TRACES or len(done) == 1 or isinstance(done[-2], Joint) or len(first.relations) != 1:
            return False
        return any(script.mark for script in first.scripts) != self.choices.other("reach of trace")

    def reach_of_function(self, prefix: Prefix, done: list[Item]) -> int:
        def goes_on(item: Item) -> bool:
            if prefix.matrix:
                return not isinstance(item, Joint | Call)
            return _is_plain(item)

        count = 1
        if _is_plain(done[-1]) or (prefix.matrix and isinstance(done[-1], SIMPLE)):
            while count < len(done) and goes_on(done[-count - 1]):
                count += 1
            over = done[-count - 1] if count < len(done) else None
            if isinstance(over, Joint) and over.op == "over" and count + 1 < len(done) and goes_on(done[-count - 2]):
                count += 2
        if len(done) > 1:
            if count > 1 and not isinstance(done[-1], Number) and self.choices.other("reach of function"):
                return 1
            stands_apart = isinstance(done[-2], Joint) or _is_applied(done[-2])
            if count == 1 and not stands_apart and self.choices.other("reach of function"):
                return len(done)
        return count

    def by_entries_and_traces(self, row: Sequence[Item]) -> Node:
        """Frobenius products of products by entries of products."""
        node: Node | None = None
        for part, _ in _split(row, ("colon",)):
            right = self.by_entries(part, row)
            node = right if node is None else Frobenius(node, right, span=_over(node, right))
        assert node is not None
        return node

    def by_entries(self, row: Sequence[Item], whole: Sequence[Item]) -> Node:
        node: Node | None = None
        for part, joint in _split(row, ("odot", "otimes")):
            right = self.product(part, whole)
            if node is None or joint is None:
                node = right
            else:
                node = (Hadamard if joint.op == "odot" else Outer)(node, right, span=_over(node, right))
        assert node is not None
        return node

    def product(self, row: Sequence[Item], whole: Sequence[Item]) -> Node:
        if not row:
            joint = next(item for item in whole if isinstance(item, Joint))
            raise self.problem("a factor is missing beside this sign", joint.span)
        factors: list[tuple[Sign, Node]] = []
        waiting: Joint | None = None
        for item in row:
            if isinstance(item, Joint):
                if waiting is not None or not factors:
                    raise self.problem("a factor is missing before this sign", item.span)
                waiting = item
                continue
            node = self.closed(item)
            factors.append(("juxtaposed" if waiting is None else cast(Sign, waiting.op), node))
            waiting = None
        if waiting is not None:
            raise self.problem("a factor is missing after this sign", waiting.span)
        factors = self.divided(factors)
        if len(factors) == 1:
            return factors[0][1]
        return Product(tuple(factors), span=_over(factors[0][1], factors[-1][1]))

    def divided(self, factors: list[tuple[Sign, Node]]) -> list[tuple[Sign, Node]]:
        """1/2 x the other way: 1/(2 x)."""
        out: list[tuple[Sign, Node]] = []
        for joint, node in factors:
            if joint == "juxtaposed" and out and out[-1][0] == "over" and self.is_below(out, node):
                before = out[-1][1]
                inner = (
                    before.body
                    if isinstance(before, Group) and isinstance(before.body, Product)
                    else Product((("juxtaposed", before),))
                )
                together = Product((*inner.factors, ("juxtaposed", node)), span=_over(before, node))
                out[-1] = ("over", Group(together, span=together.span))
            else:
                out.append((joint, node))
        return out

    def is_below(self, before: list[tuple[Sign, Node]], node: Node) -> bool:
        r"""a/2\sigma^2 is a/(2\sigma^2), but 1/2 x, 1/n\sum_i x_i and a/2(x + y) are products with a fraction."""
        below = before[-1][1]
        last = below.body if isinstance(below, Group) else below
        last = last.factors[-1][1] if isinstance(last, Product) else last
        plain = isinstance(last, Number | Name | Component) and isinstance(node, SIMPLE) and not isinstance(node, Differential)
        glued = bool(last.span and node.span and last.span.end == node.span.start)
        numeric = isinstance(below, Number) and len(before) > 1 and isinstance(before[-2][1], Number)
        return (plain and glued and not numeric) != self.choices.other("reach of slash")

    def closed(self, item: Item) -> Node:
        """A factor: brackets become a group or an Iverson bracket."""
        if isinstance(item, Node):
            return item
        if not isinstance(item, Brackets):
            raise self.problem("this cannot stand here", item.span)
        span = item.span
        compared = [part for part in item.relations if isinstance(part, Comparison)]
        node: Node
        if item.opening == "[" and len(compared) == len(item.relations):
            node = Iverson(tuple(compared), span=span)
        elif compared:
            raise self.problem("a comparison in brackets that are not [..]", span)
        elif len(item.relations) != 1:
            raise self.problem("a list in brackets without a function before it", span)
        else:
            node = Group(item.relations[0], span=span)
        return attach(node, item.scripts, self.known, self.choices)


def _last_big(term: Node) -> Big | None:
    """The sum with which a term ends, the innermost."""
    found: Big | None = None
    while True:
        if isinstance(term, Negative | Big):
            found = term if isinstance(term, Big) and term.op == "sum" and term.bound else found
            term = term.body
        elif isinstance(term, Product):
            term = term.factors[-1][1]
        else:
            return found


def _with_big(term: Node, wider: Big, last: Node) -> Node:
    """The term with its innermost last sum replaced."""
    span = _over(term, last)
    if isinstance(term, Big) and _last_big(term.body) is None:
        return wider
    if isinstance(term, Negative | Big):
        return replace(term, body=_with_big(term.body, wider, last), span=span)
    if isinstance(term, Product):
        joint, factor = term.factors[-1]
        return replace(term, factors=(*term.factors[:-1], (joint, _with_big(factor, wider, last))), span=span)
    return term


def _holds(term: Node, letters: Sequence[str]) -> bool:
    """Does one of the letters stand in a subscript of the term, not bound in it?"""
    nodes = list(walk(term))
    if any(isinstance(node, Big) and set(node.bound) & set(letters) for node in nodes):
        return False
    held = (part for node in nodes if isinstance(node, Component | Delta) for part in children(node))
    return any(isinstance(part, Name) and part.name in letters for part in held)


def _is_plain(item: Item) -> bool:
    r"""Letters and numbers with their scripts: what an argument without brackets goes on with, \sin 2 a_i x."""
    while isinstance(item, Component | Power | Transpose):
        item = item.base if isinstance(item, Power) else item.body
    return isinstance(item, Number) or (isinstance(item, Name) and not item.args)


def _is_applied(item: Item) -> bool:
    r"""A function with its argument, before which another ends: \cos a \sin^2 b."""
    return isinstance(item.base if isinstance(item, Power) else item, Call)


def _split(row: Sequence[Item], ops: tuple[str, ...]) -> list[tuple[list[Item], Joint | None]]:
    """The parts of a row between joints of these kinds, each with the joint before it."""
    parts: list[tuple[list[Item], Joint | None]] = [([], None)]
    for item in row:
        if isinstance(item, Joint) and item.op in ops:
            parts.append(([], item))
        else:
            parts[-1][0].append(item)
    return parts


def _over(*items: Item) -> Span | None:
    spans = [item.span for item in items if item.span is not None]
    return Span(min(s.start for s in spans), max(s.end for s in spans)) if spans else None


def _widened(node: Node, span: Span, *items: Item) -> Node:
    reach = [span.end, *(item.span.end for item in items if item.span)]
    return replace(node, span=Span(span.start, max(reach)))
