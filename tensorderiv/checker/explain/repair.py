"""A repair: a line that may be what the author should have written, with the name of the slip that it undoes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from tensorderiv.checker.tree import Node

if TYPE_CHECKING:
    from tensorderiv.checker.explain.scene import Scene


@dataclass(frozen=True)
class Repair:
    """The repaired line, the kind of the slip, and a sentence that names the pieces (made only when it is wanted).

    `slip` is given where the line was not repaired but the wrong step was repeated: a line that equals the wrong one where this
    was the slip, while `node` is right in any case.
    """

    node: Node
    kind: str
    why: Callable[[], str]
    slip: Node | None = None


Family: TypeAlias = Callable[["Scene"], Iterator[Repair]]
"""The repairs of one kind, the likeliest first."""


def said(text: str) -> Callable[[], str]:
    """A sentence that is there already."""
    return lambda: text
