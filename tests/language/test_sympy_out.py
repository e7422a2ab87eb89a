"""SymPy out: the objects, and that they mean the same."""

from __future__ import annotations

import itertools

import pytest
import sympy
from hypothesis import HealthCheck, assume, given, settings

from tensorderiv.algebra.build import TWO, call, mul, power, sub, total
from tensorderiv.algebra.evaluate import evaluate
from tensorderiv.algebra.expression import (
    ArgReduction,
    Compare,
    Element,
    Expr,
    KroneckerDelta,
    Position,
    Reduction,
    Select,
    Tensor,
)
from tensorderiv.algebra.index import Index
from tensorderiv.errors import RuleProblem
from tensorderiv.language.sympy_out import to_sympy
from tests.support.expressions import FREE, SIZES, TENSORS, arrays, expressions

i, j, k = (Index(name, "n") for name in "ijk")
p, l = Index("p", "d"), Index("l", "d")
X, N = Tensor("X", ("n", "d")), Tensor("N", ("n",))
VALUES = arrays()


def test_sum_of_squares() -> None:
    expr = total([p], power(sub(Element(X, (i, p)), Element(X, (j, p))), 2))
    base = sympy.IndexedBase("X")
    si, sj, sp, sd = sympy.symbols("i j p d", integer=True)
    assert to_sympy(expr) == sympy.Sum((base[si, sp] - base[sj, sp]) ** 2, (sp, 0, sd - 1))


def test_contracted_gradient() -> None:
    expr = mul(TWO, sub(Element(X, (i, l)), Element(X, (j, l))), sub(KroneckerDelta(i, k), KroneckerDelta(j, k)))
    base = sympy.IndexedBase("X")
    si, sj, sk, sl = sympy.symbols("i j k l", integer=True)
    delta = sympy.KroneckerDelta
    expected = 2 * (base[si, sl] - base[sj, sl]) * (delta(si, sk) - delta(sj, sk))
    assert sympy.expand(to_sympy(expr) - expected) == 0


def test_condition_product_and_logsumexp() -> None:
    nj = Element(N, (j,))
    sj, sn = sympy.symbols("j n", integer=True)
    base = sympy.IndexedBase("N")
    unequal = Compare("!=", Position(j), Position(i))
    si = sympy.Symbol("i", integer=True)
    guarded = sympy.Piecewise((base[sj], sympy.Ne(sj, si)), (0, True))
    assert to_sympy(total([j], nj, unequal)) == sympy.Sum(guarded, (sj, 0, sn - 1))
    assert to_sympy(Reduction("prod", (j,), nj)) == sympy.Product(base[sj], (sj, 0, sn - 1))
    assert to_sympy(Reduction("logsumexp", (j,), nj)) == sympy.log(sympy.Sum(sympy.exp(base[sj]), (sj, 0, sn - 1)))


def test_scalars_and_labels() -> None:
    c = Tensor("c", ("n",), integer=True)
    gathered = to_sympy(Element(X, (Element(c, (i,)), p)))
    assert str(gathered) == "X[c[i], p]"
    t = Element(Tensor("t"))
    assert to_sympy(Select(Compare(">", t, power(t, 2)), t, call("max", t, power(t, 2)))).free_symbols == {
        sympy.Symbol("t", real=True)
    }


@pytest.mark.parametrize("expr", [Reduction("max", (j,), Element(N, (j,))), ArgReduction("argmin", j, Element(N, (j,)))])
def test_what_sympy_cannot_state_is_refused(expr: Expr) -> None:
    with pytest.raises(RuleProblem, match=r"SymPy cannot state (max|argmin)_j"):
        to_sympy(expr)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(expressions(depth=2))
def test_meaning(expr: Expr) -> None:
    """Every number agrees once the sums are written out."""
    expected = evaluate(expr, axes=FREE, arrays=VALUES, sizes=SIZES)
    assume(abs(expected).max() < 1e6)
    stated = to_sympy(expr)
    known = {sympy.Symbol(name, integer=True): size for name, size in SIZES.items()}
    known |= {sympy.Symbol(t.name, real=True): sympy.Float(VALUES[t.name][()]) for t in TENSORS if not t.extents}
    entries = {
        sympy.IndexedBase(t.name)[place]: sympy.Float(VALUES[t.name][place])
        for t in TENSORS
        if t.extents
        for place in itertools.product(*(range(SIZES[str(e)]) for e in t.extents))
    }
    for place in ((0, 1, 2, 0), (1, 1, 0, 1)):
        fixed = {sympy.Symbol(index.name, integer=True): value for index, value in zip(FREE, place, strict=True)}
        value = complex(stated.subs({**known, **fixed}).doit().subs(entries).doit())
        assert value == pytest.approx(complex(expected[place]), rel=1e-9, abs=1e-9)
