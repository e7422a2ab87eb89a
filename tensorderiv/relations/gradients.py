"""Both gradients, derived, as expressions in one set of names; on the sphere their tangent parts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from tensorderiv.algebra.build import mul, sub, total
from tensorderiv.algebra.expression import Expr
from tensorderiv.algebra.index import Index, fresh
from tensorderiv.algebra.program import Domain, Program, Statement
from tensorderiv.algebra.traverse import index_names, substitute_expr
from tensorderiv.derivation import Derivation, Formula, derive
from tensorderiv.derivation.sphere import sphere_gradient
from tensorderiv.derivation.sphere.unit import UnitRows
from tensorderiv.equality import Claim, Side, Verdict, decide, refuted
from tensorderiv.equality.join import Part, join
from tensorderiv.relations.together import Together


@dataclass(frozen=True)
class Gradients:
    """Two gradients over the same axes: those of the outputs, then those of the variable."""

    together: Together
    derivations: tuple[Derivation, Derivation]
    formulas: tuple[Formula, Formula]
    """As each was derived, in its own names."""

    first: Expr
    second: Expr
    program: Program
    """The inputs and the statements of both, adjoints among them."""

    axes: tuple[Index, ...]
    order: int
    """How many of the axes are those of the variable."""

    tangent: bool
    """Whether these are the tangent parts on the sphere."""

    @property
    def inner(self) -> tuple[Index, ...]:
        """The axes of the variable: along them the gradient is a vector."""
        return self.axes[len(self.axes) - self.order :]

    @property
    def outer(self) -> tuple[Index, ...]:
        """The axes of the outputs: there is one gradient for each of their values."""
        return self.axes[: len(self.axes) - self.order]

    @property
    def sphere(self) -> bool:
        """Whether some rows are known to have length 1."""
        return any(item.domain == Domain("sphere") for item in self.program.inputs)

    @cached_property
    def used(self) -> tuple[Statement, ...]:
        """The statements that the gradients depend on."""
        claim = self.claim(self.first, self.second, self.axes)
        return tuple(s for s in self.program.statements if s in claim.left.used or s in claim.right.used)

    @cached_property
    def unit(self) -> UnitRows:
        return UnitRows(self.program)

    def decide(self, left: Expr, right: Expr, axes: tuple[Index, ...]) -> Verdict:
        """Whether left = right for all inputs; what only unit rows make equal is proved by canonical form with |x|^2 = 1."""
        verdict = decide(self.claim(left, right, axes))
        if verdict and verdict.how != "proved" and self.sphere and self.unit.is_zero(sub(left, right)):
            return replace(verdict, how="proved")
        return verdict

    def refuted(self, left: Expr, right: Expr, axes: tuple[Index, ...]) -> bool:
        """Whether left and right are seen to differ at once."""
        return refuted(self.claim(left, right, axes))

    def claim(self, left: Expr, right: Expr, axes: tuple[Index, ...]) -> Claim:
        statements = self.program.statements
        return Claim(Side(left, statements), Side(right, statements), axes, self.program.inputs)

    def elsewhere(self, which: tuple[Index, ...]) -> dict[Index, Index]:
        """Second letters for some axes."""
        taken = {name for expr in (self.first, self.second) for name in index_names(expr)} | {i.name for i in self.axes}
        taken |= self.program.names
        found: dict[Index, Index] = {}
        for index in which:
            found[index] = fresh(index, taken)
            taken.add(found[index].name)
        return found

    def dot(self, left: Expr, right: Expr) -> Expr:
        """The inner product of two expressions over the axes of the variable."""
        other = self.elsewhere(self.inner)
        return total(other.values(), mul(substitute_expr(left, other), substitute_expr(right, other)))

    def heads(self) -> tuple[str, str]:
        """dD/dx_l for each; on the sphere grad D, the tangent part."""
        made = []
        for derivation in self.derivations:
            output, variable = derivation.program.output.element, derivation.wrt
            made.append(f"grad_{variable.tensor.name} {output}" if self.tangent else f"d{output}/d{variable}")
        return made[0], made[1]


def gradients(both: Together, sphere: bool) -> Gradients:
    """Derive both and join them. Raises RuleProblem where no law applies, ExtentMismatch and IndexProblem where shapes differ."""
    derivations = tuple(derive(p, v) for p, v in zip(both.programs, both.variables, strict=True))
    formulas = tuple(sphere_gradient(d).formula if sphere else d.result for d in derivations)
    parts = [Part(Side(f.expr, (*f.program.statements, *f.names)), f.program.inputs, f.axes, ordered=True) for f in formulas]
    claim = join(parts[0], parts[1])
    left, right = claim.left, claim.right
    known = {statement.tensor.name: statement for statement in left.statements}
    statements: tuple[Statement, ...] = left.statements
    second = right.expr
    for statement in right.statements:
        if known.get(statement.tensor.name) != statement:
            statements = (*statements, statement)
    program = Program("both", claim.inputs, statements)
    order = len(both.variables[0].subscripts)
    return Gradients(
        both, (derivations[0], derivations[1]), (formulas[0], formulas[1]), left.expr, second, program, claim.axes, order, sphere
    )
