r"""Derivations in the notations people use: each is right as it stands, and wrong with one slip in its last line."""

from __future__ import annotations

from typing import Any

import pytest

from tensorderiv.checker.case import Case
from tensorderiv.checker.judge import Report, judge

SQUARE = {"name": "A", "shape": ["n", "n"]}
BASE: dict[str, Any] = {"indices": {"i": "n", "j": "n", "k": "n"}, "product": "matrix"}


def vector(*names: str, **given: Any) -> list[dict[str, Any]]:
    return [{"name": name, "shape": ["n"], **given} for name in names]


def number(*names: str, **given: Any) -> list[dict[str, Any]]:
    return [{"name": name, "shape": [], **given} for name in names]


def judged(given: dict[str, Any], *lines: str) -> Report:
    return judge(Case.from_json({**BASE, **given, "lines": list(lines)}))


# id, declarations, lines, the last line with a slip
CHAINS: list[tuple[str, dict[str, Any], list[str], str]] = [
    (
        "functions of one name told apart by their arguments",
        {
            "symbols": vector("p", "q", assume=["simplex"]),
            "definitions": [r"H(p) = -\sum_i p_i \log p_i", r"H(p, q) = -\sum_i p_i \log q_i"],
        },
        [r"\sum_i p_i \log p_i - \sum_i p_i \log q_i", "H(p, q) - H(p)"],
        "H(p) - H(p, q)",
    ),
    (
        "a function with arguments and an index",
        {"symbols": vector("z"), "definitions": [r"S(z)_i = \frac{e^{z_i}}{\sum_k e^{z_k}}"], "wrt": "z_j"},
        [r"\frac{\partial S(z)_i}{\partial z_j}", r"S(z)_i(\delta_{ij} - S(z)_j)"],
        r"S(z)_i(\delta_{ij} - S(z)_i)",
    ),
    (
        "a product that ends before a sum",
        {"symbols": vector("x"), "wrt": "x_k", "product": "scalar"},
        [r"\frac{\partial}{\partial x_k}\prod_{i<j}(x_j-x_i)", r"\prod_{i<j}(x_j-x_i)\sum_{j\ne k}\frac{1}{x_k-x_j}"],
        r"\prod_{i<j}(x_j-x_i)\sum_{j\ne k}\frac{1}{x_j-x_k}",
    ),
    (
        "an operator with its point before the operand",
        {"symbols": [SQUARE, {**SQUARE, "name": "B"}, *number("t")], "wrt": "t"},
        [r"\frac{d}{dt}\bigg|_{t=0} (A+tB)^{-1}", r"\left.\frac{d}{dt}\right|_{t=0}(A+tB)^{-1}", "-A^{-1}BA^{-1}"],
        "-A^{-2}B",
    ),
    (
        "a bar that reaches over the whole line",
        {"symbols": number("x", "y"), "definitions": ["f = x^2y+x^3"], "wrt": "x"},
        [r"\left[\frac{\partial f}{\partial x}\right]_{x=1}", r"2xy+3x^2\big|_{x=1}", "2y+3"],
        "y+3",
    ),
    (
        "the value of a gradient at a vector",
        {
            "symbols": vector("x", "y", assume=["positive"]),
            "definitions": [r"f(x) = \sum_i x_i\log x_i"],
        },
        [r"f(x)-f(y)-\nabla f(y)^T(x-y)", r"\sum_i\left(x_i\log\frac{x_i}{y_i}-x_i+y_i\right)"],
        r"\sum_i x_i\log\frac{x_i}{y_i}",
    ),
    (
        "a gradient before a sign",
        {"symbols": vector("x"), "definitions": ["f = x^Tx"], "wrt": "x", "layout": "differential"},
        ["df", r"\nabla f\cdot dx", "2x^Tdx"],
        "x^Tdx",
    ),
    (
        "gradient and second derivatives along a line",
        {"symbols": [*vector("x", "v"), *number("t"), SQUARE], "definitions": ["f(x) = x^TAx"], "wrt": "t"},
        [r"\frac{d^2}{dt^2}f(x+tv)\Big|_{t=0}", r"v^T\nabla^2f(x)v", "v^T(A+A^T)v"],
        "v^TAv",
    ),
    (
        "the matrix of second derivatives",
        {
            "symbols": [*vector("x"), {"name": r"\mathbf 1", "shape": ["n"], "value": "ones"}],
            "definitions": [r"f(x) = \log\sum_{k=1}^n \exp x_k", r"z = \exp(x)"],
            "wrt": "x",
        },
        [r"\nabla^2 f(x)", r"\frac{1}{(\mathbf 1^Tz)^2}\left((\mathbf 1^Tz)\operatorname{diag}(z)-zz^T\right)"],
        r"\frac{1}{\mathbf 1^Tz}\left((\mathbf 1^Tz)\operatorname{diag}(z)-zz^T\right)",
    ),
    (
        "the trace of the second derivatives",
        {"symbols": vector("x"), "wrt": "x", "product": "scalar"},
        [r"\nabla^2\|x\|^2", "2n"],
        "2",
    ),
    (
        "an angle defined by its cosine",
        {"symbols": vector("a", "b"), "definitions": [r"\cos\theta = \frac{a\cdot b}{\|a\|\|b\|}"]},
        [r"\|a-b\|^2", r"\|a\|^2+\|b\|^2-2\|a\|\|b\|\cos\theta"],
        r"\|a\|^2+\|b\|^2-\|a\|\|b\|\cos\theta",
    ),
    (
        "terms with dots between them",
        {"symbols": vector("a", "b"), "product": "scalar"},
        [r"a_1\cdot b_1+...+a_n\cdot b_n", r"a_1b_1+a_2b_2+\dots+a_nb_n", r"\sum_i a_ib_i"],
        r"\sum_i a_i^2",
    ),
    (
        "the square of a vector",
        {"symbols": vector("a", "b"), "definitions": [r"c = \frac{a\cdot b}{\sqrt{a^2\cdot b^2}}"], "wrt": "a_1"},
        [r"\frac{\partial c}{\partial a_1}", r"\frac{b_1}{|a||b|}-c\frac{a_1}{|a|^2}"],
        r"\frac{b_1}{|a||b|}-c\frac{a_1}{|a|}",
    ),
    (
        "the last component",
        {"symbols": vector("x")},
        [r"\sum_{i=2}^{n}(x_i-x_{i-1})", "x_n-x_1"],
        "x_n",
    ),
    (
        "a sign with its condition set below it",
        {"symbols": vector("x")},
        [r"\sum_ix_i - x_j", r"\underset{i\ne j}{\sum}x_i"],
        r"\underset{i\le j}{\sum}x_i",
    ),
    (
        "quotients by entries",
        {
            "symbols": [{**SQUARE, "name": "X", "assume": ["positive"]}, {**SQUARE, "name": "J", "value": "ones"}],
            "wrt": "X",
            "layout": "differential",
        },
        [r"d\left(J:\log(X)\right)", r"J:(dX\oslash X)", r"(J\oslash X):dX"],
        r"(J\odot X):dX",
    ),
    (
        "cross products",
        {"symbols": [{"name": name, "shape": [3]} for name in "abc"]},
        [r"a\times(b\times c)", r"b\,(a\cdot c)-c\,(a\cdot b)"],
        r"c\,(a\cdot b)-b\,(a\cdot c)",
    ),
    (
        "a root of a diagonal matrix",
        {
            "symbols": [{**SQUARE, "name": "I", "value": "identity"}, *vector(r"\lambda", assume=["positive"])],
            "definitions": [r"\Lambda = \operatorname{diag}(\lambda)"],
        },
        [r"\Lambda^{-1/2}\Lambda\Lambda^{-1/2}", "I"],
        r"\Lambda",
    ),
    (
        "the adjugate",
        {"symbols": [SQUARE, *number("t"), {**SQUARE, "name": "B"}], "wrt": "t"},
        [r"\frac{d}{dt}\det(A+tB)\Big|_{t=0}", r"\operatorname{tr}(\operatorname{adj}(A)B)"],
        r"\operatorname{tr}(A^{-1}B)",
    ),
    (
        "a reading that is defined nowhere says nothing",
        {"symbols": vector("p", assume=["simplex"]), "definitions": [r"H(p) = -\sum_i p_i\log_2p_i"]},
        ["H(p)", r"-\frac{1}{\ln2}\sum_ip_i\ln p_i"],
        r"-\ln2\sum_ip_i\ln p_i",
    ),
]


@pytest.mark.parametrize(("given", "lines", "slip"), [chain[1:] for chain in CHAINS], ids=[chain[0] for chain in CHAINS])
def test_right_as_it_stands_and_wrong_with_a_slip(given: dict[str, Any], lines: list[str], slip: str) -> None:
    right = judged(given, *lines)
    assert (right.verdict, right.problem) == ("right", None)
    wrong = judged(given, *lines[:-1], slip)
    assert (wrong.verdict, wrong.first_wrong_line) == ("wrong", len(lines) - 1)


def test_a_nabla_by_one_of_several_numbers_is_not_guessed() -> None:
    given = {"symbols": number("x", "y"), "definitions": ["u = x^2+y^2"], "wrt": "x"}
    for line in (r"\nabla u", r"\nabla^2 u"):
        report = judged(given, line, "4")
        assert report.verdict == "unreadable"
        assert "may be one of several" in str(report.problem)
