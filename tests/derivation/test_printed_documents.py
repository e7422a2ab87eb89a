"""Documents: what they tell, the shape of the JSON, and that LaTeX compiles without a line that is too wide."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tensorderiv.algebra.build import TWO, add, call, div, mul, neg, number, power, sub, total
from tensorderiv.algebra.expression import ArgReduction, Derivative, Element, Expr, KroneckerDelta, Tensor
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.program import Domain, Input, Program, Statement
from tensorderiv.derivation.derivation import Condition, Derivation, Step
from tensorderiv.derivation.documents import FORMATS, document
from tensorderiv.derivation.formula import Formula
from tensorderiv.errors import NameProblem

i, j, k, a = (Index(name, "n") for name in "ijka")
p, l = Index("p", "d"), Index("l", "d")
X, D, N, NBAR = Tensor("X", ("n", "d")), Tensor("D", ("n", "n")), Tensor("N", ("n",)), Tensor("Nbar", ("n",))
Xip, Xjp, Xil, Xjl, Xkl = (Element(X, at) for at in ((i, p), (j, p), (i, l), (j, l), (k, l)))
RESULT = "2 (X_il - X_jl)(delta_ik - delta_jk)"


def squares(result: Expr | None = None, names: tuple[Statement, ...] = ()) -> Derivation:
    body = total([p], power(sub(Xip, Xjp), 2))
    program = Program(
        "squares",
        (Input(X), Input(Tensor("t"), Domain("positive"), Fraction(1))),
        (Statement(D, (i, j), body),),
        notes=("`i` runs over rows & 100% of them",),
    )
    final = result or mul(TWO, sub(Xil, Xjl), sub(KroneckerDelta(i, k), KroneckerDelta(j, k)))
    chain = (
        ("start", "the derivative that is asked for", Derivative(program.output.element, Xkl), ()),
        ("definition", "insert D_ij", Derivative(body, Xkl), ()),
        ("sift", "sum_p delta_pl f_p = f_l, for every f", final, names),
    )
    steps = tuple(Step(rule, why, Formula(expr, program, spoken_of, (i, j, k, l))) for rule, why, expr, spoken_of in chain)
    return Derivation(program, (Xkl,), steps, (Condition("X_il = X_jl", "kink", "the subgradient 0 is taken"),))


def with_adjoint() -> Derivation:
    statement = Statement(NBAR, (i,), call("log", Element(N, (i,))))
    return squares(mul(Element(NBAR, (i,)), Xkl), (statement,))


def wide() -> Derivation:
    """Sums, products, fractions, nested groups and subscripts, each far too wide for a line."""
    names = [Element(Tensor(f"quantity{n}", ("n",)), (i,)) for n in range(14)]
    long_sum = add(*(mul(number(n + 1), name, neg(Xil)) for n, name in enumerate(names)))
    long_product = mul(*names)
    fraction = div(long_sum, add(*names, Xil))
    nested = call("log", add(total([p], mul(Xip, fraction)), call("sqrt", long_sum)))
    subscript = Element(X, (ArgReduction("argmax", a, add(*(mul(name, Element(N, (a,))) for name in names))), l))
    return squares(add(long_sum, long_product, fraction, nested, power(long_sum, 3), subscript))


def test_text() -> None:
    assert document(squares(), "text") == (
        "definition\n"
        "  tensor X[n,d]\n"
        "  scalar t > 0 default 1\n"
        "  D_ij = sum_p (X_ip - X_jp)^2\n"
        "  # `i` runs over rows & 100% of them\n"
        "\n"
        "derivation\n"
        "  dD_ij/dX_kl\n"
        "  = diff(sum_p (X_ip - X_jp)^2, X_kl)\n"
        "      [definition] insert D_ij\n"
        f"  = {RESULT}\n"
        "      [sift] sum_p delta_pl f_p = f_l, for every f\n"
        "\n"
        "result\n"
        f"  dD_ij/dX_kl = {RESULT}\n"
        "\n"
        "conditions\n"
        "  X_il = X_jl (kink): the subgradient 0 is taken\n"
        "\n"
        "invariances\n"
        "  # proved on the definition; they hold wherever the derivative exists\n"
        "  sum_k diff(D_ij, X_kl) = 0\n"
        "      [translation: X_kl + c_l in the place of X_kl leaves D_ij as it is]\n"
        "  sum_{k,l} X_kl diff(D_ij, X_kl) = 2 D_ij\n"
        "      [scale (Euler): s X_kl in the place of X_kl gives s^2 D_ij, for s > 0]\n"
        "  sum_k (X_kl diff(D_ij, X_km) - X_km diff(D_ij, X_kl)) = 0\n"
        "      [rotation: D_ij depends on X through its inner products over l alone, which a rotation keeps]\n"
    )
    assert str(squares()) == document(squares(), "text")


def test_json_has_the_shape_of_the_contract() -> None:
    told = json.loads(document(squares(), "json"))
    assert list(told) == ["definition", "wrt", "extents", "result", "steps", "conditions", "invariances"]
    assert told["definition"] == "tensor X[n,d]\nscalar t > 0 default 1\nD_ij = sum_p (X_ip - X_jp)^2"
    assert told["wrt"] == "X_kl"
    assert told["extents"] == {"n": ["X", 0], "d": ["X", 1]}
    assert told["result"]["text"] == RESULT
    assert [step["text"] for step in told["steps"]] == ["diff(D_ij, X_kl)", "diff(sum_p (X_ip - X_jp)^2, X_kl)", RESULT]
    assert told["steps"][0]["latex"] == r"\frac{\partial D_{ij}}{\partial X_{kl}}"
    assert told["conditions"] == [{"where": "X_il = X_jl", "kind": "kink", "policy": "the subgradient 0 is taken"}]


def test_names_are_told_where_they_are_met_and_with_the_result() -> None:
    told = json.loads(document(with_adjoint(), "json"))
    assert told["result"]["text"] == "Nbar_i X_kl\nwhere Nbar_i = log(N_i)"
    assert told["steps"][-1]["text"] == told["result"]["text"]
    assert r"\bar{N}_{i} = \log" in told["result"]["latex"]
    for form in ("text", "latex", "fragment", "markdown", "html"):
        assert "where" in document(with_adjoint(), form)


def test_markdown() -> None:
    text = document(squares(), "markdown")
    assert text.count("$$") % 2 == 0
    assert r"2. **sift**: sum\_p delta\_pl f\_p = f\_l, for every f." in text
    assert r"\boxed{\frac{\partial D_{ij}}{\partial X_{kl}} = 2 " in text
    assert "- `X_il = X_jl` (kink): the subgradient 0 is taken." in text
    assert "`i` runs over rows" in text


@pytest.mark.parametrize("derivation", [squares(), with_adjoint(), wide()], ids=["squares", "adjoint", "wide"])
def test_html_is_well_formed_and_needs_no_network(derivation: Derivation) -> None:
    page = document(derivation, "html")
    assert "http" not in page
    assert "<script" not in page
    body = page[page.index("<body>") : page.index("</body>") + len("</body>")]
    root = ElementTree.fromstring(body)
    assert len(list(root.iter("math"))) >= 4


def test_html_escapes_what_a_user_wrote() -> None:
    evil = replace(squares(), conditions=(Condition("<script>x</script>", "kink", "`<b>` & more"),))
    page = document(evil, "html")
    assert "<script>" not in page
    assert "<code>&lt;b&gt;</code> &amp; more." in page


def test_fragment_and_notebook() -> None:
    fragment = squares().to_latex()
    assert fragment.startswith("\\begin{align*}\n\\intertext{\\emph{Definition}: insert D\\_ij.}\n")
    assert fragment.endswith("\\end{align*}\n")
    assert "documentclass" not in fragment
    notebook = squares()._repr_latex_()
    assert notebook.startswith("$$\n\\begin{aligned}\n\\frac{\\partial D_{ij}}{\\partial X_{kl}} &= ")
    assert r"&& \text{sift}" in notebook


def test_an_unknown_format() -> None:
    with pytest.raises(NameProblem, match="no format 'pdf'; take one of text, latex"):
        document(squares(), "pdf")


@pytest.mark.parametrize("form", FORMATS)
def test_documents_are_the_same_every_time(form: str) -> None:
    assert document(with_adjoint(), form) == document(with_adjoint(), form)


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="needs pdflatex")
@pytest.mark.parametrize("derivation", [squares(), with_adjoint(), wide()], ids=["squares", "adjoint", "wide"])
def test_the_latex_document_compiles_and_no_line_is_too_wide(derivation: Derivation, tmp_path: Path) -> None:
    assert _complaints(document(derivation, "latex"), tmp_path) == []


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="needs pdflatex")
def test_the_fragment_compiles_in_a_paper(tmp_path: Path) -> None:
    for derivation in (squares(), with_adjoint()):
        paper = "\\documentclass{article}\n\\usepackage{amsmath}\n\\begin{document}\n%s\\end{document}\n"
        assert _complaints(paper % document(derivation, "fragment"), tmp_path) == []


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="needs pdflatex")
def test_the_check_of_widths_can_fail(tmp_path: Path) -> None:
    line = "+".join(["X"] * 200)
    source = "\\documentclass{article}\n\\begin{document}\n\\[" + line + "\\]\n\\end{document}\n"
    assert any("Overfull" in line for line in _complaints(source, tmp_path))


def _complaints(source: str, folder: Path) -> list[str]:
    (folder / "paper.tex").write_text(source, encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "paper.tex"]
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    return re.findall(r"^(?:!|Overfull|Underfull|LaTeX Warning).*$", done.stdout.decode(errors="replace"), re.MULTILINE)
