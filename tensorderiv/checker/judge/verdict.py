"""The answer to a derivation: its verdict, the state of every line, the counterexample and what was understood."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from tensorderiv.equality import Counterexample, Verdict

if TYPE_CHECKING:
    from tensorderiv.checker.meaning import Jacobian

Answer: TypeAlias = Literal["right", "wrong", "unreadable"]

EXIT_CODES: dict[Answer, int] = {"right": 0, "wrong": 1, "unreadable": 2}
START, WRONG, ILL_TYPED, UNREADABLE = "start", "wrong", "ill-typed", "unreadable"


@dataclass(frozen=True)
class LineReport:
    """One line and what is known of it.

    `status` is "start", "proved", "holds at N random points", "wrong", "ill-typed" or "unreadable". `follows`: does it equal the
    line before (an equation of its own: do its sides agree); `equals_start`: does it equal line 0. Both are None where
    that is not known. `reading` says how the line was read where there was a choice; `message` what is wrong or unclear.
    """

    number: int
    text: str
    status: str
    follows: bool | None = None
    equals_start: bool | None = None
    reading: str = ""
    message: str = ""
    verdict: Verdict | None = None

    @property
    def good(self) -> bool:
        """Neither wrong nor unknown."""
        return self.status not in (WRONG, ILL_TYPED, UNREADABLE)


@dataclass(frozen=True)
class Slip:
    """The kind of the slip, and why the line is wrong; `follows` says whether the next line follows from the repaired one."""

    kind: str
    why: str
    follows: bool | None = None


@dataclass(frozen=True)
class Problem:
    """Why there is no verdict: what could not be read or decided, where, and what was understood up to there.

    `where` is "line 3", "definition 2" or what else the text was called; `excerpt` shows the place with a caret under it.
    """

    message: str
    where: str = ""
    excerpt: str = ""
    understood: str = ""

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" if self.where else self.message


@dataclass(frozen=True)
class Report:
    """The verdict on a derivation: "right", "wrong" (then `first_wrong_line` counts from 0) or "unreadable".

    `counterexample` is the smallest found, with the line before to the left and the wrong line to the right; `suggestion` is the
    right line in LaTeX and `slip` the kind of the mistake, where they were found. `readings` tells what was inferred, `remarks`
    what else is to be said of the lines. `way`: how derivatives dy/dx of vectors lie in them; None where it makes no difference.
    """

    verdict: Answer
    lines: tuple[LineReport, ...]
    first_wrong_line: int | None = None
    counterexample: Counterexample | None = None
    suggestion: str | None = None
    slip: Slip | None = None
    readings: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    problem: Problem | None = None
    name: str = ""
    definitions: tuple[str, ...] = ()
    chain: bool = True
    way: Jacobian | None = None

    @property
    def exit_code(self) -> int:
        """0 right, 1 wrong, 2 could not be read."""
        return EXIT_CODES[self.verdict]

    def as_json(self) -> dict[str, Any]:
        """The report as plain data."""
        from tensorderiv.checker.report import as_data

        return as_data(self)

    def to_latex(self) -> str:
        """The derivation with its lines marked, as a document that compiles."""
        from tensorderiv.checker.report import as_latex

        return as_latex((self,))

    def __str__(self) -> str:
        from tensorderiv.checker.report import as_text

        return as_text(self)

    def _repr_html_(self) -> str:
        from tensorderiv.checker.report import as_html_fragment

        return as_html_fragment(self)
