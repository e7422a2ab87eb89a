"""Values as Python text that Numba compiles: `math` functions, float literals, conditional expressions.

Expressions arrive from `lower` ready to be written: no reduction, no guard left to decide. Parentheses follow Python's
precedence; whole numbers stay whole only in comparisons of indices and labels, and in subscripts.
"""

from __future__ import annotations

from fractions import Fraction

from tensorderiv.algebra.build import MINUS_ONE, mul, number
from tensorderiv.algebra.expression import (
    Add,
    And,
    Compare,
    Condition,
    Constant,
    Element,
    Expr,
    Function,
    Mul,
    Number,
    Or,
    Position,
    Pow,
    Select,
    Size,
    Subscript,
)
from tensorderiv.algebra.index import Extent, Index
from tensorderiv.emit.helpers import HELPERS
from tensorderiv.emit.names import Names
from tensorderiv.emit.vector_math import called_as_vectors
from tensorderiv.errors import RuleProblem
from tensorderiv.lower.values import is_whole

CHOICE, SUM, PRODUCT, POWER, ATOM = range(5)
"""How tightly a piece of text binds."""

MATH = frozenset("exp log log2 log1p expm1 sqrt sin cos tan atan atan2 sinh cosh tanh asinh atanh erf lgamma".split())


class ScalarPrinter:
    """Prints values with the identifiers of one function; `helpers` collects the helper functions that are used."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self.helpers: set[str] = set()

    def text(self, expr: Expr, binding: int = CHOICE) -> str:
        """The text of a value, in parentheses where its place binds more tightly."""
        written, own = self._written(expr)
        return f"({written})" if own < binding else written

    def _written(self, expr: Expr) -> tuple[str, int]:
        match expr:
            case Number(value):
                return number_text(value), ATOM if value >= 0 else SUM
            case Constant(name):
                return f"math.{name}", ATOM
            case Size(extent):
                return f"float({self.names.of('extent', extent)})", ATOM
            case Position():
                return f"float({self.whole(expr)})", ATOM
            case Element(tensor):
                return (f"float({self.element(expr)})" if tensor.integer else self.element(expr)), ATOM
            case Add(terms):
                return self._sum(terms), SUM
            case Mul():
                return self._product(expr)
            case Pow() if _is_inverse(expr):
                return self._product(expr)
            case Pow(base, exponent):
                return self._power(base, exponent)
            case Function(name, args):
                return self._function(name, args)
            case Select(condition, then, otherwise):
                return f"{self.text(then, SUM)} if {self.condition(condition)} else {self.text(otherwise, SUM)}", CHOICE
        raise RuleProblem(f"no text is known for {type(expr).__name__}: {expr}")

    def element(self, element: Element) -> str:
        """X[i, p], or the name of a scalar."""
        name = self.names.of("tensor", element.tensor.name)
        if not element.subscripts:
            return name
        return f"{name}[{', '.join(self.subscript(s) for s in element.subscripts)}]"

    def subscript(self, subscript: Subscript) -> str:
        """An index place."""
        match subscript:
            case Index("block", "blocks"):
                return "block"
            case Index(name):
                return self.names.of("index", name)
            case int():
                return str(subscript)
            case Element():
                return self.element(subscript)
        raise RuleProblem(f"no text is known for the subscript {subscript}")

    def extent(self, extent: Extent) -> str:
        """An extent as a whole number."""
        return str(extent) if isinstance(extent, int) else self.names.of("extent", extent)

    def whole(self, expr: Expr) -> str:
        """A whole number in a comparison or a bound."""
        match expr:
            case Position(index):
                return self.subscript(index)
            case Size(extent):
                return self.extent(extent)
            case Number(value):
                return str(value)
            case Element():
                return self.element(expr)
        raise RuleProblem(f"{expr} is no whole number")

    def condition(self, condition: Condition, nested: bool = False) -> str:
        """A truth value."""
        match condition:
            case Compare(op, left, right):
                shown = "==" if op == "=" else op
                if is_whole(left) and is_whole(right):
                    return f"{self.whole(left)} {shown} {self.whole(right)}"
                return f"{self.text(left, SUM)} {shown} {self.text(right, SUM)}"
            case And(parts) | Or(parts):
                word = " and " if isinstance(condition, And) else " or "
                text = word.join(self.condition(part, nested=True) for part in parts)
                return f"({text})" if nested else text
        raise RuleProblem(f"no text is known for {type(condition).__name__}")

    def _sum(self, terms: tuple[Expr, ...]) -> str:
        text = ""
        for term in terms:
            negative, rest = _signed(term)
            written = self.text(rest, PRODUCT if negative else SUM)
            if not text:
                text = f"-{self.text(rest, PRODUCT)}" if negative else written
            else:
                text += f" - {written}" if negative else f" + {written}"
        return text

    def _product(self, expr: Expr) -> tuple[str, int]:
        negative, rest = _signed(expr)
        if negative:
            return f"-{self.text(rest, PRODUCT)}", SUM
        factors = rest.factors if isinstance(rest, Mul) else (rest,)
        above = [f for f in factors if not _is_inverse(f)]
        below = [f.base for f in factors if isinstance(f, Pow) and _is_inverse(f)]
        top = " * ".join(self.text(f, POWER if n else PRODUCT) for n, f in enumerate(above)) or "1.0"
        if not below:
            return top, PRODUCT
        if len(below) == 1:
            return f"{top} / {self.text(below[0], POWER)}", PRODUCT
        return f"{top} / ({' * '.join(self.text(f, POWER) for f in below)})", PRODUCT

    def _power(self, base: Expr, exponent: Expr) -> tuple[str, int]:
        if isinstance(exponent, Number) and exponent.value.denominator == 1 and 1 < exponent.value <= 16:
            return self._repeated(self.text(base, POWER), int(exponent.value)), PRODUCT
        if "pow" in called_as_vectors():
            self.helpers.add("pow")
            return f"_pow({self.text(base)}, {self.text(exponent)})", ATOM
        return f"{self.text(base, ATOM)} ** {self.text(exponent, ATOM)}", POWER

    def _repeated(self, text: str, times: int) -> str:
        """x ** 5 as (x * x) * (x * x) * x: few roundings, and common parts the compiler finds."""
        if times <= 3:
            return " * ".join([text] * times)
        half = self._repeated(text, times // 2)
        return f"({half}) * ({half})" + (f" * {text}" if times % 2 else "")

    def _function(self, name: str, args: tuple[Expr, ...]) -> tuple[str, int]:
        shown = [self.text(arg) for arg in args]
        if name in called_as_vectors():
            self.helpers.add(name)
            return f"_{name}({', '.join(shown)})", ATOM
        if name in MATH:
            return f"math.{name}({', '.join(shown)})", ATOM
        if name in HELPERS:
            self.helpers.add(name)
            return f"_{name}({', '.join(shown)})", ATOM
        first = self.text(args[0], SUM)
        match name:
            case "abs":
                return f"abs({shown[0]})", ATOM
            case "floor":
                return f"np.floor({shown[0]})", ATOM
            case "relu":
                return f"0.0 if {first} <= 0.0 else {first}", CHOICE
            case "sign":
                return f"1.0 if {first} > 0.0 else -1.0 if {first} < 0.0 else {first}", CHOICE
            case "max" | "min":
                second = self.text(args[1], SUM)
                sign = ">" if name == "max" else "<"
                return f"{first} if {first} {sign} {second} or {first} != {first} else {second}", CHOICE
        raise RuleProblem(f"no kernel text is known for the function {name}")


def _is_inverse(expr: Expr) -> bool:
    return isinstance(expr, Pow) and expr.exponent == MINUS_ONE


def _signed(expr: Expr) -> tuple[bool, Expr]:
    """-c f as (True, c f)."""
    if isinstance(expr, Number) and expr.value < 0:
        return True, number(-expr.value)
    if isinstance(expr, Mul) and isinstance(expr.factors[0], Number) and expr.factors[0].value < 0:
        return True, mul(number(-expr.factors[0].value), *expr.factors[1:])
    return False, expr


def number_text(value: Fraction) -> str:
    """A rational number as the nearest float literal.

    >>> number_text(Fraction(2)), number_text(Fraction(-1, 3))
    ('2.0', '-0.3333333333333333')
    """
    try:
        return repr(float(value))
    except OverflowError:
        return "math.inf" if value > 0 else "-math.inf"
