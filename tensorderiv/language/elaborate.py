"""Surface trees -> algebra: names are looked up, indices bound, rows and norms written out, extents joined."""

from __future__ import annotations

from dataclasses import dataclass

from tensorderiv.algebra import build
from tensorderiv.algebra.expression import (
    Bracket,
)
from tensorderiv.errors import IndexProblem, SyntaxProblem
from tensorderiv.language import matrices, norms, reductions
from tensorderiv.language import surface as s
from tensorderiv.language.calls import Calls
from tensorderiv.language.scope import Symbol
from tensorderiv.language.values import Value


@dataclass
class Elaborator(Calls):
    """Elaborates any surface node."""

    def value(self, node: s.Node) -> Value:
        """The meaning of a surface node."""
        place = node.place
        match node:
            case s.Num(_, literal):
                return build.number(literal)
            case s.Ref():
                return self.reference(node)
            case s.Ones(_, subscripts):
                return self.ones(subscripts)
            case s.Sum(_, terms):
                return self.sum(terms, place)
            case s.Product(_, factors):
                return self.product(factors)
            case s.Power():
                return self.power(node)
            case s.Transposed(_, body):
                value = matrices.ones(self) if matrices.is_one(body) else self.value(body)
                return matrices.transposed(self, value, place)
            case s.Indexed():
                return matrices.element(self, node)
            case s.Call():
                return self.call(node)
            case s.Reduce(_, op) if op in ("argmax", "argmin"):
                raise IndexProblem(
                    f"{op} is an index, not a number",
                    place=place,
                    hint=f"use it in a comparison or as a subscript: X[{op}_j (...)]",
                )
            case s.Reduce():
                return reductions.reduce_value(self, node)
            case s.Norm():
                return norms.norm(self, node)
            case s.Inner(_, left, right):
                return norms.dot(self, self.value(left), self.value(right), place)
            case s.Iverson(_, condition):
                return Bracket(self.condition(condition))
            case s.Cases(_, branches):
                return self.cases(branches, place)
            case s.Comparison() | s.Logic():
                raise SyntaxProblem(
                    "a condition stands where a number is needed", place=place, hint="write [condition], which is 1 or 0"
                )
            case s.Slice():
                raise IndexProblem("a colon stands for an axis of a tensor only", place=place, hint="write an index")
        raise TypeError(f"value: no rule for {type(node).__name__}")


__all__ = ["Elaborator", "Symbol"]
