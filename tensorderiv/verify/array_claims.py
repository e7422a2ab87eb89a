"""What a scalar module claims (value, value_and_grad, hvp), and one of any other tensor (evaluate, vjp, jvp)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from tensorderiv.algebra.program import Program
from tensorderiv.errors import VerificationFailed
from tensorderiv.verify.claims import (
    Arrays,
    Claim,
    Directions,
    Form,
    SlopeClaim,
    by_method,
    called,
    inner,
    keywords,
    parameters_of,
    real_arrays,
    real_inputs,
)


class ArrayClaims:
    """The form of a module that takes its arrays in the order of the declarations and its scalars by keyword."""

    def __init__(self, program: Program, module: Any) -> None:
        self.program = program
        self.module = module
        self.positional = [item for item in program.inputs if item.tensor.order or item.tensor.integer]
        self.scalars = [item for item in program.inputs if not item.tensor.order and not item.tensor.integer]
        self.arrays = real_arrays(program)
        self.wrt = real_inputs(program)

    def forms(self) -> tuple[Form, ...]:
        return by_method(self.module, [self.scalar() if self.program.output.tensor.order == 0 else self.tensor()])

    def call(self, function: Any, arrays: Arrays, *more: Any, **options: Any) -> Any:
        first = [arrays[item.tensor.name] if item.tensor.order else arrays[item.tensor.name].item() for item in self.positional]
        return function(*first, *more, **options, **keywords(function, self.scalars, arrays))

    def name_of(self, function: Any, name: str) -> str:
        return called(name, parameters_of(function))

    # scalars

    def scalar(self) -> Form:
        claims = [Claim("value", self.value, lambda r, _: r.value(), lambda o, arrays, _: o.value(arrays))]
        claims += [self.gradient(name) for name in self.arrays]
        general = [self.gradient(name) for name in self.wrt if name not in self.arrays]
        general += [self.value_beside(), *self.all_gradients()]
        general += [self.hvp(name) for name in self.arrays] if self.has_hvp() else []
        slopes = [self.slope(self.value, self.gradient(name), name) for name in self.wrt]
        slopes += [self.hvp_slope(name) for name in self.arrays] if self.has_hvp() else []
        return Form("arrays", self.program, tuple(claims), tuple(general), tuple(slopes))

    def has_hvp(self) -> bool:
        """Whether the module has a Hessian-vector product; one that takes nothing by name stands for "not available"."""
        function = getattr(self.module, "hvp", None)
        return function is not None and not {"args", "kwargs"}.issuperset(parameters_of(function))

    def value(self, arrays: Arrays, _: Directions) -> Any:
        return self.call(self.module.value, arrays)

    def value_beside(self) -> Claim:
        def kernel(arrays: Arrays, _: Directions) -> Any:
            return self.call(self.module.value_and_grad, arrays)[0]

        return Claim("value beside gradients", kernel, lambda r, _: r.value(), lambda o, arrays, _: o.value(arrays))

    def gradient(self, name: str) -> Claim:
        def kernel(arrays: Arrays, _: Directions) -> Any:
            function = self.module.value_and_grad
            return self.call(function, arrays, wrt=self.name_of(function, name))[1]

        one = np.float64(1.0)
        return Claim(
            f"gradient by {name}",
            kernel,
            lambda r, _: r.vjp(name, np.asarray(one)),
            lambda o, arrays, _: o.vjp(arrays, [name], np.asarray(one))[0],
        )

    def all_gradients(self) -> list[Claim]:
        """wrt=None: every real array, one alone or a tuple in order."""

        def kernel(place: int) -> Callable[[Arrays, Directions], Any]:
            def found(arrays: Arrays, _: Directions) -> Any:
                gradients = self.call(self.module.value_and_grad, arrays)[1]
                if len(self.arrays) == 1 and not isinstance(gradients, tuple):
                    return gradients
                if not isinstance(gradients, tuple) or len(gradients) != len(self.arrays):
                    raise VerificationFailed(
                        f"value_and_grad without wrt has to return the gradients by {', '.join(self.arrays)}"
                    )
                return gradients[place]

            return found

        claims = []
        for place, name in enumerate(self.arrays):
            same = self.gradient(name)
            claims.append(Claim(f"wrt=None, {name}", kernel(place), same.meaning, same.oracle))
        return claims

    def hvp(self, name: str) -> Claim:
        def kernel(arrays: Arrays, d: Directions) -> Any:
            function = self.module.hvp
            return self.call(function, arrays, d.tangents[name], wrt=self.name_of(function, name))

        return Claim(
            f"hvp by {name}",
            kernel,
            lambda r, d: r.hvp(name, d.tangents[name]),
            lambda o, arrays, d: o.hvp(arrays, name, d.tangents[name]),
        )

    def slope(self, value: Callable[[Arrays, Directions], Any], claim: Claim, name: str) -> SlopeClaim:
        return SlopeClaim(claim.name, value, lambda arrays, d: inner(claim.kernel(arrays, d), d.tangents[name]), (name,))

    def hvp_slope(self, name: str) -> SlopeClaim:
        """The slope of a weighted sum of the gradient along V; not of the plain sum, which translations leave alone."""

        def weighted(gradient: Any) -> Any:
            array = np.asarray(gradient, dtype=float)
            return array * np.cos(1.0 + np.arange(array.size)).reshape(array.shape)

        return SlopeClaim(
            f"hvp by {name}",
            lambda arrays, d: weighted(self.gradient(name).kernel(arrays, d)),
            lambda arrays, d: float(np.sum(weighted(self.hvp(name).kernel(arrays, d)))),
            (name,),
            self.gradient(name).oracle,
        )

    # other tensors

    def tensor(self) -> Form:
        claims = [Claim("evaluate", self.evaluate, lambda r, _: r.value(), lambda o, arrays, _: o.value(arrays))]
        claims += [self.vjp(name) for name in self.arrays]
        general = [self.vjp(name) for name in self.wrt if name not in self.arrays]
        general += [self.jvp(name) for name in self.arrays] if hasattr(self.module, "jvp") else []

        def weighted(arrays: Arrays, d: Directions) -> Any:
            return np.asarray(self.evaluate(arrays, d)) * d.cotangent

        slopes = [self.slope(weighted, self.vjp(name), name) for name in self.wrt]
        return Form("arrays", self.program, tuple(claims), tuple(general), tuple(slopes))

    def evaluate(self, arrays: Arrays, _: Directions) -> Any:
        return self.call(self.module.evaluate, arrays)

    def vjp(self, name: str) -> Claim:
        def kernel(arrays: Arrays, d: Directions) -> Any:
            function = self.module.vjp
            return self.call(function, arrays, d.cotangent, wrt=self.name_of(function, name))

        return Claim(
            f"vjp by {name}",
            kernel,
            lambda r, d: r.vjp(name, d.cotangent),
            lambda o, arrays, d: o.vjp(arrays, [name], d.cotangent)[0],
        )

    def jvp(self, name: str) -> Claim:
        def kernel(arrays: Arrays, d: Directions) -> Any:
            function = self.module.jvp
            options = {"wrt": self.name_of(function, name)} if "wrt" in parameters_of(function) else {}
            return self.call(function, arrays, d.tangents[name], **options)

        return Claim(
            f"jvp by {name}",
            kernel,
            lambda r, d: r.jvp({name: d.tangents[name]}),
            lambda o, arrays, d: o.jvp(arrays, {name: d.tangents[name]}),
        )
