"""The vector functions in loops as kernels have them, the true values, and errors in units in the last place."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from types import ModuleType
from typing import Any

import mpmath as mp
import numpy as np
from numpy.typing import NDArray

from tensorderiv.emit.vector_math import VECTOR_MATH, vector_texts

NAMES = tuple(sorted(VECTOR_MATH))
OF_TWO = {"atan2", "pow"}
DTYPES = (np.float64, np.float32)
Array = NDArray[Any]

HEAD = "import math\n\nimport numpy as np\nfrom numba import njit"
LOOP = """
@njit(error_model="numpy", fastmath={{"reassoc", "contract", "nsz"}})
def loop_{name}({parameters}, out):
    for i in range(out.size):
        out[i] = {call}
"""
"""With the fastmath of generated kernels: reassociation in the caller must not reach the functions."""


def module_text(names: Iterable[str]) -> str:
    parts = [HEAD, *vector_texts(names)]
    for name in names:
        parameters = "x, y" if name in OF_TWO else "x"
        if name == "atan2":
            parameters = "y, x"
        arguments = ", ".join(f"{p}[i]" for p in parameters.split(", "))
        parts.append(LOOP.format(name=name, parameters=parameters, call=f"_{name}({arguments})").strip())
    return "\n\n\n".join(parts) + "\n"


def load(text: str, path: Path) -> ModuleType:
    """The module of this text, kept at the path."""
    path.write_text(text)
    return import_file(path)


def import_file(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module  # dataclasses look there
    spec.loader.exec_module(module)
    return module


def apply(module: ModuleType, name: str, *arguments: Array) -> Array:
    """`name` of each element, by the compiled loop."""
    out = np.empty_like(arguments[0])
    getattr(module, f"loop_{name}")(*arguments, out)
    return out


def _signed_power(x: Any, y: Any) -> Any:
    r = mp.power(abs(x), y)
    return -r if x < 0 and int(y) % 2 else r


TRUE: dict[str, Callable[..., Any]] = {
    "exp": mp.exp,
    "log": mp.log,
    "log1p": mp.log1p,
    "expm1": mp.expm1,
    "tanh": mp.tanh,
    "sigmoid": lambda x: 1 / (1 + mp.exp(-x)),
    "softplus": lambda x: x + mp.log1p(mp.exp(-x)) if x > 0 else mp.log1p(mp.exp(x)),
    "pow": _signed_power,
    "sin": mp.sin,
    "cos": mp.cos,
    "acos": lambda x: mp.acos(max(-1, min(1, x))),
    "asin": lambda x: mp.asin(max(-1, min(1, x))),
    "atan2": mp.atan2,
    "erf": mp.erf,
}
"""The real functions; for pow, a negative base comes with a whole exponent only."""


def true_error(name: str, dtype: Any, arguments: Iterable[Any], found: Any) -> float:
    """How far `found` is from the true value, in ULP of `dtype` there; infinity counts as the next power of two."""
    info = np.finfo(dtype)
    with mp.workprec(240):
        exact = TRUE[name](*(mp.mpf(float(a)) for a in arguments))
        if found != found:
            return float("inf")
        top = mp.mpf(2) ** info.maxexp
        if np.isinf(found):
            value = top if found > 0 else -top
            if (exact > 0) == (found > 0) and abs(exact) >= top:
                return 0.0
        else:
            value = mp.mpf(float(found))
        exponent = mp.frexp(exact)[1] if exact else info.minexp
        unit = mp.mpf(2) ** max(int(exponent) - info.nmant - 1, info.minexp - info.nmant)
        return float(abs(value - exact) / unit)
