"""MathML: well-formed, and the same layout as LaTeX."""

from __future__ import annotations

from xml.etree import ElementTree

from hypothesis import HealthCheck, given, settings

from tensorderiv.algebra.build import div, power, total
from tensorderiv.algebra.expression import Element, Expr, Tensor
from tensorderiv.algebra.index import Index
from tensorderiv.language.mathml import to_mathml
from tests.support.printed import printable

i, p = Index("i", "n"), Index("p", "d")
x = Element(Tensor("Xbar", ("n", "d")), (i, p))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(printable())
def test_well_formed(expr: Expr) -> None:
    math = ElementTree.fromstring(to_mathml(expr))
    arity = {"mfrac": 2, "msup": 2, "msub": 2, "munder": 2, "mover": 2}
    for element in math.iter():
        assert len(element) == arity.get(element.tag, len(element)), element.tag


def test_a_sum_and_a_fraction() -> None:
    math = ElementTree.fromstring(to_mathml(div(total([p], power(x, 2)), x)))
    assert math.attrib["alttext"] == "(sum_q Xbar_iq^2) / Xbar_ip"
    (fraction,) = math.iter("mfrac")
    assert [child.tag for child in fraction] == ["mrow", "mrow"]
    assert "∑" in "".join(fraction[0].itertext())
