"""A wrong step, as it is handed to `explain`, and what `explain` says of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tensorderiv.checker.case import Case
from tensorderiv.checker.tree import Node
from tensorderiv.equality import Counterexample

if TYPE_CHECKING:
    from tensorderiv.checker.meaning import Meaning, World
    from tensorderiv.checker.reading import Vocabulary


@dataclass(frozen=True)
class WrongStep:
    """The step to the first wrong line, in the readings that the judge chose.

    `number` is the number of the wrong line (line 0 is the start) and `text` its LaTeX, into which the spans of `node` point.
    `before_node` and `before_meaning` are the line before, which equals the start (`start_meaning`); of an equation of its own
    they are its left-hand side, and `node`, `meaning` its right-hand side.

    `meaning` is None where the line has no meaning: its shapes or its free indices do not fit (`problem` says how).
    `counterexample` (left: the line before, right: this line) is None there as well. `following_nodes` are the readings chosen
    of the lines after this one, None where a line could not be read. `seconds` is the time that naming the slip may take.
    """

    case: Case
    world: World
    vocabulary: Vocabulary
    number: int
    before_node: Node
    before_meaning: Meaning
    node: Node
    meaning: Meaning | None
    start_meaning: Meaning
    following_nodes: tuple[Node | None, ...]
    counterexample: Counterexample | None
    text: str
    problem: str | None = None
    seconds: float = 4.0


@dataclass(frozen=True)
class Explanation:
    r"""The slip of a wrong line.

    `kind` is one of the known kinds ("dropped delta", "wrong sign", ...) and `why` a sentence that names the pieces. `right` is
    the repaired line in the author's notation (LaTeX), with its tree. `follows` says whether the next line follows from it: None
    where there is none, or where that cannot be told.
    """

    kind: str
    why: str
    right: str | None = None
    right_node: Node | None = None
    follows: bool | None = None
