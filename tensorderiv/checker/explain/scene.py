"""What the repairs look at: the two lines, what the letters are, and what the derivation was doing between them."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property

from tensorderiv.algebra.index import Extent
from tensorderiv.checker.explain.edits import distinct, exchanged, letters_in, plain, shifted, stripped, terms_of, unmarked
from tensorderiv.checker.explain.trial import Trial
from tensorderiv.checker.judge.step import WrongStep
from tensorderiv.checker.meaning.names import identifier
from tensorderiv.checker.reading import read_line
from tensorderiv.checker.reading.spelling import normal
from tensorderiv.checker.tree import (
    Big,
    Component,
    Definition,
    Differential,
    Name,
    Node,
    Norm,
    Partial,
    Power,
    Product,
    Ratio,
    children,
    walk,
)
from tensorderiv.checker.writing import write
from tensorderiv.errors import TensorDerivError

MOST_EXPANDED = 4
"""How deep names are replaced by their definitions."""


@dataclass(frozen=True)
class Scene:
    """The step, as the repairs see it.

    `line` is the wrong line and `before` the line before, both without a node that stands twice; their spans point into `source`.
    """

    step: WrongStep
    definitions: tuple[Definition, ...]
    line: Node
    before: Node
    source: str
    trial: Trial | None = None

    @classmethod
    def of(cls, step: WrongStep) -> Scene:
        before, above = step.before_node, ""
        if step.case.kind == "chain":
            above = step.case.lines[step.number - 1]
            before = shifted(before, len(step.text) + 1) if _is_read_from(before, above, step) else unmarked(before)
        source = f"{step.text}\n{above}"
        return cls(step, step.world.definitions, distinct(step.node), distinct(before), source)

    def write(self, node: Node) -> str:
        return write(node, self.source, self.spellings)

    @cached_property
    def spellings(self) -> dict[str, str]:
        """How the author writes the names of the case."""
        return {normal(symbol.name): symbol.name for symbol in self.step.case.symbols}

    # letters

    @cached_property
    def letters(self) -> frozenset[str]:
        """The index letters of the case."""
        return frozenset(self.step.case.indices)

    @cached_property
    def free(self) -> tuple[str, ...]:
        """The free index letters of the line before."""
        spelled = {identifier(letter): letter for letter in self.step.case.indices}
        return tuple(spelled[index.name] for index in self.step.before_meaning.places if index.name in spelled)

    def extent(self, letter: str) -> Extent | None:
        return self.step.case.indices.get(letter)

    def alike(self, letter: str, among: tuple[str, ...] | frozenset[str]) -> list[str]:
        """The other letters that range over the same extent."""
        return sorted(other for other in among if other != letter and self.extent(other) == self.extent(letter))

    def unused(self, letter: str, *nodes: Node) -> str | None:
        """A letter of the same extent that does not occur in the nodes."""
        used = {part.name for node in nodes for part in walk(node) if isinstance(part, Name)}
        used |= {name for node in nodes for part in walk(node) if isinstance(part, Big) for name in part.bound}
        found = [other for other in self.alike(letter, self.letters) if other not in used and other not in self.free]
        if found:
            return found[0]
        taken = used | self.letters | {symbol.name for symbol in self.step.case.symbols} | {str(e) for e in self.extents}
        return None if self.extent(letter) is None else next((other for other in "jkmpqrstuvabc" if other not in taken), None)

    def letters_within(self, node: Node, bound: tuple[str, ...]) -> frozenset[str]:
        """The letters that have a value at a place: free and bound ones; under the summation convention those of its term too."""
        own = letters_in(node, self.letters) if self.step.case.sums == "einstein" else set()
        return frozenset((*self.free, *bound, *own))

    @cached_property
    def misfits(self) -> bool:
        """Whether the shapes or the free indices of the line do not fit."""
        return self.step.meaning is None

    @cached_property
    def extents(self) -> tuple[Extent, ...]:
        return tuple(self.step.case.extents)

    @cached_property
    def matrices(self) -> bool:
        """Whether the lines hold arrays without indices."""
        return self.step.case.product == "matrix"

    # definitions

    def body_of(self, name: str) -> Definition | None:
        return next((definition for definition in reversed(self.definitions) if definition.name == name), None)

    def expanded(self, node: Node, depth: int = MOST_EXPANDED) -> Node:
        """The tree with defined names replaced by what they stand for; parameters and indices are not renamed."""
        if depth == 0:
            return node
        new: dict[int, Node] = {}
        for part in walk(node):
            head = part.body if isinstance(part, Component) else part
            if isinstance(head, Name) and (found := self.body_of(head.name)) is not None:
                new.setdefault(id(part), self.expanded(unmarked(found.body), depth - 1))
        return exchanged(node, new)

    @cached_property
    def before_expanded(self) -> Node:
        return self.expanded(self.before)

    # what the derivation was doing

    @cached_property
    def carried_out(self) -> bool:
        """Whether the step carried out a derivative that the line before holds."""
        left = {plain(node) for node in self._derivatives_in(self.line)}
        return any(plain(node) not in left for node in self._derivatives_in(self.before))

    def _derivatives_in(self, line: Node) -> list[Node]:
        """The derivatives in a line, and names that stand for one; not the differentials of free arrays."""
        found: list[Node] = []
        for node in walk(line):
            body = node.body if isinstance(node, Differential) else None
            if (
                isinstance(node, Partial)
                or (body is not None and (not isinstance(body, Name) or self.body_of(body.name)))
                or (isinstance(node, Name) and _derivatives(self.expanded(node)) > 0)
            ):
                found.append(node)
        return found

    @cached_property
    def earlier(self) -> tuple[Node, ...]:
        """The lines before the wrong one, names replaced by their definitions; those that can be read."""
        step = self.step
        found = []
        for text in step.case.lines[: step.number] if step.case.kind == "chain" else ():
            with suppress(TensorDerivError):
                found.append(self.expanded(unmarked(read_line(text, step.vocabulary)[0])))
        return (*found, self.before_expanded)

    @cached_property
    def differentiates(self) -> bool:
        """Whether the derivation takes a derivative at all."""
        return _derivatives(self.before_expanded) > 0 or self.step.case.wrt is not None

    @cached_property
    def of_product(self) -> bool:
        """Whether the derivation takes the derivative of a product or a power."""
        return any(
            isinstance(part, Product | Power | Norm)
            for line in self.earlier
            for body in _derivatives_of(line)
            for part in walk(body)
        )

    @cached_property
    def of_fraction(self) -> bool:
        """Whether the line before holds the derivative of a fraction."""
        return any(isinstance(_head(body), Ratio) for body in _derivatives_of(self.before_expanded))

    @cached_property
    def merges_pairs(self) -> bool:
        """Whether a double sum over pairs became a single sum, here or in the line before, in two halves."""
        if _pair_sums(self.line):
            return False
        halves = terms_of(self.before)
        split = len(halves) > 1 and all(isinstance(stripped(half), Big) for half in halves)
        return _pair_sums(self.before_expanded) or (split and any(_pair_sums(line) for line in self.earlier))


def _is_read_from(node: Node, text: str, step: WrongStep) -> bool:
    """Whether the tree is that of the text: the line before may be one further up, where the last one is not clear."""
    try:
        return node in read_line(text, step.vocabulary)
    except TensorDerivError:
        return False


def _derivatives(node: Node) -> int:
    return sum(isinstance(part, Partial | Differential) for part in walk(node))


def _derivatives_of(node: Node) -> list[Node]:
    return [part.body for part in walk(node) if isinstance(part, Partial | Differential)]


def _head(node: Node) -> Node:
    return stripped(node)


def _pair_sums(node: Node) -> bool:
    """Whether a sum binds two indices, or stands in another sum's body."""
    for part in walk(node):
        if isinstance(part, Big) and part.op == "sum":
            if len(part.bound) > 1:
                return True
            if any(isinstance(inner, Big) and inner.op == "sum" for inner in _factors_below(part.body)):
                return True
    return False


def _factors_below(node: Node) -> list[Node]:
    """The node and what it is a sum, product or quotient of; not what stands inside functions, powers and denominators."""
    found = [node]
    if isinstance(node, Ratio):
        return found + _factors_below(node.above)
    if type(node).__name__ in ("Product", "Sum", "Negative", "Group", "Partial"):
        for child in children(node):
            found += _factors_below(child)
    return found
