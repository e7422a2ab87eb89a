r"""Functions in a document: f(x), f'(x), \frac{df}{dx}, one that is called d; equations whose left side is no bare name."""

from __future__ import annotations

import pytest

from tensorderiv.checker.checking import check, check_all
from tensorderiv.checker.document import read_document
from tensorderiv.errors import SyntaxProblem

SIGMOID = r"Define $$ \sigma(x) = \frac{1}{1+e^{-x}} $$ Then "

# a document that is right, and the same with a slip
PAIRS = [
    (r"Let $x\in\mathbb R$. $$ s = f(x) $$ $$ \frac{ds}{dx} = f'(x) $$", "f'(x)", "2f'(x)"),
    (r"Define $$ g(x)=x^2 $$ Then $$ \frac{d}{dx}g(x)^2 = 2g(x)g'(x) = 4x^3 $$", "2g(x)g'(x)", "g(x)g'(x)"),
    (r"$$ s = f(x) $$ $$ \frac{d^2s}{dx^2} = f''(x) $$", "f''(x)", "f'(x)"),
    (r"$$ s = f(x) $$ $$ \frac{ds}{dx} = f^{\prime}(x) = \frac{\mathrm{d}f}{\mathrm{d}x} $$", r"^{\prime}", ""),
    (r"$$ \frac{d}{dx} \sin(f(x)) = \cos(f(x))\frac{df}{dx} $$", r"\cos", r"-\cos"),
    (r"$$ \frac{d}{dx} f(x^2) = 2x f'(x^2) $$", "f'(x^2)", "f'(x)"),
    (r"$$ \frac{d}{dx} f(g(x)) = \frac{df}{dg}\frac{dg}{dx} = f'(g(x))g'(x) $$", "f'(g(x))", "f'(x)"),
    (r"$$ y = f(u), u = x^2 $$ $$ \frac{dy}{dx} = \frac{dy}{du}\frac{du}{dx} = 2x f'(x^2) $$", "f'(x^2)", "f'(x)"),
    (r"$$ \frac{d}{dx} (f(x) g(x)) = f' g + f g' $$", "f' g + f", "f' g - f"),
    (r"$$ \frac{d}{dt} x(t)^2 = 2 x(t)\frac{dx}{dt} = 2 x(t) x'(t) $$", "2 x(t) x'(t)", "x(t) x'(t)"),
    (r"$$ \frac{d}{dx} F(x)^2 = 2 F(x) F'(x) $$", "2 F(x)", "F(x)"),
    (r"$$ \frac{\partial}{\partial x} f(x,y)^2 = 2 f(x,y)\frac{\partial f}{\partial x} $$", "2 f(x,y)", "f(x,y)"),
    (r"$$ s = f(x) $$ $$ ds = f'(x) dx $$", "f'(x) dx", "2 f'(x) dx"),
    (r"$$ y = x^3 $$ $$ \frac{d^2y}{dx^2} = y'' = 6x $$", "6x", "3x"),
    (r"Let $x\in\mathbb R^n$ and $f(x) = \|x\|$. $$ f'(x) = \frac{x}{\|x\|} $$", r"\frac{x}{\|x\|}", "x"),
    (r"Let $x\in\mathbb R^p$. Define $$ d(x)=x^Tx $$ Then $$ \nabla_xd(x) = 2x $$", "2x", "x"),
    (r"Let $x,y\in\mathbb R^p$. Define $$ d(x,y)=\|x-y\|^2 $$ Then $$ \nabla_xd(x,y) = 2(x-y) $$", "2(x-y)", "2(y-x)"),
    (r"Define $$ d(x)=x^2 $$ Then $$ \frac{d\, d(x)}{d x} = 2x = d'(x) $$", "2x =", "x ="),
    (r"Let $x\in\mathbb R^p$. Define $$ d(x)=x^Tx $$ Then $$ d d(x)/dx = 2x $$", "2x", "x"),
    (r"$$ d/dx (x^2) = 2x $$", "2x", "x"),
    (SIGMOID + r"$$ \sigma'(x)=\sigma(x)(1-\sigma(x)) $$", "(1-", "(2-"),
    (r"Let $\sigma$ be the sigmoid. $$ \sigma'(x)=\sigma(x)(1-\sigma(x)) $$", "(1-", "(2-"),
    (r"$$ f'(x) = 2x $$ where $$ f(x) = x^2 $$", "2x", "x"),
    (r"$$ e^{a+b} = e^a e^b $$", "e^a e^b", "e^a"),
    (r"$$ e^{-x} = \frac{1}{e^x} $$", r"\frac{1}{e^x}", "e^x"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "old", "new"), PAIRS, ids=[text[-60:] for text, _, _ in PAIRS])
