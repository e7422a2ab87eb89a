"""How a person would write it: one case for each decision of the layout."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tensorderiv.algebra.build import MINUS_ONE, ONE, TWO, ZERO, add, call, div, mul, neg, number, power, sub, total
from tensorderiv.algebra.expression import (
    Add,
    And,
    ArgReduction,
    Bracket,
    Compare,
    Condition,
    CopyTensor,
    Derivative,
    Element,
    Expr,
    KroneckerDelta,
    Mul,
    Number,
    Or,
    Position,
    Pow,
    Reduction,
    Select,
    Size,
    Tensor,
)
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.program import Domain, Input, Program, Statement
from tensorderiv.algebra.program_text import declaration_text, program_text
from tensorderiv.algebra.text import condition_text, statement_text, subscript_text, to_text

i, j, k, a, i1 = (Index(name, "n") for name in ("i", "j", "k", "a", "i1"))
p, l = Index("p", "d"), Index("l", "d")
X, Y = Tensor("X", ("n", "d")), Tensor("Y", ("n", "d"))
N, C = Tensor("N", ("n",)), Tensor("c", ("n",), integer=True)
t = Element(Tensor("t"))
Xip, Xjp, Yjp, Xil, Xjl = (Element(T, (a, b)) for T, a, b in ((X, i, p), (X, j, p), (Y, j, p), (X, i, l), (X, j, l)))
Ni, Nj = Element(N, (i,)), Element(N, (j,))
ci, cj = Element(C, (i,)), Element(C, (j,))
SUM_X = total([p], Xip)


def different(left: Index, right: Index) -> Condition:
    return Compare("!=", Position(left), Position(right))


CASES: list[tuple[Expr, str]] = [
    (mul(TWO, sub(Xil, Xjl), sub(KroneckerDelta(i, k), KroneckerDelta(j, k))), "2 (X_il - X_jl)(delta_ik - delta_jk)"),
    # signs
    (add(neg(Xjl), Xil), "X_il - X_jl"),
    (add(neg(Xjl), neg(Xil)), "-X_jl - X_il"),
    (add(Xil, MINUS_ONE), "X_il - 1"),
    (neg(add(Ni, t)), "-(N_i + t)"),
    (add(t, neg(add(Ni, t))), "t - (N_i + t)"),
    (Add((Xil, Add((t, neg(Xjl))))), "X_il + t - X_jl"),
    (power(neg(Ni), 2), "(-N_i)^2"),
    (neg(power(Ni, 2)), "-N_i^2"),
    (number(Fraction(-3, 2)), "-3/2"),
    # coefficients and denominators
    (mul(number(Fraction(1, 2)), Xip, Yjp), "1/2 X_ip Y_jp"),
    (div(mul(Xip, Yjp), mul(Ni, Nj)), "X_ip Y_jp / (N_i N_j)"),
    (mul(number(Fraction(3, 2)), div(Xip, Ni)), "3 X_ip / (2 N_i)"),
    (mul(Xip, power(Ni, -1), Yjp), "X_ip Y_jp / N_i"),
    (power(Ni, -2), "1/N_i^2"),
    (power(Ni, Fraction(-1, 2)), "1/N_i^(1/2)"),
    (div(Xip, add(t, ONE)), "X_ip / (t + 1)"),
    (Pow(Pow(Ni, MINUS_ONE), MINUS_ONE), "1/(1/N_i)"),
    (mul(Ni, power(power(Ni, -1), 2)), "N_i (1/N_i)^2"),
    (mul(power(Size("n"), -1), total([i], Ni)), "1/n sum_i N_i"),
    (mul(power(Size("n"), -1), add(t, ONE)), "(t + 1) / n"),
    (mul(power(t, -1), add(t, ONE)), "(t + 1) / t"),
    (mul(TWO, power(TWO, t)), "2 (2^t)"),
    (Mul((t, number(2), number(3))), "6 t"),
    (Mul((ZERO, t)), "0 t"),
    # powers
    (power(t, sub(t, ONE)), "t^(t - 1)"),
    (power(t, neg(t)), "t^(-t)"),
    (power(t, Ni), "t^(N_i)"),
    (power(call("exp", t), 2), "exp(t)^2"),
    (power(power(t, 2), Fraction(1, 2)), "(t^2)^(1/2)"),
    # the scope of a reduction
    (total([p], div(mul(Xip, Yjp), mul(Ni, Nj))), "sum_p X_ip Y_jp / (N_i N_j)"),
    (div(total([p], mul(Xip, Yjp)), mul(Ni, Nj)), "(sum_p X_ip Y_jp) / (N_i N_j)"),
    (mul(SUM_X, total([p], Yjp)), "(sum_p X_ip) sum_p Y_jp"),
    (add(SUM_X, t), "sum_p X_ip + t"),
    (total([p], add(Xip, t)), "sum_p (X_ip + t)"),
    (total([p], neg(Xip)), "sum_p (-X_ip)"),
    (power(SUM_X, 2), "(sum_p X_ip)^2"),
    (div(t, SUM_X), "t / sum_p X_ip"),
    (div(t, mul(SUM_X, Ni)), "t / (N_i sum_p X_ip)"),
    (mul(t, Reduction("max", (j,), Nj)), "t max_j N_j"),
    (total([i, j], mul(Ni, Nj)), "sum_{i,j} N_i N_j"),
    (total([i1], Element(N, (i1,))), "sum_{i1} N_{i1}"),
    # an extent that nothing shows
    (total([j], Ni), "sum_{j=1}^{n} N_i"),
    (total([i, p], Ni), "sum_{p=1}^{d} sum_i N_i"),
    (total([j], ONE, Compare(">", Position(j), Position(i))), "sum_{j: j > i} 1"),
    (total([i], total([j], ONE, Compare(">", Position(j), Position(i)))), "sum_{i=1}^{n} sum_{j: j > i} 1"),
    (total([i], total([j], Nj, Compare(">", Position(j), Position(i)))), "sum_i sum_{j: j > i} N_j"),
    (total([i], Bracket(Compare("=", Position(i), ZERO))), "sum_{i=1}^{n} [i = 0]"),
    # a bound index whose name is taken is renamed
    (total([p], mul(Xip, SUM_X)), "sum_p X_ip sum_q X_iq"),
    (mul(Element(X, (i, p)), total([p], Yjp)), "X_ip sum_q Y_jq"),
    # subscripts
    (Element(X, (i1, p)), "X_{i1,p}"),
    (Element(X, (Index("j'", "n"), p)), "X_{j',p}"),
    (Element(N, (0,)), "N[0]"),
    (Element(X, (i, ci)), "X[i,c[i]]"),
    (Element(X, (ArgReduction("argmax", j, Nj), p)), "X[argmax_j (N_j),p]"),
    (KroneckerDelta(i, cj), "delta[i,c[j]]"),
    (CopyTensor((i, j, k)), "H_ijk"),
    # conditions
    (total([j], Nj, different(j, i)), "sum_{j: j != i} N_j"),
    (total([i, j], Nj, Compare("<", Position(i), Position(j))), "sum_{i,j: i < j} N_j"),
    (total([j], Nj, And((different(j, i), Compare("=", cj, ci)))), "sum_{j: j != i and c_j = c_i} N_j"),
    (mul(t, Bracket(Compare("=", ci, cj))), "t [c_i = c_j]"),
    (Bracket(And((Or((different(i, j), different(i, k))), different(j, k)))), "[(i != j or i != k) and j != k]"),
    (Select(Compare(">", t, ZERO), t, neg(t)), "if(t > 0, t, -t)"),
    (mul(ArgReduction("argmin", j, Nj), t), "(argmin_j (N_j)) t"),
    (Derivative(SUM_X, Element(X, (k, l))), "diff(sum_p X_ip, X_kl)"),
    (call("max", ZERO, sub(t, ONE)), "max(0, t - 1)"),
    (call("abs", t), "abs(t)"),
]


@pytest.mark.parametrize(("expr", "text"), CASES, ids=[text for _, text in CASES])
def test_text(expr: Expr, text: str) -> None:
    assert to_text(expr) == text
    assert str(expr) == text


def test_a_condition_is_shortened_only_where_the_reader_knows_the_other_index() -> None:
    expr = total([j], Nj, different(j, i))
    assert to_text(expr) == "sum_{j: j != i} N_j"
    assert to_text(expr, (i,)) == "sum_{j != i} N_j"
    assert to_text(total([i], expr), ()) == "sum_i sum_{j != i} N_j"
    assert to_text(total([i, j], Nj, Compare("<", Position(i), Position(j))), ()) == "sum_{i < j} N_j"
    assert statement_text(Statement(Tensor("E", ("n",)), (i,), expr)) == "E_i = sum_{j != i} N_j"


def test_a_condition_that_names_one_of_two_bound_indices_is_not_shortened() -> None:
    expr = Reduction("sum", (i, j), Nj, different(i, k))
    assert to_text(expr, (k,)) == "sum_{i,j: i != k} N_j"


def test_a_bound_index_keeps_away_from_the_names_of_tensors() -> None:
    index = Index("N", "n")
    assert to_text(total([index], mul(Element(N, (index,)), t))) == "sum_p N_p t"
    assert to_text(SUM_X, None, {"p"}) == "sum_q X_iq"


def test_a_delta_whose_name_is_taken_is_a_bracket() -> None:
    huber = Element(Tensor("delta"))
    assert to_text(mul(huber, KroneckerDelta(i, j))) == "delta [i = j]"
    assert to_text(KroneckerDelta(i, cj), None, {"delta"}) == "[i = c_j]"
    assert to_text(CopyTensor((i, j, k)), None, {"H"}) == "[i = j and i = k]"


def test_greek_indices_are_written_as_in_latex() -> None:
    mu = Index("mu", "d")
    assert to_text(total([mu], Element(X, (i, mu)))) == r"sum_{\mu} X_{i,\mu}"


def test_an_index_that_stands_on_the_left_only() -> None:
    assert statement_text(Statement(N, (i,), power(Size("n"), -1))) == "N_i = 1_i (1/n)"
    assert statement_text(Statement(N, (i,), t)) == "N_i = 1_i t"
    assert statement_text(Statement(X, (i, l), Element(N, (i,)))) == "X_il = 1_l N_i"


def test_conditions_and_subscripts_stand_alone() -> None:
    assert condition_text(different(i, j)) == "i != j"
    assert str(different(i, j)) == "i != j"
    assert [subscript_text(s) for s in (i, 0, ci, ArgReduction("argmax", j, Nj))] == ["i", "0", "c[i]", "argmax_j (N_j)"]


def test_a_program() -> None:
    norm = Statement(N, (i,), call("sqrt", total([p], power(Xip, 2))))
    inputs = (Input(X), Input(Tensor("t"), Domain("positive"), Fraction(1)), Input(C, Domain("labels")))
    program = Program("norms", inputs, (norm,))
    assert program_text(program) == "tensor X[n,d]\nscalar t > 0 default 1\nlabels c[n]\nN_i = sqrt(sum_p X_ip^2)"


def test_labels_say_what_they_count() -> None:
    assert declaration_text(Input(C, Domain("labels"), label_extent="C")) == "labels c[n] in C"


@pytest.mark.parametrize(
    ("domain", "text"),
    [
        (Domain("nonnegative"), "tensor X[n,d] >= 0"),
        (Domain("sphere"), "tensor X[n,d] in sphere"),
        (Domain("spd"), "tensor X[n,d] spd"),
        (Domain("interval", Fraction(0), Fraction(1), (False, False)), "tensor X[n,d] in [0,1]"),
        (Domain("interval", Fraction(0), Fraction(1), (True, False)), "tensor X[n,d] in (0,1]"),
        (Domain("interval", Fraction(-1), None), "tensor X[n,d] > -1"),
        (Domain("interval", None, Fraction(1), (True, False)), "tensor X[n,d] <= 1"),
    ],
)
def test_domains(domain: Domain, text: str) -> None:
    assert declaration_text(Input(X, domain)) == text


def test_every_number_is_written_exactly() -> None:
    assert to_text(Number(Fraction(10**20 + 1, 3))) == "100000000000000000001/3"
