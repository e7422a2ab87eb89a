"""Whether the gradient is 0 at a configuration: the derived gradient with the configuration put in, decided for all sizes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tensorderiv.algebra.build import ONE, ZERO, power, sub, total
from tensorderiv.algebra.expression import Element
from tensorderiv.algebra.program import Domain, Input, Program, Statement
from tensorderiv.derivation import Condition, Derivation, Formula
from tensorderiv.derivation.sphere import sphere_gradient
from tensorderiv.derivation.sphere.unit import UnitRows
from tensorderiv.equality import Claim, Side, Verdict, decide
from tensorderiv.errors import DomainProblem, RuleProblem
from tensorderiv.pipeline import default_variable, derive
from tensorderiv.stationarity.configuration import Configuration


@dataclass(frozen=True)
class Vanishing:
    """The gradient by one input, and whether it is 0 at the configuration."""

    derivation: Derivation
    formula: Formula
    """On the sphere the tangent part."""

    verdict: Verdict
    sphere: bool = False

    @property
    def name(self) -> str:
        return self.derivation.wrt.tensor.name

    @property
    def head(self) -> str:
        output = self.derivation.program.output.element
        return f"grad_{self.name} {output}" if self.sphere else f"d{output}/d{self.derivation.wrt}"

    @property
    def conditions(self) -> tuple[Condition, ...]:
        return self.derivation.conditions


def on_sphere(found: Configuration, names: Sequence[str]) -> Configuration:
    """The inputs named, and every undeclared tensor with rows of that length, as unit rows.

    Raises DomainProblem where a row that is given has another length.
    """
    extents = set()
    for name in names:
        item = found.program.input(name)
        assert item is not None
        if not item.tensor.order or item.domain not in (Domain(), Domain("sphere")):
            raise DomainProblem(f"{name} has no rows on the sphere", hint="drop its declaration, or --in sphere")
        extents.add(item.tensor.extents[-1])

    def unit(item: Input) -> Input:
        alike = item.tensor.order and item.tensor.extents[-1] in extents and not item.tensor.integer
        return replace(item, domain=Domain("sphere")) if alike and item.domain == Domain() else item

    program = replace(found.program, inputs=tuple(map(unit, found.program.inputs)))
    moved = replace(found, program=program, free=tuple(map(unit, found.free)))
    for statement in moved.given:
        if statement.tensor.name in names:
            _check_unit(moved, statement)
    return moved


def _check_unit(found: Configuration, statement: Statement) -> None:
    *rows, last = statement.indices
    square = total((last,), power(Element(statement.tensor, statement.indices), 2))
    side = Side(square, found.given)
    verdict = decide(Claim(side, Side(ONE, found.given), tuple(rows), found.free))
    if not verdict:
        example = verdict.counterexample
        assert example is not None
        rows_of = f"{statement.element} = {statement.body}"
        problem = f"the rows of {rows_of} are not of length 1: |{statement.tensor.name}|^2 = {example.left}"
        raise DomainProblem(problem, hint="divide by the length, e.g. X_ip = 1/sqrt(d)")


def vanishing(found: Configuration, name: str, *, sphere: bool) -> Vanishing:
    """The gradient by the input named, and whether it is 0 at the configuration.

    Raises RuleProblem where the definition is no number, or no law differentiates it; NameProblem for an unknown input.
    """
    program = found.program
    if program.output.indices:
        raise RuleProblem(f"{program.output.element} is no number", hint="take a loss, such as a sum over its indices")
    derivation = derive(program, _variable(program, name))
    formula = sphere_gradient(derivation).formula if sphere else derivation.result
    statements = (*found.statements, *formula.names)
    claim = Claim(Side(formula.expr, statements), Side(ZERO, statements), formula.axes, found.free)
    verdict = decide(claim)
    if verdict and verdict.how != "proved" and sphere:
        inside = Program(program.name, found.free, statements)
        if UnitRows(inside).is_zero(sub(formula.expr, ZERO)):
            verdict = replace(verdict, how="proved")
    return Vanishing(derivation, formula, verdict, sphere)


def _variable(program: Program, name: str) -> Element:
    """The input with letters that occur nowhere in the definition."""
    item = program.input(name)
    assert item is not None
    return default_variable(replace(program, inputs=(item, *(i for i in program.inputs if i != item and i.tensor.integer))))
