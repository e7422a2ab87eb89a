"""Random well-formed expressions: small, of every node type, with deltas on bound and free indices alike.

`census` says what an expression holds; tests assert that the generator makes enough of each kind (a fuzzer that never makes a
delta proves nothing about deltas).
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from hypothesis import strategies as st

from tensorderiv.algebra.build import add, call, mul, number, power, total
from tensorderiv.algebra.expression import (
    Bracket,
    Compare,
    CopyTensor,
    Element,
    Expr,
    Function,
    KroneckerDelta,
    Number,
    Position,
    Reduction,
    Select,
    Size,
    Tensor,
)
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.traverse import walk

X = Tensor("X", ("n", "d"))
Y = Tensor("Y", ("n", "d"))
A = Tensor("A", ("n", "n"))
U = Tensor("u", ("n",))
V = Tensor("v", ("d",))
T = Tensor("t")
TENSORS = (X, Y, A, U, V, T)
SIZES = {"n": 3, "d": 2}
FREE = (Index("i", "n"), Index("j", "n"), Index("k", "n"), Index("l", "d"))
LETTERS = {"n": "ijkabc", "d": "pqlrs"}
SMOOTH = ("sin", "tanh", "exp", "atan", "sigmoid")


def arrays(seed: int = 0) -> dict[str, np.ndarray]:
    """Values for the tensors, the same for the same seed."""
    rng = np.random.default_rng(seed)
    return {t.name: rng.uniform(-1, 1, [SIZES[e] for e in t.extents]) for t in TENSORS}


@st.composite
def leaves(draw: st.DrawFn, scope: tuple[Index, ...]) -> Expr:
    kind = draw(st.sampled_from(("element", "element", "delta", "delta", "copy", "number", "size")))
    by_extent = {e: [i for i in scope if i.extent == e] for e in ("n", "d")}
    if kind == "delta":
        extent = draw(st.sampled_from([e for e in ("n", "d") if by_extent[e]] or ["n"]))
        if by_extent[extent]:
            return KroneckerDelta(draw(st.sampled_from(by_extent[extent])), draw(st.sampled_from(by_extent[extent])))
    if kind == "copy" and len(by_extent["n"]) >= 2:
        return CopyTensor(tuple(draw(st.sampled_from(by_extent["n"])) for _ in range(3)))
    if kind == "number":
        return number(Fraction(draw(st.integers(-3, 3)), draw(st.integers(1, 2))))
    if kind == "size":
        return Size(draw(st.sampled_from(("n", "d"))))
    tensor = draw(st.sampled_from([t for t in TENSORS if all(by_extent[str(e)] for e in t.extents)]))
    return Element(tensor, tuple(draw(st.sampled_from(by_extent[str(e)])) for e in tensor.extents))


@st.composite
def expressions(draw: st.DrawFn, scope: tuple[Index, ...] = FREE, depth: int = 4) -> Expr:
    """An expression whose free indices are among `scope`."""
    if depth == 0:
        return draw(leaves(scope))
    kind = draw(
        st.sampled_from(("leaf", "add", "mul", "mul", "sum", "sum", "sum", "sum", "function", "bracket", "select", "square"))
    )
    inner = expressions(scope, depth - 1)
    if kind == "add":
        return add(draw(inner), draw(inner))
    if kind == "mul":
        return mul(draw(inner), draw(inner))
    if kind == "square":
        return power(draw(inner), 2)
    if kind == "function":
        return call(draw(st.sampled_from(SMOOTH)), mul(number(Fraction(1, 4)), draw(inner)))
    if kind == "sum":
        extent = draw(st.sampled_from(("n", "d")))
        index = Index(draw(st.sampled_from(LETTERS[extent])), extent)
        within = (*(i for i in scope if i.name != index.name), index, index)
        body = mul(draw(expressions(within, depth - 1)), draw(leaves(within)))
        others = [i for i in within if i.extent == extent and i != index]
        condition = None
        if others and draw(st.booleans()) and draw(st.booleans()):
            condition = Compare(draw(st.sampled_from(("!=", "=", "<"))), Position(index), Position(draw(st.sampled_from(others))))
        return total((index,), body, condition)
    if kind in ("bracket", "select"):
        same = [i for i in scope if i.extent == "n"]
        test = Compare(
            draw(st.sampled_from(("=", "!=", "<"))), Position(draw(st.sampled_from(same))), Position(draw(st.sampled_from(same)))
        )
        if kind == "select":
            return Select(test, draw(inner), draw(leaves(scope)))
        return mul(Bracket(test), draw(inner))
    return draw(leaves(scope))


def census(expr: Expr) -> set[str]:
    """Which kinds of node an expression holds."""
    found = set()
    for node in walk(expr):
        match node:
            case KroneckerDelta():
                found.add("delta")
            case CopyTensor():
                found.add("copy")
            case Function() | Select():
                found.add("function")
            case Bracket():
                found.add("condition")
            case Reduction(_, _, body, condition):
                found.add("sum")
                if any(isinstance(inner, Reduction) for inner in walk(body)):
                    found.add("nested sum")
                if condition is not None:
                    found.add("condition")
            case Number():
                found.add("number")
    return found
