"""What can go wrong, as one family of exceptions.

Every message is one line that names the object, the indices, the sizes and the remedy. Errors that come from text carry the
place in the source; `str(error)` is then the line, and `error.excerpt()` shows the source with a caret under the place.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """Where in a source text something stands: line and column count from 1."""

    source: str
    line: int
    column: int
    width: int = 1

    def excerpt(self) -> str:
        """The source line with a caret under the place; long lines are cut around it."""
        lines = self.source.splitlines()
        text = lines[self.line - 1] if 0 < self.line <= len(lines) else ""
        start = max(0, self.column - 61) if len(text) > 120 else 0
        shown = text[start : start + 120]
        offset = self.column - 1 - start
        return f"{shown}\n{' ' * offset}{'^' * max(1, min(self.width, len(shown) - offset))}"


class TensorDerivError(Exception):
    """Base of every error this package raises on purpose."""

    def __init__(self, message: str, *, place: Place | None = None, hint: str | None = None) -> None:
        self.message = message
        self.place = place
        self.hint = hint
        super().__init__(str(self))

    def __str__(self) -> str:
        where = f"line {self.place.line}, column {self.place.column}: " if self.place else ""
        remedy = f"; {self.hint}" if self.hint else ""
        return f"{where}{self.message}{remedy}"

    def excerpt(self) -> str:
        """The source line and a caret, or an empty string when the error has no place."""
        return self.place.excerpt() if self.place else ""


class SyntaxProblem(TensorDerivError):
    """The text is not of the grammar."""


class IndexProblem(TensorDerivError):
    """An index is free on one side only, bound twice, or stands where a tensor belongs."""


class ExtentMismatch(TensorDerivError):
    """Two things that must have the same extent do not."""


class NameProblem(TensorDerivError):
    """A tensor, function or definition of that name is not known, or the name is taken."""


class DomainProblem(TensorDerivError):
    """A value lies outside the declared domain, or has the wrong type."""


class RuleProblem(TensorDerivError):
    """No law covers an expression: absence of a rule is never a zero."""


class ChainProblem(TensorDerivError):
    """Two sides of a chain `a = b = c` have different values."""


class VerificationFailed(TensorDerivError):
    """A generated kernel disagrees with an oracle; nothing was written."""
