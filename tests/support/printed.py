"""Random well-formed expressions for the printers: every node type in every position, built as the reader builds them."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from hypothesis import strategies as st

from tensorderiv.algebra.build import ONE, ZERO, add, both, call, div, mul, neg, number, power
from tensorderiv.algebra.expression import (
    And,
    ArgReduction,
    Bracket,
    Compare,
    Condition,
    Constant,
    CopyTensor,
    Derivative,
    Element,
    Expr,
    Function,
    KroneckerDelta,
    Or,
    Position,
    Pow,
    Reduction,
    Select,
    Size,
    Subscript,
    Tensor,
)
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.program import Domain, Input, Program, Statement
from tensorderiv.algebra.traverse import subscripts_of, walk

X = Tensor("X", ("n", "d"))
SIGMA = Tensor("sigma11", ("n", "d"))
A = Tensor("Sbar", ("n", "n"))
U = Tensor("u", ("n",))
V = Tensor("v", ("d",))
T = Tensor("t")
M0 = Tensor("m0")
C = Tensor("c", ("n",), integer=True)
Z = Tensor("z", ("n", "n"))
OUT = Tensor("out", ("n",))
REAL = (X, SIGMA, A, U, V, T, M0, Z)
FREE = (Index("i", "n"), Index("j", "n"), Index("k", "n"), Index("l", "d"))
LETTERS = {"n": ("a", "b", "j'", "i1", "i", "alpha"), "d": ("p", "q", "p1", "l", "mu")}
SIZES = {"n": 3, "d": 2}

_I = FREE[0]
PROGRAM = Program(
    "printed",
    (
        *(Input(tensor) for tensor in REAL if tensor not in (A,)),
        Input(A),
        Input(C, Domain("labels"), label_extent="n"),
    ),
    (Statement(OUT, (_I,), mul(Element(U, (_I,)), Element(T))),),
)
"""A program in whose names the expressions speak."""

KINDS = (
    *("reduce", "reduce", "reduce", "reduce", "add", "sub", "mul", "mul", "div", "neg", "function", "function"),
    *("pair", "power", "root", "general power", "bracket", "select", "diff", "leaf"),
)
UNARY = ("exp", "log", "sqrt", "abs", "sign", "floor", "sigmoid", "log2", "acos", "lgamma")


@st.composite
def subscripts(draw: st.DrawFn, tensor: Tensor, scope: tuple[Index, ...], depth: int) -> tuple[Subscript, ...]:
    """Indices mostly; now and then a number, a label or the place of a maximum."""
    made: list[Subscript] = []
    for extent in tensor.extents:
        fitting = [index for index in scope if index.extent == extent]
        kind = draw(st.sampled_from(("index",) * 10 + ("number", "label", "argmax")))
        rows = [index for index in scope if index.extent == "n"]
        if kind == "label" and extent == "n" and rows:
            made.append(Element(C, (draw(st.sampled_from(rows)),)))
        elif kind == "argmax" and depth > 0:
            index = Index(draw(st.sampled_from(LETTERS[str(extent)])), extent)
            within = (*(other for other in scope if other.name != index.name), index)
            made.append(ArgReduction(draw(st.sampled_from(("argmax", "argmin"))), index, draw(printable(within, depth - 1))))
        elif kind == "number" or not fitting:
            made.append(draw(st.integers(0, 1)))
        else:
            made.append(draw(st.sampled_from(fitting)))
    return tuple(made)


@st.composite
def elements(draw: st.DrawFn, scope: tuple[Index, ...], depth: int) -> Expr:
    tensor = draw(st.sampled_from(REAL))
    return Element(tensor, draw(subscripts(tensor, scope, depth)))


@st.composite
def leaves(draw: st.DrawFn, scope: tuple[Index, ...], depth: int) -> Expr:
    rows = [index for index in scope if index.extent == "n"]
    kind = draw(
        st.sampled_from(
            ("element",) * 4
            + ("delta", "delta", "copy", "copy", "copy", "number", "size", "position", "label delta", "label delta", "pi")
        )
    )
    if kind == "delta" and rows:
        return KroneckerDelta(draw(st.sampled_from(rows)), draw(st.sampled_from(rows)))
    if kind == "label delta" and rows:
        return KroneckerDelta(draw(st.sampled_from(rows)), Element(C, (draw(st.sampled_from(rows)),)))
    if kind == "copy" and rows:
        return CopyTensor(tuple(draw(st.sampled_from(rows)) for _ in range(draw(st.integers(3, 4)))))
    if kind == "number":
        return number(Fraction(draw(st.integers(-3, 3)), draw(st.integers(1, 3))))
    if kind == "size":
        return Size(draw(st.sampled_from(("n", "d"))))
    if kind == "position" and rows:
        return Position(draw(st.sampled_from(rows)))
    if kind == "pi":
        return Constant("pi")
    return draw(elements(scope, depth))


@st.composite
def conditions(draw: st.DrawFn, scope: tuple[Index, ...], depth: int) -> Condition:
    rows = [index for index in scope if index.extent == "n"]
    kind = draw(st.sampled_from(("index", "index", "index", "label", "value", "and", "or")))
    op = draw(st.sampled_from(("=", "!=", "<", "<=", ">", ">=")))
    if kind in ("and", "or") and depth > 0:
        parts = tuple(draw(conditions(scope, depth - 1)) for _ in range(2))
        return (both(*parts) or parts[0]) if kind == "and" else Or(parts)
    if kind == "label" and rows:
        return Compare("=", *(Element(C, (draw(st.sampled_from(rows)),)) for _ in range(2)))
    if kind == "value" or not rows:
        return Compare(op, draw(printable(scope, max(depth - 1, 0))), draw(leaves(scope, 0)))
    return Compare(op, Position(draw(st.sampled_from(rows))), Position(draw(st.sampled_from(rows))))


@st.composite
def reductions(draw: st.DrawFn, scope: tuple[Index, ...], depth: int) -> Expr:
    bound: list[Index] = []
    for _ in range(draw(st.sampled_from((1, 1, 1, 2)))):
        extent = draw(st.sampled_from(("n", "n", "d")))
        names = [name for name in LETTERS[extent] if name not in [index.name for index in bound]]
        bound.append(Index(draw(st.sampled_from(names)), extent))
    within = (*(other for other in scope if other.name not in [index.name for index in bound]), *bound)
    op = draw(st.sampled_from(("sum", "sum", "sum", "prod", "max", "min", "logsumexp")))
    nested = depth > 1 and draw(st.integers(0, 2)) > 0
    body = draw(reductions(within, depth - 1)) if nested else draw(printable(within, depth - 1))
    # the first bound index is used, so that its extent can be inferred
    first = bound[0]
    body = ONE if body == ZERO else body
    body = mul(body, Element(U if first.extent == "n" else V, (first,)))
    body = body if len(bound) == 1 else mul(body, Element(U if bound[1].extent == "n" else V, (bound[1],)))
    condition = draw(conditions(within, depth - 1)) if draw(st.integers(0, 2)) == 0 else None
    return Reduction(op, tuple(bound), body, condition)


@st.composite
def printable(draw: st.DrawFn, scope: tuple[Index, ...] = FREE, depth: int = 3) -> Expr:
    """An expression whose free indices are among `scope`."""
    if depth <= 0:
        return draw(leaves(scope, 0))
    inner = printable(scope, depth - 1)
    kind = draw(st.sampled_from(KINDS))
    match kind:
        case "add":
            return add(*(draw(inner) for _ in range(draw(st.integers(2, 3)))))
        case "sub":
            return add(draw(inner), neg(draw(inner)))
        case "mul":
            return mul(*(draw(inner) for _ in range(draw(st.integers(2, 3)))))
        case "div":
            return div(draw(inner), draw(inner))
        case "neg":
            return neg(draw(inner))
        case "reduce":
            return draw(reductions(scope, depth))
        case "function":
            return call(draw(st.sampled_from(UNARY)), draw(inner))
        case "pair":
            return call(draw(st.sampled_from(("max", "min"))), draw(inner), draw(leaves(scope, 0)))
        case "power":
            return power(draw(inner), draw(st.sampled_from((-2, -1, 2, 3))))
        case "root":
            return power(draw(inner), Fraction(draw(st.sampled_from((-3, -1, 1, 3))), 2))
        case "general power":
            return Pow(draw(inner), draw(leaves(scope, 0)))
        case "bracket":
            return mul(draw(leaves(scope, 0)), Bracket(draw(conditions(scope, depth - 1))), draw(inner))
        case "select":
            return Select(draw(conditions(scope, depth - 1)), draw(inner), draw(leaves(scope, 0)))
        case "diff":
            return Derivative(draw(inner), Element(X, (Index("k", "n"), Index("l", "d"))) if FREE[3] in scope else Element(T))
    return draw(leaves(scope, depth))


def values() -> dict[str, np.ndarray]:
    """Values for the tensors, some of them negative."""
    rng = np.random.default_rng(0)
    made: dict[str, np.ndarray] = {tensor.name: rng.uniform(-1, 2, [SIZES[str(e)] for e in tensor.extents]) for tensor in REAL}
    return made | {"c": np.array([1, 2, 1])}


def census(expr: Expr) -> set[str]:
    """Which kinds of node an expression holds."""
    found: set[str] = set()
    for node in walk(expr):
        match node:
            case KroneckerDelta():
                found.add("delta")
            case CopyTensor():
                found.add("copy")
            case Function():
                found.add("function")
            case Derivative():
                found.add("derivative")
            case Reduction(_, _, body, condition):
                found.add("reduction")
                if any(isinstance(inner, Reduction) for inner in walk(body)):
                    found.add("nested reduction")
                if condition is not None:
                    found.add("condition")
            case Bracket() | Select() | And() | Or():
                found.add("condition")
        if any(not isinstance(subscript, Index) for subscript in subscripts_of(node)):
            found.add("gather")
    return found


__all__ = ["FREE", "OUT", "PROGRAM", "SIZES", "census", "printable", "values"]
