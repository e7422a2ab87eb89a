"""SymPy equations are read to the same programs as text."""

from __future__ import annotations

import pytest
from sympy import Eq, Function, Indexed, IndexedBase, KroneckerDelta, Max, Ne, Piecewise, Sum, Symbol, exp, log, sqrt, symbols

from tensorderiv.errors import IndexProblem, RuleProblem, SyntaxProblem
from tensorderiv.language import read
from tensorderiv.language.sympy_in import from_sympy

i, j, k, p, n, d = symbols("i j k p n d", integer=True)
D, X, Y, N = (IndexedBase(name) for name in "DXYN")
L, t = Symbol("L"), Symbol("t")


def test_squared_distances() -> None:
    found = from_sympy(Eq(D[i, j], Sum((X[i, p] - X[j, p]) ** 2, (p, 0, d - 1))))
    expected = read("D_ij = sum_{p=1}^d (X_ip - X_jp)^2")
    assert found.output == expected.output
    assert found.inputs == expected.inputs
    assert from_sympy(Eq(D[i, j], Sum((X[i, p] - X[j, p]) ** 2, (p, 1, d)))).output == expected.output


def test_several_equations() -> None:
    found = from_sympy([Eq(N[i], sqrt(Sum(X[i, p] ** 2, (p, 1, d)))), Eq(L, Sum(exp(N[i] / t), (i, 1, n)))])
    assert [item.tensor.name for item in found.statements] == ["N", "L"]
    assert [item.tensor.name for item in found.inputs] == ["X", "t"]


def test_functions_deltas_and_cases() -> None:
    found = from_sympy(
        Eq(
            L,
            Sum(
                KroneckerDelta(i, j) * Max(0, log(X[i, j])) + Piecewise((X[i, j], Ne(i, j)), (0, True)),
                (i, 0, n - 1),
                (j, 0, n - 1),
            ),
        )
    )
    text = str(found.output.body)
    for piece in ("delta_ij", "max(0, log(X_ij))", "if(i != j, "):
        assert piece in text


def test_refusals() -> None:
    with pytest.raises(SyntaxProblem, match="not an equation"):
        from_sympy(X[i, p])
    with pytest.raises(RuleProblem, match="no meaning here"):
        from_sympy(Eq(L, Sum(Function("f")(X[i, p]), (i, 1, n), (p, 1, d))))
    with pytest.raises(RuleProblem, match="limits"):
        from_sympy(Eq(L, Sum(Indexed("x", i), (i, 3, n))))
    with pytest.raises(IndexProblem, match="on the right only"):
        from_sympy(Eq(D[i, j], X[i, p] * X[j, p]))
