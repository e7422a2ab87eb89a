"""What a text means, told by its values."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tensorderiv.algebra.evaluate import evaluate_program
from tensorderiv.algebra.expression import Element
from tensorderiv.algebra.index import Index
from tensorderiv.errors import DomainProblem, IndexProblem, NameProblem, SyntaxProblem
from tensorderiv.language import read, read_expression, read_variable
from tests.support.published import PUBLISHED

rng = np.random.default_rng(0)

SAMPLE = {  # td, inputs, value: a few of the catalogue, so that this file stands alone
    "seuclidean": (
        "tensor V[d]\nD(x, y) = sqrt(sum_i ((x[i] - y[i])^2/V[i]))",
        {"x": [1.0, 2.0], "y": [3.0, 5.0], "V": [4.0, 9.0]},
        np.sqrt(2.0),
    ),
    "correlation": (
        "xbar = (sum_i (x[i]))/d\nybar = (sum_i (y[i]))/d\n"
        "D(x, y) = 1 - (sum_i ((x[i] - xbar)*(y[i] - ybar)))/(sqrt(sum_i ((x[i] - xbar)^2))*sqrt(sum_i ((y[i] - ybar)^2)))",
        {"x": [1.0, 2.0, 3.0], "y": [3.0, 2.0, 1.0]},
        2.0,
    ),
    "cross_entropy": ("tensor x[d]\nlabels t\nL = -x[t] + log(sum_i (exp(x[i])))", {"x": [0.0, 0.0], "t": 1}, np.log(2.0)),
    "multi_margin": (
        "tensor x[d]\nlabels t\nscalar g\nscalar m0\nL = (sum_{i: i != t} (relu(m0 - x[t] + x[i])^g))/d",
        {"x": [0.0, 1.0, 3.0], "t": 1, "g": 2.0, "m0": 1.0},
        3.0,
    ),
    "reg_sparse_centers": (
        "tensor V[C,K,d]\ns[r,h,g] = (sum_i (V[r,h,i]*V[r,g,i]))/sqrt((sum_i (V[r,h,i]^2))*(sum_i (V[r,g,i]^2)))\n"
        "L = (sum_r (sum_h (sum_{g: g > h} (sqrt(2 - 2*s[r,h,g])))))/(2*(sum_r (sum_h (sum_{g: g > h} (1)))))",
        {"V": [[[1.0, 0.0], [0.0, 1.0]]]},
        np.sqrt(2.0) / 2,
    ),
}


def value(text: str, inputs: dict[str, Any]) -> float:
    """The value of a definition on single vectors x, y (rows of n = m = 1 for pair functions) or on arrays."""
    program = read(text)
    arrays: dict[str, Any] = {}
    for item in program.inputs:
        name = item.tensor.name
        arrays[name] = np.asarray(inputs[name]) if name in inputs else np.asarray([inputs[name.lower()]])
    return float(np.ravel(evaluate_program(program, arrays))[0])


@pytest.mark.parametrize("name", SAMPLE)
def test_sample_of_the_catalogue(name: str) -> None:
    text, inputs, expected = SAMPLE[name]
    assert value(text, inputs) == pytest.approx(expected, rel=1e-14)


def test_every_published_definition_is_read() -> None:
    assert len(PUBLISHED) == 112
    for name, text in PUBLISHED.items():
        assert read(text, name).output


def test_n_pairs() -> None:
    text = """
        tensor X[n,d], Y[n,d]
        scalar t > 0 default 1
        N_i = sqrt(sum_p X_ip^2)
        M_j = sqrt(sum_p Y_jp^2)
        S_ij = sum_p X_ip Y_jp / (N_i M_j)
        L = -1/n sum_i log( exp(S_ii/t) / sum_j exp(S_ij/t) )
    """
    program = read(text)
    ones = np.ones((7, 3))
    assert float(evaluate_program(program, {"X": ones, "Y": ones})) == pytest.approx(np.log(7))
    assert float(evaluate_program(program, {"X": ones, "Y": -ones})) == pytest.approx(np.log(7))


X, Y, Z = rng.normal(size=(4, 3)), rng.normal(size=(5, 3)), rng.normal(size=(5, 2))
w, y, c = rng.normal(size=3), rng.normal(size=4), np.array([0, 1, 0, 1])
G = X @ Y.T
SOFT = np.exp(G) / np.exp(G).sum(1, keepdims=True)
D2 = ((X[:, None] - X[None]) ** 2).sum(-1)

MEANINGS = {
    "cross product": ("S_ij = X_i . Y_j", {"X": X, "Y": Y}, G),
    "attention": ("A_il = sum_j softmax_j(X_i.Y_j) Z_jl", {"X": X, "Y": Y, "Z": Z}, SOFT @ Z),
    "attention, summed": ("L_l = sum_ij softmax_j(X_i.Y_j) Z_jl", {"X": X, "Y": Y, "Z": Z}, (SOFT @ Z).sum(0)),
    "cubic": ("L = sum_ijk (X_i.X_j)(X_j.X_k)(X_k.X_i)", {"X": X}, np.trace(np.linalg.matrix_power(X @ X.T, 3))),
    "product left to right": ("L = 1/2 sum_i y_i", {"y": y}, y.sum() / 2),
    "division and product": ("L_i = y_i/2 y_i", {"y": y}, y / 2 * y),
    "scope of a sum": ("L = sum_i y_i + 1", {"y": y}, y.sum() + 1),
    "sum of a quotient": ("L = 1 / sum_i y_i^2", {"y": y}, 1 / (y**2).sum()),
    "nested sums": ("L = sum_i y_i sum_p w_p", {"y": y, "w": w}, y.sum() * w.sum()),
    "logistic": ("L = 1/n sum_i log(1 + exp(-y_i (w . X_i)))", {"y": y, "w": w, "X": X}, np.log1p(np.exp(-y * (X @ w))).mean()),
    "mean": ("L = mean_{i,p} X_ip", {"X": X}, X.mean()),
    "mean with a condition": ("L = mean_{i != j} |X_i - X_j|^2", {"X": X}, D2.sum() / 12),
    "unordered pairs": ("L = sum_{i<j} |X_i - X_j|^2", {"X": X}, D2.sum() / 2),
    "bounded pairs": (r"L = \sum_{i=1}^{n-1}\sum_{j=i+1}^{n} |X_i - X_j|^2", {"X": X}, D2.sum() / 2),
    "below": (r"L = \sum_{i=1}^{n}\sum_{j=1}^{i-1} |X_i - X_j|^2", {"X": X}, D2.sum() / 2),
    "same label": ("L = sum_{i, j: c_i = c_j and i != j} |X_i - X_j|^2", {"X": X, "c": c}, D2[0, 2] * 2 + D2[1, 3] * 2),
    "positions": ("L = sum_i i y_i", {"y": y}, (np.arange(4) * y).sum()),
    "elements": ("L = y_0 + y[1] + y_{2}", {"y": y}, y[:3].sum()),
    "extent as number": ("L = n + d + 0 sum_ip X_ip", {"X": X}, 7.0),
    "softmax of a row": (
        "tensor X[n,d]\nP_i = softmax(X_i)\nL = sum_i P_i . P_i",
        {"X": X},
        ((np.exp(X) / np.exp(X).sum(1, keepdims=True)) ** 2).sum(),
    ),
    "normalised rows": (
        "tensor X[n,d]\nZ_i = X_i / |X_i|\nS_ij = Z_i . Z_j",
        {"X": X},
        X @ X.T / np.sqrt(np.outer((X**2).sum(1), (X**2).sum(1))),
    ),
    "centred rows": ("tensor X[n,d]\nmu = 1/n sum_i X_i\nL = sum_i |X_i - mu|^2", {"X": X}, ((X - X.mean(0)) ** 2).sum()),
    "argmax": ("L = sum_i X[i, argmax_p (X_ip)]", {"X": X}, X.max(1).sum()),
    "cases without otherwise": (r"f_i = \begin{cases} y_i & y_i > 0 \end{cases}", {"y": y}, np.where(y > 0, y, 0)),
    "chained comparison": ("L = sum_i [-1 < y_i <= 1]", {"y": y}, ((y > -1) & (y <= 1)).sum()),
    "or": ("L = sum_i [y_i > 0 or i = 0] y_i", {"y": y}, y[(y > 0) | (np.arange(4) == 0)].sum()),
    "unary minus in an exponent": ("L = sum_i 2^-y_i", {"y": y}, (2.0**-y).sum()),
    "power is right associative": ("L = 2^3^2", {}, 512.0),
    "minus binds loosely": ("L_i = -y_i^2", {"y": y}, -(y**2)),
    "copy tensor": ("L = sum_ijk H_ijk y_i y_j y_k", {"y": y}, (y**3).sum()),
    "kronecker": ("L = sum_ij delta_ij y_i y_j", {"y": y}, (y**2).sum()),
    "delta as a name": ("scalar delta\nL = sum_i delta y_i", {"delta": 2.0, "y": y}, 2 * y.sum()),
    "quadratic form": ("D_ij = (X_i - X_j)^T M (X_i - X_j)", {"X": X, "M": np.eye(3)}, D2),
}


@pytest.mark.parametrize("name", MEANINGS)
def test_meaning(name: str) -> None:
    text, arrays, expected = MEANINGS[name]
    found = evaluate_program(read(text), arrays)
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12)


def test_pair_functions_are_lifted() -> None:
    program = read("tensor V[d,d]\nr = sqrt(sum_i x_i^2)\nD(x, y) = sum_ij x_i V_ij y_j / r")
    assert [item.tensor.name for item in program.inputs] == ["X", "Y", "V"]
    assert [item.tensor.extents for item in program.inputs] == [("n", "d"), ("m", "d"), ("d", "d")]
    assert program.statements[0].indices == (Index("a", "n"),)
    assert program.output.indices == (Index("a", "n"), Index("b", "m"))


def test_pair_functions_keep_away_from_names_in_use() -> None:
    program = read("tensor X[k]\nscalar a\nD(x, y) = a sum_b (x_b - y_b)^2 + sum_l X_l")
    assert "x" in program.names
    assert "X" in program.names
    assert not {index.name for index in program.output.indices} & {"a", "b"}


def test_extents_have_conventional_names() -> None:
    same = read("D_ij = sum_p (X_ip - X_jp)^2")
    other = read("D_ij = sum_p (X_ip - Y_jp)^2")
    assert [index.extent for index in same.output.indices] == ["n", "n"]
    assert [index.extent for index in other.output.indices] == ["n", "m"]
    assert read(r"L = \frac1N \sum_{i=1}^N y_i").inputs[0].tensor.extents == ("N",)
    assert read("tensor X[B,3]\nL = sum_ip X_ip").inputs[0].tensor.extents == ("B", 3)


def test_readings_are_noted() -> None:
    assert any("X_i is read as a vector" in note for note in read("D_ij = |X_i - X_j|").notes)
    assert read("D_ij = |x_i - x_j|").inputs[0].tensor.order == 1
    assert read("D_ij = ||x_i - x_j||").inputs[0].tensor.order == 2
    assert read("tensor X[n]\nD_ij = |X_i - X_j|").inputs[0].tensor.order == 1
    assert any("left to right" in note for note in read("L = sum_i y_i/2 sigma").notes)
    assert any("labels" in note for note in read("L = sum_{i,j: c_i = c_j} w_ij").notes)


def test_domains() -> None:
    program = read(
        "tensor P[n,d] in simplex, q[d] >= 0\nscalar t in (0,1) default 1/2, s > 2\nlabels c[n] in C\nL = sum_ip P_ip q_p t s"
    )
    kinds = {item.tensor.name: item.domain.kind for item in program.inputs}
    assert kinds == {"P": "simplex", "q": "nonnegative", "t": "interval", "s": "interval", "c": "labels"}
    assert program.input("c").label_extent == "C"  # type: ignore[union-attr]
    assert str(program.input("t").default) == "1/2"  # type: ignore[union-attr]


def test_labels_that_gather_know_their_range() -> None:
    program = read("labels c[n]\ntensor W[C,d]\nL = sum_ap W[c[a],p]")
    assert program.input("c").label_extent == "C"  # type: ignore[union-attr]


def test_the_variable_of_a_derivative() -> None:
    program = read("labels c[n]\nN_i = sum_p X_ip^2\nD_ij = N_i + N_j + c_i")
    found = read_variable("X_kl", program)
    assert isinstance(found, Element)
    assert found.subscripts == (Index("k", "n"), Index("l", "d"))
    assert read_variable(r"X_{k,l}", program) == read_variable("X[k,l]", program) == found
    for text, kind, words in [
        ("X_ij", IndexProblem, "free in D"),
        ("X_k", IndexProblem, "write X_kl"),
        ("X_kk", IndexProblem, "twice"),
        ("Z_kl", NameProblem, "no tensor Z"),
        ("x_kl", NameProblem, "did you mean X?"),
        ("N_k", NameProblem, "defined by the program"),
        ("c_k", DomainProblem, "labels"),
        ("X_kl + 1", SyntaxProblem, "one element"),
    ]:
        with pytest.raises(kind, match=words.replace("?", r"\?")):
            read_variable(text, program)


def test_printed_expressions_are_read_back() -> None:
    program = read("labels c[n]\nN_i = sqrt(sum_p X_ip^2)\nS_ij = sum_p X_ip X_jp / (N_i N_j) + X[c[i],0] - X[c[j],0]")
    statements, expr = read_expression("2 (X_il - X_jl)(delta_ik - delta_jk) / Q_i where Q_i = sum_p X_ip^2", program)
    assert [item.tensor.name for item in statements] == ["Q"]
    assert str(expr).startswith("2 (X_il - X_jl)")
    for text in [
        "diff(N_i, X_kl)",
        "delta[k,c[i]]",
        "H_ijk",
        "X[argmax_j (S_ij),l]",
        "if(i != k, N_i, 0)",
        "[i != j] N_k",
        "1/n sum_i N_i",
        "d N_i",
    ]:
        _, found = read_expression(text, program, (Index("k", "n"),))
        _, again = read_expression(str(found), program, (Index("k", "n"),))
        assert again == found
    with pytest.raises(NameProblem, match="not known"):
        read_expression("sum_i Q_i", program)
