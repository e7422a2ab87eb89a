"""The functions of a module whose definition has inputs in sphere: steps along unit rows, and gradients tangent to them.

project(X, V)   V - (X . V) X          the part of V that is tangent at the unit rows of X
retract(X, V)   (X + V) / |X + V|      the point of the sphere nearest to X + V
value_and_riemannian_grad(...)         of a scalar: like value_and_grad, the gradients by inputs in sphere projected
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from tensorderiv.adjoint import reverse
from tensorderiv.algebra.build import add, call, div, mul, power, sub, total
from tensorderiv.algebra.expression import Element, Expr, Tensor
from tensorderiv.algebra.index import Extent, Index, fresh
from tensorderiv.algebra.program import Input, Program, Statement
from tensorderiv.emit.arguments import extents_of, fresh_name, real_inputs
from tensorderiv.emit.assembly import Assembly
from tensorderiv.emit.context import FunctionText
from tensorderiv.emit.driver import Arguments, Driver, Selection
from tensorderiv.emit.loss import ONE_OR_TUPLE, LossModule
from tensorderiv.lower.plan import lower

LINE = "Rows in sphere: project(X, V) takes the tangent part of V, retract(X, V) moves X along V and back to length 1."


def sphere_inputs(program: Program) -> list[Input]:
    """The inputs whose rows have length 1."""
    return [item for item in program.inputs if item.domain.kind == "sphere" and item.tensor.order]


class SphereModule:
    """Builds project and retract: they take any array of unit rows, so one of each serves all inputs in sphere."""

    def __init__(self, program: Program, assembly: Assembly) -> None:
        self.assembly = assembly
        inputs = [item.tensor for item in sphere_inputs(program)]
        used = set(extents_of(program))
        last = _named((tensor.extents[-1] for tensor in inputs), "d", used)
        rows = _named((extent for tensor in inputs for extent in tensor.extents[:-1]), "n", used)
        axes: tuple[Extent, ...] = (last,) if all(tensor.order == 1 for tensor in inputs) else (rows, last)
        taken = set(program.names) | {str(extent) for extent in (*used, *axes)}
        direction = fresh_name(("V", "U", "W"), taken)
        self.points, self.directions = Tensor(inputs[0].name, axes), Tensor(direction, axes)
        self.taken = taken | {direction}
        letters = [fresh(Index(letter, extent), taken) for letter, extent in zip(("i", "p")[-len(axes) :], axes, strict=True)]
        self.axes = tuple(letters)

    def functions(self) -> list[FunctionText]:
        """Both, in the order in which they stand in the module."""
        return [self.project(), self.retract()]

    def project(self) -> FunctionText:
        """V - (X . V) X."""
        x, v = (Element(tensor, self.axes) for tensor in (self.points, self.directions))
        along, result = self.statements("along", total(self.axes[-1:], mul(x, v)), lambda along: sub(v, mul(x, along)))
        shown = self.points.name, self.directions.name
        return self.function(
            "project",
            (along, result),
            "{1} - ({0} . {1}) {0}, row by row: the part of {1} that is tangent to the sphere at the unit rows of {0}. "
            "Of a gradient it is the Riemannian gradient.".format(*shown),
        )

    def retract(self) -> FunctionText:
        """(X + V) / |X + V|."""
        moved = add(Element(self.points, self.axes), Element(self.directions, self.axes))
        length, result = self.statements(
            "length", call("sqrt", total(self.axes[-1:], power(moved, 2))), lambda length: div(moved, length)
        )
        shown = self.points.name, self.directions.name
        return self.function(
            "retract",
            (length, result),
            "({0} + {1}) / |{0} + {1}|, row by row: the points of the sphere nearest to {0} + {1}.".format(*shown),
        )

    def statements(self, name: str, number: Expr, result: Callable[[Element], Expr]) -> tuple[Statement, Statement]:
        """A number a row, and the result in terms of it."""
        first = Statement(Tensor(self.free(name), self.points.extents[:-1]), self.axes[:-1], number)
        return first, Statement(Tensor(self.free("moved"), self.points.extents), self.axes, result(first.element))

    def free(self, wish: str) -> str:
        return fresh_name((wish, f"{wish}_"), self.taken)

    def function(self, name: str, statements: Sequence[Statement], doc: str) -> FunctionText:
        inputs = [Input(self.points), Input(self.directions)]
        program = Program(name, tuple(inputs), tuple(statements))
        driver = Driver(name, self.assembly, Arguments(inputs, [], []), extents_of(program))
        self.assembly.helpers.add("unit_rows")
        x, v, result = (driver.shown(t) for t in (self.points.name, self.directions.name, statements[-1].tensor.name))
        driver.lines.append(f'({x}, {v}), size, dtype, shape = _unit_rows("{name}", {self.points.extents!r}, {x}={x}, {v}={v})')
        driver.run(lower(program))
        driver.lines.append(f"return {result}.reshape(shape)")
        return driver.finish(doc)


def value_and_riemannian_grad(loss: LossModule) -> FunctionText:
    """Value and gradients of a scalar; those by inputs in sphere are tangent to it."""
    wrt = real_inputs(loss.program)
    adjoint = reverse(loss.program, wrt)
    program, gradients = adjoint.program, dict(adjoint.gradients)
    for item in sphere_inputs(loss.program):
        program, gradients[item.tensor.name] = projected(program, item.tensor, gradients[item.tensor.name])
    driver = loss.driver("value_and_riemannian_grad", extra=("wrt=None",))
    driver.check()
    shown = loss.choose(driver, wrt)
    plan = loss.assembly.lower(program, [loss.output.name, *(gradients[name] for name in wrt)])
    driver.run(plan, Selection({gradients[name]: shown[name] for name in wrt}))
    driver.lines.append(f"return {driver.shown(loss.output.name)}, {ONE_OR_TUPLE.removeprefix('return ')}")
    names = ", ".join(item.tensor.name for item in sphere_inputs(loss.program))
    return driver.finish(
        f"({loss.output.name}, gradients) like value_and_grad; the gradient by {names} is the one on the sphere, "
        "its part along each unit row taken away."
    )


def projected(program: Program, tensor: Tensor, gradient: str) -> tuple[Program, str]:
    """The program with the tangent part of a gradient, and its name: g_kl - X_kl sum_m X_km g_km."""
    found = program.statement(gradient)
    assert found is not None, f"{gradient} is a statement of the adjoint program"
    x, g = Element(tensor, found.indices), found.element
    along = Statement(
        Tensor(_free(f"{tensor.name}along", program), tensor.extents[:-1]),
        found.indices[:-1],
        total(found.indices[-1:], mul(x, g)),
    )
    result = Statement(
        Tensor(_free(f"{tensor.name}tangent", program), tensor.extents), found.indices, sub(g, mul(x, along.element))
    )
    return replace(program, statements=(*program.statements, along, result)), result.tensor.name


def _free(wish: str, program: Program) -> str:
    return fresh_name((wish, f"{wish}_"), program.names)


def _named(extents: Iterable[Extent], wish: str, used: set[str]) -> str:
    """The first extent with a name; where all are fixed numbers, a name of its own."""
    found = [extent for extent in extents if isinstance(extent, str)]
    return found[0] if found else fresh_name((wish, f"{wish}_"), used)
