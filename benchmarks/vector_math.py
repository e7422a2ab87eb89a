"""Time an element of the vector functions and of what a kernel calls without them: `python benchmarks/vector_math.py [NAME ...]`.

Loops over 100,000 elements in one thread, medians of interleaved runs; results are compared before they are timed.
"""

from __future__ import annotations

import importlib.util
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from tensorderiv.emit.helpers import HELPERS
from tensorderiv.emit.vector_math import VECTOR_MATH, vector_texts

SIZE, RUNS = 100_000, 31
OPTIONS = 'error_model="numpy", fastmath={"reassoc", "contract", "nsz"}'
HEAD = f"import math\n\nimport numpy as np\nfrom numba import njit\n\n\ndef _jit():\n    return njit({OPTIONS})"
LOOP = "@_jit()\ndef {name}({parameters}, out):\n    for i in range(out.size):\n        out[i] = {call}"
RANGES = {
    "exp": (-80.0, 80.0),
    "log": (1e-3, 1e3),
    "log1p": (-0.9, 10.0),
    "expm1": (-5.0, 5.0),
    "tanh": (-5.0, 5.0),
    "sigmoid": (-20.0, 20.0),
    "softplus": (-20.0, 20.0),
    "sin": (-100.0, 100.0),
    "cos": (-100.0, 100.0),
    "acos": (-1.0, 1.0),
    "asin": (-1.0, 1.0),
    "erf": (-4.0, 4.0),
    "pow": (0.1, 10.0),
    "atan2": (-3.0, 3.0),
}


def module(names: list[str], folder: Path) -> ModuleType:
    """Two loops for each name: vector_NAME and plain_NAME."""
    parts = [HEAD, *vector_texts(names)]
    for name in names:
        parameters = "x, y" if name in ("pow", "atan2") else "x"
        arguments = ", ".join(f"{p}[i]" for p in parameters.split(", "))
        plain = f"math.{name}({arguments})"
        if name == "pow":
            plain = "x[i] ** y[i]"
        elif name in ("sigmoid", "softplus"):
            parts.append(HELPERS[name].strip().replace(f"_{name}", f"_plain_{name}"))
            plain = f"_plain_{name}({arguments})"
        parts.append(LOOP.format(name=f"vector_{name}", parameters=parameters, call=f"_{name}({arguments})"))
        parts.append(LOOP.format(name=f"plain_{name}", parameters=parameters, call=plain))
    path = folder / "vector_loops.py"
    path.write_text("\n\n\n".join(parts) + "\n")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


def medians(*calls: Callable[[], Any]) -> list[float]:
    """Nanoseconds an element, runs interleaved."""
    times: list[list[float]] = [[] for _ in calls]
    for _ in range(RUNS):
        for call, found in zip(calls, times, strict=True):
            start = time.perf_counter()
            call()
            found.append(time.perf_counter() - start)
    return [statistics.median(found) / SIZE * 1e9 for found in times]


def main(names: list[str]) -> None:
    rng = np.random.default_rng(0)
    print(f"{'':9} {'':8} {'vector':>8} {'plain':>8}  ratio   first call")
    with tempfile.TemporaryDirectory() as folder:
        made = module(names, Path(folder))
        for name in names:
            for dtype in (np.float64, np.float32):
                x: list[Any] = [rng.uniform(*RANGES[name], SIZE).astype(dtype)]
                if name in ("pow", "atan2"):
                    x.append(rng.uniform(-3.0, 3.0, SIZE).astype(dtype))
                vector, plain = getattr(made, f"vector_{name}"), getattr(made, f"plain_{name}")
                out, wanted = np.empty_like(x[0]), np.empty_like(x[0])
                start = time.perf_counter()
                vector(*x, out)
                first = time.perf_counter() - start
                plain(*x, wanted)
                np.testing.assert_allclose(out, wanted, rtol=1e-14 if dtype is np.float64 else 1e-6)
                a, b = medians(lambda: vector(*x, out), lambda: plain(*x, wanted))  # noqa: B023
                print(f"{name:9} {dtype.__name__:8} {a:5.2f} ns {b:5.2f} ns {b / a:6.1f}   {first:.2f} s", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:] or sorted(VECTOR_MATH))
