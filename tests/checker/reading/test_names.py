r"""Names, however they are typed, and what is called what."""

from __future__ import annotations

import pytest

from tensorderiv.checker.case import Symbol
from tensorderiv.checker.reading import normal, read_definition, read_equation, read_line, split
from tensorderiv.checker.tree import walk
from tests.checker.reading.known import known, usual
from tests.support.shown import shown


@pytest.mark.parametrize(
    "spellings",
    [
        (r"\mathbf{r}", r"{\bf r}", r"\boldsymbol r", r"\bm{r}", r"\pmb r"),
        (r"D_{\rm KL}", r"D_\mathrm{KL}", r"D_{\text{KL}}", r"{D}_{\mathrm{K L}}"),
        (r"{\tt1}", r"\mathtt{1}", r"{\tt 1}"),
        (r"\widehat{E}", r"\hat E", r"{\hat{E}}"),
        ("W_2^2", "W^2_2", "W^{2}_{2}"),
        (r"\mathbb{A}^{(1)}", r"\mathbb A^{(1)}"),
        (r"\text{Cov}", r"\operatorname{Cov}", r"{\rm Cov}"),
    ],
)
def test_one_spelling(spellings: tuple[str, ...]) -> None:
    assert len({normal(spelling) for spelling in spellings}) == 1


def test_styles_tell_names_apart() -> None:
    assert len({normal(name) for name in ("x", r"\mathbf{x}", r"\mathcal{x}", r"\hat{x}", "x'", "x_1")}) == 6


@pytest.mark.parametrize(
    ("names", "line", "tree"),
    [
        (["dL", "dl"], r"\sin(dL/2)dl", "(* sin((* dL /2)) dl)"),
        (["u_1", "u", "v_1"], "u_1v_1u_2", "(* u_{1} v_{1} u_[2])"),
        (["x", "x'"], "x_i - x_i'", "(+ x_[i] -x'_[i])"),
        (["x"], "x_i - x_i'", "(+ x_[i] -x_[i]')"),
        ([r"\sigma_0"], r"\sigma_0^2", r"\sigma_{0}**2"),
        (["W_2^2", "W"], "W_2^2 W^2", "(* W_{2}^{2} W**2)"),
        ([r"\mathbf{x}", "x"], r"\mathbf{x}^T x", r"(* \mathbf{x}' x)"),
        ([r"\mathbf{x}"], r"x^T{\bf x}", r"(* \mathbf{x}' \mathbf{x})"),
        ([r"\text{Cov}", "C", "o", "v"], r"\text{Cov}^{-1} Cov", r"(* \mathrm{Cov}**-1 \mathrm{Cov})"),
        (["H", "Y", "A", "R"], "-HY(A-RY)^T", "-(* H Y [(+ A -(* R Y))]')"),
        (["d"], "d_i d", "(* d_[i] d)"),
        (["e"], "e^2 \\exp(-e)", "(* e**2 exp(-e))"),
        (["t", "r"], "tr(t)", "tr(t)"),
        (["t", "r"], "tr", "(* t r)"),
        ([r"\cal H"], r"{\cal H}_{ij}", r"\mathcal{H}_[i j]"),
    ],
)
def test_longest_declared_name(names: list[str], line: str, tree: str) -> None:
    symbols = tuple(Symbol(name, () if name == "e" else ("n", "n") if name in "AHRY" else ("n",)) for name in names)
    assert usual(line, symbols=symbols, wrt=None, extents=("n",)) == tree


