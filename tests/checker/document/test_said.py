"""What a document says of its names, in sets, in words, in equations."""

from __future__ import annotations

import pytest

from tensorderiv.checker.case import Symbol
from tensorderiv.checker.checking import check
from tensorderiv.checker.document import read_document
from tensorderiv.checker.document.facts import Fact, gathered, members, ranges
from tensorderiv.checker.document.given import given_facts, is_given
from tensorderiv.checker.document.mapped import Mapped
from tensorderiv.checker.document.plain import to_latex, without_unicode
from tensorderiv.checker.document.properties import bounded, stated
from tensorderiv.checker.document.prose import Said, facts_of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"X \in \mathbb{R}^{n \times d}", [("X", (), ("n", "d"), (), None)]),
        (r"x, y\in\mathbb R^3", [("x", (), (3,), (), None), ("y", (), (3,), (), None)]),
        (r"x_1, \dots, x_n \in \mathbb{R}^d", [("x", ("*",), ("d",), (), None)]),
        (r"x_i \in \R^{d}", [("x", ("i",), ("d",), (), None)]),
        (r"A \in \mathbb{R}^{m\times n}, b \in \mathbb{R}^m", [("A", (), ("m", "n"), (), None), ("b", (), ("m",), (), None)]),
        (r"\lambda \in \mathbb{R}_{>0}", [(r"\lambda", (), (), ("positive",), None)]),
        (r"w \in \mathbb{R}_+^n", [("w", (), ("n",), ("nonnegative",), None)]),
        (r"p \in \Delta^{n-1}", [("p", (), ("n",), ("simplex",), None)]),
        (r"u \in S^{d-1}", [("u", (), ("d",), ("unit_norm",), None)]),
        (r"C \in \mathbb{S}^n_{++}", [("C", (), ("n", "n"), ("positive_definite",), None)]),
        (r"Q \in O(n)", [("Q", (), ("n", "n"), ("orthogonal",), None)]),
        (r"t \in [0,1]^n", [("t", (), ("n",), ("unit_interval",), None)]),
        (r"c_i \in \{1, \dots, K\}", [("c", ("i",), (), (), "label")]),
        (r"x \in \mathcal{X}", []),
    ],
)
def test_sets(text: str, expected: list[tuple[object, ...]]) -> None:
    assert [(fact.name, fact.letters, fact.shape, fact.assume, fact.value) for fact in members(text)] == expected


def test_ranges_of_indices() -> None:
    found = {fact.name: fact.shape for text in (r"i = 1, \dots, n", r"a, b = 1, 2, 3", "x = 1, 5") for fact in ranges(text)}
    assert found == {"index i": ("n",), "index a": (3,), "index b": (3,)}


@pytest.mark.parametrize(
    ("sides", "expected"),
    [
        (["A^T", "A"], ("A", ("symmetric",))),
        (["A^{\\top}", "-A"], ("A", ("antisymmetric",))),
        (["d_{ij}", "d_{ji}"], ("d", ("symmetric",))),
        (["d_{ii}", "0"], ("d", ("on_diagonal_zero",))),
        (["Q Q^T", "I"], ("Q", ("orthogonal",))),
        ([r"\|x\|_2", "1"], ("x", ("unit_norm",))),
        ([r"x^T x", "1"], ("x", ("unit_norm",))),
        ([r"\sum_{i=1}^n p_i", "1"], ("p", ("simplex",))),
        ([r"p^T \mathbf{1}", "1"], ("p", ("simplex",))),
        ([r"A_{ij}", "B_{ji}"], None),
        (["x", "1"], None),
    ],
)
def test_equations_that_state_a_property(sides: list[str], expected: tuple[str, tuple[str, ...]] | None) -> None:
    found = stated(sides)
    assert ((found[0].name, found[0].assume) if found else None) == expected


def test_inequalities() -> None:
    assert bounded(r"\sigma > 0")[0] == Fact(r"\sigma", assume=("positive",))
    assert bounded(r"0 \le t_i \le 1")[0].assume == ("unit_interval",)
    assert bounded(r"A \succeq 0")[0].assume == ("positive_definite",)
    assert not bounded("x > 1")


