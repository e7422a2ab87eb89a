"""What can be said of the sign of an expression without numbers: structure and declared domains only."""

from __future__ import annotations

from collections.abc import Mapping

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
from tensorderiv.algebra.program import Domain, Program, Statement

Domains = Mapping[str, Domain]

ALWAYS_POSITIVE = frozenset({"exp", "cosh", "sigmoid", "softplus"})
ALWAYS_NONNEGATIVE = frozenset({"abs", "sqrt", "relu", "acos"})
ODD_AND_RISING = frozenset({"expm1", "log1p", "sinh", "tanh", "asinh", "atanh", "asin", "atan", "erf", "tan"})
"""Functions with f(u) >= 0 for u >= 0."""


class Signs:
    """Sign questions about the expressions of one program. `use_domains=False` asks for what holds for all real inputs."""

    def __init__(self, program: Program, *, use_domains: bool = True) -> None:
        self.domains: Domains = {i.tensor.name: i.domain for i in program.inputs} if use_domains else {}
        self.bodies: dict[str, Statement] = {s.tensor.name: s for s in program.statements}

    def nonnegative(self, expr: Expr) -> bool:
        """Whether expr >= 0 wherever it is defined."""
        match expr:
            case Number(value):
                return value >= 0
            case Size() | Constant() | KroneckerDelta() | CopyTensor() | Bracket() | Position():
                return True
            case Element(tensor, _) if tensor.name in self.bodies:
                return self.nonnegative(self.bodies[tensor.name].body)
            case Element(tensor, _):
                return tensor.integer or self._input_at_least_zero(tensor.name)
            case Add(terms):
                return all(self.nonnegative(term) for term in terms)
            case Mul(factors):
                return self._product(factors)
            case Pow(_, Number(value)) if value.denominator == 1 and value % 2 == 0:
                return True
            case Pow(base, exponent):
                integral = isinstance(exponent, Number) and exponent.value.denominator == 1
                return not integral or self.nonnegative(base)
            case Function(name, args):
                return self._function(name, args)
            case Reduction("sum" | "prod" | "max" | "min", _, body, _):
                return self.nonnegative(body)
            case Select(_, then, otherwise):
                return self.nonnegative(then) and self.nonnegative(otherwise)
            case MatrixFunction("det", matrix):
                return self.definite(matrix.name)
        return False

    def positive(self, expr: Expr) -> bool:
        """Whether expr > 0 wherever it is defined (extents count as positive, so a sum over an index has terms)."""
        match expr:
            case Number(value):
                return value > 0
            case Size() | Constant():
                return True
            case Element(tensor, _) if tensor.name in self.bodies:
                return self.positive(self.bodies[tensor.name].body)
            case Element(tensor, _):
                domain = self.domains.get(tensor.name)
                return domain is not None and domain.kind == "positive"
            case Add(terms):
                return all(self.nonnegative(term) for term in terms) and any(self.positive(term) for term in terms)
            case Mul(factors):
                return all(self.positive(factor) for factor in factors)
            case Pow(base, _):
                return self.positive(base)
            case Function(name, args):
                if name == "sqrt":
                    return self.positive(args[0])
                if name == "max":
                    return any(self.positive(arg) for arg in args)
                return name in ALWAYS_POSITIVE
            case Reduction("prod" | "max" | "min", _, body, _) | Reduction("sum", _, body, None):
                return self.positive(body)
            case Select(_, then, otherwise):
                return self.positive(then) and self.positive(otherwise)
            case MatrixFunction("det", matrix):
                return self.definite(matrix.name)
        return False

    def definite(self, name: str) -> bool:
        """Whether a matrix is declared positive definite."""
        return name in self.domains and self.domains[name].kind == "spd"

    def _product(self, factors: tuple[Expr, ...]) -> bool:
        """Nonnegative factors, and any other factor an even number of times; two minus signs make a plus."""
        odd: dict[Expr, int] = {}
        sign = 1
        for factor in factors:
            if isinstance(factor, Number):
                sign *= -1 if factor.value < 0 else 1
            elif not self.nonnegative(factor):
                odd[factor] = odd.get(factor, 0) + 1
        return sign > 0 and all(count % 2 == 0 for count in odd.values())

    def _function(self, name: str, args: tuple[Expr, ...]) -> bool:
        if name in ALWAYS_POSITIVE or name in ALWAYS_NONNEGATIVE:
            return True
        if name == "max":
            return any(self.nonnegative(arg) for arg in args)
        if name == "acosh":
            return True
        return (name in ODD_AND_RISING or name in {"min", "sign", "floor"}) and all(self.nonnegative(arg) for arg in args)

    def _input_at_least_zero(self, name: str) -> bool:
        domain = self.domains.get(name)
        if domain is None:
            return False
        if domain.kind in {"positive", "nonnegative", "simplex", "labels"}:
            return True
        return domain.kind == "interval" and domain.lower is not None and domain.lower >= 0
