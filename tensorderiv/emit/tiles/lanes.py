"""Values as text for the lanes of a vectorised loop: no branch, and every number of the type of the lanes.

A float64 literal would turn a float32 lane into float64, so numbers, sizes and scalar parameters are converted once, in front of
the loops; a conditional expression becomes a choice between two computed values, which LLVM turns into a masked move.
"""

from __future__ import annotations

from collections.abc import Mapping

from tensorderiv.algebra.build import ONE
from tensorderiv.algebra.expression import (
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
    Pow,
    Select,
    Size,
)
from tensorderiv.algebra.traverse import walk
from tensorderiv.emit.helpers import HELPERS
from tensorderiv.emit.names import Names
from tensorderiv.emit.scalar import ATOM, SUM, ScalarPrinter, number_text
from tensorderiv.emit.vector_math import called_as_vectors
from tensorderiv.errors import RuleProblem
from tensorderiv.lower.values import is_whole

SPOKEN = {"0.0": "zero", "1.0": "one", "2.0": "two", "0.5": "half", "np.nan": "nan", "-np.inf": "lowest", "np.inf": "highest"}
"""Constants with a name."""


class LanePrinter(ScalarPrinter):
    """Prints one lane. `reading` says by which identifier an element goes in this lane; `lines` are locals that it needed."""

    def __init__(self, names: Names) -> None:
        super().__init__(names)
        self.real = names.fresh("real")
        self.constants: dict[str, str] = {}
        self.reading: Mapping[Element, str] = {}
        self.lines: list[str] = []
        self.locals = 0
        self.typed = False

    def constant(self, text: str) -> str:
        """The identifier of a number of the type of the lanes, computed in front of the loops."""
        if text not in self.constants:
            self.constants[text] = self.names.fresh(SPOKEN.get(text, f"k{len(self.constants)}"))
        return self.constants[text]

    def local(self, text: str) -> str:
        """The identifier of a value: the text itself, or a new local."""
        if text.isidentifier():
            return text
        self.locals += 1
        name = self.names.fresh(f"t{self.locals}")
        self.lines.append(f"{name} = {text}")
        return name

    def value(self, expr: Expr, binding: int, reading: Mapping[Element, str]) -> tuple[list[str], str]:
        """The locals that a value needs and its text."""
        self.reading, self.lines = reading, []
        text = self.text(expr, binding)
        return self.lines, text

    def hoisted(self, array: str) -> list[str]:
        """The lines in front of the loops; `array` has the type of the lanes."""
        return self.converted(f"{array}.dtype.type")

    def converted(self, real: str) -> list[str]:
        """The constants as numbers of a type."""
        if not self.constants and not self.typed:
            return []
        return [f"{self.real} = {real}", *(f"{name} = {self.real}({text})" for text, name in self.constants.items())]

    def element(self, element: Element) -> str:
        if element in self.reading:
            return self.reading[element]
        if element.subscripts:
            raise RuleProblem(f"a tile does not read {element}")
        return self.constant(super().element(element))

    def _written(self, expr: Expr) -> tuple[str, int]:
        match expr:
            case Number(value):
                return self.constant(number_text(value)), ATOM
            case Constant(name):
                return self.constant(f"math.{name}"), ATOM
            case Size(extent):
                return self.constant(self.names.of("extent", extent)), ATOM
            case Element():
                return self.element(expr), ATOM
            case Select(condition, then, otherwise):
                return self.choice(self.condition(condition), self.text(then), self.text(otherwise)), ATOM
        return super()._written(expr)

    def choice(self, condition: str, then: str, otherwise: str) -> str:
        self.helpers.add("choice")
        return f"_choice({condition}, {then}, {otherwise})"

    def condition(self, condition: Condition, nested: bool = False) -> str:
        """`and` and `or` would branch: both sides are computed."""
        match condition:
            case Compare(op, left, right):
                shown = "==" if op == "=" else op
                whole = is_whole(left) and is_whole(right)
                sides = [self.whole(s) if whole else self.text(s, SUM) for s in (left, right)]
                text = f"{sides[0]} {shown} {sides[1]}"
                return f"({text})" if nested else text
            case And(parts) | Or(parts):
                word = " & " if isinstance(condition, And) else " | "
                text = word.join(self.condition(part, nested=True) for part in parts)
                return f"({text})" if nested else text
        raise RuleProblem(f"no text is known for {type(condition).__name__}")

    def _product(self, expr: Expr) -> tuple[str, int]:
        factors = expr.factors if isinstance(expr, Mul) else (expr,)
        if all(isinstance(f, Pow) and f.exponent == Number(-ONE.value) for f in factors):
            return super()._product(Mul((ONE, *factors)))
        return super()._product(expr)

    def _repeated(self, text: str, times: int) -> str:
        return super()._repeated(self.local(text), times)

    def _function(self, name: str, args: tuple[Expr, ...]) -> tuple[str, int]:
        if name == "sqrt":  # not of math, which raises for what a choice does not take, where nothing is compiled
            return f"np.sqrt({self.text(args[0])})", ATOM
        if name == "sign":
            self.helpers.add("sign")
            return f"_sign({self.text(args[0])})", ATOM
        if name in ("relu", "max", "min"):
            first, *others = (self.local(self.text(arg)) for arg in args)
            if name == "relu":
                zero = self.constant("0.0")
                return self.choice(f"{first} <= {zero}", zero, first), ATOM
            sign = ">" if name == "max" else "<"
            return self.choice(f"({first} {sign} {others[0]}) | ({first} != {first})", first, others[0]), ATOM
        text, binding = super()._function(name, args)
        if name in HELPERS and name not in called_as_vectors():
            self.typed = True
            return f"{self.real}({text})", ATOM  # some return float64 whatever they are given
        return text, binding


CHEAP = frozenset("abs sqrt floor relu sign max min".split())
"""Functions that take a few operations."""


def weight(expr: Expr) -> int:
    """About how many operations a value takes; sets how far loops are unrolled."""
    nodes = list(walk(expr))
    costly = [n for n in nodes if isinstance(n, Function) and n.name not in CHEAP]
    roots = [
        n for n in nodes if isinstance(n, Pow) and not (isinstance(n.exponent, Number) and n.exponent.value.denominator == 1)
    ]
    return len(nodes) + 40 * (len(costly) + len(roots))
