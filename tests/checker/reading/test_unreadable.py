r"""What is not read is refused in one line, with the place; nothing else is raised, and nothing takes long."""

from __future__ import annotations

import contextlib
import json
import random
import time
from functools import lru_cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tensorderiv.checker.case import Case
from tensorderiv.checker.reading import Unreadable, Vocabulary, read_definition, read_definitions, read_equation, read_line, split
from tensorderiv.errors import TensorDerivError
from tests.checker.reading.known import known

CORPUS = Path(__file__).parents[1] / "corpus" / "dev.json"

REFUSED = [
    (r"a + \int x", 5, r"an integral is not read: \int"),
    (r"x_1 + \dots + y_n", 7, r"an ellipsis is read between"),
    (r"\lim x", 1, "a limit is not read"),
    ("a!", 2, "a factorial is not read"),
    (r"a \pm b", 3, "a double sign"),
    ("a q", 3, "q is not declared"),
    ("x_q", 3, "q is not an index"),
    (r"\hat x", 1, r"\hat{x} is not declared"),
    (r"x + \text{const}", None, r"\mathrm{const} is not declared"),
    (r"\operatorname{argmax}_j x_j", None, r"\mathrm{argmax} is not declared"),
    (r"a \foo b", 3, r"\foo is not known"),
    ("(a", 1, "this ( is not closed"),
    ("a)", 2, "this ) has no ("),
    ("a + {b", 5, "this { is not closed"),
    (r"\left(a", 1, r"this \left has no \right"),
    (r"\left(a\right]", 1, "do not belong together"),
    (r"\frac{a}", None, "an argument is missing"),
    ("a +", 3, "the text ends too early"),
    ("a * * b", None, "a factor is missing"),
    (r"\sum_i", 1, "has no operand"),
    ("a = b", None, "a comparison stands where a value belongs"),
    ("(i = j)", None, "a comparison in brackets"),
    ("(a, b)", None, "a list in brackets"),
    ("a, b", None, "one expression"),
    (r"\sum_{i\in S} x_i", None, "a sum over a set"),
    (r"\sum_{i=1}^\infty x_i", None, "a sum without end"),
    (r"\sum_{q} x_i", None, "what is bound here is not an index"),
    (r"\delta_i", None, "two indices"),
    (r"\frac{\partial^3 a}{\partial x_i^2}", None, "order 3 by 2 variables"),
    (r"\frac{\partial a}{\partial (x^Tx)}", None, "no variable"),
    (r"\langle x,y\rangle_A", None, "this kind of inner product"),
    ("A_{(ij)}", None, "symmetrised subscripts"),
    ("x_{}", None, "an empty script"),
    ("x^*", None, "the script ^*"),
    (r"A^\dagger", None, r"^\dagger"),
    ("", None, "something is missing"),
    (r"a \\ b", None, "two expressions side by side"),
    (r"\begin{bmatrix} a & b \\ c \end{bmatrix}", None, "differ in length"),
    (r"\begin{tikz} a \end{tikz}", None, "the environment tikz"),
    ("a \x00", None, "is not read"),
    ("a 你", 3, "is not read"),
    ("1" * 50, None, "a number of more than"),
]


@pytest.mark.parametrize(("line", "column", "message"), REFUSED)
def test_refused_with_the_place(line: str, column: int | None, message: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read_line(line, known())
    error = caught.value
    assert message in str(error)
    assert "\n" not in str(error)
    assert error.place is not None
    assert line.startswith(error.understood) or not error.understood
    if column is not None:
        assert error.place.column == column


def test_what_was_understood_is_told() -> None:
    with pytest.raises(Unreadable, match=r"understood so far: 2x_i \+") as caught:
        read_line(r"2x_i + \lim x", known())
    assert caught.value.understood == "2x_i +"


@pytest.mark.parametrize("definition", ["a + b = c", "x", "= a", "2 = a", r"\frac{a}{b} = c", "f(a, = a", "f(a+b) = a"])
def test_left_hand_sides_that_are_none(definition: str) -> None:
    with pytest.raises(Unreadable):
        read_definition(definition, known())


def test_an_equation_has_two_sides() -> None:
    with pytest.raises(Unreadable, match="two sides, not 3"):
        read_equation("a = b = c", known())


BOMBS = [
    "(" * 20000,
    "{" * 9000,
    "[" * 4000 + "]" * 4000,
    r"\left(" * 1600,
    "|" * 9000,
    "||x" * 3000,
    r"\sum_i " * 1400 + "x",
    r"\log " * 1900 + "x",
    "-" * 9000 + "x",
    r"\frac" * 1900,
    "x^" * 4000,
    "x^{" * 3000,
    "h(" * 3000 + "x" + ")" * 3000,
    "h(" * 38 + "x" + ")" * 38,
    r"\frac{h(" * 19 + "x" + ")}{x}" * 19,
    "x+" * 4900 + "x",
    r"\partial x/" * 900 + "x",
    "x|_{x=0}" * 1000,
    "x/x x" * 1900,
    "A_{ij}^{-1}" * 800,
    "x:" * 4000 + "x",
    "9" * 9000,
    r"{x\over " * 100 + "x" + "}" * 100,
]


@pytest.mark.parametrize("bomb", BOMBS, ids=lambda bomb: f"{bomb[:12]} {len(bomb)}")
def test_long_and_deep_texts_are_quick(bomb: str) -> None:
    vocabulary = known()
    start = time.perf_counter()
    with contextlib.suppress(TensorDerivError):
        read_line(bomb, vocabulary)
    assert time.perf_counter() - start < 5


@lru_cache(maxsize=1)
def corpus() -> list[tuple[Case, Vocabulary]]:
    cases = [Case.from_json(given) for given in json.loads(CORPUS.read_text(encoding="utf-8"))]
    return [(case, read_definitions(case)[0]) for case in cases]


PIECES = (
    r"{ } ( ) [ ] | ^ _ ' + - * / = < , : . & ! 0 1 2 d x i j T e \frac \sum \left( \right) \left| \right| \left. \partial \delta"
    r" \log \| \begin{cases} \end{cases} \over \nabla \text{ ^T _{ij} ^{-1} \\ \bf \sqrt \right \left \hat \big|_{t=0} ||"
).split()


@settings(max_examples=150)
@given(seed=st.integers(0, 2**32 - 1))
def test_mutated_lines_raise_nothing_else(seed: int) -> None:
    rng = random.Random(seed)
    case, vocabulary = rng.choice(corpus())
    text = rng.choice([*case.lines, *case.definitions])
    for _ in range(rng.randint(1, 6)):
        at = rng.randrange(len(text) + 1)
        kind = rng.random()
        if kind < 0.5:
            text = text[:at] + rng.choice(PIECES) + text[at:]
        elif kind < 0.8:
            text = text[:at] + text[at + rng.randint(1, 4) :]
        else:
            text = text[:at] + text[: rng.randint(1, 15)] + text[at:]
    for reader in (read_line, read_equation, read_definition, lambda text, _: split(text)):
        problem = ""
        try:
            reader(text, vocabulary)
        except TensorDerivError as error:
            problem = str(error)
        assert "\n" not in problem