@pytest.mark.parametrize(
    ("text", "formulas", "expected"),
    [
        ("Let ⟦0⟧ be a symmetric matrix.", ["A"], {"A": (("symmetric",), None)}),
        ("Let ⟦0⟧ be a matrix that is not symmetric.", ["A"], {"A": ((), None)}),
        ("a non-symmetric matrix ⟦0⟧", ["A"], {"A": ((), None)}),
        (
            "the all-ones vector ⟦0⟧ and the identity matrix ⟦1⟧",
            [r"\mathbf{1}", "I"],
            {r"\mathbf{1}": ((), "ones"), "I": ((), "identity")},
        ),
        (
            "where ⟦0⟧ is one-hot and ⟦1⟧ is a probability vector",
            ["y", "p"],
            {"y": (("one_hot",), None), "p": (("simplex",), None)},
        ),
        ("⟦0⟧ and ⟦1⟧ are unit vectors", ["u", "v"], {"u": (("unit_norm",), None), "v": (("unit_norm",), None)}),
        ("⟦0⟧, the ⟦1⟧-th standard basis vector, has a one", ["e_i", "i"], {"e": ((), "basis")}),
        ("⟦0⟧ is drawn from a normal distribution", ["x"], {"x": ((), None)}),
        ("an orthogonal matrix ⟦0⟧ and any ⟦1⟧", ["Q", "B"], {"Q": (("orthogonal",), None), "B": ((), None)}),
        ("⟦0⟧ has unit rows.", ["X"], {"X": (("unit_rows",), None)}),
        ("⟦0⟧ is orthogonal to ⟦1⟧", ["x", "y"], {"x": ((), None), "y": ((), None)}),
    ],
)
def test_words(text: str, formulas: list[str], expected: dict[str, tuple[tuple[str, ...], str | None]]) -> None:
    found = gathered(facts_of(Said(text, tuple(formulas))))
    for name, (assume, value) in expected.items():
        fact = found.get(name, Fact(name))
        assert (fact.assume, fact.value) == (assume, value)


def test_sizes_in_words() -> None:
    found = gathered(facts_of(Said("an ⟦0⟧ matrix ⟦1⟧ and a ⟦2⟧-dimensional vector ⟦3⟧", (r"m \times n", "A", "k", "b"))))
    assert (found["A"].shape, found["b"].shape) == (("m", "n"), ("k",))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("given X in R^{n x d}", {"X": (("n", "d"), ())}),
        ("% given X in R^{n x d}", {"X": (("n", "d"), ())}),
        ("<!-- given a, b in R^n -->", {"a": (("n",), ()), "b": (("n",), ())}),
        ("let x in R^n be a unit vector", {"x": (("n",), ("unit_norm",))}),
        ("assume A symmetric", {"A": (None, ("symmetric",))}),
        ("given t > 0", {"t": (None, ("positive",))}),
        (r"given \mathbf{x}_i in R^3", {r"\mathbf{x}": ((3,), ())}),
        ("given p in simplex and q a probability vector", {"p": (None, ("simplex",)), "q": (None, ("simplex",))}),
        ("Let X be an n x d matrix.", {"X": (("n", "d"), ())}),
        ("tensor X[n,d], P[n,k] in simplex", {"X": (("n", "d"), ()), "P": (("n", "k"), ("simplex_rows",))}),
        ("given s = 1, 2", {"index s": ((2,), ())}),
        ("scalar t > 0 default 1", {"t": ((), ("positive",))}),
    ],
)
def test_declaring_lines(line: str, expected: dict[str, tuple[object, ...]]) -> None:
    found = gathered(given_facts(line))
    assert {name: (found[name].shape, found[name].assume) for name in expected} == expected
    assert is_given(line)


@pytest.mark.parametrize("line", ["let f = x^2", "given the above, we conclude", "tensor networks are useful", "D = x"])
def test_lines_that_declare_nothing(line: str) -> None:
    assert not is_given(line)


@pytest.mark.parametrize(
    ("plain", "latex"),
    [
        ("D_ij = sum_p (X_ip - X_jp)^2", r"D_{ij} = \sum_{p} (X_{ip} - X_{jp})^{2}"),
        ("dD_ij/dX_kl", r"\frac{\partial D_{ij}}{\partial X_{kl}}"),
        ("d/dx_i f", r"\frac{\partial}{\partial x_{i}} f"),
        ("d phi/d theta", r"\frac{\partial \phi}{\partial \theta}"),
        ("delta_ik * sqrt(a + b)", r"\delta_{ik} * \sqrt{a + b}"),
        ("sum_{j != i} w[i,j]", r"\sum_{j \neq  i} w_{i,j}"),
        ("x^-1 + x^(1/2) + A^T", "x^{-1} + x^{1/2} + A^{T}"),
        ("exp(-||x||^2)", r"\exp(-\|x\|^{2})"),
        ("tr(A B) <= det(C)", r"\operatorname{tr}(A B) \le  \det(C)"),
        ("∂Dᵢⱼ/∂Xₖₗ = ½ Σ_p x²", r"\frac{\partial D_{ij}}{\partial X_{kl}} = \frac{1}{2} \sum _{p} x^{2}"),
    ],
)
def test_plain_text_as_latex(plain: str, latex: str) -> None:
    assert to_latex(without_unicode(Mapped.of(plain))).text == latex


