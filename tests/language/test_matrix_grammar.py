"""Random matrix expressions over declared tensors denote what NumPy says: products, sums, transposes, traces in any nesting."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import numpy as np
import pytest

import tensorderiv as td

rng = np.random.default_rng(1)
SIZES = {"n": 3, "d": 4}
MATRICES = {"A": "nd", "B": "nd", "C": "dn", "S": "nn", "R": "nn", "P": "dd"}
VECTORS = {"u": "n", "v": "n", "x": "d", "y": "d"}
NUMBERS = ("a", "b", "t")
ARRAYS: dict[str, Any] = {
    **{name: rng.normal(size=[SIZES[letter] for letter in shape]) for name, shape in MATRICES.items()},
    **{name: rng.normal(size=SIZES[shape]) for name, shape in VECTORS.items()},
    **{name: float(rng.normal()) for name in NUMBERS},
}
DECLARED = (
    "".join(f"tensor {name}[{shape[0]},{shape[1]}]\n" for name, shape in MATRICES.items())
    + "".join(f"tensor {name}[{shape}]\n" for name, shape in VECTORS.items())
    + "scalar a, b, t\n"
)
Written = tuple[str, Any]


class Writer:
    """Writes a random expression and its value by NumPy; every part of more than one sign stands in parentheses."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.seen: Counter[str] = Counter()

    def choose(self, *ways: str) -> str:
        way = self.random.choice(ways)
        self.seen[way] += 1
        return way

    def matrix(self, rows: str, columns: str, depth: int) -> Written:
        ways = ["name"] if depth == 0 else ["product", "sum", "transpose", "scale", "odot", "outer", "inv", "diag", "square"]
        way = self.choose(*ways) if rows == columns else self.choose(*(w for w in ways if w not in ("inv", "diag", "square")))
        if way == "name":
            straight = [name for name, shape in MATRICES.items() if shape == rows + columns]
            turned = [name for name, shape in MATRICES.items() if shape == columns + rows]
            if straight and (not turned or self.random.random() < 0.6):
                name = self.random.choice(straight)
                return name, ARRAYS[name]
            name = self.random.choice(turned)
            return f"{name}^T", ARRAYS[name].T
        if way == "outer":
            (one, left), (two, right) = self.vector(rows, depth - 1), self.vector(columns, depth - 1)
            return f"({one} ({two})^T)", np.outer(left, right)
        if way == "diag":
            one, left = self.vector(rows, depth - 1)
            return f"diag({one})", np.diag(left)
        if way in ("transpose", "inv", "square", "scale"):
            one, left = self.matrix(*((columns, rows) if way == "transpose" else (rows, columns)), depth - 1)
            if way == "transpose":
                return f"({one})^T", left.T
            if way == "inv":
                return f"(10 I + ({one}) ({one})^T)^(-1)", np.linalg.inv(10 * np.eye(len(left)) + left @ left.T)
            if way == "square":
                return f"(({one})^2)", left @ left
            return f"(t {one} / 3)", ARRAYS["t"] * left / 3
        inner = self.random.choice("nd") if way == "product" else columns
        one, left = self.matrix(rows, inner, depth - 1)
        two, right = self.matrix(inner if way == "product" else rows, columns, depth - 1)
        if way == "product":
            return f"({one} {two})", left @ right
        return (f"({one} - {two})", left - right) if way == "sum" else (rf"({one} \odot {two})", left * right)

    def vector(self, rows: str, depth: int) -> Written:
        way = "name" if depth <= 0 else self.choose("apply", "ones", "diagonal")
        if way == "name":
            name = self.random.choice([name for name, shape in VECTORS.items() if shape == rows])
            return name, ARRAYS[name]
        if way == "diagonal":
            one, left = self.matrix(rows, rows, depth - 1)
            return f"diag({one})", np.diag(left)
        inner = self.random.choice("nd")
        one, left = self.matrix(rows, inner, depth - 1)
        if way == "ones":
            return f"({one} 1)", left.sum(1)
        two, right = self.vector(inner, depth - 1)
        return f"({one} {two} + b {one} {two})", (1 + ARRAYS["b"]) * left @ right

    def number(self, depth: int) -> Written:
        way = self.choose("trace", "form", "frobenius", "norm")
        if way == "trace":
            one, left = self.matrix("n", "n", depth)
            return f"tr({one})", np.trace(left)
        if way == "form":
            (one, left), (two, right) = self.vector("n", 0), self.vector("d", depth)
            three, middle = self.matrix("n", "d", depth)
            return f"({one})^T {three} {two}", left @ middle @ right
        one, left = self.matrix("n", "d", depth)
        two, right = self.matrix("n", "d", depth)
        return (f"<{one}, {two}>", (left * right).sum()) if way == "frobenius" else (rf"\|{one}\|_F^2", (left**2).sum())

    def any(self) -> Written:
        depth = self.random.choice((1, 2, 2))
        kind = self.choose("matrix", "vector", "number")
        if kind == "number":
            return self.number(depth)
        rows, columns = self.random.choice("nd"), self.random.choice("nd")
        return self.matrix(rows, columns, depth) if kind == "matrix" else self.vector(rows, depth)


SEEDS = range(60)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_random_expression_is_what_numpy_says(seed: int) -> None:
    text, expected = Writer(seed).any()
    definition = td.define(f"{DECLARED}Z = {text}")
    found = definition.evaluate(**ARRAYS)
    assert found.shape == np.shape(expected), text
    np.testing.assert_allclose(found, expected, rtol=1e-8, atol=1e-8, err_msg=text)


def test_the_writer_writes_everything() -> None:
    seen: Counter[str] = Counter()
    for seed in SEEDS:
        writer = Writer(seed)
        writer.any()
        seen += writer.seen
    matrices = "product sum transpose scale odot outer inv diag square"
    others = "apply ones diagonal trace form frobenius norm matrix vector number"
    assert {*matrices.split(), *others.split()} <= set(seen)
