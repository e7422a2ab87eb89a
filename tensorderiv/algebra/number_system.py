"""What the evaluator needs of numbers."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

from tensorderiv.algebra import elimination
from tensorderiv.algebra.elimination import Matrix

INF, NAN = math.inf, math.nan


class NumberSystem(ABC):
    """What the evaluator needs of numbers. Values may be anything; only the methods look inside."""

    name: str
    dtype: type = object
    cofactors_by_inverse: bool = False
    """Whether the derivative of a determinant is taken as det(A) inv(A)_ba, so that it is claimed of invertible matrices only."""

    @abstractmethod
    def number(self, value: Any) -> Any:
        """The number of this system for an int, Fraction, float or NumPy scalar."""

    @abstractmethod
    def constant(self, name: str) -> Any:
        """The value of pi or e."""

    @abstractmethod
    def power(self, base: Any, exponent: Any) -> Any:
        """base ** exponent; 0 to a negative power is inf, a negative base to a fractional power nan."""

    @abstractmethod
    def elementary(self, name: str, args: Sequence[Any]) -> Any:
        """A function of the table, other than those that `function` settles for every system."""

    def function(self, name: str, args: Sequence[Any]) -> Any:
        """A function of `algebra.functions` (max and min excepted: the evaluator chooses the argument itself)."""
        if name == "sign":
            order = self.order(args[0], self.number(0))
            return self.number(NAN if order is None else order)
        if name == "abs":
            return args[0] if self.order(args[0], self.number(0)) != -1 else -args[0]
        if name == "relu":
            return args[0] if self.order(args[0], self.number(0)) != -1 else self.number(0)
        return self.elementary(name, args)

    def add(self, terms: Sequence[Any]) -> Any:
        """The sum; over nothing 0."""
        total = self.number(0)
        for term in terms:
            total = total + term
        return total

    def multiply(self, factors: Sequence[Any]) -> Any:
        """The product with the strong zero; over nothing 1."""
        if any(self.is_zero(factor) for factor in factors):
            return self.number(0)
        product = self.number(1)
        for factor in factors:
            product = product * factor
        return product

    def inverse(self, matrix: Matrix) -> Matrix:
        """The inverse of a square matrix; nan in every entry where it is singular."""
        return elimination.inverse(self, matrix)

    def determinant(self, matrix: Matrix) -> Any:
        """The determinant of a square matrix."""
        return elimination.determinant(self, matrix)

    def logdet(self, matrix: Matrix) -> Any:
        """log(det): -inf where the matrix is singular, nan where the determinant is negative."""
        return self.function("log", [self.determinant(matrix)])

    def is_zero(self, value: Any) -> bool:
        """Whether the value is exactly 0."""
        return not value

    def order(self, left: Any, right: Any) -> int | None:
        """-1, 0 or 1; None where one of them is nan."""
        if left < right:
            return -1
        if left > right:
            return 1
        return 0 if left == right else None

    def approximate(self, value: Any) -> float:
        """The value as a float."""
        return float(value)

    def integer(self, value: Any) -> int | None:
        """The value as a Python int, or None where it is no integer."""
        number = self.approximate(value)
        return int(number) if math.isfinite(number) and number == int(number) else None

    def __repr__(self) -> str:
        return self.name