@pytest.mark.parametrize(
    ("text", "symbol"),
    [
        (r"$$ s = x^T A x $$ $$ \frac{\partial s}{\partial x} = A x + A^T x = (A + A^T) x $$", Symbol("A", ("n", "n"))),
        (r"$$ s = a x^2 $$ $$ \frac{ds}{dx} = a x + a x = 2 a x $$", Symbol("a")),
        (r"$$ L = \sum_i y_i \log q_i $$ $$ \frac{\partial L}{\partial q_k} = \sum_i \frac{y_i}{q_i}\delta_{ik} $$",
         Symbol("q", ("n",), assume=("positive",))),
        (r"$$ s = \sum_i \|x_i - m\|^2 $$ $$ \frac{\partial s}{\partial m} = -2 \sum_i (x_i - m) $$",
         Symbol("x", ("d",), None, ("i",))),
        (r"$$ u = \sum_i a_i \mathbf{x}_i $$ $$ \frac{\partial u}{\partial a_k} = \mathbf{x}_k $$",
         Symbol(r"\mathbf{x}", ("d",), None, ("i",))),
        (r"$$ s = x^T x $$ $$ \frac{\partial s}{\partial x} = I x + x = 2 x $$", Symbol("I", ("n", "n"), "identity")),
        (r"$$ s = \mathbf{1}^T x $$ $$ \frac{\partial s}{\partial x} = \mathbf{1} $$", Symbol(r"\mathbf{1}", ("n",), "ones")),
        (r"$$ s = f(x) $$ $$ \frac{ds}{dx} = f'(x) $$", Symbol("f", (), "function", arity=1)),
        (r"$$ v = \frac1N \sum_i x_i^2 $$ $$ \frac{\partial v}{\partial x_k} = \frac{2}{N} x_k $$", Symbol("x", ("N",))),
    ],
)  # fmt: skip
def test_conventions(text: str, symbol: Symbol) -> None:
    (case,) = read_document(text)
    found = case.symbol(symbol.name)
    assert found is not None
    assert (found.value, found.indices, found.assume, found.arity) == (symbol.value, symbol.indices, symbol.assume, symbol.arity)
    assert len(found.shape) == len(symbol.shape)
    assert len(set(found.shape)) == len(set(symbol.shape))
    assert check(text).verdict == "right"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the document is empty; write a definition"),
        ("Hello, this is prose.", "no derivation was found"),
        ("$$ f = x^2 $$", "found the definition of f and nothing that is derived from it"),
        (
            r"$$ s = x^T J x $$ $$ \frac{\partial s}{\partial x} = 2 J x $$",
            "J is not declared; add a line: J is the all-ones matrix",
        ),
        (r"$$ s = \sigma(x) $$ $$ \frac{ds}{dx} = \sigma(x)(1 - \sigma(x)) $$", r"\\sigma is called but not defined"),
        (r"$$ D = x_i y_i $$ $$ \partial_i D = \partial_i (x_i y_i) = y_i $$", "does not say by which variable"),
        (r"$$ f = x^2 $$ $$ \frac{df}{dx} = \frac{2x $$", "line 1, column 34: this { is not closed"),
    ],
)
def test_what_cannot_be_read_is_told_with_a_remedy(text: str, message: str) -> None:
    from tensorderiv.errors import SyntaxProblem

    with pytest.raises(SyntaxProblem, match=message):
        read_document(text)


def test_of_several_derivations_one_may_be_unreadable() -> None:
    text = r"$$ f = x^2 $$ $$ \frac{df}{dx} = 2x $$ and $$ \frac{df}{dx} = \frac{2x $$"
    first, second = read_document(text)
    assert first.problem is None
    assert second.problem is not None
    assert second.problem.place is not None
    assert second.problem.place.column == 63


QUADRATIC = r"Let $a\in\mathbb R^p$. $$ \frac{\partial}{\partial a}(a^T%sa) = 2%sa $$"


