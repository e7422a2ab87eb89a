"""Pieces of text that the sources of the vector functions are put together from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class VectorFunction:
    """A piece of a generated module: what it defines is named `_name` there; `needs` names the pieces it calls."""

    name: str
    needs: tuple[str, ...]
    source: str


def polynomial(result: str, variable: str, coefficients: Sequence[float]) -> str:
    """Estrin's rule as lines of a function body, `coefficients` from degree 0 up: neighbours are joined, pair by pair.

    Horner's rule would wait for each product in turn; here a loop is bound by the number of operations instead.

    >>> print(polynomial("q", "z", (1.0, 0.5, 0.25)))
    q0 = _fma(z, 0.5, 1.0)
        z2 = z * z
        q = _fma(z2, 0.25, q0)
    """
    power, lines = variable, []
    level = [repr(c) for c in coefficients]
    while len(level) > 1:
        joined = []
        for i in range(0, len(level) - 1, 2):
            name = result if len(level) == 2 else f"{result}{i // 2}"
            lines.append(f"{name} = _fma({power}, {level[i + 1]}, {level[i]})")
            joined.append(name)
        level = joined + level[len(level) - len(level) % 2 :]
        if len(level) > 1:
            double = f"{variable}{2 * int(power.removeprefix(variable) or 1)}"
            lines.append(f"{double} = {power} * {power}")
            power = double
    return "\n    ".join(lines)


def public(name: str, parameters: str, docstring: str, meaning: str) -> str:
    """The function that kernels call: NumPy's meaning as plain Python, `_NAME_32` or `_NAME_64` when compiled.

    Numba wants these two as plain functions, not as compiled ones.
    """
    single = " and ".join(f"{p} is types.float32" for p in parameters.split(", "))
    return f'''
def _{name}({parameters}):
    """{docstring}"""
    with np.errstate(all="ignore"):
        return {meaning}


@extending.overload(_{name}, jit_options=_INLINED)
def _{name}_of({parameters}):
    """The function for the type of the argument: all float32, or float64."""
    return _{name}_32 if {single} else _{name}_64
'''
