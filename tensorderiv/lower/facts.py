"""What is known about a value before it is computed: its sign, and whether it is finite for finite inputs.

A product needs its strong-zero guard only where a factor may be infinite or undefined; these facts say where. They look
through names: the sign of N_i is the sign of the expression that defines it. Overflow is not foreseen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from enum import Enum
from fractions import Fraction

from tensorderiv.algebra.expression import (
    Add,
    Bracket,
    Constant,
    CopyTensor,
    Element,
    Expr,
    Function,
    KroneckerDelta,
    MatrixFunction,
    Mul,
    Number,
    Position,
    Pow,
    Reduction,
    Select,
    Size,
)
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.program import Domain, Input, Statement
from tensorderiv.lower.bounds import bounded_by_norms


class Sign(Enum):
    """The sign of a value, as far as it is known."""

    POSITIVE = "> 0"
    NONNEGATIVE = ">= 0"
    NEGATIVE = "< 0"
    NONPOSITIVE = "<= 0"
    ANY = "any"

    @property
    def strict(self) -> bool:
        """Never zero."""
        return self in (Sign.POSITIVE, Sign.NEGATIVE)

    @property
    def at_least_zero(self) -> bool:
        return self in (Sign.POSITIVE, Sign.NONNEGATIVE)

    @property
    def at_most_zero(self) -> bool:
        return self in (Sign.NEGATIVE, Sign.NONPOSITIVE)

    @property
    def opposite(self) -> Sign:
        return _OPPOSITE[self]


_OPPOSITE = {
    Sign.POSITIVE: Sign.NEGATIVE,
    Sign.NEGATIVE: Sign.POSITIVE,
    Sign.NONNEGATIVE: Sign.NONPOSITIVE,
    Sign.NONPOSITIVE: Sign.NONNEGATIVE,
    Sign.ANY: Sign.ANY,
}
_EVERYWHERE = frozenset("exp sin cos sinh cosh tanh atan atan2 erf floor abs sign max min".split())
_EVERYWHERE |= frozenset("relu sigmoid softplus asinh expm1".split())
"""Functions that are finite at every finite argument."""


def domain_sign(domain: Domain) -> Sign:
    """The sign of the entries of an input of this domain."""
    if domain.kind == "positive":
        return Sign.POSITIVE
    if domain.kind in ("nonnegative", "simplex", "labels"):
        return Sign.NONNEGATIVE
    if domain.kind == "interval":
        if domain.lower is not None and domain.lower >= 0:
            strict = domain.lower > 0 or domain.open_ends[0]
            return Sign.POSITIVE if strict else Sign.NONNEGATIVE
        if domain.upper is not None and domain.upper <= 0:
            strict = domain.upper < 0 or domain.open_ends[1]
            return Sign.NEGATIVE if strict else Sign.NONPOSITIVE
    return Sign.ANY


def sum_sign(signs: Iterable[Sign]) -> Sign:
    """The sign of a sum of values of these signs."""
    known = list(signs)
    if all(s.at_least_zero for s in known):
        return Sign.POSITIVE if any(s.strict for s in known) else Sign.NONNEGATIVE
    if all(s.at_most_zero for s in known):
        return Sign.NEGATIVE if any(s.strict for s in known) else Sign.NONPOSITIVE
    return Sign.ANY


def product_sign(signs: Iterable[Sign]) -> Sign:
    """The sign of a product of values of these signs."""
    result = Sign.POSITIVE
    for sign in signs:
        if sign is Sign.ANY:
            return Sign.ANY
        strict = result.strict and sign.strict
        up = result.at_least_zero == sign.at_least_zero
        result = (Sign.POSITIVE if strict else Sign.NONNEGATIVE) if up else (Sign.NEGATIVE if strict else Sign.NONPOSITIVE)
    return result


class Facts:
    """Signs and finiteness of the expressions of one program.

    >>> from tensorderiv.algebra.expression import Element, Function, Tensor
    >>> facts = Facts((), ())
    >>> facts.sign(Function("exp", (Element(Tensor("t")),))).name, facts.finite(Function("log", (Element(Tensor("t")),)))
    ('POSITIVE', False)
    """

    def __init__(self, inputs: Iterable[Input], statements: Iterable[Statement]) -> None:
        statements = tuple(statements)
        self.domains: Mapping[str, Domain] = {item.tensor.name: item.domain for item in inputs}
        self.statements: dict[str, Statement] = {item.tensor.name: item for item in statements}
        self.bodies: dict[str, Expr] = {name: item.body for name, item in self.statements.items()}
        self._signs: dict[Expr | str, Sign] = {}
        self._finite: dict[Expr | str, bool] = {}

    def knowing(self, statements: Iterable[Statement]) -> Facts:
        """These facts with further names, or with other bodies of known ones."""
        made = Facts((), (*self.statements.values(), *statements))
        made.domains = self.domains
        return made

    def learn(self, statement: Statement) -> None:
        """One more name, which nothing has asked about yet."""
        self.statements[statement.tensor.name] = statement
        self.bodies[statement.tensor.name] = statement.body

    def sign(self, expr: Expr) -> Sign:
        """The sign of the expression at every finite input of the stated domains."""
        key: Expr | str = expr.tensor.name if isinstance(expr, Element) else expr
        if key not in self._signs:
            self._signs[key] = self._sign(expr)
        return self._signs[key]

    def finite(self, expr: Expr) -> bool:
        """Whether the value is finite and defined at every finite input of the stated domains."""
        key: Expr | str = expr.tensor.name if isinstance(expr, Element) else expr
        if key not in self._finite:
            self._finite[key] = self._is_finite(expr)
        return self._finite[key]

    def _sign(self, expr: Expr) -> Sign:
        match expr:
            case Number(value):
                return Sign.NONNEGATIVE if value == 0 else Sign.POSITIVE if value > 0 else Sign.NEGATIVE
            case Constant() | Size():
                return Sign.POSITIVE
            case Element(tensor):
                if tensor.name in self.bodies:
                    return self.sign(self.bodies[tensor.name])
                if tensor.integer:
                    return Sign.NONNEGATIVE
                return domain_sign(self.domains.get(tensor.name, Domain()))
            case Position() | KroneckerDelta() | CopyTensor() | Bracket():
                return Sign.NONNEGATIVE
            case Add(terms):
                return sum_sign(self.sign(term) for term in terms)
            case Mul(factors):
                counts = Counter(factors)
                signs = [self._even(f) if n % 2 == 0 else self.sign(f) for f, n in counts.items()]
                return product_sign(signs)
            case Pow(base, exponent):
                return self._power_sign(base, exponent)
            case Function(name, args):
                return self._function_sign(name, args)
            case Reduction("sum", _, body, condition):
                sign = self.sign(body)
                if condition is not None and sign.strict:
                    return Sign.NONNEGATIVE if sign is Sign.POSITIVE else Sign.NONPOSITIVE
                return sign
            case Reduction("prod", _, body):
                return self.sign(body) if self.sign(body).at_least_zero else Sign.ANY
            case Reduction("max" | "min", _, body, None):
                return self.sign(body)
            case Select(_, then, otherwise):
                return self._common([self.sign(then), self.sign(otherwise)])
            case MatrixFunction("det", matrix) if self._is_definite(matrix.name):
                return Sign.POSITIVE
        return Sign.ANY

    def _is_definite(self, name: str) -> bool:
        """Whether a matrix is declared positive definite."""
        return name in self.domains and self.domains[name].kind == "spd"

    def _even(self, expr: Expr) -> Sign:
        return Sign.POSITIVE if self.sign(expr).strict else Sign.NONNEGATIVE

    @staticmethod
    def _common(signs: list[Sign]) -> Sign:
        if all(s.at_least_zero for s in signs):
            return Sign.POSITIVE if all(s.strict for s in signs) else Sign.NONNEGATIVE
        if all(s.at_most_zero for s in signs):
            return Sign.NEGATIVE if all(s.strict for s in signs) else Sign.NONPOSITIVE
        return Sign.ANY

    def _power_sign(self, base: Expr, exponent: Expr) -> Sign:
        sign = self.sign(base)
        if isinstance(exponent, Number) and exponent.value.denominator == 1:
            if exponent.value % 2 == 0:
                return Sign.POSITIVE if sign.strict or exponent.value < 0 else Sign.NONNEGATIVE
            return sign
        if sign is Sign.POSITIVE:
            return Sign.POSITIVE
        return Sign.NONNEGATIVE if sign.at_least_zero else Sign.ANY

    def _function_sign(self, name: str, args: tuple[Expr, ...]) -> Sign:
        signs = [self.sign(arg) for arg in args]
        match name:
            case "exp" | "cosh" | "softplus" | "sigmoid":
                return Sign.POSITIVE
            case "abs":
                return self._even(args[0])
            case "sqrt":
                return Sign.POSITIVE if signs[0] is Sign.POSITIVE else Sign.NONNEGATIVE
            case "relu":
                return signs[0] if signs[0].at_least_zero else Sign.NONNEGATIVE
            case "max":
                if any(s is Sign.POSITIVE for s in signs):
                    return Sign.POSITIVE
                return Sign.NONNEGATIVE if any(s.at_least_zero for s in signs) else self._common(signs)
            case "min":
                if any(s is Sign.NEGATIVE for s in signs):
                    return Sign.NEGATIVE
                return Sign.NONPOSITIVE if any(s.at_most_zero for s in signs) else self._common(signs)
            case "sinh" | "tanh" | "asinh" | "atan" | "erf" | "expm1" | "log1p" | "sign":
                return signs[0]
            case "acos" | "acosh":
                return Sign.NONNEGATIVE
        return Sign.ANY

    def _is_finite(self, expr: Expr) -> bool:
        match expr:
            case Element(tensor):
                return tensor.name not in self.bodies or self.finite(self.bodies[tensor.name])
            case MatrixFunction(function, matrix):
                entries = Element(
                    matrix, tuple(Index(letter, extent) for letter, extent in zip("ij", matrix.extents, strict=True))
                )
                return self._is_definite(matrix.name) or (function == "det" and self.finite(entries))
            case Add(parts):
                return all(self.finite(part) for part in parts)
            case Mul(parts):
                return all(self.finite(part) for part in parts) or bounded_by_norms(expr, self)
            case Pow(base, exponent):
                return self._power_finite(base, exponent)
            case Function(name, args):
                return all(self.finite(arg) for arg in args) and self._function_finite(name, args)
            case Reduction("sum" | "prod", _, body):
                return self.finite(body)
            case Reduction(_, _, body, condition):
                return condition is None and self.finite(body)
            case Select(_, then, otherwise):
                return self.finite(then) and self.finite(otherwise)
        return True

    def _power_finite(self, base: Expr, exponent: Expr) -> bool:
        if not (self.finite(base) and self.finite(exponent)):
            return False
        sign = self.sign(base)
        if sign is Sign.POSITIVE:
            return True
        if not isinstance(exponent, Number):
            return sign.at_least_zero and self.sign(exponent).at_least_zero
        value: Fraction = exponent.value
        if value < 0 and not sign.strict:
            return False
        return value.denominator == 1 or sign.at_least_zero

    def _function_finite(self, name: str, args: tuple[Expr, ...]) -> bool:
        if name in _EVERYWHERE:
            return True
        sign = self.sign(args[0])
        if name == "sqrt" or name == "log1p":
            return sign.at_least_zero
        return name in ("log", "log2", "lgamma", "digamma") and sign is Sign.POSITIVE
