"""Expressions as SymPy: Indexed, Sum, Product, KroneckerDelta, Piecewise.

SymPy is imported when it is needed, since importing it is slow. Objects are built by its constructors, never from text. What is
lost: that a factor 0 makes a product 0 even beside an infinity, the extents of free indices, and what an inverse or a determinant
depends on: `inv(A)[i, j]` is an Indexed and `det(A)` a Symbol of that name, since SymPy cannot invert an IndexedBase.
"""

from __future__ import annotations

from functools import reduce
from typing import Any

from tensorderiv.algebra.expression import (
    Add,
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
    MatrixFunction,
    Mul,
    Number,
    Or,
    Position,
    Pow,
    Reduction,
    Select,
    Size,
    Subscript,
)
from tensorderiv.algebra.index import Extent, Index
from tensorderiv.algebra.layout import unshadow
from tensorderiv.algebra.text import to_text
from tensorderiv.algebra.traverse import bound_indices, free_indices
from tensorderiv.errors import RuleProblem

SAME_NAME = frozenset(
    "exp log sqrt sign floor sin cos tan sinh cosh tanh asin acos atan atan2 asinh acosh atanh erf digamma".split()
)
"""Functions that SymPy knows by the same name."""


def to_sympy(expr: Expr) -> Any:
    """The SymPy expression. Indices and extents become integer symbols, scalars real ones, tensors IndexedBase.

    >>> from tensorderiv.algebra.build import total
    >>> from tensorderiv.algebra.expression import Tensor
    >>> i, p = Index("i", "n"), Index("p", "d")
    >>> to_sympy(total([p], Element(Tensor("X", ("n", "d")), (i, p))))
    Sum(X[i, p], (p, 0, d - 1))

    Raises RuleProblem for max_j, min_j and argmax_j, which SymPy cannot state.
    """
    return _expr(expr, frozenset(index.name for index in free_indices(expr)))


def _expr(expr: Expr, taken: frozenset[str]) -> Any:
    import sympy

    match expr:
        case Number(value):
            return sympy.Rational(value.numerator, value.denominator)
        case Constant(name):
            return sympy.pi if name == "pi" else sympy.E
        case Size(extent):
            return _extent(extent)
        case Element(tensor, ()):
            return sympy.Symbol(tensor.name, integer=True) if tensor.integer else sympy.Symbol(tensor.name, real=True)
        case Element(tensor, subscripts):
            base = sympy.IndexedBase(tensor.name, integer=True) if tensor.integer else sympy.IndexedBase(tensor.name)
            return base[tuple(_subscript(subscript, taken) for subscript in subscripts)]
        case MatrixFunction(function, matrix, ()):
            return sympy.Symbol(f"{function}({matrix.name})", real=True)
        case MatrixFunction(function, matrix, subscripts):
            inverse = sympy.IndexedBase(f"{function}({matrix.name})")
            return inverse[tuple(_subscript(subscript, taken) for subscript in subscripts)]
        case Position(subscript):
            return _subscript(subscript, taken)
        case KroneckerDelta(left, right):
            return sympy.KroneckerDelta(_subscript(left, taken), _subscript(right, taken))
        case CopyTensor(subscripts):
            first, *others = (_subscript(subscript, taken) for subscript in subscripts)
            return sympy.Mul(*(sympy.KroneckerDelta(first, other) for other in others))
        case Add(terms):
            return sympy.Add(*(_expr(term, taken) for term in terms))
        case Mul(factors):
            return sympy.Mul(*(_expr(factor, taken) for factor in factors))
        case Pow(base, exponent):
            return sympy.Pow(_expr(base, taken), _expr(exponent, taken))
        case Function(name, args):
            return _function(name, [_expr(arg, taken) for arg in args])
        case Reduction() | ArgReduction():
            return _reduction(expr, taken)
        case Bracket(condition):
            return sympy.Piecewise((1, _condition(condition, taken)), (0, True))
        case Select(condition, then, otherwise):
            return sympy.Piecewise((_expr(then, taken), _condition(condition, taken)), (_expr(otherwise, taken), True))
        case Derivative(body, variable):
            return sympy.Derivative(_expr(body, taken), _expr(variable, taken))
    raise TypeError(f"to_sympy: no rule for {type(expr).__name__}")


def _reduction(expr: Reduction | ArgReduction, taken: frozenset[str]) -> Any:
    import sympy

    expr = unshadow(expr, taken)
    if isinstance(expr, ArgReduction) or expr.op in ("max", "min"):
        message = f"SymPy cannot state {to_text(expr)}"
        raise RuleProblem(message, hint="it has no maximum over an index; take the text or the LaTeX form")
    inner = taken | {index.name for index in bound_indices(expr)}
    body = _expr(expr.body, inner)
    bounds = [(_index(index), 0, _extent(index.extent) - 1) for index in expr.indices]
    neutral: Any = 1 if expr.op == "prod" else 0
    if expr.op == "logsumexp":
        body = sympy.exp(body)
    if expr.condition is not None:
        body = sympy.Piecewise((body, _condition(expr.condition, inner)), (neutral, True))
    if expr.op == "prod":
        return sympy.Product(body, *reversed(bounds))
    summed = sympy.Sum(body, *reversed(bounds))
    return sympy.log(summed) if expr.op == "logsumexp" else summed


def _function(name: str, args: list[Any]) -> Any:
    import sympy

    if name in SAME_NAME:
        return getattr(sympy, name)(*args)
    x = args[0]
    match name:
        case "abs":
            return sympy.Abs(x)
        case "max":
            return sympy.Max(*args)
        case "min":
            return sympy.Min(*args)
        case "relu":
            return sympy.Max(0, x)
        case "log2":
            return sympy.log(x, 2)
        case "log1p":
            return sympy.log(1 + x)
        case "expm1":
            return sympy.exp(x) - 1
        case "lgamma":
            return sympy.loggamma(x)
        case "sigmoid":
            return 1 / (1 + sympy.exp(-x))
        case "softplus":
            return sympy.log(1 + sympy.exp(x))
    raise RuleProblem(f"SymPy has no function for {name}")


def _condition(condition: Condition, taken: frozenset[str]) -> Any:
    import sympy

    match condition:
        case Compare(op, left, right):
            relations = {"=": sympy.Eq, "!=": sympy.Ne, "<": sympy.Lt, "<=": sympy.Le, ">": sympy.Gt, ">=": sympy.Ge}
            return relations[op](_expr(left, taken), _expr(right, taken))
        case And(parts):
            return reduce(sympy.And, [_condition(part, taken) for part in parts])
        case Or(parts):
            return reduce(sympy.Or, [_condition(part, taken) for part in parts])
    raise TypeError(f"to_sympy: no rule for {type(condition).__name__}")


def _index(index: Index) -> Any:
    import sympy

    return sympy.Symbol(index.name, integer=True)


def _extent(extent: Extent) -> Any:
    import sympy

    return sympy.Integer(extent) if isinstance(extent, int) else sympy.Symbol(extent, integer=True)


def _subscript(subscript: Subscript, taken: frozenset[str]) -> Any:
    import sympy

    match subscript:
        case Index():
            return _index(subscript)
        case int():
            return sympy.Integer(subscript)
    return _expr(subscript, taken)