def test_functions_are_judged(text: str, old: str, new: str) -> None:
    assert [report.verdict for report in check_all(text)] == ["right"]
    if new:
        assert check(text.replace(old, new)).verdict == "wrong"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (r"Let $x, x' \in \mathbb R^n$. $$ k(x,x') = x^T x' $$ $$ \nabla_x k(x,x') = x' $$", ["x", "x'"]),
        (r"$$ L = (y - y')^2 $$ $$ \frac{dL}{dy} = 2(y - y') $$", ["y", "y'"]),
        (r"$$ s = a(b+c) + a'(b'+c') $$ $$ \frac{ds}{db'} = a' $$", ["a", "b", "c", "a'", "b'", "c'"]),
        (r"Let $a$ and $a'$ be numbers. $$ s = a x + a' x $$ $$ \frac{ds}{dx} = a + a' $$", ["a", "x", "a'"]),
        (r"$$ y = wx $$ $$ y' = wx' $$ $$ L = y y' $$ $$ \frac{dL}{dw} = xy' + yx' $$", ["w", "x", "x'"]),
        (r"$$ \frac{d}{dh} h(1+a) = 1 + a $$", ["h", "a"]),
    ],
)
def test_a_primed_name_or_a_factor_stays_one(text: str, names: list[str]) -> None:
    (case,) = read_document(text)
    assert sorted(symbol.name for symbol in case.symbols) == sorted(names)
    assert check(text).verdict == "right"


@pytest.mark.parametrize(
    "text",
    [
        r"$$ s = a x^2 $$ $$ \frac{ds}{dx} = 2 a x $$",
        r"$$ \frac{d}{dx} x^2 = 2x $$",
        r"$$ \frac{d^2}{dx^2} x^3 = 6x $$",
        r"$$ \frac{d x^2}{d x} = 2x $$",
        r"$$ \frac{d^2}{d x\, d y} x y = 1 $$",
        "d/dx (x^2) = 2 x",
    ],
)
def test_the_operator_d_is_no_number(text: str) -> None:
    report = check(text)
    assert report.verdict == "right"
    assert not [reading for reading in report.readings if reading.startswith("d:")]


def test_a_number_called_d_is_one() -> None:
    report = check(r"$$ s = d x^2 $$ $$ \frac{ds}{dx} = 2 d x $$")
    assert (report.verdict, "d: a number" in report.readings) == ("right", True)


def test_a_differential_in_brackets_is_no_definition() -> None:
    for text in (r"$$ d(xy) = x dy + y dx = y dx + x dy $$", r"$$ y = x^2 $$ $$ d(y) = 2x dx $$"):
        assert check(text).verdict == "right"
        assert not any(found.startswith("d(") for case in read_document(text) for found in case.definitions)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (r"$$ \frac{d}{dx} y^2 = 2 y y' $$", "y' is not declared; say what y' is, or write the derivative of y as a fraction"),
        (r"$$ s = \sigma'(z) $$ $$ \frac{ds}{dz} = \sigma''(z) $$", r"\\sigma is called but not defined"),
        (r"$$ \frac{d}{dx} [f(u) + f(v)] = \frac{df}{dx} $$", "f stands without its arguments"),
    ],
)
def test_what_may_mean_several_things_is_asked(text: str, says: str) -> None:
    with pytest.raises(SyntaxProblem, match=says):
        read_document(text)


def test_what_only_gives_a_name_is_not_judged() -> None:
    report = check(r"$$ e^y = x $$ $$ \frac{d}{dx} x^2 = 2x $$")
    assert report.verdict == "right"
    assert "e^y = x is a condition, and is not judged" in report.readings
