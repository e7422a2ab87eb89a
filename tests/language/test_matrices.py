"""Matrix statements denote what NumPy says, name what is wrong, and say how they were read."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import tensorderiv as td
from tensorderiv import errors
from tensorderiv.algebra.evaluate import evaluate_program
from tensorderiv.algebra.index import Index
from tensorderiv.canonical import equal
from tensorderiv.language import read, read_expression

rng = np.random.default_rng(3)
A, B, C = rng.normal(size=(3, 4)), rng.normal(size=(4, 2)), rng.normal(size=(3, 4))
S, T, P = rng.normal(size=(3, 3)), rng.normal(size=(3, 3)), np.eye(3) + 0.1 * np.ones((3, 3))
R = rng.normal(size=(3, 3))
SPD = R @ R.T + 3 * np.eye(3)
u, v, x, w = rng.normal(size=3), rng.normal(size=3), rng.normal(size=4), rng.normal(size=2)
one3, one4, I3 = np.ones(3), np.ones(4), np.eye(3)
KERNEL = np.exp(-((A[:, None] - A[None]) ** 2).sum(-1))
inv, det = np.linalg.inv, np.linalg.det

MEANINGS: dict[str, Any] = {
    "D = A B": A @ B,
    "D_ij = (A B)_ij": A @ B,
    "D_{ij} = (A B)_{ij}": A @ B,
    "D_ji = (A B)_ij": (A @ B).T,
    "y = A x": A @ x,
    "y = A x + u": A @ x + u,
    "y = t A x": 2 * A @ x,
    "y = u^T A": u @ A,
    "z = A B w": A @ B @ w,
    "y_i = (A x)_i": A @ x,
    "K = A^T C": A.T @ C,
    r"K = A^\top C": A.T @ C,
    r"K = A^{\mathsf T} C": A.T @ C,
    r"K = A^{\mathrm{T}} C": A.T @ C,
    "K = Aᵀ C": A.T @ C,
    "tensor A[n,d]\nK = A - 2 C": None,
    "tensor A[n,d], C[n,d]\nK = A / 3 + t C": A / 3 + 2 * C,
    "K = -A": None,  # nothing says that A is a matrix: a number, as ever
    r"K = A \odot C": A * C,
    r"K = A \circ C": A * C,
    "K = A ⊙ C": A * C,
    "K = A .* C": A * C,
    r"K = (A \odot C)^{\circ 2} \oslash A": (A * C) ** 2 / A,
    r"K = diag(1 \oslash u) A": np.diag(1 / u) @ A,
    r"K = (A \odot C) \oslash (C \odot C)": A / C,
    r"y = A \cdot B w": A @ B @ w,
    "L = u^T S v": u @ S @ v,
    "L = u^T S u / (u^T u)": (u @ S @ u) / (u @ u),
    "L = u^T v": u @ v,
    "K = u x^T": np.outer(u, x),
    "K = S + u v^T": S + np.outer(u, v),
    "L = tr(S)": np.trace(S),
    r"L = \operatorname{tr}(A C^T)": np.trace(A @ C.T),
    "L = Tr(S T) + trace(S^T T)": np.trace(S @ T) + np.trace(S.T @ T),
    "L = tr S + 1": np.trace(S) + 1,
    "L = tr(u^T S u)": u @ S @ u,
    "D = diag(u)": np.diag(u),
    "d = diag(S)": np.diag(S),
    "D = diag(diag(S)) - S": np.diag(np.diag(S)) - S,
    "K = diag(u) A": np.diag(u) @ A,
    "y = A 1": A @ one4,
    r"y = (A + C) \mathbf{1}": (A + C) @ one4,
    "L = 1^T A 1": A.sum(),
    r"L = \mathbf{1}^\top A \mathbf{1}": A.sum(),
    "K = A + 1 x^T": A + x,
    "K = A + u 1^T": A + u[:, None],
    "z = 2 (diag((S + S^T) 1) - (S + S^T)) u": 2 * (np.diag((S + S.T) @ one3) - (S + S.T)) @ u,
    r"D = (A \odot A)^T J + J^T (A \odot A) - 2 A^T A": ((A[:, :, None] - A[:, None, :]) ** 2).sum(0),
    "K = A A^T + t I": A @ A.T + 2 * I3,
    r"L = \|A^T A - I\|_F^2": ((A.T @ A - np.eye(4)) ** 2).sum(),
    r"L = \|A - C\|_F^2": ((A - C) ** 2).sum(),
    r"L = \|A x - u\|^2 + t \|x\|^2": ((A @ x - u) ** 2).sum() + 2 * (x**2).sum(),
    r"L = 1/2 (u - A x)^T (u - A x)": ((u - A @ x) ** 2).sum() / 2,
    "L = <A, C>": (A * C).sum(),
    "L = A : C": (A * C).sum(),
    "L = 2 A : C + 1": 2 * (A * C).sum() + 1,
    "K = exp(A C^T)": np.exp(A @ C.T),
    "K = S^2": None,  # a number
    "K = S^2 T": None,
    "L = tr(S^2)": np.trace(S @ S),
    "L = u^T S^3 v": u @ S @ S @ S @ v,
    "L = tr((S + T)^2)": np.trace((S + T) @ (S + T)),
    "K = S^{-1} T": inv(S) @ T,
    "K = inv(S) T": inv(S) @ T,
    "K = S^{-T} T": inv(S).T @ T,
    "K = (S^T)^{-1} T": inv(S).T @ T,
    "K = (S T)^{-1}": inv(S @ T),
    "L = tr(S^{-2})": np.trace(inv(S) @ inv(S)),
    "K_ij = (S^{-1})_ij": inv(S),
    "K_ij = (S T)^{-1}_{ij}": inv(S @ T),
    "L = sum_ij u_i inv(S)_ij v_j": u @ inv(S) @ v,
    "L = det(S T)": det(S) * det(T),
    "L = det S": det(S),
    r"L = \log\det P": np.log(det(P)),
    "L = log(det(P)) + logdet(P)": 2 * np.log(det(P)),
    r"L = \log\det P + \operatorname{tr}(P^{-1} S)": np.log(det(P)) + np.trace(inv(P) @ S),
    "x = (A^T A + t I)^{-1} A^T u": inv(A.T @ A + 2 * np.eye(4)) @ A.T @ u,
    "L = (u - v)^T P^{-1} (u - v)": (u - v) @ inv(P) @ (u - v),
    "K_ij = exp(-|A_i - A_j|^2)\nL = u^T inv(K) u + log det K": u @ inv(KERNEL) @ u + np.log(det(KERNEL)),
    "K = A A^T\nL = tr(K) + u^T K u": np.trace(A @ A.T) + u @ A @ A.T @ u,
    "L = u^T K u, where K = A A^T": u @ A @ A.T @ u,
    "L_i = (A x)_i sum_j S_ij": A @ x * S.sum(1),
    "Q_ij = S_ij + S^T_ij": S + S.T,
    "D_ij = |S A_i - S C_j|^2": None,  # extents: S has 3 columns, A_i 4 elements
    "D_ij = |M A_i - M C_j|^2": ((A @ B - (C @ B)[:, None]) ** 2).sum(-1).T,
    "tensor J[n,d]\nL = tr(J^T J)": np.trace(C.T @ C),
    "tensor T[n,n], S[n,n]\nK = S^T T + T^T S": S.T @ T + T.T @ S,
    "tensor S[n,n]\nK = S^2": S @ S,
    "tensor A[n,d]\nK = A^2": A**2,
    "tensor S[n,n]\nK = S^{-1}": inv(S),
    "given A in R^{n x d}, x in R^d\ny = A x": A @ x,
    "L = sum_k u_k (S e_k)_k": None,
    "tensor S[n,n], u[n]\nG_k = u^T S e_k": u @ S,
    "tensor S[n,n]\nG_kl = tr(S^T E_kl)": S,
    "tensor A[n,d]\nK = A^T 1_n 1_n^T A": A.T @ np.ones((3, 3)) @ A,
    "tensor A[n,d]\nK = A^T (I_n - 1/n J_n) A": A.T @ (I3 - np.ones((3, 3)) / 3) @ A,
    "K = A C^T = (C A^T)^T": A @ C.T,
}
ARRAYS: dict[str, Any] = {
    "A": A,
    "B": B,
    "C": C,
    "S": S,
    "T": T,
    "P": P,
    "M": B.T,
    "J": C,
    "u": u,
    "v": v,
    "x": x,
    "w": w,
    "t": 2.0,
}
READ = {text: expected for text, expected in MEANINGS.items() if expected is not None}


@pytest.mark.parametrize("text", READ, ids=range(len(READ)))
def test_a_matrix_statement_is_what_numpy_says(text: str) -> None:
    definition = td.define(text)
    arrays = {tensor.name: ARRAYS[tensor.name] for tensor in definition.inputs}
    found = definition.evaluate(**arrays)
    assert found.shape == np.shape(READ[text])
    np.testing.assert_allclose(found, READ[text], rtol=1e-10, atol=1e-12)


def test_the_table_is_long() -> None:
    assert len(READ) >= 40


NUMBERS = [
    *("K = -A", "K = S^2", "K = C x^2 + B x", "L = a x^2 + b", "F = m a", "y = A * B", "L = C log(x)", "L = 1/(N M) sum_ij X_ij"),
    *("L = T exp(-x / T)", "L = a b + c", "L = 2 A + 3"),
]


@pytest.mark.parametrize("text", NUMBERS)
def test_plain_formulas_stay_numbers(text: str) -> None:
    program = read(text)
    assert program.output.tensor.order == 0
    assert all(item.tensor.order == 0 for item in program.inputs if item.tensor.name != "X")
    assert not any("matrix" in note for note in program.notes)


AB = "tensor A[n,d], B[m,d]\n"
SQUARE = "tensor A[n,n], x[n]\n"
MISTAKES = [
    (AB + "K = A B", errors.ExtentMismatch, 2, 7, "A B: A has d columns, B has m rows", "transpose"),
    ("tensor A[3,4], B[3,4]\nK = A B", errors.ExtentMismatch, 2, 7, "A B: A has 4 columns, B has 3 rows", "transpose"),
    ("tensor A[n,d], x[n]\ny = A x", errors.ExtentMismatch, 2, 7, "A x: A has d columns, x has n elements", "transpose"),
    ("tensor A[n,d], x[d]\ny = x^T A", errors.ExtentMismatch, 2, 9, "x^T A: x^T has d elements, A has n rows", "transpose"),
    (AB + "K = A + B", errors.ExtentMismatch, 2, None, "axis 1 of A has extent n", "equal"),
    (AB + "L = tr(A)", errors.ExtentMismatch, 2, 5, "tr needs a square matrix: A has n rows and d columns", "equal"),
    (AB + "L = logdet(A)", errors.ExtentMismatch, 2, 5, "logdet needs a square matrix", "equal"),
    (AB + "K = A^{-1}", errors.ExtentMismatch, 2, 5, "inv needs a square matrix", "equal"),
    (SQUARE + "y = x A", errors.IndexProblem, 2, 7, "a column vector stands before a matrix", "x^T A"),
    (SQUARE + "y = A x^T", errors.IndexProblem, 2, 7, "a matrix stands before a row vector", "transpose"),
    (SQUARE + "y = A + x", errors.IndexProblem, 2, None, "an array with", "indices"),
    (SQUARE + "y = x + x^T", errors.IndexProblem, 2, 5, "a row is added to a column", "transpose"),
    (SQUARE + "y = A * A", errors.IndexProblem, 2, 9, "A * B can be the matrix product or elementwise", r"\odot"),
    (SQUARE + "L = det(x)", errors.IndexProblem, 2, 9, "det needs a matrix, not a column vector", "declare"),
    (SQUARE + "L = log |A|", errors.IndexProblem, 2, 9, "its determinant or its norm", "logdet(A)"),
    (SQUARE + "K = A^{1/2}", errors.IndexProblem, 2, 5, "this power of A is not read", "sqrt(A)"),
    (SQUARE + "K = A^{20}", errors.SyntaxProblem, 2, 5, "the power 20 of a matrix", "smaller"),
    (SQUARE + "L = sum(A^2)", errors.IndexProblem, 2, 9, "can be the matrix product or elementwise", r"A \odot A"),
    (SQUARE + "D_ij = A A", errors.IndexProblem, 2, 8, "a matrix stands where a number is needed", ""),
    (SQUARE + "L = (x)_ij", errors.IndexProblem, 2, 5, "a vector has one index, 2 are written", ""),
    (SQUARE + "L_i = x^T (A + x_i I)^{-1} x", errors.IndexProblem, 2, 12, "depends on the index i", ""),
    ("tensor T[n,n,n], A[n,n]\nK = T A", errors.IndexProblem, 2, 7, "at most two axes", "T_ijk"),
    ("L = A^{-1}", errors.IndexProblem, 1, 5, "A^-1 can be the inverse of a matrix or 1/A", "tensor A[n,n] or scalar A"),
    ("L = sum_ij A^{-1}_{ij}", errors.SyntaxProblem, 1, 12, "an entry of the inverse or 1/A_ij", "(A^(-1))_ij"),
    ("D_ij = A^T B", errors.IndexProblem, 1, 8, "a matrix stands where a number is needed", "D = ..."),
    ("L = 3 A B + 1", errors.IndexProblem, 1, 9, "B can be a matrix or a number", "tensor B[n,d] or scalar B"),
    ("L = x^T A x^T", errors.IndexProblem, 1, None, "", "declare"),
    ("L = diag(A, B)", errors.SyntaxProblem, 1, 5, "diag takes 1 argument", ""),
    ("K = kron(A, B)", errors.SyntaxProblem, 1, 5, "kron(...) is not read", "indices"),
    (r"K = A \otimes B", errors.SyntaxProblem, 1, 7, r"the product \otimes is not read", "indices"),
    ("L = tr A B", errors.SyntaxProblem, 1, 8, "how far this function reaches", "parentheses"),
    (r"L = \begin{pmatrix} 1 \end{pmatrix} x", errors.SyntaxProblem, 1, 5, "the environment pmatrix", "declare"),
    ("L = 1^T 1", errors.IndexProblem, 1, None, "the extent of", "I_n"),
    ("L = a @ b", errors.SyntaxProblem, 1, 7, "'@' is not of the language", "A B"),
]


@pytest.mark.parametrize(
    ("text", "kind", "line", "column", "message", "hint"), MISTAKES, ids=[str(number) for number in range(len(MISTAKES))]
)
def test_a_mistake_is_named(text: str, kind: type, line: int, column: int | None, message: str, hint: str) -> None:
    with pytest.raises(kind) as caught:
        read(text)
    error = caught.value
    assert error.place is not None
    assert error.place.line == line
    assert column is None or error.place.column == column
    assert message in error.message
    assert hint in (error.hint or "")
    assert "\n" not in str(error)


NOTES = {
    "D = A B": {"A is read as a matrix n x d", "B is read as a matrix d x d1", "D is a matrix: D_ij"},
    "y = A x": {"A is read as a matrix n x d", "x is read as a vector: x has 1 index", "y is a vector: y_i"},
    "L = tr(A^2)": {
        "A is read as a matrix n x n",
        r"A^2 is read as the matrix product A A; write A \odot A for the squares",
    },
    "K = exp(A B)": {"exp of a matrix is taken elementwise"},
    "K = X X^T + t I": {"I is read as the identity matrix; declare tensor I[n,d] for a matrix of your own"},
    "L = t x^T x": {"t is read as a number"},
    "L = tr(X^T X J)": {"J is read as the all-ones matrix; declare tensor J[n,d] for a matrix of your own"},
    "y = A 1": None,
    "L = 1^T A 1": {"1 beside a matrix or a vector is read as the vector of ones"},
    "tensor A[n,d]\nL = sum(A^2)": {"A^2 is taken elementwise, since the matrix is not square"},
    "K = A' B": {"A' is a name of its own; the transpose is A^T"},
    "tensor A[n,n]\nK = A + t": {
        "a number added to a matrix is added to each of its elements; write t I for a multiple of the identity"
    },
    "tensor A[n,n]\nG_kl = tr(A E_kl)": {"E with two indices is read as the matrix with a single 1 there"},
    "L(X, Y) = tr(X^T Y)": {"L(X, Y) is read as L, which depends on X, Y"},
}


@pytest.mark.parametrize("text", [text for text, notes in NOTES.items() if notes])
def test_the_reading_is_noted(text: str) -> None:
    assert NOTES[text] <= set(read(text).notes)


def test_index_notation_gets_no_notes_about_matrices() -> None:
    for text in ("D_ij = sum_p (X_ip - X_jp)^2", "L = sum_ij E_ij e_i", "L = sum_ij J_ij I_ij", "f = sum_{i: i > n} x_i"):
        assert not read(text).notes


def test_computed_matrices_are_named_once() -> None:
    program = read("L = y^T (X X^T + s I)^{-1} y + logdet(X X^T + s I)")
    assert [statement.tensor.name for statement in program.statements] == ["A1", "L"]
    taken = read("L = tr((A1 A2)^{-1} B)")
    assert [statement.tensor.name for statement in taken.statements] == ["A3", "L"]


SEED = r"D = (X \odot X)^T J + J^T (X \odot X) - 2 X^T X"


def test_the_derivative_of_a_matrix_statement_is_that_of_its_indices() -> None:
    matrix, indices = td.define(SEED), td.define("D_ij = sum_p (X_pi - X_pj)^2")
    one, two = matrix.derive("X_kl").result.expr, indices.derive("X_kl").result.expr
    assert equal(one, two)
    text = r"2(X \odot E_kl)^T J + 2 J^T (X \odot E_kl) - 2 E_lk X - 2 X^T E_kl"
    free = [*(Index(letter, "d") for letter in "ij"), Index("k", "n"), Index("l", "d")]
    statements, read_back = read_expression(text, indices.program, free)
    assert not statements
    assert equal(read_back, two)
    assert not equal(read_expression(text.replace("- 2 E_lk X", "- E_lk X"), indices.program, free)[1], two)


def test_the_gradient_of_row_distances_in_matrix_form() -> None:
    program = td.define("tensor X[n,d], G[n,n]\nL = sum_ij G_ij |X_i - X_j|^2").program
    text = "2 (diag((G + G^T) 1) - (G + G^T)) X"
    _, expr = read_expression(text, program, [Index("k", "n"), Index("l", "d")])
    derived = td.define("tensor X[n,d], G[n,n]\nL = sum_ij G_ij |X_i - X_j|^2").derive("X_kl").result.expr
    assert equal(expr, derived)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        (r"\frac{\partial D_{ij}}{\partial X_{kl}}", "diff(D_ij, X_kl)"),
        (r"\frac{\partial}{\partial X_{kl}} \left( X_{ip} - 1 \right)", "diff(X_ip - 1, X_kl)"),
        (r"\frac{\partial}{\partial X_{kl}} \sum_p X_{ip} 2", "diff(sum_p X_ip 2, X_kl)"),
        (r"\frac{\partial^{2} D_{ij}}{\partial X_{kl} \partial X_{mq}}", "diff(diff(D_ij, X_kl), X_mq)"),
        (r"\frac{\partial^2}{\partial X_{kl} \partial X_{mq}} (D_{ij})", "diff(diff(D_ij, X_kl), X_mq)"),
        (r"2 \frac{\partial D_{ij}}{\partial X_{kl}} D_{ij}", "2 diff(D_ij, X_kl) D_ij"),
        (r"\frac{\partial}{\partial X_{kl}} \frac{\partial}{\partial X_{mq}} D_{ij}", "diff(diff(D_ij, X_mq), X_kl)"),
    ],
)
def test_derivative_signs_are_read(text: str, plain: str) -> None:
    program = read("D_ij = sum_p (X_ip - X_jp)^2")
    assert read_expression(text, program) == read_expression(plain, program)


@pytest.mark.parametrize(
    "text",
    [
        r"\[ D_{ij} = \sum_p (X_{ip} - X_{jp})^2 \]",
        r"\( D_{ij} = \sum_p (X_{ip} - X_{jp})^2 \)",
        "$$\nD_{ij} = \\sum_p (X_{ip} - X_{jp})^2\n$$",
        "\\begin{align*}\nD_{ij} &= \\sum_p (X_{ip} - X_{jp})^2\n\\end{align*}",
        "\\begin{equation}\\label{eq:d}\nD_{ij} = \\sum_p (X_{ip} - X_{jp})^2.\n\\end{equation}",
        "\\[\\begin{aligned} D_{ij} &= \\sum_p (X_{ip} - X_{jp})^2 \\end{aligned}\\]",
    ],
)
def test_displayed_formulas_are_read(text: str) -> None:
    plain = read("D_ij = sum_p (X_ip - X_jp)^2")
    assert read(text).statements == plain.statements


def test_many_names_are_settled_quickly() -> None:
    terms = " + ".join(f"{a} {b} {c}" for a, b, c in zip("ABCDEFG", "HKSMNPQ", "uvwxyzs", strict=True))
    program = read(f"L = {terms} + R^T r")
    assert program.output.tensor.order == 1
    assert len(program.inputs) == 23


def test_evaluation_of_a_pair_function_with_a_matrix() -> None:
    program = read("D(x, y) = (x - y)^T M (x - y)")
    found = evaluate_program(program, {"X": u[None], "Y": v[None], "M": S})
    np.testing.assert_allclose(found, [[(u - v) @ S @ (u - v)]])
