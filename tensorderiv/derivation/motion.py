"""How a quantity moves when a tensor does: u -> e^g u + s, with growth g and shift s read off node by node.

Moving all points together (X_kl -> X_kl + c_l), stretching them (X_kl -> e^a X_kl) or each row (X_kl -> e^(a_k) X_kl) are three
motions of X; what they do to a definition follows through sums, products, roots and logarithms without multiplying anything out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from tensorderiv.algebra.build import ONE, TWO, ZERO, add, call, div, mul, power, total
from tensorderiv.algebra.expression import (
    Add,
    And,
    ArgReduction,
    Bracket,
    Compare,
    Condition,
    Element,
    Expr,
    Function,
    Mul,
    Or,
    Pow,
    Reduction,
    Select,
    Subscript,
)
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.program import Statement
from tensorderiv.algebra.traverse import free_indices, rewrite, substitute_expr, tensors
from tensorderiv.canonical import canonical, equal


@dataclass(frozen=True)
class Moved:
    """u -> e^growth u + shift, in canonical form."""

    growth: Expr = ZERO
    shift: Expr = ZERO

    @classmethod
    def by(cls, growth: Expr, shift: Expr = ZERO) -> Moved:
        return cls(canonical(growth), canonical(shift))

    def free_of(self, indices: Iterable[Index]) -> bool:
        """Whether it is the same for all values of the indices."""
        return not {*free_indices(self.growth), *free_indices(self.shift)} & set(indices)


STILL = Moved()
INVARIANT_UNDER_GROWTH = ("sign", "atan2")
PROPORTIONAL = ("abs", "relu", "max", "min")


@dataclass
class Motion:
    """A motion of one tensor: `entry` says how an element of it moves, `names` how named quantities do (None: unknown)."""

    tensor: str
    entry: Callable[[tuple[Subscript, ...]], Moved]
    names: dict[str, tuple[Statement, Moved | None]] = field(default_factory=dict)

    def learn(self, statement: Statement, moved: Moved | None) -> None:
        """How a named quantity moves; one that the tensor does not touch is not entered."""
        if self.touches(statement.body):
            self.names[statement.tensor.name] = (statement, moved)

    def touches(self, node: Expr | Condition) -> bool:
        return bool(tensors(node) & {self.tensor, *self.names})

    def of(self, expr: Expr) -> Moved | None:
        """How the expression moves; None where it does not move in this way, or no rule says so."""
        if not self.touches(expr):
            return STILL
        match expr:
            case Element(_, subscripts):
                return self._element(expr, subscripts)
            case Add(terms):
                return self._alike([self.of(term) for term in terms], terms, summed=True)
            case Mul(factors):
                return self._product(factors)
            case Pow(base, exponent):
                moved = self.of(base)
                if moved is None or moved.shift != ZERO or self.of(exponent) != STILL:
                    return None
                return Moved.by(mul(moved.growth, exponent)) if moved.growth != ZERO else STILL
            case Function(name, args):
                return self._function(name, args)
            case Reduction():
                return self._reduction(expr)
            case Bracket(condition):
                return STILL if self.keeps(condition) else None
            case Select(condition, then, otherwise):
                if not self.keeps(condition):
                    return None
                return self._alike([self.of(then), self.of(otherwise)], (then, otherwise))
        return None

    def keeps(self, condition: Condition | None) -> bool:
        """Whether a condition has the same truth value afterwards."""
        if condition is None or not self.touches(condition):
            return True
        match condition:
            case Compare(_, left, right):
                return self._alike([self.of(left), self.of(right)], (left, right)) is not None
            case And(parts) | Or(parts):
                return all(self.keeps(part) for part in parts)
        return False

    def _element(self, expr: Element, subscripts: tuple[Subscript, ...]) -> Moved | None:
        for subscript in subscripts:
            if isinstance(subscript, ArgReduction):
                inside = self.of(subscript.body)
                if inside is None or not inside.free_of((subscript.index,)) or not self.keeps(subscript.condition):
                    return None
            elif isinstance(subscript, Expr) and self.of(subscript) != STILL:
                return None
        if expr.tensor.name == self.tensor:
            return self.entry(subscripts)
        if expr.tensor.name not in self.names:
            return STILL
        statement, moved = self.names[expr.tensor.name]
        if moved is None:
            return None
        mapping = dict(zip(statement.indices, subscripts, strict=True))
        return Moved.by(substitute_expr(moved.growth, mapping), substitute_expr(moved.shift, mapping))

    def _alike(self, moves: list[Moved | None], values: Iterable[Expr], *, summed: bool = False) -> Moved | None:
        """The one motion of several values: equal growth, and equal shifts unless they are summed. A 0 grows like anything."""
        known = [move for move in moves if move is not None]
        if len(known) < len(moves):
            return None
        kept = [move for move, value in zip(known, values, strict=True) if value != ZERO] or [STILL]
        if any(not equal(move.growth, kept[0].growth) for move in kept):
            return None
        if summed:
            return Moved.by(kept[0].growth, add(*(move.shift for move in kept)))
        shifts = [move.shift for move in kept] + ([ZERO] if len(kept) < len(known) else [])
        return kept[0] if all(equal(shift, shifts[0]) for shift in shifts) else None

    def _product(self, factors: tuple[Expr, ...]) -> Moved | None:
        moves = [self.of(factor) for factor in factors]
        known = [move for move in moves if move is not None]
        if len(known) < len(moves):
            return None
        shifted = [place for place, move in enumerate(known) if move.shift != ZERO]
        if not shifted:
            return Moved.by(add(*(move.growth for move in known)))
        others = [move for place, move in enumerate(known) if place != shifted[0]]
        if any(move != STILL for move in others):
            return None
        rest = factors[: shifted[0]] + factors[shifted[0] + 1 :]
        return Moved.by(known[shifted[0]].growth, mul(known[shifted[0]].shift, *rest))

    def _function(self, name: str, args: tuple[Expr, ...]) -> Moved | None:
        moves = [self.of(arg) for arg in args]
        if name in ("max", "min"):
            return self._alike(moves, args)
        moved = self._alike(moves, args)
        if moved is None or moved == STILL:
            return moved
        if moved.shift == ZERO:
            if name == "sqrt":
                return Moved.by(div(moved.growth, TWO))
            if name in INVARIANT_UNDER_GROWTH:
                return STILL
            if name in PROPORTIONAL:
                return moved
            if name == "log":
                return Moved.by(ZERO, moved.growth)
            if name == "log2":
                return Moved.by(ZERO, mul(moved.growth, power(call("log", TWO), -1)))
        if name == "exp" and moved.growth == ZERO:
            return Moved.by(moved.shift)
        return None

    def _reduction(self, expr: Reduction) -> Moved | None:
        moved = self.of(expr.body)
        if moved is None or not self.keeps(expr.condition):
            return None
        if expr.op == "prod":
            return Moved.by(total(expr.indices, moved.growth, expr.condition)) if moved.shift == ZERO else None
        if set(free_indices(moved.growth)) & set(expr.indices):
            return None
        if expr.op == "sum":
            shift = ZERO if moved.shift == ZERO else total(expr.indices, moved.shift, expr.condition)
            return Moved.by(moved.growth, shift)
        if expr.op == "logsumexp" and moved.growth != ZERO:
            return None
        return moved if moved.free_of(expr.indices) else None


def rate(expr: Expr, parameter: Element) -> Expr | None:
    """The h of h a, for a the parameter: None where the expression is something else."""
    at_one = canonical(rewrite(expr, lambda node: ONE if node == parameter else node))
    return at_one if equal(expr, mul(at_one, parameter)) else None
