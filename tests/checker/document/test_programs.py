"""Programs in a document are no mathematics: no verdict is given on `x2 = x1`."""

from __future__ import annotations

import pytest

from tensorderiv.checker.document import read_document
from tensorderiv.errors import SyntaxProblem

DERIVATION = "D_ij = sum_p (X_ip - X_jp)^2\ndD_ij/dX_kl = 2 (X_il - X_jl)(delta_ik - delta_jk)\n"
PROGRAMS = [
    "def model(scenario):\n    p1 = torch.ones(3)\n    p2 = p1\n    return p1, p2\n",
    "if scenario == 0:\np1 = x\np2 = p1 = x\n",
    "```python\na = b\nb = c = a\n```\n",
    "~~~\na = b = c\n~~~\n",
    ">>> a = b = c\n",
    "$ tool run x = y = z\n",
]


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_program_alone_is_no_derivation(program: str) -> None:
    with pytest.raises(SyntaxProblem, match="no derivation was found"):
        read_document(f"How do I do this?\n\n{program}\nThank you.\n")


@pytest.mark.parametrize("program", PROGRAMS)
def test_the_derivation_beside_a_program_is_found(program: str) -> None:
    (case,) = read_document(f"{program}\n\n{DERIVATION}")
    assert case.lines == read_document(DERIVATION)[0].lines


def test_mathematics_in_a_fence_is_read() -> None:
    (case,) = read_document("```math\n\\frac{\\partial}{\\partial x_k}\\sum_i x_i^2 = 2 x_k\n```\n")
    assert case.lines[1] == "2 x_k"
