"""The functions of a scalar definition (value, value_and_grad, hvp) and of any other tensor (evaluate, vjp, jvp)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tensorderiv.adjoint import forward, reverse
from tensorderiv.algebra.expression import Tensor
from tensorderiv.algebra.program import Input, Program
from tensorderiv.emit.arguments import array_inputs, extents_of, fresh_name, real_arrays, real_inputs, scalar_inputs
from tensorderiv.emit.assembly import Assembly
from tensorderiv.emit.context import FunctionText
from tensorderiv.emit.driver import Arguments, Driver, Selection, tensor_input
from tensorderiv.errors import RuleProblem
from tensorderiv.lower.matrices import name_matrices

ONE_OR_TUPLE = "return results[wanted[0]] if single else tuple(results[name] for name in wanted)"


class LossModule:
    """Builds the functions of a scalar or tensor definition."""

    def __init__(self, program: Program, assembly: Assembly) -> None:
        self.program = program
        self.assembly = assembly
        self.output = program.output.tensor
        self.arrays = array_inputs(program)
        self.scalars = scalar_inputs(program)

    def functions(self) -> list[FunctionText]:
        """All functions, in the order in which they stand in the module."""
        if self.output.order == 0:
            made = [self.value("value"), self.value_and_grad()]
            return [*made, self.second_order()] if real_arrays(self.program) else made
        made = [self.value("evaluate"), self.vjp()]
        return [*made, self.jvp()] if real_arrays(self.program) else made

    def driver(self, name: str, after: Sequence[Input] = (), extra: tuple[str, ...] = ()) -> Driver:
        return Driver(
            name, self.assembly, Arguments([*self.arrays, *after], [], self.scalars, {}, extra), extents_of(self.program)
        )

    def value(self, name: str) -> FunctionText:
        """The output itself."""
        driver = self.driver(name)
        driver.check()
        driver.run(self.assembly.lower(self.program))
        driver.lines.append(f"return {driver.shown(self.output.name)}")
        return driver.finish(f"The value of {self.output.name}.")

    def choose(self, driver: Driver, allowed: Sequence[str]) -> dict[str, str]:
        """The lines that read `wrt`; returns the shown names."""
        shown = {name: driver.shown(name) for name in allowed}
        default = [shown[name] for name in real_arrays(self.program)] or list(shown.values())
        driver.lines.append(f'wanted, single = _wanted("{driver.name}", wrt, {tuple(default)!r}, {tuple(shown.values())!r})')
        driver.lines.append("results = {}")
        return shown

    def value_and_grad(self) -> FunctionText:
        """Value and gradients by every real input; a gradient nobody asks for is not computed."""
        wrt = real_inputs(self.program)
        adjoint = reverse(self.assembly.tabled(self.program), wrt)
        gradients = dict(adjoint.gradients)
        driver = self.driver("value_and_grad", extra=("wrt=None",))
        driver.check()
        shown = self.choose(driver, wrt)
        scalars = [gradients[name] for name in wrt if name not in real_arrays(self.program)] if real_arrays(self.program) else []
        outputs = [self.output.name, *(gradients[name] for name in wrt)]
        plan = self.assembly.lower(adjoint.program, outputs, secondary=scalars)
        driver.run(plan, Selection({gradients[name]: shown[name] for name in wrt}))
        driver.lines.append(f"return {driver.shown(self.output.name)}, {ONE_OR_TUPLE.removeprefix('return ')}")
        return driver.finish(
            f"({self.output.name}, gradients): wrt is a name or several; None stands for every real array. "
            "One name gives one array, several a tuple in that order."
        )

    def vjp(self) -> FunctionText:
        """The gradient of sum(W * output)."""
        weight = tensor_input(fresh_name(("W", "G", "C"), self.program.names), self.output.extents)
        wrt = real_inputs(self.program)
        adjoint = reverse(self.assembly.tabled(self.program), wrt, weight.tensor)
        gradients = dict(adjoint.gradients)
        driver = self.driver("vjp", [weight], extra=("wrt=None",))
        driver.check()
        shown = self.choose(driver, wrt)
        plan = self.assembly.lower(adjoint.program, [gradients[name] for name in wrt])
        driver.run(plan, Selection({gradients[name]: shown[name] for name in wrt}))
        driver.lines.append(ONE_OR_TUPLE)
        return driver.finish(
            f"The gradient of sum({weight.tensor.name} * {self.output.name}): wrt is a name or several; "
            "None stands for every real array."
        )

    def directions(self, driver: Driver, name: str) -> dict[str, Tensor]:
        """One direction tensor an array; what is not named in `wrt` stands still."""
        taken = set(self.program.names) | {name}
        found = {}
        for item in self.arrays:
            if item.tensor.integer:
                continue
            made = fresh_name((f"{name}_{item.tensor.name}",), taken)
            taken.add(made)
            found[item.tensor.name] = Tensor(made, item.tensor.extents)
        return found

    def read_directions(self, driver: Driver, given: str, tensors: Mapping[str, Tensor]) -> None:
        """V is one array, or a tuple in the order of the names; each is checked like its input."""
        directions = f'_directions("{driver.name}", "{given}", {given}, wanted, single)'
        driver.lines.append(f"{given} = dict(zip(wanted, {directions}, strict=True))")
        for name, tensor in tensors.items():
            shown, own = driver.shown(tensor.name), driver.shown(name)
            driver.lines.append(f'{shown} = _direction("{driver.name}", "{given}", {given}.get("{own}"), {own})')

    def second_order(self) -> FunctionText:
        """hvp, or where a second derivative has no law a function that says so."""
        try:
            return self.hvp()
        except RuleProblem as problem:
            message = f"hvp: {problem.message}"
            return FunctionText("hvp", "*args, **kwargs", "Not available.", (f"raise NotImplementedError({message!r})",))

    def hvp(self) -> FunctionText:
        """Forward over reverse."""
        arrays = real_arrays(self.program)
        adjoint = reverse(self.assembly.tabled(self.program), arrays)
        given = fresh_name(("V", "U", "V_"), self.program.names)
        driver = self.driver("hvp", extra=("wrt=None",))
        tensors = self.directions(driver, given)
        tangent = forward(name_matrices(adjoint.program)[0], tensors)
        driver.check()
        shown = self.choose(driver, arrays)
        self.read_directions(driver, given, tensors)
        tangents = {name: tangent_name(gradient, adjoint.program, tangent) for name, gradient in adjoint.gradients}
        moving = {name: made for name, made in tangents.items() if made is not None}
        plan = self.assembly.lower(tangent, list(moving.values()))
        driver.run(plan, Selection({made: shown[name] for name, made in moving.items()}))
        for name in arrays:
            if name not in moving:
                driver.lines.append(f'results["{shown[name]}"] = np.zeros_like({shown[name]})')
        driver.lines.append(ONE_OR_TUPLE)
        return self.with_direction(
            driver,
            given,
            f"The Hessian of {self.output.name} times {given}: the arrays named in wrt (None: every real array) move along "
            f"{given}, an array or a tuple in their order, and the change of their gradients is handed back in the same form.",
        )

    def jvp(self) -> FunctionText:
        """The directional derivative of the output."""
        arrays = real_arrays(self.program)
        wish = f"d{arrays[0]}" if len(arrays) == 1 else "V"
        given = fresh_name((wish, "V", "U"), self.program.names)
        driver = self.driver("jvp", extra=("wrt=None",))
        tensors = self.directions(driver, given)
        tangent = forward(name_matrices(self.program)[0], tensors)
        driver.check()
        self.choose(driver, arrays)
        driver.lines.pop()  # one result, no dictionary
        self.read_directions(driver, given, tensors)
        plan = self.assembly.lower(tangent)
        driver.run(plan)
        driver.lines.append(f"return {driver.shown(tangent.output.tensor.name)}")
        return self.with_direction(
            driver,
            given,
            f"The directional derivative of {self.output.name}: the arrays named in wrt (None: every real array) move along "
            f"{given}, an array or a tuple in their order.",
        )

    @staticmethod
    def with_direction(driver: Driver, given: str, doc: str) -> FunctionText:
        """The function with its direction argument behind the arrays."""
        made = driver.finish(doc)
        head, star, rest = made.signature.partition("*, ")
        signature = f"{head.rstrip(', ')}, {given}, {star}{rest}".lstrip(", ")
        return FunctionText(made.name, signature, made.doc, made.lines)


def tangent_name(gradient: str, before: Program, after: Program) -> str | None:
    """The name `forward` gave to the tangent of a gradient, or None where it does not move."""
    name = f"{gradient}dot"
    while after.statement(name) is not None or after.input(name) is not None:
        if before.statement(name) is None and before.input(name) is None and after.statement(name) is not None:
            return name
        name += "dot"
    return None
