"""Where parentheses stand: one rule for each place a written form may take. No other module knows a precedence."""

from __future__ import annotations

from dataclasses import dataclass

from tensorderiv.algebra.written import (
    Big,
    Call,
    Cases,
    Differential,
    Group,
    Power,
    Product,
    Ratio,
    Subscripted,
    Symbol,
    Terms,
    Whole,
    WholeMatrix,
    Written,
)


@dataclass(frozen=True)
class Style:
    """What the notation of an alphabet encloses by itself."""

    bars: bool
    """Fractions have a bar, exponents are raised, and cases are a table: what is inside needs no parentheses."""
    open_calls: frozenset[str] | None
    """Functions that need parentheses as the base of a power; None: no function does."""
    open_derivatives: bool
    """The derivative is an operator in front of its body, not a call around it."""

    def opens(self, function: str) -> bool:
        return self.open_calls is not None and function in self.open_calls


@dataclass(frozen=True)
class Fences:
    """Each method takes what is to stand in a place and puts it in parentheses where the style needs them there."""

    style: Style

    def is_open(self, written: Written) -> bool:
        """Whether factors that follow would fall into its scope."""
        match written:
            case Big():
                return True
            case Differential(body):
                return self.style.open_derivatives and not isinstance(body, Subscripted)
            case Cases() | WholeMatrix(_, _, ()):  # det A b reads as the determinant of A b where no parentheses stand round A
                return self.style.bars
        return False

    def term(self, written: Written) -> Written:
        return Group(written) if isinstance(written, Terms) else written

    def factor(self, written: Written, first: bool, last: bool) -> Written:
        """A factor among others. Two numbers side by side would read as one; a slash would swallow what follows it."""
        slashed = isinstance(written, Ratio | Product) and not self.style.bars
        swallows = not last and self.is_open(written)
        digits = not first and _begins_with_digit(written)
        return Group(written) if isinstance(written, Terms) or slashed or swallows or digits else written

    def operand(self, written: Written) -> Written:
        """What a derivative sign applies to: the sign in front of a product would seem to take its first factor alone."""
        return Group(written) if self.style.open_derivatives and isinstance(written, Terms | Product) else written

    def below(self, written: Written) -> Written:
        enclosed = self.style.bars or not isinstance(written, Terms | Product | Ratio)
        return written if enclosed else Group(written)

    def above(self, written: Written) -> Written:
        enclosed = self.style.bars or not isinstance(written, Terms | Big | Ratio)
        return written if enclosed else Group(written)

    def base(self, written: Written) -> Written:
        match written:
            case Terms() | Product() | Ratio() | Power():
                return Group(written)
            case Cases() | Differential() if self.style.bars:
                return Group(written)
            case Call(name) if self.style.opens(name):
                return Group(written)
        return Group(written) if self.is_open(written) else written

    def exponent(self, written: Written) -> Written:
        match written:
            case Whole() | Symbol() | Subscripted(_, _, ()):
                return written
        return written if self.style.bars else Group(written)


def _begins_with_digit(written: Written) -> bool:
    match written:
        case Whole():
            return True
        case Power(base):
            return _begins_with_digit(base)
        case Ratio(above):
            return _begins_with_digit(above)
        case Product(factors):
            return _begins_with_digit(factors[0])
    return False
