"""The functions of a pair definition: pairwise, vjp, jvp, jacobian over tables; pair and pair_grad for one pair of points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tensorderiv.adjoint import forward, reverse
from tensorderiv.algebra.expression import Tensor
from tensorderiv.algebra.program import Input, Program
from tensorderiv.emit.arguments import extents_of, fresh_name, real_inputs, scalar_inputs
from tensorderiv.emit.assembly import Assembly
from tensorderiv.emit.context import FunctionText
from tensorderiv.emit.driver import Arguments, Driver, Selection, tensor_input
from tensorderiv.emit.loops import nest_function
from tensorderiv.emit.names import Names, identifier
from tensorderiv.lower.cost import cost_of, scratch
from tensorderiv.lower.lift import two_tensor
from tensorderiv.lower.matrices import name_matrices
from tensorderiv.lower.plan import Plan
from tensorderiv.lower.pointwise import pointwise
from tensorderiv.lower.signature import PairForm, Slot


class PairModule:
    """Builds the functions of a pair definition."""

    def __init__(self, form: PairForm, assembly: Assembly) -> None:
        self.form = form
        self.assembly = assembly
        self.program = two_tensor(form)
        self.x = form.first.batch()
        self.y = form.second.batch(form.second_name)
        self.rows = frozenset({form.first.rows, form.second.rows})
        points = {self.x.name, self.y.name}
        self.points = [item for item in self.program.inputs if item.tensor.name in points]
        self.points.sort(key=lambda item: item.tensor.name != self.x.name)
        self.further = [i for i in self.program.inputs if i.tensor.name not in points and (i.tensor.order or i.tensor.integer)]
        self.scalars = scalar_inputs(self.program)

    def functions(self) -> list[FunctionText]:
        """All functions, in the order in which they stand in the module."""
        return [self.pairwise(), self.vjp(), self.jvp(), self.jacobian(), self.pair(), self.pair_grad()]

    def plan(self, program: Program, outputs: Sequence[str], secondary: Sequence[str] = ()) -> Plan:
        return self.assembly.lower(program, outputs, self.rows, secondary)

    def driver(self, name: str, after: Sequence[Input] = (), *, y_default: bool = False, extra: tuple[str, ...] = ()) -> Driver:
        defaults = {self.y.name: "None"} if y_default else {}
        arguments = Arguments([*self.points, *after], list(self.further), self.scalars, defaults, extra)
        return Driver(name, self.assembly, arguments, extents_of(self.program))

    def y_given(self, driver: Driver) -> str:
        x, y = driver.shown(self.x.name), driver.shown(self.y.name)
        return f"{x} if {y} is None else {y}"

    def pairwise(self) -> FunctionText:
        """The table of values."""
        driver = self.driver("pairwise", y_default=True, extra=("out=None",))
        driver.check({self.y.name: self.y_given(driver)})
        plan = self.plan(self.program, [self.program.output.tensor.name])
        output = self.program.output.tensor
        arrays = ", ".join(driver.shown(item.tensor.name) for item in (*self.points, *self.further))
        shape = f"({', '.join(driver.extent(e) for e in output.extents)})"
        driver.run(plan, allocate={output.name: f'_result("pairwise", out, {shape}, dtype, ({arrays},))'})
        driver.lines.append(f"return {driver.shown(output.name)}")
        return driver.finish(
            f"{output.name} over all pairs of points of {self.x.name} and {self.y.name} (default: {self.x.name})."
        )

    def vjp(self) -> FunctionText:
        """The gradient of sum(W * D)."""
        output = self.program.output.tensor
        weight = tensor_input(fresh_name(("W", "G", "C"), self.program.names), output.extents)
        wrt = real_inputs(self.program)
        adjoint = reverse(self.assembly.tabled(self.program, self.rows), wrt, weight.tensor)
        gradients = dict(adjoint.gradients)
        driver = self.driver("vjp", [weight], extra=("wrt=None",))
        x, y = driver.shown(self.x.name), driver.shown(self.y.name)
        given = self.y_given(driver)
        driver.lines.append(f"same = {y} is None")
        driver.check({self.y.name: given})
        shown = {name: driver.shown(name) for name in wrt}
        names = ", ".join(f'"{shown[name]}"' for name in wrt)
        without = ", ".join(f'"{shown[name]}"' for name in wrt if name != self.y.name)
        driver.lines += [
            f"allowed = ({without},) if same else ({names},)",
            f'wanted, single = _wanted("vjp", wrt, ("{x}",) if same else ("{x}", "{y}"), allowed)',
            f'names = (*wanted, "{y}") if same and "{x}" in wanted else wanted',
            "results = {}",
        ]
        further = [gradients[name] for name in wrt if name not in (self.x.name, self.y.name)]
        plan = self.plan(adjoint.program, [gradients[name] for name in wrt], further)
        driver.chosen = "names"
        driver.run(plan, Selection({gradients[name]: shown[name] for name in wrt}))
        driver.lines += [
            f'if same and "{x}" in wanted:',
            '    with np.errstate(invalid="ignore"):  # inf - inf is nan, as everywhere here, and no warning',
            f'        results["{x}"] += results["{y}"]',
            "return results[wanted[0]] if single else tuple(results[name] for name in wanted)",
        ]
        return driver.finish(
            f"The gradient of sum({weight.tensor.name} * {output.name}): d{x}, or (d{x}, d{y}); "
            f"{y} = None stands for {x} in both places. wrt names other inputs."
        )

    def jvp(self) -> FunctionText:
        """The directional derivative of the table."""
        taken = set(self.program.names)
        dx = fresh_name((f"d{self.x.name}", f"d{self.x.name}_"), taken)
        dy = fresh_name((f"d{self.y.name}", f"d{self.y.name}_"), taken | {dx})
        directions = [tensor_input(dx, self.x.extents), tensor_input(dy, self.y.extents)]
        moving = {self.x.name: directions[0].tensor, self.y.name: directions[1].tensor}
        tangent = forward(name_matrices(self.program)[0], moving)
        driver = self.driver("jvp", directions)
        driver.arguments.defaults[dy] = "None"
        x, y, a, b = (driver.shown(name) for name in (self.x.name, self.y.name, dx, dy))
        driver.lines += [
            f"if {b} is None:",
            f"    {b} = {a} if {y} is None else np.zeros_like({y})",
            f"if {y} is None:",
            f"    {y} = {x}",
        ]
        driver.check()
        plan = self.plan(tangent, [tangent.output.tensor.name])
        driver.run(plan)
        driver.lines.append(f"return {driver.shown(tangent.output.tensor.name)}")
        return driver.finish(
            f"The directional derivative of {self.program.output.tensor.name} along ({a}, {b}). Without {y}, {x} stands in both "
            f"places and {a} moves both; with {y} but without {b}, {y} stands still."
        )

    def block(self, slot: Slot) -> Plan:
        """The Jacobian block of one slot: the gradient of one pair, lifted to all pairs."""
        adjoint = reverse(self.form.slot, [slot.point.name])
        name = dict(adjoint.gradients)[slot.point.name]
        return self.plan(two_tensor(self.form, adjoint.program, name), [name])

    def jacobian(self) -> FunctionText:
        """The part of the Jacobian that is not structurally zero."""
        driver = self.driver("jacobian", y_default=True, extra=("slot=1",))
        driver.check({self.y.name: self.y_given(driver)})
        lines, driver.lines = driver.lines, []
        driver.lines = [*lines]
        for number, slot in ((1, self.form.first), (2, self.form.second)):
            plan = self.block(slot)
            start = len(driver.lines)
            driver.run(plan)
            driver.lines.append(f"return {driver.shown(plan.outputs[0])}")
            body = driver.lines[start:]
            driver.lines[start:] = [f"if slot == {number}:", *("    " + line for line in body)]
        driver.lines.append('raise ValueError(f"jacobian: slot is {slot!r}; take 1 (first point) or 2 (second point)")')
        output = self.program.output.tensor.name
        return driver.finish(
            f"The blocks d {output}_ij / d point: entry [i, j] for the first point i (slot=1) or the second j (slot=2)."
        )

    def pair(self) -> FunctionText:
        """The value of one pair, compiled."""
        output = self.form.slot.output.tensor.name
        return self.compiled("pair", self.form.slot, [output], f"{output} of one pair of points.")

    def pair_grad(self) -> FunctionText:
        """Value and gradient of one pair, compiled."""
        slot, x = self.form.slot, self.form.first.point
        adjoint = reverse(slot, [x.name])
        outputs = [slot.output.tensor.name, dict(adjoint.gradients)[x.name]]
        doc = f"({outputs[0]}, d{x.name}): value of one pair of points, gradient by the first."
        return self.compiled("pair_grad", adjoint.program, outputs, doc)

    def compiled(self, name: str, program: Program, outputs: Sequence[str], doc: str) -> FunctionText:
        """A function of two points and the further inputs, without drivers or checks, for use in other compiled code."""
        nest = pointwise(program, outputs)
        names = Names()
        points = [self.form.first.point, self.form.second.point]
        parameters = [names.of("tensor", t.name) for t in points]
        inputs = [*points, *(item.tensor for item in (*self.further, *self.scalars))]
        parameters += [names.of("tensor", item.name) for item in inputs[2:]]
        made = nest_function(replace(nest, target=Tensor("<none>")), frozenset(item.name for item in inputs), names)
        lines = [f"{names.of('extent', e)} = {self.size(e, inputs, names)}" for e in made.extents]
        lines += self.agreement(name, inputs, frozenset(made.extents), names)
        self.assembly.add_cost(name, made, cost_of(nest.body))
        self.assembly.kernel(name, [name], scratch(nest.body))
        return FunctionText(name, ", ".join(parameters), doc, (*lines, *made.lines), compiled=True)

    @staticmethod
    def agreement(name: str, inputs: Sequence[Tensor], extents: frozenset[str], names: Names) -> list[str]:
        """Every axis has the size that the loops take: compiled code would read beyond a shorter one."""
        lines = []
        seen: set[str] = set()
        for tensor in inputs:
            for axis, extent in enumerate(tensor.extents):
                if not isinstance(extent, str) or extent not in extents:
                    continue
                if extent in seen:
                    shown, size = names.of("tensor", tensor.name), names.of("extent", extent)
                    message = f"{name}: axis {axis} of {shown} has another size than the extent {extent}; give the same size"
                    lines += [f"if {shown}.shape[{axis}] != {size}:", f'    raise ValueError("{message}")']
                seen.add(extent)
        return lines

    @staticmethod
    def size(extent: str, inputs: Sequence[Tensor], names: Names) -> str:
        """Where an extent is read from: the first argument that has it."""
        for tensor in inputs:
            if extent in tensor.extents:
                return f"{names.of('tensor', tensor.name)}.shape[{tensor.extents.index(extent)}]"
        raise AssertionError(f"no argument has the extent {extent}")

    def constants(self) -> tuple[str, str]:
        """POINTS: the two point arguments with the axis of the points; a text for the head of the module."""
        x, y = identifier(self.x.name), identifier(self.y.name)
        points = repr(((x, self.form.first.axis), (y, self.form.second.axis)))
        return points, "pairwise, vjp, jvp, jacobian over tables of points; pair, pair_grad for one pair (compiled)."