@pytest.mark.parametrize(
    ("definition", "head"),
    [
        ("D_{ij} = A_{ij}", ("D", ("i", "j"), ())),
        ("f(x, y) = x^Ty", ("f", (), ("x", "y"))),
        (r"f\left(x\right) = x", ("f", (), ("x",))),
        (r"D_{\rm KL}(x \parallel y) = x^Ty", (r"D_{\mathrm{KL}}", (), ("x", "y"))),
        (r"D_{KL}(x\|y) = x^Ty", ("D_{KL}", (), ("x", "y"))),
        ("D(x||y) = x^Ty", ("D", (), ("x", "y"))),
        ("W_2^2 = a", ("W_{2}^{2}", (), ())),
        ("(AB)_{ij} = A_{ij}", ("(AB)", ("i", "j"), ())),
        (r"\mathbb{A}^{(1)}_{ijk} = x_i", (r"\mathbb{A}^{(1)}", ("i", "j", "k"), ())),
        ("DF_R(H) = H", ("DF_{R}", (), ("H",))),
        (r"{\rm sym}(B) = B", (r"\mathrm{sym}", (), ("B",))),
        (r"\hat{y}_i := x_i", (r"\hat{y}", ("i",), ())),
        (r"z_j^{(i)} = A_{ij}", ("z", ("i", "j"), ())),
        (r"p_{j|i} = A_{ij}", ("p", ("j", "i"), ())),
        (r"\cos(x,y) = x^Ty", (r"\cos", (), ("x", "y"))),
    ],
)
def test_left_hand_sides(definition: str, head: tuple[str, tuple[str, ...], tuple[str, ...]]) -> None:
    found = read_definition(definition, known())
    assert (found.name, found.indices, found.parameters) == head


@pytest.mark.parametrize(
    ("definition", "line", "tree"),
    [
        ("E(x,y) = x^Ty", "E", "E"),
        ("E(x,y) = x^Ty", "E(x, y)", "E(x y)"),
        (r"D(x \parallel y) = x^Ty", r"D(x\,\|\,y)", "D(x y)"),
        ("k = a", "k(x,y)", "k(x y)"),
        ("k = a", r"k(r = a)", None),
        ("r = a", r"r(1-a)", "(* r [(+ 1 -a)])"),
        (r"\cos(x,y) = x^Ty", r"\cos(x,y)\cos a", r"(* \cos(x y) cos(a))"),
        ("(AB)_{ij} = A_{ij}", "(AB)_{kj}", "(AB)_[k j]"),
        ("z^{(i)}_j = A_{ij}", "z_k^{(j)}", "z_[j k]"),
        ("f(a) = a^2", "f(a)^2", "f(a)**2"),
    ],
)
def test_calls(definition: str, line: str, tree: str | None) -> None:
    if tree is None:
        assert usual(line, "r = a", definition) == "k(r = a)"
    else:
        assert usual(line, definition) == tree


@pytest.mark.parametrize(
    ("definition", "body"),
    [
        (r"Z = \sum_{k\neq j} A_{kj}", "(sum k,j | k != j: A_[k j])"),
        (r"Z_j = \sum_{k\neq j} A_{kj}", "(sum k | k != j: A_[k j])"),
    ],
)
def test_a_definition_is_read_so_that_no_index_is_loose(definition: str, body: str) -> None:
    assert shown(read_definition(definition, known()).body) == body


def test_sides() -> None:
    assert split(r"D_{ij} = \sum_{i=1}^n x_i \underbrace{a}_{=b} = [i=j]") == (
        "D_{ij}",
        r"\sum_{i=1}^n x_i \underbrace{a}_{=b}",
        "[i=j]",
    )
    (equation,) = read_equation(r"\bar{e}_i^T x = x_i", known())
    assert (shown(equation.left), shown(equation.right)) == (r"(* \bar{e}_[i]' x)", "x_[i]")


def test_every_node_has_its_place() -> None:
    """Dissolved braces and styles belong to the piece within them, so that the text of a node can stand elsewhere."""
    line = r"2\sum_{j}(x_i - {\bf x}_j)^T\left\|y\right\|_2^2 \frac{\partial x_i}{\partial \mathbf{x}_j}"
    line += r"\underbrace{a}_{=b}{\tt1}^T\bar{e}_i"
    texts = set()
    for node in walk(read_line(line, known())[0]):
        assert node.span is not None
        written = line[node.span.start : node.span.end]
        assert written.count("{") == written.count("}"), written
        texts.add(written)
    assert texts > {
        "2",
        r"{\bf x}_j",
        r"\left\|y\right\|_2",
        r"\mathbf{x}_j",
        r"\underbrace{a}_{=b}",
        r"{\tt1}^T",
        r"\bar{e}_i",
        line,
    }