@pytest.mark.parametrize("name", [r"S_{\rm w}", "S_w", "S_i", r"\Sigma_k", r"\Sigma_{xx}", r"\Sigma_{\text{obs}}", "S_B", "K"])
@pytest.mark.parametrize(
    ("said", "assumed"), [("symmetric", "symmetric"), ("positive definite", "positive_definite"), ("orthogonal", "orthogonal")]
)
@pytest.mark.parametrize("shape", [r"\in\mathbb R^{p\times p}", ""])
def test_a_property_holds_of_a_name_with_any_subscript(name: str, said: str, assumed: str, shape: str) -> None:
    what = said if shape else f"a {said} matrix"
    (case,) = read_document(f"Let ${name}{shape}$ be {what}. " + QUADRATIC % (name, name))
    (found,) = [symbol for symbol in case.symbols if symbol.name != "a"]
    assert (found.assume, found.shape) == ((assumed,), ("p", "p"))


def test_a_property_holds_of_each_member_of_a_family() -> None:
    text = r"Let $S_i\in\mathbb R^{p\times p}$ be symmetric, $x_i, m\in\mathbb R^p$. "
    (case,) = read_document(text + r"$$ \frac{\partial}{\partial m}\sum_i(x_i-m)^TS_i(x_i-m) = -2\sum_iS_i(x_i-m) $$")
    assert case.symbol("S") == Symbol("S", ("p", "p"), None, ("i",), ("symmetric",))


def test_what_a_shape_rules_out_is_not_said_of_the_name() -> None:
    (case,) = read_document(
        r"Let $X\in\mathbb R^{n\times p}$ and $S\in\mathbb R^{p\times p}$ be symmetric. $$ (XS)^T = S^TX^T = SX^T $$"
    )
    assert [symbol.assume for symbol in case.symbols] == [(), ("symmetric",)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (
            r"Let $a\in\mathbb R^p$, $b\in\mathbb R^q$, $\Sigma_{xy}\in\mathbb R^{p\times q}$ and"
            r" $\Sigma_{yy}\in\mathbb R^{q\times q}$. $$ a^T\Sigma_{xy}\Sigma_{yy}b = b^T\Sigma_{yy}^T\Sigma_{xy}^Ta $$",
            {"a": ("p",), "b": ("q",), r"\Sigma_{xy}": ("p", "q"), r"\Sigma_{yy}": ("q", "q")},
        ),
        (
            r"Let $a,b\in\mathbb R^p$, $\Sigma_{xy}\in\mathbb R^{p\times p}$ and $\Sigma_{yx}=\Sigma_{xy}^T$."
            r" $$ a^T\Sigma_{xy}b = b^T\Sigma_{yx}a $$",
            {"a": ("p",), "b": ("p",), r"\Sigma_{xy}": ("p", "p")},
        ),
        (
            r"Let $x\in\mathbb R^p$, $y\in\mathbb R^q$, $C_{xy}\in\mathbb R^{p\times q}$ and $\mu_x\in\mathbb R^p$."
            r" $$ (x-\mu_x)^TC_{xy}y = y^TC_{xy}^T(x-\mu_x) $$",
            {"x": ("p",), "y": ("q",), "C_{xy}": ("p", "q"), r"\mu_{x}": ("p",)},
        ),
        (
            r"Let $X\in\mathbb R^{n\times p}$. $$ X(I_p+X^TX) = (I_n+XX^T)X $$",
            {"X": ("n", "p"), "I_{p}": ("p", "p"), "I_{n}": ("n", "n")},
        ),
        (
            r"Let $A_{ij}\in\mathbb R^{p\times p}$ and $x_i\in\mathbb R^p$."
            r" $$ \sum_{i,j}x_i^TA_{ij}x_j = \sum_{i,j}x_j^TA_{ij}^Tx_i $$",
            {"A": ("p", "p"), "x": ("p",)},
        ),
    ],
)
def test_letters_of_a_label_and_of_a_size_are_no_indices(text: str, names: dict[str, tuple[str, ...]]) -> None:
    (case,) = read_document(text)
    assert {symbol.name: symbol.shape for symbol in case.symbols} == names
    labels = any("_{" in name for name in names)
    assert (not case.indices) == labels


def test_an_identity_at_places_of_two_sizes_has_none_of_its_own() -> None:
    given = r"Let $X\in\mathbb R^{n\times p}$. "
    (case,) = read_document(given + "$$ X^T(XX^T+I)^{-1} = (X^TX+I)^{-1}X^T $$")
    assert case.symbol("I") == Symbol("I", (), "identity")
    (case,) = read_document(given + "$$ (X^TX+I)^T = X^TX+I $$")
    assert case.symbol("I") == Symbol("I", ("p", "p"), "identity")
