"""Case tables: the rows a person would write, judged by evaluation, and judged wrong where a fault is planted."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import product

import numpy as np
import pytest

import tensorderiv as td
from tensorderiv.algebra.build import add, number
from tensorderiv.algebra.evaluate import FRACTION
from tensorderiv.algebra.index import Index
from tensorderiv.canonical import equal
from tensorderiv.derivation import derive
from tensorderiv.derivation.cases import CaseTable, case_table, disagreement
from tensorderiv.derivation.cases.count import Count
from tensorderiv.derivation.cases.patterns import all_patterns, partitions
from tensorderiv.language import read_expression, read_variable

COSINE = "N_i = sqrt(sum_p X_ip^2)\nC_ij = sum_p X_ip X_jp / (N_i N_j)\nD_ij = 1 - C_ij"

DEFINITIONS = {
    "squared": ("D_ij = sum_p (X_ip - X_jp)^2", "X_kl"),
    "identity": ("Y_ij = X_ij", "X_kl"),
    "product with a constant": ("Y_ij = sum_p A_ip X_pj", "X_kl"),
    "euclidean": ("D_ij = sqrt(sum_p (X_ip - X_jp)^2)", "X_kl"),
    "cosine": (COSINE, "X_kl"),
    "softmax": ("P_ij = exp(S_ij) / sum_k exp(S_ik)", "S_ab"),
    "two tensors": ("D_ij = sum_p (X_ip - Y_jp)^2", "X_kl"),
    "labels": ("labels c[n]\nD_ij = [c_i != c_j] sum_p (X_ip - X_jp)^2", "X_kl"),
    "order": ("D_ij = [i < j] sum_p (X_ip - X_jp)^2", "X_kl"),
    "off the diagonal": ("D_ij = [i != j] sum_p X_ip X_jp", "X_kl"),
    "cases": ("D_ij = if(i = j, X_i^3, X_i X_j)", "X_k"),
    "gaussian": ("K_ij = exp(-sum_p (X_ip - X_jp)^2)", "X_kl"),
    "three factors": ("S_ijk = X_i X_j X_k", "X_a"),
    "matrix square": ("tensor X[n,n]\nY_ij = sum_k X_ik X_kj", "X_pq"),
    "fixed extent": ("tensor X[2,d]\nD_ij = sum_p (X_ip - X_jp)^2", "X_kl"),
    "leave one out": ("Y_ij = sum_{k: k != i} X_kj", "X_ab"),
}


def table_of(name: str) -> tuple[td.definition.Definition, CaseTable]:
    text, by = DEFINITIONS[name]
    definition = td.define(text)
    return definition, case_table(definition.derive(by).result, definition.program)


def inputs(definition: td.definition.Definition, seed: int) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    sizes = {extent: int(rng.integers(2, 5)) for item in definition.inputs for extent in item.extents if isinstance(extent, str)}
    found = {}
    for item in definition.inputs:
        shape = [extent if isinstance(extent, int) else sizes[extent] for extent in item.extents]
        found[item.name] = rng.integers(0, 2, size=shape) if item.integer else rng.integers(-9, 9, size=shape) / 4 + 0.1
    return found


@pytest.mark.parametrize("name", DEFINITIONS)
def test_each_entry_is_under_one_row_with_the_value_of_the_formula(name: str) -> None:
    definition, table = table_of(name)
    for seed in range(2):
        assert disagreement(table, **inputs(definition, seed)) is None


@pytest.mark.parametrize("name", DEFINITIONS)
def test_the_table_as_one_expression_denotes_the_derivative(name: str) -> None:
    definition, table = table_of(name)
    arrays = inputs(definition, 5)
    whole = replace(table.formula, expr=table.expr)
    np.testing.assert_allclose(whole.evaluate(**arrays), table.formula.evaluate(**arrays), rtol=1e-12, atol=1e-12)


def test_the_rows_of_the_squared_distance() -> None:
    """k = i != j, k = j != i, i = j, otherwise: how a fourth-order Jacobian is read."""
    definition, table = table_of("squared")
    program, axes = definition.program, table.formula.axes
    assert [(str(case.condition), str(case.entries.expr)) for case in table.cases] == [
        ("k = i and i != j", "n (n - 1) d"),
        ("k = j and i != j", "n (n - 1) d"),
        ("i = j", "n^2 d"),
        ("None", "n (n - 1)(n - 2) d"),
    ]
    read = [read_expression(text, program, axes)[1] for text in ("2 (X_il - X_jl)", "2 (X_jl - X_il)", "0", "0")]
    assert all(equal(case.value, value) for case, value in zip(table.cases, read, strict=True))
    assert (str(table.nonzeros.expr), str(table.entries.expr)) == ("2 n (n - 1) d", "n^3 d")
    exact = {"X": np.array([[1, 2], [3, 5], [-1, 0]])}
    assert disagreement(table, FRACTION, **exact) is None


def test_the_product_with_a_delta_is_read() -> None:
    """Y_ijkl = X_jl delta_ik: the derivative of sum_p X_ip X_jp by the first factor alone."""
    definition = td.define("G_ij = sum_p Z_ip X_jp")
    table = case_table(definition.derive("Z_kl").result, definition.program)
    assert [(str(case.condition), str(case.value)) for case in table.cases] == [("k = i", "X_jl"), ("None", "0")]


def test_a_named_quantity_is_known_on_its_diagonal() -> None:
    """C_ii = 1, so the cosine distance of a point to itself does not move."""
    rows = [(str(case.condition), str(case.value)) for case in table_of("cosine")[1].cases]
    assert rows[2:] == [("i = j", "0"), ("None", "0")]


def test_alike_patterns_share_a_row() -> None:
    """No row for i = j where the value there is the general one."""
    rows = [(str(case.condition), str(case.value)) for case in table_of("matrix square")[1].cases]
    assert rows[0] == ("p = i and j != q", "X_qj") and len(rows) == 4


def test_the_second_derivative_has_a_table() -> None:
    """Its table has two families of indices: i, j, k, m of rows and l, q of features."""
    program = td.define("D_ij = sum_p (X_ip - X_jp)^2").program
    derivation = derive(program, read_variable("X_kl", program), read_variable("X_mq", program))
    table = case_table(derivation.result, program)
    assert disagreement(table, X=np.array([[1, 2], [0, 5], [3, -1]])) is None
    assert [(str(case.condition), str(case.value)) for case in table.cases][:4] == [
        ("k = i and m = i and l = q and i != j", "2"),
        ("k = i and m = j and l = q and i != j", "-2"),
        ("m = i and k = j and l = q and i != j", "-2"),
        ("k = j and m = j and l = q and i != j", "2"),
    ]


@pytest.mark.parametrize(
    ("text", "by", "words"),
    [
        ("L = sum_ij X_ij^2", "X_kl", "no delta is left"),
        ("S_{a,b,c,e,f} = X_a X_b X_c X_e X_f", "X_g", "in too many ways"),
    ],
)
def test_where_there_is_no_table_the_section_says_so(text: str, by: str, words: str) -> None:
    shown = td.define(text).derive(by).document("text", "cases")
    assert words in shown


def test_every_format_shows_the_table_and_every_text_reads_back() -> None:
    definition = td.define("D_ij = sum_p (X_ip - X_jp)^2")
    derivation = definition.derive("X_kl")
    text = derivation.document("text", "cases")
    lines = text[text.index("case table") :].splitlines()[2:6]
    assert {line.index("n (n" if "n (n" in line else "n^2") for line in lines} == {lines[0].index("n (n")}, "columns are aligned"
    assert [line[line.index("if") :].split("  ")[0] for line in lines[:3]] == [
        "if k = i and i != j",
        "if k = j and i != j",
        "if i = j",
    ]
    assert r"\begin{cases} 2 \left(X_{il} - X_{jl}\right) & \text{ if } k = i \land i \neq j" in derivation.document(
        "fragment", "cases"
    )
    for style in ("latex", "markdown", "html"):
        assert "cases" in derivation.document(style, "cases") or "mtable" in derivation.document(style, "cases")
    (section,) = [json.loads(derivation.document("json", "cases"))["cases"]]
    told = section["cases"] if isinstance(section, dict) else section
    axes = derivation.result.axes
    for row in told:
        for part in (row["text"], row["entries"]):
            read_expression(part, definition.program, axes)
        if row["when"] != "otherwise":
            read_expression(f"[{row['when']}]", definition.program, axes)


# planted faults: each is refused


def test_a_wrong_value_is_refused() -> None:
    definition, table = table_of("squared")
    for place in range(len(table.cases)):
        case = table.cases[place]
        wrong = replace(case, value=add(case.value, number(1)))
        broken = replace(table, cases=(*table.cases[:place], wrong, *table.cases[place + 1 :]))
        assert "the formula has" in (disagreement(broken, **inputs(definition, 1)) or "")


def test_rows_that_overlap_or_leave_something_out_are_refused() -> None:
    definition, table = table_of("squared")
    twice = replace(table, cases=(table.cases[0], *table.cases))
    assert "under several" in (disagreement(twice, **inputs(definition, 1)) or "")
    swapped = replace(table.cases[-1], condition=table.cases[0].condition)
    assert "under no row" in (disagreement(replace(table, cases=(*table.cases[1:-1], swapped)), **inputs(definition, 1)) or "")


def test_a_wrong_count_is_refused() -> None:
    definition, table = table_of("squared")
    wrong = replace(table.cases[0], entries=table.entries)
    broken = replace(table, cases=(wrong, *table.cases[1:]))
    assert "the row says n^3 d" in (disagreement(broken, **inputs(definition, 1)) or "")


# the parts


def test_partitions_are_counted_by_bell_numbers() -> None:
    indices = [Index(name, "n") for name in "ijklma"]
    assert [len(set(partitions(indices[:size]))) for size in range(7)] == [1, 1, 2, 5, 15, 52, 203]


def test_patterns_exclude_one_another_and_leave_nothing_out() -> None:
    n, d = tuple(Index(name, "n") for name in "ijk"), tuple(Index(name, "d") for name in "pq")
    patterns = all_patterns((n, d))
    for values in product(range(3), range(3), range(3), range(2), range(2)):
        here = dict(zip(n + d, values, strict=True))
        pairs = [(a, b) for family in (n, d) for a in family for b in family]
        fitting = [p for p in patterns if all(p.alike(a, b) == (here[a] == here[b]) for a, b in pairs)]
        assert len(fitting) == 1


@pytest.mark.parametrize("blocks", range(5))
def test_a_falling_factorial_counts_injections(blocks: int) -> None:
    count = Count.falling(("n",), "n", blocks)
    for n in range(6):
        assert count.at({"n": n}) == sum(len(set(t)) == blocks for t in product(range(n), repeat=blocks))


def test_a_count_is_written_in_factors() -> None:
    n, d = (Count.of(("n", "d"), extent) for extent in ("n", "d"))
    one = Count.of(("n", "d"), 1)
    assert str((n * n * d * d - n * d).expr) == "n d (n d - 1)"
    assert str(((n - one) * (n - one) * d + (n - one) * d).expr) == "n (n - 1) d"
    assert str((n - n).expr) == "0"
