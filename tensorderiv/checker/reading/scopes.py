r"""How far a sum sign, an operator, a function without brackets and a `d` reach: the flat row of a term -> one node.

\sum, \prod, \max_j     the rest of the term
\frac{\partial}{\partial x}, \nabla_X   a bracket that follows at once (or all that follows), else the rest of the term
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
from tensorderiv.checker.reading.reach import (
    at_point,
    holds,
    is_applied,
    is_plain,
    last_big,
    over,
    split_at,
    widened,
    with_big,
)
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
    Matrix,
    Name,
    Negative,
    Node,
    Number,
    Outer,
    Power,
    Product,
    Ratio,
    Span,
    Sum,
    Transpose,
    walk,
)
from tensorderiv.checker.tree import Joint as Sign

Problem = Callable[[str, Span], Exception]
NABLA = "this gradient"
"""What a prefix that is a gradient is called."""
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
                last = before[-1]
                if isinstance(last, Prefix) and last.kind == "operator":
                    before[-1] = at_point(last, item.condition, item.span)
                    continue
                body = self.joined(before)
                before = [Evaluated(body, item.condition.left, item.condition.right, span=over(body, item))]
            else:
                before.append(item)
        return self.joined(before)

    def over_terms(self, terms: list[Node]) -> list[Node]:
        r"""\sum_i x_i^2 - 2 a x_i the other way: the sum takes the terms too that hold its index."""
        out: list[Node] = []
        for term in terms:
            big = last_big(out[-1]) if out else None
            if big is not None and holds(term, big.bound) and self.choices.other("reach of sum"):
                body = Sum((*(big.body.terms if isinstance(big.body, Sum) else (big.body,)), term), span=over(big.body, term))
                wider = replace(big, body=body, span=over(big, term))
                out[-1] = with_big(out[-1], wider, term)
            else:
                out.append(term)
        return self.over_bar(out)

    def over_bar(self, terms: list[Node]) -> list[Node]:
        """2 x y + x^2 |_{x = 1} the other way: all the terms at that point."""
        last = terms[-1]
        at = last.body if isinstance(last, Negative) else last
        if len(terms) == 1 or not isinstance(at, Evaluated) or not (at.span and at.body.span):
            return terms
        if at.span.start != at.body.span.start or not self.choices.other("reach of bar"):  # \left. reaches as far as it says
            return terms
        inner = replace(last, body=at.body) if isinstance(last, Negative) else at.body
        body = Sum((*terms[:-1], inner), span=over(*terms))
        return [replace(at, body=body, span=over(*terms))]

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
        if prefix.kind == "negative":
            count = len(done)
        elif prefix.kind == "big":
            count = self.reach_of_big(prefix, done)
        elif prefix.kind == "differential":
            count = 1
        elif prefix.kind == "operator":
            count = self.reach_of_operator(prefix, done)
        else:
            return self.take_function(prefix, done)
        operand = done[len(done) - count :]
        del done[len(done) - count :]
        body = self.by_entries_and_traces(operand[::-1])
        if prefix.name == NABLA and isinstance(body, Transpose) and self.is_defined(body):  # \nabla f(x)^T is a row
            row = widened(prefix.make((body.body,)), prefix.span, body)
            done.append(Transpose(row, span=row.span))
            return None
        done.append(widened(prefix.make((body,)), prefix.span, body))
        return None

    def reach_of_big(self, prefix: Prefix, done: list[Item]) -> int:
        r"""All that follows; \prod_i a_i \sum_j b_j the other way: up to the last factor that holds the index of the product."""
        whole = prefix.make((self.by_entries_and_traces(done[::-1]),)) if prefix.name in ("\\prod", "\\max", "\\min") else None
        if not isinstance(whole, Big) or not whole.bound or len(done) == 1:
            return len(done)
        holding = [place for place, item in enumerate(done) if not isinstance(item, Joint) and self.speaks(item, whole.bound)]
        count = len(done) - holding[0] if holding else len(done)
        return count if count < len(done) and self.choices.other("reach of product") else len(done)

    def speaks(self, item: Item, letters: Sequence[str]) -> bool:
        """Does one of the letters stand in the factor, not bound in it?"""
        node = self.closed(item)
        free = set(letters) - {letter for part in walk(node) if isinstance(part, Big) for letter in part.bound}
        return any(isinstance(part, Name) and part.name in free for part in walk(node))

    def reach_of_operator(self, prefix: Prefix, done: list[Item]) -> int:
        r"""A bracket that follows, or (the other way) all; all where there is no bracket, or a transposed one: d/dx x^T A x.

        A gradient ends after a defined name, \nabla f(x)^T h, and, the other way, any derivative before a sign.
        """
        first = done[-1]
        if len(done) == 1:
            return 1
        if isinstance(first, Brackets) and not any(script.mark for script in first.scripts):
            return len(done) if self.choices.other("reach of operator") else 1
        signs = [place for place, item in enumerate(done) if isinstance(item, Joint) and item.op != "over"]
        before_sign = len(done) - 1 - signs[-1] if signs else len(done)
        if prefix.name == NABLA and self.is_defined(first):
            return len(done) if self.choices.other("reach of operator") else 1
        return before_sign if before_sign < len(done) and self.choices.other("reach of operator") else len(done)

    def is_defined(self, item: Item) -> bool:
        """Is it a defined quantity, perhaps called or with scripts?"""
        while isinstance(item, Component | Power | Transpose):
            item = item.base if isinstance(item, Power) else item.body
        return isinstance(item, Name) and self.known.is_defined(item.name)

    def take_function(self, prefix: Prefix, done: list[Item]) -> None:
        first = done[-1]
        if isinstance(first, Brackets):
            powered = any(script.kind == "sup" and not script.mark for script in first.scripts)
            if powered and not prefix.matrix and len(first.relations) == 1 and self.choices.other("power of function"):
                done.pop()
                arguments: tuple[Node, ...] = (self.closed(first),)
                done.append(widened(prefix.make(arguments), prefix.span, first))
                return
            if self.goes_past_brackets(prefix, first, done):
                whole = self.by_entries_and_traces(done[::-1])
                done[:] = [widened(prefix.make((whole,)), prefix.span, whole)]
                return
            done.pop()
            call = widened(prefix.make(first.relations), prefix.span, first)
            done.append(attach(call, first.scripts, self.known, self.choices))
            return
        count = self.reach_of_function(prefix, done)
        operand = done[len(done) - count :]
        del done[len(done) - count :]
        body = self.by_entries_and_traces(operand[::-1])
        done.append(widened(prefix.make((body,)), prefix.span, body))

    def goes_past_brackets(self, prefix: Prefix, first: Brackets, done: list[Item]) -> bool:
        r"""tr(A - B)^T(A - B) is the trace of the product, tr(A) B is not."""
        if prefix.name not in TRACES or len(done) == 1 or isinstance(done[-2], Joint) or len(first.relations) != 1:
            return False
        return any(script.mark for script in first.scripts) != self.choices.other("reach of trace")

    def reach_of_function(self, prefix: Prefix, done: list[Item]) -> int:
        def goes_on(item: Item) -> bool:
            if prefix.matrix:
                return not isinstance(item, Joint | Call)
            return is_plain(item)

        count = 1
        if is_plain(done[-1]) or (prefix.matrix and isinstance(done[-1], SIMPLE)):
            while count < len(done) and goes_on(done[-count - 1]):
                count += 1
            over = done[-count - 1] if count < len(done) else None
            if isinstance(over, Joint) and over.op == "over" and count + 1 < len(done) and goes_on(done[-count - 2]):
                count += 2
        if len(done) > 1:
            if count > 1 and not isinstance(done[-1], Number) and self.choices.other("reach of function"):
                return 1
            stands_apart = isinstance(done[-2], Joint) or is_applied(done[-2])
            if count == 1 and not stands_apart and self.choices.other("reach of function"):
                return len(done)
        return count

    def by_entries_and_traces(self, row: Sequence[Item]) -> Node:
        """Frobenius products of products by entries of products."""
        node: Node | None = None
        for part, _ in split_at(row, ("colon",)):
            right = self.by_entries(part, row)
            node = right if node is None else Frobenius(node, right, span=over(node, right))
        assert node is not None
        return node

    def by_entries(self, row: Sequence[Item], whole: Sequence[Item]) -> Node:
        node: Node | None = None
        for part, joint in split_at(row, ("odot", "oslash", "otimes")):
            right = self.product(part, whole)
            if node is None or joint is None:
                node = right
            else:
                kinds = {"odot": Hadamard, "oslash": Ratio, "otimes": Outer}
                node = kinds[joint.op](node, right, span=over(node, right))
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
        return Product(tuple(factors), span=over(factors[0][1], factors[-1][1]))

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
                together = Product((*inner.factors, ("juxtaposed", node)), span=over(before, node))
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
        elif len(item.relations) > 1 and any(script.mark == "T" for script in item.scripts):
            node = Matrix((item.relations,), span=span)
        elif len(item.relations) != 1:
            raise self.problem("a list in brackets without a function before it", span)
        else:
            node = Group(item.relations[0], span=span)
        return attach(node, item.scripts, self.known, self.choices)
