"""Formulas as people type them: what is read denotes what NumPy says, what can mean two things is refused with a remedy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import tensorderiv as td
from tensorderiv.errors import TensorDerivError
from tensorderiv.language import read

rng = np.random.default_rng(7)
X, Y, V = rng.normal(size=(5, 3)), rng.normal(size=(5, 2)), rng.normal(size=(4, 2))
Q, K = rng.normal(size=(5, 3)), rng.normal(size=(4, 3))
W, U = rng.normal(size=(3, 2)), rng.normal(size=(2, 2))
A = rng.normal(size=(3, 3))
P = A @ A.T + 3 * np.eye(3)
b, c, u = rng.normal(size=2), rng.normal(size=4), rng.normal(size=3)
w, y = rng.normal(size=3), rng.normal(size=5)
p, q = np.array([0.2, 0.3, 0.5]), np.array([0.5, 0.25, 0.25])
SIZES = "tensor x[n], y[n]\n"


def softmax(Z: np.ndarray) -> np.ndarray:
    top = np.exp(Z - Z.max(-1, keepdims=True))
    return top / top.sum(-1, keepdims=True)


def relu(Z: np.ndarray) -> np.ndarray:
    return np.maximum(Z, 0)


def square(Z: np.ndarray) -> float:
    return float((Z**2).sum())


H = relu(X @ W)
READ: list[tuple[str, dict[str, Any], Any]] = [
    # softmax: over the last index
    ("A = softmax(Q K^T / sqrt(3)) V", {"Q": Q, "K": K, "V": V}, softmax(Q @ K.T / np.sqrt(3)) @ V),
    ("P = softmax(X W)", {"X": X, "W": W}, softmax(X @ W)),
    ("tensor Z[n,m]\nP_ij = softmax(Z)_ij", {"Z": X}, softmax(X)),
    ("tensor Z[n,m]\nP = log softmax(Z)", {"Z": X}, np.log(softmax(X))),
    ("tensor T[a,b,c]\nP_ijk = softmax(T)_ijk", {"T": rng.normal(size=(2, 3, 2))}, None),
    ("tensor z[n]\nlabels k\nL = -log softmax(z)[k]", {"z": w, "k": 1}, -np.log(softmax(w)[1])),
    ("p = softmax(z)", {"z": w}, softmax(w)),
    ("tensor X[n,d]\nP_ij = softmax_j(X_ij)", {"X": X}, softmax(X)),
    # double bars are norms, also of matrices
    ("L = ||X W - Y||_F^2", {"X": X, "W": W, "Y": Y}, square(X @ W - Y)),
    ("L = ||X - Q||^2", {"X": w, "Q": u}, square(w - u)),
    # glued LaTeX
    ("L = x^TAx", {"x": w, "A": A}, w @ A @ w),
    (r"L = y^TK^{-1}y", {"y": w, "K": P}, w @ np.linalg.inv(P) @ w),
    ("K = X^TX", {"X": X}, X.T @ X),
    (r"K = \mathbf{1}^T XX^T \mathbf{1}", {"X": X}, (X @ X.T).sum()),
    (r"L = x^{\top}Ax", {"x": w, "A": A}, w @ A @ w),
    (r"L = \langle x, Ax\rangle", {"x": w, "A": A}, w @ A @ w),
    (r"L = \|Xw - y\|_2^2", {"X": X, "w": w, "y": y}, square(X @ w - y)),
    (r"L = \|XW - Y\|_F^2", {"X": X, "W": W, "Y": Y}, square(X @ W - Y)),
    (r"L = (x-y)^TM(x-y)", {"x": w, "y": u, "M": A}, (w - u) @ A @ (w - u)),
    (r"L = (y - Xw)^\top(y - Xw)", {"X": X, "w": w, "y": y}, square(X @ w - y)),
    ("tensor X[n,d], w[d], y[n]\nL = ||Xw - y||^2", {"X": X, "w": w, "y": y}, square(X @ w - y)),
    # the letter decides nothing
    (
        "L = 1/2 ||X beta - y||^2 + alpha/2 ||beta||^2",
        {"X": X, "beta": w, "y": y, "alpha": 2.0},
        square(X @ w - y) / 2 + square(w),
    ),
    ("L = |X beta - y|^2", {"X": X, "beta": w, "y": y}, square(X @ w - y)),
    ("L = |A theta - b|^2", {"A": X, "theta": w, "b": y}, square(X @ w - y)),
    ("L = C ||X w - y||^2", {"C": 2.0, "X": X, "w": w, "y": y}, 2 * square(X @ w - y)),
    (
        "L = 1/2 w^T w + C sum_i relu(1 - y_i (X w)_i)",
        {"w": w, "C": 2.0, "y": y, "X": X},
        w @ w / 2 + 2 * relu(1 - y * (X @ w)).sum(),
    ),
    ("s = x^T y / (||x|| ||y||)", {"x": w, "y": u}, w @ u / np.sqrt(square(w) * square(u))),
    # later lines
    ("H = relu(X W)\nL = ||Y - H U||^2", {"X": X, "W": W, "Y": Y, "U": U}, square(Y - H @ U)),
    ("z = W x + b\na = tanh(z)\ny = V a + c", {"W": W.T, "x": w, "b": b, "V": V, "c": c}, V @ np.tanh(W.T @ w + b) + c),
    ("z = X w\nL = |y - z|^2", {"X": X, "w": w, "y": y}, square(y - X @ w)),
    (
        "H = sigmoid(X W + 1 b^T)\nL = ||Y - H||^2",
        {"X": X, "W": W, "b": b, "Y": Y},
        square(Y - 1 / (1 + np.exp(-(X @ W + b)))),
    ),
    ("y = W2 relu(W1 x + b1) + b2", {"W2": V, "W1": W.T, "x": w, "b1": b, "b2": c}, V @ relu(W.T @ w + b) + c),
    ("z = W x\nL = z^T z + C", {"W": W.T, "x": w, "C": 2.0}, square(W.T @ w) + 2),
    (
        "H1 = relu(X W1)\nH2 = relu(H1 W2 + 1 b2^T)\nP = softmax(H2 W3)\nL = -sum_ij Y_ij log P_ij",
        {"X": X, "W1": W, "W2": U, "b2": b, "W3": V.T, "Y": Q @ K.T},
        -(Q @ K.T * np.log(softmax(relu(H @ U + b) @ V.T))).sum(),
    ),
    # pair functions with bars
    ("D(x, y) = sum_i |x_i - y_i|", {"X": X, "Y": Q}, np.abs(X[:, None] - Q[None]).sum(-1)),
    ("D(x, y) = max_i |x_i - y_i|", {"X": X, "Y": Q}, np.abs(X[:, None] - Q[None]).max(-1)),
    ("D(x, y) = (sum_i |x_i - y_i|^p)^(1/p)", {"X": X, "Y": Q, "p": 3.0}, (np.abs(X[:, None] - Q[None]) ** 3).sum(-1) ** (1 / 3)),
    ("D(x, y) = sqrt(sum_i |x_i - y_i|^2)", {"X": X, "Y": Q}, np.sqrt(((X[:, None] - Q[None]) ** 2).sum(-1))),
    ("D(x, y) = sum_i |x_i - y_i| / (|x_i| + |y_i|)", {"X": X, "Y": Q}, None),
    # norms by their subscript, vectors by their neighbours
    ("D = |x - y|_2", {"x": w, "y": u}, np.linalg.norm(w - u)),
    ("D = |x|_1", {"x": w}, np.abs(w).sum()),
    ("D = p^T log(p/q)", {"p": p, "q": q}, p @ np.log(p / q)),
    ("L = -y^T log p - (1 - y)^T log(1 - p)", {"y": q, "p": p}, -q @ np.log(p) - (1 - q) @ np.log(1 - p)),
    ("f = a^T b c^T d", {"a": w, "b": u, "c": b, "d": U[0]}, (w @ u) * (b @ U[0])),
    # elementwise division, brackets and bars
    ("tensor X[n,d], w[d]\np = 1/(1 + exp(-X w))", {"X": X, "w": w}, 1 / (1 + np.exp(-X @ w))),
    ("tensor x[n]\nz = 2/x", {"x": w}, 2 / w),
    ("L = Tr[A B]", {"A": A, "B": P}, np.trace(A @ P)),
    ("L = <A, X>_F", {"A": X, "X": Q}, (X * Q).sum()),
    (SIZES + "L = <x, y>/(|x||y|)", {"x": w, "y": u}, w @ u / np.sqrt(square(w) * square(u))),
    (SIZES + "L = |x||y|", {"x": w, "y": u}, np.sqrt(square(w) * square(u))),
    (SIZES + "L = |x||y||x|", {"x": w, "y": u}, np.sqrt(square(w) * square(u) * square(w))),
    # remarks
    ("# a remark\n% another\nf = x^2", {"x": 3.0}, 9.0),
    ("f = \\frac{x}{2} % half of it", {"x": 3.0}, 1.5),
]


@pytest.mark.parametrize(("text", "arrays", "expected"), READ, ids=range(len(READ)))
def test_a_formula_is_what_numpy_says(text: str, arrays: dict[str, Any], expected: Any) -> None:
    definition = td.define(text)
    assert {item.name for item in definition.inputs} == set(arrays)
    found = definition.evaluate(**arrays)
    if expected is None:
        return
    assert found.shape == np.shape(expected)
    np.testing.assert_allclose(found, expected, rtol=1e-10, atol=1e-12)


REFUSED: list[tuple[str, str]] = [
    ("L = logsumexp(X W)", "logsumexp_j(Z_ij)"),
    ("tensor Z[n,m]\nL = logsumexp(Z)", "logsumexp_j(Z_ij)"),
    ("P = softmax(Z)", "declare"),
    ("P = softmax(-D / t)", "declare tensor D[n,m]"),
    ("tensor S[d,d], x[d]\nL = exp(-1/2 x^T S^-1 x) / sqrt((2 pi)^d |S|)", "||S||_F"),
    ("L = exp(-1/2 x^T S^-1 x) / sqrt((2 pi)^d |S|)", "det(S)"),
    ("L = log(|S|/|T|)", "det"),
    ("H = relu(X W)\nL = |Y - H U|^2", "||"),
    ("L = ||Xw - y||^2", "X w with a space, or declare tensor Xw"),
    ("K = XX^T", "X X with a space, or declare tensor XX"),
    ("L = ||X - WH||_F^2", "W H with a space, or declare tensor WH"),
    ("L = a + b + ab", "a b with a space, or declare scalar ab"),
    ("y = W_2 relu(W_1 x + b_1) + b_2", "for a matrix of its own write W2"),
    ("Y = X W_1 W_2", "W_1 is element 1 of W"),
    ("y = W x + b_1", "for a vector of its own write b1"),
    ("A = softmax(X W_Q (X W_K)^T)", "for a matrix of its own write WQ"),
    ("f = w^T S_B w", "for a matrix of its own write SB"),
    ("M = A^T*B", "A * B can be the matrix product or elementwise"),
    ("L = x.T A x", "write x^T"),
    ("L = x' A x", "write x^T"),
    ("K = X' X", "write X^T"),
    ("L = I - D^{-1/2} W D^{-1/2}", "this power of D is not read"),
    ("v = a b^T c", "a can be a number or a vector"),
    ("f = x^T y^2", "y"),
    ("L = sum_i |x_i - W h_i|^2", "declare scalar W"),
    ("L = x % 2", "write # for a remark"),
    ("scalar period\nL = x % period", "write # for a remark"),
    ("f = 0x10 x", "hexadecimal"),
    ("f = x₁", "write x_1"),
    ("f = ½ x", "write 1/2"),
    ("f = Σ_i x_i", "write sum_i"),
    ("L = x^T A x / x^T x", "put the denominator in parentheses"),
    ("tensor A[n,n], x[n]\nL = x^T A x / x^T x", "put the denominator in parentheses"),
    ("tensor x[n]\nL = sum(|x|)", "write sum_j |x_j|"),
    ("D_ij = sum (X_ip - X_jp)^2", "write sum_p"),
    ("D_ij = Sum_p (X_ip - X_jp)^2", "write sum_p"),
]


@pytest.mark.parametrize(("text", "words"), REFUSED, ids=range(len(REFUSED)))
def test_what_can_mean_two_things_is_refused(text: str, words: str) -> None:
    with pytest.raises(TensorDerivError) as caught:
        read(text)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


NOTED = [
    ("P = softmax(X W)", "softmax of a matrix is taken over its last index, in each row"),
    ("L = x^TAx", "Ax is read as the product A x"),
    ("L = C x^2 + b", "C is read as a number"),
    ("L = m A", "A is read as a number"),
    ("tensor x[n]\nz = 2/x", "a number divided by a vector is divided by each of its components"),
]


@pytest.mark.parametrize(("text", "note"), NOTED)
def test_the_reading_is_noted(text: str, note: str) -> None:
    assert any(item.startswith(note) for item in read(text).notes)


@pytest.mark.parametrize(
    ("text", "inputs"),
    [
        ("f = x^Theta", {"x", "Theta"}),
        ("scalar Ta\nf = x^Ta", {"x", "Ta"}),
        ("f = x^Ta + Ta", {"x", "Ta"}),
        ("tensor Xw[n], y[n]\nL = ||Xw - y||^2", {"Xw", "y"}),
        ("k(x, x') = exp(-|x - x'|^2)", {"X", "X'"}),
        ("f = m0 + sigma11", {"m0", "sigma11"}),
        ("f = A_1 exp(-x) + A_2", {"A", "x"}),
        ("tensor W[n,d,d], x[d]\ny_i = (W_1 x)_i", {"W", "x"}),
    ],
)
def test_names_of_several_letters_stay(text: str, inputs: set[str]) -> None:
    assert {item.tensor.name for item in read(text).inputs} == inputs


def test_a_long_program_is_read() -> None:
    lines = ["x0 = t", *(f"x{number} = sin(x{number - 1}) + 1" for number in range(1, 200))]
    program = read("\n".join(lines))
    assert len(program.statements) == 200
    assert [item.tensor.name for item in program.inputs] == ["t"]
