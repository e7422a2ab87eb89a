"""The autodiff oracle: values, VJPs, JVPs and Hessian-vector products of a program, by autograd or JAX.

It shares nothing with the kernels or with the loop evaluator: the program becomes dense masked array code (`vectorise`) and the
library differentiates that. At singular points its derivative is 0, so it agrees with the reference wherever that is finite.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy
import numpy.typing as npt

from tensorderiv.algebra.program import Program
from tensorderiv.algebra.sizes import bind
from tensorderiv.verify.backends import Function, backend
from tensorderiv.verify.vectorise import Vectoriser

Array = npt.NDArray[Any]


class Oracle:
    """A program under an autodiff library: "autograd" or "jax". All results are float64 arrays."""

    def __init__(self, program: Program, library: str = "autograd") -> None:
        self.program = program
        self.backend = backend(library)

    def value(self, arrays: Mapping[str, Any]) -> Array:
        """Shape: the output's indices."""
        with self.backend.precision(), numpy.errstate(all="ignore"):
            function, start = self._function(arrays, ())
            return self._plain(function(*start))

    def vjp(self, arrays: Mapping[str, Any], wrt: Sequence[str], cotangent: Array) -> tuple[Array, ...]:
        """sum W * D by each of the inputs named."""
        with self.backend.precision(), numpy.errstate(all="ignore"):
            function, start = self._function(arrays, wrt)
            return tuple(map(self._plain, self._gradient(function, cotangent)(*start)))

    def gradient(self, arrays: Mapping[str, Any], wrt: Sequence[str]) -> tuple[Array, ...]:
        """The gradient of a scalar output by each of the inputs named."""
        return self.vjp(arrays, wrt, numpy.float64(1.0))  # type: ignore[arg-type]

    def jvp(self, arrays: Mapping[str, Any], tangents: Mapping[str, Array]) -> Array:
        """The directional derivative, as the derivative of the VJP (which is linear in W) by W."""
        wrt = list(tangents)
        with self.backend.precision(), numpy.errstate(all="ignore"):
            function, start = self._function(arrays, wrt)

            def paired(cotangent: Any) -> Any:
                found = self._gradient(function, cotangent)(*start)
                return sum(self.backend.np.sum(g * tangents[name]) for g, name in zip(found, wrt, strict=True))

            ones = numpy.ones(numpy.shape(self._plain(function(*start))))
            return self._plain(self.backend.gradient(paired, (0,))(ones)[0])

    def hvp(self, arrays: Mapping[str, Any], name: str, tangent: Array) -> Array:
        """The Hessian by the named input, applied to the tangent. The output is a scalar."""
        with self.backend.precision(), numpy.errstate(all="ignore"):
            function, start = self._function(arrays, (name,))

            def along(x: Any) -> Any:
                return self.backend.np.sum(self._gradient(function, 1.0)(x)[0] * tangent)

            return self._plain(self.backend.gradient(along, (0,))(*start)[0])

    def hvps(self, arrays: Mapping[str, Any], tangents: Mapping[str, Array]) -> tuple[Array, ...]:
        """The Hessian by all inputs named together, its mixed blocks included, applied to their tangents."""
        wrt = list(tangents)
        with self.backend.precision(), numpy.errstate(all="ignore"):
            function, start = self._function(arrays, wrt)

            def along(*variables: Any) -> Any:
                found = self._gradient(function, 1.0)(*variables)
                return sum(self.backend.np.sum(g * tangents[name]) for g, name in zip(found, wrt, strict=True))

            return tuple(map(self._plain, self.backend.gradient(along, tuple(range(len(wrt))))(*start)))

    def _function(self, arrays: Mapping[str, Any], wrt: Sequence[str]) -> tuple[Function, list[Array]]:
        """The program as a function of the inputs named, and their values."""
        bound, sizes = bind(self.program, arrays)
        integers = {item.tensor.name for item in self.program.inputs if item.tensor.integer}
        fixed = {name: numpy.asarray(array, dtype=int if name in integers else float) for name, array in bound.items()}
        start = [fixed[name] for name in wrt]

        def function(*variables: Any) -> Any:
            tensors = {name: self.backend.np.asarray(array) for name, array in fixed.items()}
            tensors.update(zip(wrt, variables, strict=True))
            return Vectoriser(self.backend, sizes, tensors).run(self.program)

        return function, start

    def _gradient(self, function: Function, cotangent: Any) -> Callable[..., tuple[Any, ...]]:
        """The gradient of sum W * f by all arguments."""

        def weighted(*variables: Any) -> Any:
            return self.backend.np.sum(function(*variables) * cotangent)

        def gradient(*variables: Any) -> tuple[Any, ...]:
            return tuple(self.backend.gradient(weighted, tuple(range(len(variables))))(*variables))

        return gradient

    def _plain(self, array: Any) -> Array:
        return numpy.asarray(array, dtype=float)
