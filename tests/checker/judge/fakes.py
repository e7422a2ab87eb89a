"""A world in which lines are written in the language of definitions, so that judging is tested without reading LaTeX.

A line is an expression; several, parted by `|`, are its readings. `misfit` has no meaning, `?` cannot be read.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest

from tensorderiv.algebra.expression import Expr
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.program import Program, Statement
from tensorderiv.algebra.traverse import free_indices
from tensorderiv.checker.case import Case
from tensorderiv.checker.judge import Report, judge
from tensorderiv.checker.judge.judging import Explain
from tensorderiv.checker.meaning import IllTyped, Jacobian
from tensorderiv.checker.meaning.world import EITHER
from tensorderiv.checker.reading.unreadable import Unreadable
from tensorderiv.checker.tree import Equation, Name, Node
from tensorderiv.equality import Claim
from tensorderiv.language import read, read_expression


@dataclass(frozen=True)
class FakeMeaning:
    expr: Expr
    axes: tuple[Index, ...]
    note: str = ""
    loose: tuple[Index, ...] = ()
    statements: tuple[Statement, ...] = field(default=(), compare=False)
    jacobian: frozenset[Jacobian] = EITHER


@dataclass(frozen=True)
class FakeWorld:
    program: Program
    wrt: Node | None = None

    def readings(self, node: Node) -> tuple[FakeMeaning, ...]:
        assert isinstance(node, Name)
        if node.name == "misfit":
            raise IllTyped("product of a column of n and a column of d")
        found = []
        for text in node.name.split("|"):
            names, expr = read_expression(text, self.program)
            found.append(FakeMeaning(expr, free_indices(expr), text.strip() if found else "", statements=names))
        return tuple(found)

    def equation(self, equation: Equation) -> tuple[tuple[FakeMeaning, FakeMeaning], ...]:
        return tuple((left, right) for left in self.readings(equation.left) for right in self.readings(equation.right))

    def claim(self, left: FakeMeaning, right: FakeMeaning) -> Claim:
        strange = [axis.name for axis in right.axes if axis not in left.axes]
        if strange:
            raise IllTyped(f"the free index {', '.join(strange)} stands on the right only", kind="free-index mismatch")
        return Claim.within(self.program, left.expr, right.expr, left.axes, (*left.statements, *right.statements))


def read_line(text: str, vocabulary: object) -> tuple[Node, ...]:
    if "?" in text:
        raise Unreadable(text, text.index("?"), "? is not read")
    return (Name(text),)


def read_equation(text: str, vocabulary: object) -> tuple[Equation, ...]:
    left, right = text.split("=")
    return (Equation(read_line(left, vocabulary)[0], read_line(right, vocabulary)[0]),)


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """A function: the report on lines over the names of a definition."""

    def judged(
        definition: str, *lines: str, equations: bool = False, seconds: float = 8.0, explain: Explain | None = None
    ) -> Report:
        world = FakeWorld(read(definition))
        monkeypatch.setattr(
            "tensorderiv.checker.judge.judging.read_definitions", lambda case: (SimpleNamespace(definitions=()), ())
        )
        monkeypatch.setattr("tensorderiv.checker.judge.judging.World", SimpleNamespace(of=lambda *_: world))
        monkeypatch.setattr("tensorderiv.checker.judge.readings.read_line", read_line)
        monkeypatch.setattr("tensorderiv.checker.judge.readings.read_equation", read_equation)
        return judge(Case(lines, kind="equations" if equations else "chain"), seconds=seconds, explain=explain)

    return judged
