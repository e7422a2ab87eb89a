"""Whatever a document holds: cases or an error with a place, at once, and the same again."""

from __future__ import annotations

import contextlib
import random
import time
from pathlib import Path

import pytest

from tensorderiv.checker.case import Case
from tensorderiv.checker.document import read_document
from tensorderiv.errors import TensorDerivError

DOCUMENTS = [path.read_text(encoding="utf-8") for path in sorted((Path(__file__).parent / "documents").iterdir())]
PIECES = [
    *"{}()[]$&\\^_=,;.|-+'\"`#% \n\td1nX",
    *("\\frac", "\\\\", "$$", "\\begin{align}", "\\end{align}", "\\left(", "\\right)", "\\sum_", "_{ij}", "^T", "\\partial"),
    *("\\def\\a#1{", "\\eqalign{", "\\begin{cases}", "where ", "given ", "\\in", "\\mathbb{R}^{", "∂", "\\[", "\\]", "```"),
    *("\x00", "\u2028", "~", "\\implies", "\\approx", "dX", "\\newcommand{\\x}[9]", "⟦7⟧", "⟧", "\\let\\a\\a", "\\a"),
]


def mutated(text: str, rng: random.Random) -> str:
    for _ in range(rng.randint(1, 5)):
        start = rng.randrange(len(text) + 1)
        end = min(len(text), start + rng.randint(1, 30))
        kind = rng.random()
        if kind < 0.25:
            text = text[:start] + text[end:]
        elif kind < 0.65:
            text = text[:start] + rng.choice(PIECES) + text[start:]
        elif kind < 0.8:
            text = text[:start] + text[start:end] * rng.randint(2, 5) + text[end:]
        else:
            other = rng.choice(DOCUMENTS)
            at = rng.randrange(len(other))
            text = text[:start] + other[at : at + rng.randint(1, 150)] + text[start:]
    return text


def outcome(text: str) -> tuple[tuple[Case, ...], TensorDerivError | None]:
    try:
        return read_document(text), None
    except TensorDerivError as error:
        return (), error


@pytest.mark.parametrize("seed", range(8))
def test_mutated_documents_raise_nothing_else_and_are_read_at_once(seed: int) -> None:
    rng = random.Random(seed)
    read = 0
    for _ in range(30):
        text = mutated(rng.choice(DOCUMENTS), rng)
        begun = time.process_time()
        cases, error = outcome(text)
        read += bool(cases)
        assert all(0 <= start <= end <= len(text) for case in cases for start, end in case.places)
        assert error is None or (error.message and (error.place is not None or not text.strip()))
        assert time.process_time() - begun < 2
    assert read  # some of them are still documents


@pytest.mark.parametrize(
    "piece",
    [
        "(",
        "{",
        "$",
        "$$",
        "\\left(",
        "_",
        "&",
        "\\\\",
        "=",
        "a=",
        "\\begin{align}",
        "x_i ",
        "∂",
        "sqrt(",
        "given X in R^n\n",
        "where $x$ is ",
    ],
)
@pytest.mark.parametrize("frame", ["%s", "$$ x = %s = y $$", "X = %s\n"])
def test_the_time_grows_with_the_length(piece: str, frame: str) -> None:
    begun = time.process_time()
    with contextlib.suppress(TensorDerivError):
        read_document(frame.replace("%s", piece * (4000 // len(piece))) + "\nno end")
    assert time.process_time() - begun < 3


def test_the_same_text_gives_the_same_cases() -> None:
    for text in DOCUMENTS[:6]:
        try:
            assert read_document(text) == read_document(text)
        except TensorDerivError:
            continue
