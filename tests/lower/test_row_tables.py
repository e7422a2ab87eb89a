"""Which parts of a loop over features get names before the adjoint is taken: tables of rows, nothing else."""

from __future__ import annotations

import pytest

from tensorderiv.algebra.text import statement_text
from tensorderiv.language import read
from tensorderiv.lower.row_tables import name_row_tables

XY = "tensor X[n,d], Y[m,d], w[d], u[n]\n"


def named(text: str) -> list[str]:
    return [statement_text(s) for s in name_row_tables(read(XY + text), frozenset({"n", "m"})).statements]


@pytest.mark.parametrize(
    ("text", "tables"),
    [
        ("D_ij = sum_p X_ip Y_jp / sqrt(sum_q X_iq^2)", ["U1_ip = X_ip / sqrt(sum_q X_iq^2)"]),
        ("D_ij = sum_p abs(u_i X_ip - 2 w_p Y_jp)", ["U1_ip = u_i X_ip", "U2_jp = w_p Y_jp"]),
        ("D_ij = max_p abs(X_ip / u_i - Y_jp)", ["U1_ip = X_ip / u_i"]),
        ("D_ij = sum_p (X_ip / u_i - Y_jp)^2 exp(X_ip / u_i + Y_jp)", ["U1_ip = X_ip / u_i"]),
        ("L = sum_{i,k} sum_p abs(X_ip / u_i - X_kp / u_k)", ["U1_ip = X_ip / u_i"]),
    ],
)
def test_factors_of_one_row_and_the_feature_are_a_table(text: str, tables: list[str]) -> None:
    assert named(text)[:-1] == tables


@pytest.mark.parametrize(
    "text",
    [
        "D_ij = sum_p (X_ip - Y_jp)^2",  # entries as they stand
        "D_ij = sum_p abs(3 X_ip - Y_jp / 2)",  # numbers
        "D_ij = sum_p w_p (X_ip - Y_jp)^2",  # a factor of no row
        "D_ij = sum_p exp(X_ip) log(Y_jp)",  # a function of one entry
        "D_ij = sum_p (X_ip - mean_q X_iq) (Y_jp - mean_q Y_jq)",  # the adjoint of a difference takes the sum of a row
        "D_ij = sum_p [u_i > 0] u_i X_ip Y_jp",  # what a condition decides
        "D_ij = u_i sum_p X_ip Y_jp",  # outside of the loop
        "R_i = sum_p X_ip / u_i",  # no pair
    ],
)
def test_anything_else_stays(text: str) -> None:
    assert len(named(text)) == 1


def test_letters_do_not_matter() -> None:
    """The same function of other rows is one table; names that are taken are left alone."""
    text = "tensor X[n,d], U1[n]\nL = sum_{a,b} (sum_k X_ak X_bk / (U1_a U1_b)) (sum_l abs(X_al / U1_a - X_bl / U1_b))"
    first, second = name_row_tables(read(text), frozenset({"n"})).statements
    assert statement_text(first) == "U2_ak = X_ak / U1_a"
    assert statement_text(second).count("U2_") == 4
