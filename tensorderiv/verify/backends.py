"""The two array libraries of the autodiff oracle behind one small face: autograd (the default) and JAX.

Each offers its `numpy`, a gradient, and the one primitive of ours: the strong product, in which a factor 0 wins over everything
and whose derivative leaves infinite co-factors out (at a singular point 0 is the stated choice).
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any, cast

import numpy

Function = Callable[..., Any]


@dataclass(frozen=True)
class Backend:
    """`np` is the array namespace, `special` holds erf, gammaln and digamma. `strong(*factors)` wants equal shapes.

    `matrix` holds inv, det and logdet with the library's own derivatives; at a singular matrix no derivative is claimed.
    """

    name: str
    np: Any
    special: dict[str, Function]
    matrix: dict[str, Function]
    strong: Function
    gradient: Callable[[Function, tuple[int, ...]], Function]
    stop: Callable[[Any], Any]
    precision: Callable[[], AbstractContextManager[Any]]


def backend(name: str) -> Backend:
    """The backend "autograd" or "jax"."""
    return {"autograd": _autograd, "jax": _jax}[name]()


def _strong(np: Any, factors: Sequence[Any]) -> Any:
    product, zero = factors[0], factors[0] == 0
    for factor in factors[1:]:
        product, zero = product * factor, zero | (factor == 0)
    return np.where(zero, 0.0, product)


def _cofactor(np: Any, strong: Function, factors: Sequence[Any], place: int) -> Any:
    """The strong product of the others, 0 where it is infinite."""
    others = [factor for other, factor in enumerate(factors) if other != place]
    if not others:
        return np.ones(numpy.shape(factors[0]))
    product = strong(*others)
    return np.where(np.isfinite(product), product, 0.0)


def _matrix(np: Any, plain: Function | None) -> dict[str, Function]:
    """Functions of a matrix. `plain` gives the numbers of a library whose linear algebra refuses a singular matrix."""

    def is_singular(a: Any) -> bool:
        if plain is None:
            return False
        values = plain(a)
        return not numpy.isfinite(values).all() or numpy.linalg.det(values) == 0

    def inv(a: Any) -> Any:
        return numpy.full(numpy.shape(a), numpy.nan) if is_singular(a) else np.linalg.inv(a)

    def det(a: Any) -> Any:
        return np.sum(a) * 0.0 if is_singular(a) else np.linalg.det(a)

    def logdet(a: Any) -> Any:
        if is_singular(a):
            return np.sum(a) * 0.0 - numpy.inf
        sign, size = np.linalg.slogdet(a)
        return np.where(sign > 0, size, np.where(sign < 0, numpy.nan, -numpy.inf))

    return {"inv": inv, "det": det, "logdet": logdet}


def _autograd() -> Backend:
    import autograd
    import autograd.numpy as np
    from autograd.extend import defvjp_argnums, primitive
    from autograd.scipy import special
    from autograd.tracer import getval

    def plain(x: Any) -> Any:
        while hasattr(x, "_node"):
            x = getval(x)
        return x

    @primitive  # type: ignore[untyped-decorator]
    def strong(*factors: Any) -> Any:
        return _strong(numpy, factors)

    def vjp(argnums: Sequence[int], ans: Any, args: Sequence[Any], kwargs: Any) -> Function:
        return lambda g: tuple(g * _cofactor(np, strong, args, place) for place in argnums)

    defvjp_argnums(strong, vjp)
    functions = {"erf": special.erf, "lgamma": special.gammaln, "digamma": special.psi}
    return Backend(
        "autograd", np, functions, _matrix(np, plain), strong, lambda f, places: autograd.grad(f, places), plain, _quiet
    )


@contextmanager
def _quiet() -> Iterator[None]:
    """Infinities are expected here, and so are derivatives by what a function does not depend on."""
    with numpy.errstate(all="ignore"), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Output seems independent of input")
        yield


def _jax() -> Backend:
    import jax
    import jax.numpy as np
    from jax.scipy import special

    @jax.custom_vjp  # type: ignore[untyped-decorator]
    def strong(*factors: Any) -> Any:
        return _strong(np, factors)

    def forward(*factors: Any) -> tuple[Any, Any]:
        return strong(*factors), factors

    def backward(factors: Any, g: Any) -> tuple[Any, ...]:
        return tuple(g * _cofactor(np, strong, factors, place) for place in range(len(factors)))

    strong.defvjp(forward, backward)

    def double() -> AbstractContextManager[Any]:
        if hasattr(jax, "enable_x64"):
            return cast(AbstractContextManager[Any], jax.enable_x64(True))
        from jax.experimental import enable_x64  # where it was before JAX 0.8

        return cast(AbstractContextManager[Any], enable_x64())

    functions = {"erf": special.erf, "lgamma": special.gammaln, "digamma": special.digamma}
    return Backend(
        "jax", np, functions, _matrix(np, None), strong, lambda f, places: jax.grad(f, places), jax.lax.stop_gradient, double
    )
