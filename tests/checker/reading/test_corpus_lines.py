r"""The lines of the corpus: all are read, and these as a careful reader reads them."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

import pytest

from tensorderiv.checker.case import Case
from tensorderiv.checker.reading import read_definitions, read_equation, read_line
from tests.support.shown import shown

CORPUS = Path(__file__).parents[1] / "corpus" / "dev.json"
SEVERAL = 2
"""Most lines have one reading; these are the most that a line of the corpus has."""

LINES = [
    ("s1", 1, "(* 2 (sum d: (* [(+ X_[i d] -X_[j d])] [(+ (D X_[k l]: X_[i d]) -(D X_[k l]: X_[j d]))])))"),
    ("s1", 3, "(* 2 (sum d: (* [(+ X_[i d] -X_[j d])] [(+ (delta i k) -(delta j k))] (delta d l))))"),
    ("s2", 1, r"(* \bar{e}_[i]' [(D X_[k l]: D)] \bar{e}_[j])"),
    ("r02", 2, "(+ (* 2 C X' (d X) C) (* 2 C (d X') X C))"),
    ("r04", 2, r"(* [(+ (* [(* \mathtt{1}' w)] I) (* w \mathtt{1}'))] (d w))"),
    ("r06", 1, r"-(* G (sum j | j != i from 1 to N: (* ((* m_[i] m_[j]) // ||\mathbf{r}_[j i]||**3) \mathbf{r}_[j i])))"),
    ("r07", 2, "(sum j: (sum k: (* w_[i j] w_[i k] [(+ x_[i] -x_[j])]' [(+ x_[i] -x_[k])])))"),
    ("r19", 2, "((+ (* s**2 I (d f)) -(* f f' (d f))) // s**3)"),
    ("r22", 2, "(* (exp(o_[k]) // (sum j: exp(o_[j]))) ((+ (sum j: exp(o_[j])) -exp(o_[k])) // (sum j: exp(o_[j]))))"),
    ("r34", 3, "log((* exp(a) *[(+ (* 1 /exp(a)) (sum : exp((+ x -a))))]))"),
    ("r39", 0, "(D x_[i]: (sum k from 1: (sum j from 1: (* x_[k] a_[k j] x_[j]))))"),
    ("r39", 1, "(+ (sum k | k != 1: [(* x_[k] a_[k i])]) (sum j | j != 1: [(* a_[i j] x_[i])]) (* 2 a_[i i] x_[i]))"),
    ("r40", 5, "(* [(+ a_[i k] a_[k i])] x_[k])"),
    ("r43", 2, r"[(* \mathbf{x}' [(+ \mathbf{A}' \mathbf{A})])]_[k]"),
    ("r45", 1, "(sum i from 1 to n: (sum j from 1 to n: (D x_[k]: (* x_[i] x_[j]))))"),
    ("r45", 2, "(+ (sum i from 1 to n: x_[i]) (sum j from 1 to n: x_[j]))"),
    ("r49", 2, "(sum i,j: (* 2 J_[i]' a J_[j] J_[i]' J_[j]))"),
    ("r49", 3, "(sum i,j: (* 2 J_[i]' a J_[j] (iverson i = j)))"),
    ("r53", 1, "(+ (* 2 *M) (* m' *I *z))"),
    ("r54", 1, "(+ (D x: [(* x**2 tr((* A' A)))]) -(D x: [(* x tr((* B' A)))]) -(D x: [(* x tr((* A' B)))]))"),
    ("r56", 1, "tr((+ (* [-(* H Y)] [(+ A -(* R Y))]') (* [(+ A -(* R Y))] [-(* H Y)]')))"),
    ("r63", 2, "(frobenius (* 2 X X') [(+ (* X (d X')) (* (d X) X'))])"),
    ("r64", 2, "(frobenius (hadamard (* 2 I) [(* X' X)]) (d [(* X' X)]))"),
    ("r64", 4, r"(frobenius (hadamard (* 2 I) [(* X' X)]) (* 2 \mathrm{sym}((* X' (d X)))))"),
    ("r68", 1, "(D X_[m n]: (sum j,k,l: (* A_[j k] X_[k l] B_[l j])))"),
    ("r68", 4, "[(* B A)]_[n m]"),
    ("r69", 0, "(nabla X: tr((* A X B)))"),
    ("r70", 1, "(+ tr((* A [(+ X (d X))] B)) -tr((* A X B)))"),
    ("r70", 3, "(* B_[k i] A_[i j] (d X_[j k]))"),
    ("r77", 2, "-(* A**-1_[k l] (D A_[i j]: A_[l m]) A**-1_[m n])"),
    ("r78", 2, "(+ (* A**-1_[i p] A**-1_[q k] A**-1_[l j]) (* A**-1_[i k] A**-1_[l p] A**-1_[q j]))"),
    ("r81", 2, "(* [(+ (* x w) -(* y z))] .(1 // (+ (* x w) -(* y z))) [(+ (* w (d x)) -(* y (d z)) -(* z (d y)) (* x (d w)))])"),
    ("r83", 0, "(D a_[i j]: (AB)_[k l])"),
    ("r97", 1, r"(* ((* 2 [(+ N -1)]) // N**2) (sum i: [(+ x_[i] -\mu)]))"),
    ("r98", 0, r"(D x_[i]: (* (1 // N) (sum j: [(+ x_[j] -\mu)]**2)))"),
    ("r98", 2, r"(+ -(* (1 // N**2) (sum j: (* 2 [(+ x_[j] -\mu)]))) (* (1 // N) 2 [(+ x_[i] -\mu)]))"),
    ("r100", 0, r"(D x_[i]: (* (1 // N) (sum j to N: [(+ x_[j] -\mu)]**2)))"),
    ("r108", 0, "(D x^[j] x^[j]: k(x y))"),
    (
        "r108",
        1,
        r"(+ -(* 2 \gamma [(+ x^[j] -y^[j])] (D x^[j]: k(x y))) (* k(x y) (D x^[j]: [-(* 2 \gamma [(+ x^[j] -y^[j])])])))",
    ),
    ("r108", 3, r"(* [(+ (* 4 \gamma**2 [(+ x^[j] -y^[j])]**2) -(* 2 \gamma))] k(\mathbf{x} \mathbf{y}))"),
    ("r110", 1, r"(D x_[i]: k_{\mathrm{SE}}(r = ||(+ x -x')||_2))"),
    ("r110", 2, "-(* ((* 2 r [(+ x_[i] -x'_[i])]) // L**2) exp(-(r**2 // (* 2 L**2))))"),
    ("r114", 2, r"-(* (D x: [(* (1 // 2) d' \mathrm{Cov}**-1 d)]) exp(-e))"),
    ("r127", 0, "(* (delta j 1) (delta j i) (delta 2 i))"),
    ("r129", 0, r"(* (delta k \mu) \varepsilon_[k m n] (delta s s))"),
    ("r140", 1, "(D U_[m n]: (sum i: [(+ M_[m i] -(* U_[m n] V_[i n]))]**2))"),
    ("r140", 4, "(+ -(* 2 [(* M V)]_[m n]) (* 2 U_[m n] ||V_[n]||**2))"),
    ("r143", 1, "(D p_[i]: (sum i from 1 to n: (* p_[i] log((p_[i] // q_[i])))))"),
    ("r146", 2, "(+ (* cos(l_{1}) cos(l_{2})) -(* 2 cos(l_{1}) cos(l_{2}) sin((* dL /2))**2) (* sin(l_{1}) sin(l_{2})))"),
    ("r147", 1, "acosh((+ 1 ((* 2 |(+ x -y)|**2) // (* [(+ 1 -|x|**2)] [(+ 1 -|y|)]**2))))"),
    (
        "a05",
        1,
        r"(D \sigma_{0}: tr((+ (* \sigma_{0}**2 I) (* \sigma_{1}**2 I) -(* 2 [(* \sigma_{0}**2 \sigma_{1}**2 I)]**(* 1 /2)))))",
    ),
    ("a13", 3, "[(+ (* A B) (* B A))]_[n m]"),
    ("v16", 2, "-(sum i: (* y_[i] (D p_[i]: log(p_[i])) (D o_[k]: p_[i])))"),
    ("v92", 0, "(D p_[i]: (sum i from 1 to n: (* p_[i] log_2((p_[i] // q_[i])))))"),
]
DEFINITIONS = [
    ("s2a", 0, r"\hat{E} l,k  \hat{E}_[k l]'"),
    ("r06", 0, r"\mathbf{r} j,i  (+ \mathbf{r}_[i] -\mathbf{r}_[j])"),
    (
        "r06",
        1,
        r"U   (* (1 // 2) G (sum i from 1 to N: (sum j | j != i from 1 to N: ((* m_[i] m_[j]) // ||\mathbf{r}_[j i]||))))",
    ),
    ("r22", 0, "p i  (exp(o_[i]) // (sum j: exp(o_[j])))"),
    ("r43", 2, r"\alpha   (sum i from 0 to (+ n -1): (sum j from 0 to (+ n -1): (* x_[i] a_[i j] x_[j])))"),
    ("r56", 1, "DF_{R}  H (evaluated (D t: F((+ R (* t H)))) t 0)"),
    ("r64", 0, "f   ||(hadamard I [(* X' X)])||_F**2"),
    ("r64", 1, r"\mathrm{sym}  B (* (1 // 2) [(+ B B')])"),
    ("r78", 1, r"\mathbb{A}^{(2)} i,j,k,l,p,q  (D A_[p q]: \mathbb{A}^{(1)}_[i j k l])"),
    ("r81", 0, "X   (matrix x y; z w)"),
    ("r81", 1, "dX   (matrix (d x) (d y); (d z) (d w))"),
    ("r83", 2, "(AB) i,j  (* A_[i j] B_[i j])"),
    ("r108", 2, r"k  x,y exp(-(* \gamma ||(+ x -y)||_2**2))"),
    ("r140", 0, "E  U,V (sum u,i: [(+ M_[u i] -(sum k from 1 to r: (* U_[u k] V_[i k])))]**2)"),
    ("r140", 1, r"V n  (* V \bar{e}_[n])"),
    ("r143", 0, r"D_{\mathrm{KL}}  p,q (sum i from 1 to n: (* p_[i] log((p_[i] // q_[i]))))"),
    ("r147", 2, "d_{H}  x,y (* 2 atanh((|(+ x -y)| // sqrt((+ 1 -(* 2 x' y) (* |x|**2 |y|**2))))))"),
    ("a05", 0, r"W_{2}^{2}   (+ ||(+ \mu_{0} -\mu_{1})||**2 (* n [(+ \sigma_{0} -\sigma_{1})]**2))"),
    ("a09", 1, r"\sigma   (sum i,j | i < j: [(+ d_[i j] -\Delta_[i j])]**2)"),
]


@lru_cache(maxsize=1)
def cases() -> dict[str, Case]:
    return {given["id"]: Case.from_json(given) for given in json.loads(CORPUS.read_text(encoding="utf-8"))}


@pytest.mark.parametrize("name", sorted(cases()))
def test_every_line_is_read(name: str) -> None:
    case = cases()[name]
    vocabulary, definitions = read_definitions(case)
    assert len(definitions) == len(case.definitions)
    for line in case.lines:
        found = read_equation(line, vocabulary) if case.kind == "equations" else read_line(line, vocabulary)
        assert 1 <= len(found) <= SEVERAL


@pytest.mark.parametrize(("name", "number", "tree"), LINES)
def test_lines(name: str, number: int, tree: str) -> None:
    case = cases()[name]
    assert shown(read_line(case.lines[number], read_definitions(case)[0])[0]) == tree


@pytest.mark.parametrize(("name", "number", "expected"), DEFINITIONS)
def test_definitions(name: str, number: int, expected: str) -> None:
    found = read_definitions(cases()[name])[1][number]
    assert f"{found.name} {','.join(found.indices)} {','.join(found.parameters)} {shown(found.body)}" == expected
