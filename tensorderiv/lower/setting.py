"""What scheduling a statement needs to know, and how much there is to do in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from tensorderiv.algebra.expression import ArgReduction, Element, Node, Reduction
from tensorderiv.algebra.index import Extent, Index
from tensorderiv.algebra.program import Statement
from tensorderiv.algebra.traverse import bound_indices, parts
from tensorderiv.errors import NameProblem
from tensorderiv.lower.builder import Builder
from tensorderiv.lower.facts import Facts

Method: TypeAlias = Literal["exact", "gram"]
"""How a pass computes sums of squared differences: as they stand, or by a product of matrices (`passes/gram.py`)."""

BLOCK = Index("block", "blocks")
PART = Index("each", "blocks")  # runs over the parts of an accumulator, where a block may be open


@dataclass(frozen=True)
class Setting:
    """What scheduling a statement needs to know about the rest of the program."""

    virtual: Mapping[str, Statement]
    facts: Facts
    rows: frozenset[Extent]
    taken: frozenset[str]
    buffers: frozenset[Node] = frozenset()  # quantities that are known to get a row buffer
    method: Method = "exact"
    kept: frozenset[Node] = frozenset()  # loops, free letters numbered, that the method leaves as they are

    def builder(self) -> Builder:
        return Builder(self.virtual, self.facts, self.rows, self.taken, self.buffers)


def checked_method(method: str) -> Method:
    """The method itself. Raises NameProblem for one that does not exist.

    >>> checked_method("gramm")
    Traceback (most recent call last):
    tensorderiv.errors.NameProblem: there is no method 'gramm'; take exact or gram
    """
    known: dict[str, Method] = {name: name for name in get_args(Method)}
    if method not in known:
        raise NameProblem(f"there is no method {method!r}", hint=f"take {' or '.join(known)}")
    return known[method]


def rows_of(indices: Sequence[Index], setting: Setting) -> tuple[Index, ...]:
    return tuple(index for index in indices if index.extent in setting.rows)


def features_of(indices: Sequence[Index], setting: Setting) -> tuple[Index, ...]:
    return tuple(index for index in indices if index.extent not in setting.rows)


def depth(node: Node, setting: Setting) -> tuple[int, int]:
    """How many loops over rows and over features the node's costliest part needs, names unfolded."""
    inner = [depth(part, setting) for part in parts(node)]
    if isinstance(node, Element) and node.tensor.name in setting.virtual:
        inner.append(depth(setting.virtual[node.tensor.name].body, setting))
    rows, features = max(inner, default=(0, 0))
    if isinstance(node, Reduction | ArgReduction):
        bound = bound_indices(node)
        rows += len(rows_of(bound, setting))
        features += len(features_of(bound, setting))
    return rows, features


def worth_threads(statement: Statement, setting: Setting) -> bool:
    """Whether a nest has enough to do for several threads: pairs of rows, or three loops."""
    rows, features = depth(statement.body, setting)
    rows += len(rows_of(statement.indices, setting))
    features += len(features_of(statement.indices, setting))
    return rows >= 2 or (rows >= 1 and rows + features >= 3)
