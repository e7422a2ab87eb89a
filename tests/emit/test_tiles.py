"""Tiles: against NumPy for sizes with every kind of rest, the strong zero, nan, and the same bits however the rows are cut."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tensorderiv.algebra.build import add, call, div, mul, number, power, sub
from tensorderiv.algebra.expression import Compare, Element, Select, Size, Tensor
from tensorderiv.algebra.index import Index
from tensorderiv.emit.tiles import TileText, fold_text, spread_text, support_texts
from tensorderiv.emit.vector_math import vector_math
from tensorderiv.errors import RuleProblem
from tensorderiv.lower.tile import Fold, Pairwise, Spread
from tests.support.vector_math import HEAD, load

Array = NDArray[Any]
JIT = (files("tensorderiv.templates") / "generated" / "jit.py.jinja").read_text(encoding="utf-8").strip()
"""The decorator of generated modules."""
DTYPES = (np.float64, np.float32)

i, j, p = Index("i", "n"), Index("j", "m"), Index("p", "d")
X, Y = Element(Tensor("X", ("n", "d")), (i, p)), Element(Tensor("Y", ("m", "d")), (j, p))
w, gamma, t = Element(Tensor("w", ("d",)), (p,)), Element(Tensor("gamma")), Element(Tensor("t"))
DIFFERENCE = sub(X, Y)

WEIGHTED = Pairwise(i, j, p, (), mul(w, power(DIFFERENCE, 2)))
RATIO = Pairwise(
    i,
    j,
    p,
    (("t", add(call("abs", X), call("abs", Y))),),
    Select(Compare("=", t, number(0)), number(0), div(mul(gamma, call("abs", DIFFERENCE)), t)),
)
SIGN = Pairwise(i, j, p, (), call("sign", DIFFERENCE))
INVERSE = Pairwise(i, j, p, (("t", mul(Size("m"), w)),), div(t, DIFFERENCE))
CHOICE = Pairwise(i, j, p, (), Select(Compare(">", X, number(0)), number(0), mul(X, Y)))
GAUSS = Pairwise(i, j, p, (), call("exp", mul(number(-1), power(DIFFERENCE, 2))))

SIZES = [
    (0, 3, 2),
    (1, 1, 1),
    (3, 5, 0),
    (6, 0, 3),
    (5, 127, 3),
    (7, 129, 130),
    (4, 517, 5),
    (9, 300, 65),
    (263, 7, 17),
    (130, 9, 3),
]
"""(n, m, d): rests of blocks of rows, columns and features, and none of them at all."""


def module_of(path: Path, *texts: TileText, more: tuple[str, ...] = ()) -> ModuleType:
    names = {"panels", *more}.union(*(text.helpers for text in texts))
    return load("\n\n\n".join([HEAD, JIT, *support_texts(names), *(text.source for text in texts)]) + "\n", path)


def run(module: ModuleType, text: TileText, start: int, stop: int, **given: Any) -> None:
    """Call a tile with arrays by the names of the program."""
    given |= {"start": start, "stop": stop}
    arguments = [
        module._panels(given[p.name]) if p.kind == "panels" else given[p.name or p.shown] for p in text.parameters
    ]  # the strip is S, the weights are W, what is added to is out
    getattr(module, text.name)(*arguments)


def matrices(n: int, m: int, d: int, dtype: Any) -> tuple[Array, Array, Array]:
    """Small whole numbers, so that pairs agree in some features; sums of their squares are exact."""
    rng = np.random.default_rng(n + m + d)
    return tuple(rng.integers(-3, 4, shape).astype(dtype) for shape in ((n, d), (m, d), (d,)))  # type: ignore[return-value]


FOLDS: dict[str, tuple[Fold, Callable[[Array, Array, Array], Array]]] = {
    "sum": (Fold("sum", WEIGHTED), lambda x, y, v: (v * (x - y) ** 2).sum(2)),
    "max": (Fold("max", RATIO), lambda x, y, v: _ratio(x, y).max(2, initial=-np.inf)),
    "min": (Fold("min", WEIGHTED), lambda x, y, v: (v * (x - y) ** 2).min(2, initial=np.inf)),
    "choice": (Fold("sum", CHOICE), lambda x, y, v: np.where(x > 0, 0, x * y).sum(2)),
}
TEXTS = {name: fold_text(fold, f"_fold_{name}") for name, (fold, _) in FOLDS.items()}


def _ratio(x: Array, y: Array) -> Array:
    size = abs(x) + abs(y)
    return 1.5 * abs(x - y) / np.where(size == 0, 1, size)


@pytest.fixture(scope="module")
def folds(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    return module_of(tmp_path_factory.mktemp("tiles") / "folds_of_tiles.py", *TEXTS.values())


def fold(folds: ModuleType, name: str, A: Array, B: Array, v: Array, cuts: tuple[int, ...] = ()) -> Array:
    """The strips of the rows between the cuts, one under the other."""
    S = np.full((len(A), len(B)), 7, A.dtype)
    places = (0, *cuts, len(A))
    for start, stop in itertools.pairwise(places):
        run(folds, TEXTS[name], start, stop, X=A, Y=B, w=v, gamma=1.5, S=S[start:stop])
    return S


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", FOLDS)
def test_fold(folds: ModuleType, name: str, dtype: Any) -> None:
    for sizes in SIZES:
        A, B, v = matrices(*sizes, dtype)
        expected = FOLDS[name][1](A[:, None].astype(float), B[None].astype(float), v.astype(float))
        found = fold(folds, name, A, B, v)
        # whole numbers below 2**24 are exact; a quotient is rounded three times
        np.testing.assert_allclose(found, expected, rtol=4 * np.finfo(dtype).eps if name == "max" else 0)


@pytest.mark.parametrize("dtype", DTYPES)
def test_same_bits_for_any_partition(folds: ModuleType, dtype: Any) -> None:
    rng = np.random.default_rng(0)
    A, B, v = (rng.normal(size=shape).astype(dtype) for shape in ((23, 131), (130, 131), (131,)))
    for name in FOLDS:
        whole = fold(folds, name, A, B, v)
        assert (whole == fold(folds, name, A, B, v, (1, 3, 4, 10, 17))).all()
        assert (whole[5:6] == fold(folds, name, A[5:6], B, v)).all()


@pytest.mark.parametrize("dtype", DTYPES)
def test_fold_computes_in_the_type_of_the_tables(folds: ModuleType, dtype: Any) -> None:
    """Inner loops in float32 have twice the lanes: nothing is widened on the way."""
    for name in ("sum", "max"):
        fold(folds, name, *matrices(4, 5, 3, dtype))
        for assembly in getattr(folds, f"_fold_{name}").inspect_asm().values():
            assert "vcvtps2pd" not in assembly and "cvtss2sd" not in assembly


def test_fold_keeps_nan(folds: ModuleType) -> None:
    A, B, v = matrices(5, 9, 6, np.float64)
    for column in range(6):
        Z = A.copy()
        Z[2, column] = np.nan
        for name in FOLDS:
            found = fold(folds, name, Z, B, v)
            assert np.isnan(found[2]).all()
            assert not np.isnan(np.delete(found, 2, 0)).any()


def spreads() -> dict[str, tuple[TileText, bool, Callable[[Array, Array, Array, int], Array]]]:
    def sign(x: Array, y: Array, v: Array, m: int) -> Array:
        return np.sign(x - y)

    def inverse(x: Array, y: Array, v: Array, m: int) -> Array:
        return m * v / (x - y)

    made: dict[str, tuple[TileText, bool, Callable[[Array, Array, Array, int], Array]]] = {}
    for name, body, guarded, finite, g in (
        ("sign", SIGN, False, False, sign),
        ("inverse", INVERSE, True, True, inverse),
    ):
        for onto in (False, True):
            key = f"_{name}_onto_{'columns' if onto else 'rows'}"
            made[key] = spread_text(Spread(body, onto, guarded), key, finite), onto, g
    for name, sparse in (("_masked_onto_rows", False), ("_sparse_onto_rows", True)):
        made[name] = spread_text(Spread(SIGN, False, False, masked=True, sparse=sparse), name, False), False, sign
    return made


SPREADS = spreads()


@pytest.fixture(scope="module")
def spread_module(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    return module_of(tmp_path_factory.mktemp("tiles") / "spreads_of_tiles.py", *(text for text, *_ in SPREADS.values()))


@pytest.mark.filterwarnings("ignore:divide by zero", "ignore:invalid value")  # the reference computes what is not taken
@pytest.mark.parametrize(
    ("name", "dtype"),
    [
        ("_sign_onto_rows", np.float64),
        ("_sign_onto_rows", np.float32),
        ("_sign_onto_columns", np.float32),
        ("_inverse_onto_rows", np.float64),
        ("_inverse_onto_columns", np.float64),
        ("_inverse_onto_columns", np.float32),
    ],
)
def test_spread(spread_module: ModuleType, name: str, dtype: Any) -> None:
    text, onto, formula = SPREADS[name]
    for n, m, d in SIZES:
        A, B, v = matrices(n, m, d, dtype)
        g = formula(A[:, None].astype(float), B[None].astype(float), v.astype(float), m)
        W = np.random.default_rng(1).integers(-2, 3, (n, m)).astype(dtype)
        if "inverse" in name:
            W[~np.isfinite(g).all(2)] = 0  # the guard is asked for where g is not finite
        elif n > 2 and m > 2:
            W[2, 1], W[0, 2] = np.inf, np.nan
        before = W.copy()
        out = np.ones((m if onto else n, d), dtype)
        run(spread_module, text, 0, n, W=W, X=A, Y=B, w=v, m=m, out=out)
        assert ((before == W) | np.isnan(W)).all(), "the weights are the caller's"
        shares = np.where((W[:, :, None] == 0) | (g == 0), 0, W[:, :, None].astype(float) * g)
        expected = 1 + shares.sum(0 if onto else 1)
        terms = n if onto else m
        room = (terms + 4) * np.finfo(dtype).eps * (1 + np.nan_to_num(abs(shares), posinf=0).sum(0 if onto else 1).max(initial=0))
        np.testing.assert_allclose(out, expected, rtol=0, atol=room)


@pytest.mark.parametrize("d", [3, 40])
@pytest.mark.parametrize("name", ["_masked_onto_rows", "_sparse_onto_rows"])
def test_what_is_masked_does_not_reach_the_sums(spread_module: ModuleType, name: str, d: int) -> None:
    """Few weights that are not 0, and nan in the tables where all of them are."""
    rng = np.random.default_rng(0)
    A, B = rng.normal(size=(23, d)), rng.normal(size=(131, d))
    W = rng.normal(size=(23, 131)) * (rng.random((23, 131)) < 0.02)
    W[:, 7] = 0
    expected = np.einsum("ij,ijl->il", W, np.sign(A[:, None] - B))
    for spoiled in (False, True):
        if spoiled:
            B[7, d - 1] = np.nan
        out = np.zeros((23, d))
        run(spread_module, SPREADS[name][0], 0, 23, W=W, X=A, Y=B, w=A[0], m=131, out=out)
        np.testing.assert_allclose(out, expected, rtol=0, atol=1e-13)


@pytest.mark.parametrize("d", [3, 40])
def test_spread_of_a_part_is_that_of_its_rows(spread_module: ModuleType, d: int) -> None:
    rng = np.random.default_rng(0)
    A, B, W = (rng.normal(size=shape) for shape in ((23, d), (131, d), (23, 131)))
    for name in ("_sign_onto_rows", "_inverse_onto_rows"):
        text = SPREADS[name][0]
        whole, parts = np.zeros((23, d)), np.zeros((23, d))
        run(spread_module, text, 0, 23, W=W, X=A, Y=B, w=A[0], m=131, out=whole)
        for start, stop in ((0, 1), (1, 3), (3, 10), (10, 23)):
            run(spread_module, text, start, stop, W=W[start:stop].copy(), X=A, Y=B, w=A[0], m=131, out=parts)
        assert (whole == parts).all()


def test_vector_functions_and_a_table_that_is_both(tmp_path: Path) -> None:
    with vector_math():
        text = fold_text(Fold("sum", GAUSS), "_gauss")
        module = module_of(tmp_path / "gauss_of_tiles.py", text)
    A = np.random.default_rng(0).normal(size=(9, 21))
    S = np.empty((9, 9))
    run(module, text, 0, 9, X=A, Y=A, S=S)
    np.testing.assert_allclose(S, np.exp(-((A[:, None] - A[None]) ** 2)).sum(2), rtol=40 * np.finfo(float).eps)
    assert "exp" in text.helpers and any("zmm" in a or "ymm" in a or "v2" in a for a in module._gauss.inspect_asm().values())


def test_a_body_may_not_read_other_places() -> None:
    strange = Element(Tensor("Z", ("n", "m")), (i, j))
    with pytest.raises(RuleProblem, match="a tile does not read"):
        fold_text(Fold("sum", Pairwise(i, j, p, (), mul(strange, X))), "_fold")


@pytest.fixture(scope="module")
def products(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    return module_of(tmp_path_factory.mktemp("tiles") / "products_of_tiles.py", more=("local", "product"))


def strong(A: Array, B: Array) -> Array:
    """A B with 0 times anything 0."""
    left, right = A[:, :, None].astype(float), B[None].astype(float)
    return np.where((left == 0) | (right == 0), 0, np.where(left == 0, 1, left) * np.where(right == 0, 1, right)).sum(1)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("special", [False, True])
def test_products(products: ModuleType, dtype: Any, special: bool) -> None:
    for n, m, d in SIZES[:8]:
        A, B, _ = matrices(n, m, d, dtype)
        W = np.random.default_rng(1).integers(-2, 3, (n, m)).astype(dtype)
        if special and min(n, m, d) > 2:
            A[1] = 0
            A[0, 0], B[2, 1], W[2, 1], W[0, 0] = np.inf, np.nan, np.inf, np.nan
            B[1, :] = 0
        out, rows, columns = (np.full(shape, 5, dtype) for shape in ((n, m), (n, d), (m, d)))
        for start, stop in ((0, n // 3), (n // 3, n)):
            products._product(start, stop, A, products._columns(B), out[start:stop])
            products._weighted(start, stop, W[start:stop], products._features(B), rows)
            products._weighted_columns(start, stop, W[start:stop], products._features(A), columns)
        for found, expected in ((out, strong(A, B.T)), (rows, 5 + strong(W, B)), (columns, 5 + strong(W.T, A))):
            np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("dtype", DTYPES)
def test_products_of_registers_of_any_width(products: ModuleType, dtype: Any) -> None:
    """A row of a product has the same bits wherever it stands among the 8 of its tile, and however many rows there are."""
    rng = np.random.default_rng(2)
    A, B = (rng.normal(size=shape).astype(dtype) for shape in ((37, 67), (130, 67)))
    columns = products._columns(B)
    whole = np.empty((37, 130), dtype)
    products._product(0, 37, A, columns, whole)
    np.testing.assert_allclose(whole, A @ B.T, rtol=0, atol=67 * np.finfo(dtype).eps * 20)
    for start, stop in ((0, 1), (3, 20), (5, 37), (36, 37)):
        part = np.empty((stop - start, 130), dtype)
        products._product(start, stop, A, columns, part)
        np.testing.assert_array_equal(part, whole[start:stop])
