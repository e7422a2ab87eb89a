"""Each mistake has its own error, at its place, with a remedy."""

from __future__ import annotations

import time

import pytest

from tensorderiv import errors
from tensorderiv.language import read

MISTAKES = [
    # text, error, line, column, words of the message, words of the hint
    ("D_ij = X_ip + Y_j", errors.IndexProblem, 1, 11, "the index p stands on the right only", "sum_p"),
    ("D_ij = X_i", errors.IndexProblem, 1, 4, "the index j stands on the left only", "1_j"),
    ("D_i = 3", errors.IndexProblem, 1, 3, "the index i stands on the left only", "1_i"),
    ("D_ij = sum_p sum_p X_ip X_jp", errors.IndexProblem, 1, 18, "the index p is bound already", "another letter"),
    ("D_ij = sum_i X_ij", errors.IndexProblem, 1, 12, "the index i is bound already", "another letter"),
    ("D_ii = X_i", errors.IndexProblem, 1, 4, "stands twice on the left-hand side", "two letters"),
    ("D_i = x_i + i_j", errors.IndexProblem, 1, 13, "i is an index here", "rename"),
    ("tensor X[n,d]\nL = sum_ijk X_ijk", errors.IndexProblem, 2, 13, "X has 2 indices, 3 are written", "as many"),
    ("scalar t\nL = sum_i t_i", errors.IndexProblem, 2, 11, "t is a number", "declare"),
    ("tensor X[n,d]\nD_ij = X_i - X_j", errors.IndexProblem, 2, 8, "a vector stands where a number", "norm"),
    ("D_ij = sum_p X_ip Y_jp + X_i", errors.IndexProblem, 1, 26, "a vector stands where a number", "norm"),
    ("tensor X[n,d], Y[m,d]\nD_ij = X_i Y_j", errors.IndexProblem, 2, 12, "two vectors stand side by side", "dot product"),
    ("L = sum_i x_{i+1}", errors.IndexProblem, 1, 14, "an index is a letter", "shifted"),
    ("D_ij = delta_ij", errors.IndexProblem, 1, 8, "the extent of the index i is not known", "bounds"),
    ("max = 3", errors.NameProblem, 1, 1, "max is a word of the language", ""),
    ("P_i = softmax_j(S_ij)", errors.IndexProblem, 1, 15, "leaves j free", "left-hand side"),
    ("tensor x[3]\nL = x[5]", errors.IndexProblem, 2, 7, "element 5 of an axis with 3", "0 to 2"),
    (
        "tensor X[n,d], Y[m,e]\nD_ij = sum_p X_ip Y_jp",
        errors.ExtentMismatch,
        2,
        22,
        "axis 2 of X has extent d, but axis 2 of Y has extent e",
        "equal",
    ),
    ("tensor X[n,d]\nL = sum_i X_ii", errors.ExtentMismatch, 2, 14, "has extent n", "different indices"),
    ("tensor X[n,d], Y[m,d]\nL = |X - Y|", errors.ExtentMismatch, 2, None, "has extent n", ""),
    ("tensor X[n,d], w[n]\nD_i = X_i . w", errors.ExtentMismatch, 2, None, "has extent d", ""),
    ("D_ij = foo(X_i - X_j)", errors.NameProblem, 1, 8, "the function foo is not known", ""),
    ("D_i = sqr(x_i)", errors.NameProblem, 1, 7, "the function sqr is not known", "did you mean sqrt?"),
    ("N_i = M_i\nM_i = sum_p X_ip", errors.NameProblem, 1, 7, "M is used before it is defined", "where"),
    ("N_i = N_i + 1", errors.NameProblem, 1, 7, "N is used in its own definition", "another name"),
    ("N_i = x_i\nN_i = y_i", errors.NameProblem, 2, 1, "N is defined twice", ""),
    ("tensor X[n,d]\nX_ij = Y_ij", errors.NameProblem, 2, 1, "X is declared already", ""),
    ("tensor X[n,d], X[m,d]\nL = sum_ip X_ip", errors.NameProblem, 1, 16, "X is declared twice", ""),
    ("f(u) = f(u) + 1\nL = sum_i f(x_i)", errors.NameProblem, 1, 8, "calls itself", ""),
    ("exp(x) = |x|", errors.NameProblem, 1, 1, "exp is a function of the language", ""),
    ("tensor w[n]\nL = sum_i X[w[i], i]", errors.DomainProblem, 2, 13, "w is not an integer", "labels w"),
    ("D_ij = |X_i - X_j|^2 = sum_p (X_ip + X_jp)^2", errors.ChainProblem, 1, 24, "not equal to the one before it", "domain"),
    ("D_ij = sum_p (X_ip - X_jp^2", errors.SyntaxProblem, 1, 14, "this ( is never closed", "close it"),
    ("L = sum_i (x_i))", errors.SyntaxProblem, 1, 16, "this ) closes nothing", ""),
    ("L = {x_0", errors.SyntaxProblem, 1, 5, "this { is never closed", ""),
    ("L = \\frac{1}{2", errors.SyntaxProblem, 1, 13, "this { is never closed", "add }"),
    ("L = sum_{i x_i", errors.SyntaxProblem, 1, 9, "this { is never closed", "add }"),
    ("L = sum_i |x_i - y_i", errors.SyntaxProblem, 1, 11, "this | is never closed", ""),
    ("X_ip + Y_j", errors.SyntaxProblem, 1, 1, "a statement needs `=`", ""),
    ("L = x_0 < 3", errors.SyntaxProblem, 1, 5, "a condition stands where a number is needed", "[condition]"),
    ("L = sum_i if(x_i, 1, 2)", errors.SyntaxProblem, 1, 14, "a condition is needed here", "compare"),
    ("L = exp(1, 2)", errors.SyntaxProblem, 1, 5, "exp takes 1 argument, 2 given", ""),
    ("L = sum_i x_i * / 2", errors.SyntaxProblem, 1, 17, "'/' cannot stand here", "operand"),
    ("L = sum_i x_i =", errors.SyntaxProblem, 1, 15, "an expression is missing", ""),
    ("L = \\foo{x}", errors.SyntaxProblem, 1, 5, "\\foo is not of the language", ""),
    ("L = \\alhpa", errors.SyntaxProblem, 1, 5, "\\alhpa is not of the language", "did you mean \\alpha?"),
    ("L = a @ b", errors.SyntaxProblem, 1, 7, "'@' is not of the language", ""),
    ("D_ij = A^T B", errors.IndexProblem, 1, 8, "a matrix stands where a number is needed", "(...)_ij"),
    ("D = A B + 3", errors.IndexProblem, 1, 7, "B can be a matrix or a number", "tensor B[n,d] or scalar B"),
    ("L = tr(a)", errors.IndexProblem, 1, 8, "tr needs a matrix, not a number", "declare"),
    ("L = A \\otimes B", errors.SyntaxProblem, 1, 7, "the product \\otimes is not read", "indices"),
    ("L = exp()", errors.SyntaxProblem, 1, 5, "the function exp has no argument", "exp(x)"),
    ("L = sum_i=1^n x_i", errors.SyntaxProblem, 1, 5, "the bounds of this sum need braces", "sum_{i=1}^{n}"),
    ("D_p = sum_p X_ip", errors.IndexProblem, 1, 11, "the index p is bound already", "stands on the left-hand side"),
    ("D_ij = __import__('os')", errors.SyntaxProblem, 1, 9, "a subscript cannot start with '_'", ""),
    ("", errors.SyntaxProblem, 1, 1, "the text defines nothing", ""),
    ("# nothing\n", errors.SyntaxProblem, 1, 1, "the text defines nothing", ""),
    ("tensor P[n,d] in simplx\nL = sum_ip P_ip", errors.SyntaxProblem, 1, 18, "simplx is not known", "did you mean simplex?"),
    ("tensor P[n,d] > a\nL = sum_ip P_ip", errors.SyntaxProblem, 1, 17, "a is not a number", ""),
    ("scalar t > 0 default -1\nL = t", errors.SyntaxProblem, 1, 8, "lies outside its domain", ""),
    ("tensor M[n,d] spd\nL = sum_ij M_ij", errors.SyntaxProblem, 1, 8, "M is not square", ""),
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
    assert error.excerpt().count("\n") == 1 or not text


HOSTILE = {
    "a long line": "L = " + "x_i + " * 3000 + "1",
    "deep parentheses": "L = " + "(" * 300 + "x" + ")" * 300,
    "unclosed": "L = " + "(" * 90,
    "many signs": "L = " + "-" * 4000 + "x",
    "many sums": "L = " + "sum_i " * 800 + "x",
    "a tower of powers": "L = " + "2^" * 2000 + "2",
    "a tower of e": "L = " + "e^" * 1500 + "x",
    "functions in a row": "L = " + "log " * 1000 + "x",
    "bars": "L = " + "|" * 1000 + "x" + "|" * 1000,
    "angles": "L = " + "<x," * 1000,
    "comparisons": "L = " + "x<" * 2000 + "x",
    "fractions": "L = " + "\\frac" * 600,
    "roots": "L = " + "\\sqrt" * 600,
    "subscripts": "L = " + "x_" * 1000 + "i",
    "nots": "L = " + "not " * 900 + "x",
    "NUL": "L = \0",
    "a lone backslash": "L = \\",
    "only operators": "L = + * ^ _ / ( ) [ ]",
    "where alone": "where",
    "an email": "L = a@b.c; import os",
    "braces": "}{" * 50,
    "dunder": "L = ().__class__.__bases__[0].__subclasses__()",
    "a lambda": "L = (lambda: 1)()",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_refused_quickly(name: str) -> None:
    start = time.perf_counter()
    with pytest.raises(errors.TensorDerivError):
        read(HOSTILE[name])
    assert time.perf_counter() - start < 5
