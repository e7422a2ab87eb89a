"""A million points for every vector function and type: `make test-ulp`, or `python -m tests.emit.ulp [NAME ...]`.

Each interval is sampled half evenly and half evenly over its float numbers, so that all magnitudes occur. Where long double is
wider than float64, it finds the worst points, and mpmath judges these and some at random; elsewhere mpmath judges a hundredth of
the points.
Prints the largest error of each interval in ULP and ends with status 1 where one is above 2.
"""

from __future__ import annotations

import math
import sys
import tempfile
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from tests.support.vector_math import DTYPES, NAMES, Array, apply, load, module_text, true_error

POINTS = 1_000_000
BOUND = 2.0
WIDE = np.finfo(np.longdouble).nmant > 60
Wide = np.longdouble

EVERY = [-np.inf, -1e30, -1e6, -100.0, -1.0, -1e-8, 0.0, 1e-8, 1.0, 100.0, 1e6, 1e30, np.inf]
BREAKS: dict[str, list[float]] = {
    "exp": [-np.inf, -746.0, -708.0, -104.0, -87.0, -1.0, -1e-8, 0.0, 1e-8, 1.0, 88.8, 709.8, np.inf],
    "expm1": [-np.inf, -746.0, -40.0, -1.0, -0.3, -1e-8, 0.0, 1e-8, 0.3, 1.0, 88.8, 709.8, np.inf],
    "log": [0.0, 1e-30, 0.5, 0.9, 1.1, 2.0, 1e30, np.inf],
    "log1p": [-1.0, -0.9, -0.3, -1e-8, 0.0, 1e-8, 0.4, 1.0, 1e30, np.inf],
    "tanh": [-np.inf, -30.0, -1.0, -0.2, -1e-8, 0.0, 1e-8, 0.2, 1.0, 30.0, np.inf],
    "sigmoid": [-np.inf, -746.0, -700.0, -104.0, -87.0, -30.0, -1.0, 0.0, 1.0, 40.0, np.inf],
    "softplus": [-np.inf, -746.0, -700.0, -104.0, -87.0, -30.0, -1.0, 0.0, 1.0, 40.0, np.inf],
    "sin": EVERY,
    "cos": EVERY,
    "acos": [-1.0, -0.999, -0.5, -1e-8, 0.0, 1e-8, 0.5, 0.999, 1.0],
    "asin": [-1.0, -0.999, -0.5, -1e-8, 0.0, 1e-8, 0.5, 0.999, 1.0],
    "erf": [-np.inf, -6.0, -3.0, -1.0, -1e-8, 0.0, 1e-8, 0.5, 1.0, 3.0, 6.0, np.inf],
}


def _ordered(x: Any, dtype: Any) -> int:
    """The place of a float among the floats."""
    kind = np.int64 if dtype is np.float64 else np.int32
    bits = int(np.array(x, dtype).view(kind))
    return bits if bits >= 0 else -(bits & np.iinfo(kind).max)


def spread(rng: np.random.Generator, low: float, high: float, count: int, dtype: Any) -> Array:
    """`count` floats of [low, high]: half even, half even over the floats. Infinite ends mean the largest float."""
    top = float(np.finfo(dtype).max)
    low, high = max(low, -top), min(high, top)
    kind = np.int64 if dtype is np.float64 else np.int32
    places = rng.integers(_ordered(low, dtype), _ordered(high, dtype), count - count // 2, endpoint=True)
    bits = np.where(places >= 0, places, np.iinfo(kind).min - places).astype(kind)
    share = rng.random(count // 2)
    even = (low * (1 - share) + high * share).astype(dtype)
    return np.concatenate([even, bits.view(dtype)])


def _finite(x: Array, dtype: Any) -> Array:
    """Without infinities and zeros, whose sign mpmath does not know."""
    info = np.finfo(dtype)
    found = np.clip(x, -info.max, info.max).astype(dtype)
    return np.asarray(np.where(found == 0, info.smallest_subnormal, found), dtype)


Sample = tuple[str, tuple[Array, ...]]


def samples(name: str, dtype: Any, count: int) -> Iterator[Sample]:
    rng = np.random.default_rng(20240229)
    if name == "pow":
        yield from _power_samples(rng, dtype, count)
    elif name == "atan2":
        quarter = count // 4
        for title, low, high in (("|y|, |x| <= 3", -3.0, 3.0), ("all y, x", -np.inf, np.inf)):
            yield title, (spread(rng, low, high, quarter, dtype), spread(rng, low, high, quarter, dtype))
        x = spread(rng, -np.inf, np.inf, quarter, dtype)
        with np.errstate(all="ignore"):
            yield "y near x", (_finite(x * rng.uniform(0.25, 4.0, quarter), dtype), x)
            yield "y far from x", (_finite(x * np.exp2(rng.uniform(-60, 60, quarter)), dtype), x)
    else:
        breaks = [b for b in BREAKS[name] if dtype is np.float64 or not 200 < abs(b) < 1e6 or name in ("sin", "cos")]
        for low, high in pairwise(breaks):
            yield f"[{low:g}, {high:g}]", (spread(rng, low, high, count // (len(breaks) - 1), dtype),)
        if name in ("sin", "cos"):
            yield "near k pi/2", ((rng.integers(-(10**9), 10**9, count // 10) * (np.pi / 2)).astype(dtype),)


def _power_samples(rng: np.random.Generator, dtype: Any, count: int) -> Iterator[Sample]:
    fifth = count // 5
    largest = 710.0 if dtype is np.float64 else 89.0
    least = -745.0 if dtype is np.float64 else -104.0
    target = rng.uniform(least, largest, fifth)
    closest = -50 if dtype is np.float64 else -22
    near_one = 1.0 + np.exp2(rng.uniform(closest, -3, fifth)) * rng.choice([-1, 1], fifth)
    bases = {
        "x in [1/4, 4]": spread(rng, 0.25, 4.0, fifth, dtype),
        "all x > 0": spread(rng, 0.0, np.inf, fifth, dtype),
        "x near 1": near_one.astype(dtype),
    }
    for title, x in bases.items():
        x = np.where((x == 1) | (x == 0), dtype(1.5), x)
        yield f"{title}, results of all sizes", (x, (target / np.log(x.astype(np.float64))).astype(dtype))
    yield "x in [0, 100], |y| <= 8", (spread(rng, 0.0, 100.0, fifth, dtype), spread(rng, -8.0, 8.0, fifth, dtype))
    whole = rng.integers(-12, 13, fifth).astype(dtype)
    yield "x < 0, y whole", (-spread(rng, 1e-2, 1e3, fifth, dtype), whole)


def _wide_erf(x: Array) -> Array:
    """2 / sqrt(pi) e**(-x**2) (x + 2 x**3 / 3 + 4 x**5 / 15 + ...) up to 3, where all terms are positive; 1 - erfc beyond."""
    a = np.minimum(abs(x), Wide(3))
    term = a.copy()
    total = a.copy()
    for k in range(1, 80):
        term = term * (2 * a * a / (2 * k + 1))
        total += term
    near = 2 / np.sqrt(np.arctan2(Wide(0), Wide(-1))) * np.exp(-a * a) * total
    far = 1 - np.array([math.erfc(v) for v in abs(x).astype(np.float64)], Wide)
    return np.copysign(np.where(abs(x) < 3, near, far), x)


WIDE_TRUE: dict[str, Callable[..., Array]] = {
    "erf": _wide_erf,
    "exp": np.exp,
    "log": np.log,
    "log1p": np.log1p,
    "expm1": np.expm1,
    "tanh": np.tanh,
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "softplus": lambda x: np.maximum(x, 0) + np.log1p(np.exp(-abs(x))),
    "sin": np.sin,
    "cos": np.cos,
    "acos": np.arccos,
    "asin": np.arcsin,
    "atan2": np.arctan2,
    "pow": np.power,
}


def errors(name: str, dtype: Any, arguments: tuple[Array, ...], found: Array) -> Array:
    """Errors in ULP by long double, good to about 0.001."""
    info = np.finfo(dtype)
    with np.errstate(all="ignore"):
        exact = WIDE_TRUE[name](*(a.astype(Wide) for a in arguments))
        top = np.ldexp(Wide(1), info.maxexp)
        value = np.clip(found.astype(Wide), -top, top)
        exact = np.clip(exact, -top, top)
        unit = np.ldexp(Wide(1), np.maximum(np.frexp(exact)[1] - info.nmant - 1, info.minexp - info.nmant))
        found_errors = np.asarray(abs(value - exact) / unit, np.float64)
    return np.where(np.isnan(found), np.inf, np.nan_to_num(found_errors, nan=np.inf))


def worst(name: str, dtype: Any, arguments: tuple[Array, ...], found: Array) -> tuple[float, tuple[float, ...]]:
    """(error, arguments) of the worst point, judged by mpmath."""
    rng = np.random.default_rng(7)
    if WIDE:
        screened = np.argpartition(errors(name, dtype, arguments, found), -12)[-12:]
        judged = np.concatenate([screened, rng.integers(0, found.size, 100)])
    else:
        judged = rng.integers(0, found.size, found.size // 100)
    rated = [(true_error(name, dtype, (a[i] for a in arguments), found[i]), i) for i in judged]
    error, place = max(rated)
    return error, tuple(float(a[place]) for a in arguments)


def main(names: tuple[str, ...]) -> int:
    judge = "long double, the worst by mpmath" if WIDE else "mpmath, a hundredth of the points"
    print(f"{POINTS} points for each function and type, judged by {judge}\n")
    high = 0.0
    with tempfile.TemporaryDirectory() as folder:
        module = load(module_text(names), Path(folder) / "vector_functions.py")
        for name in names:
            for dtype in DTYPES:
                top = 0.0
                for title, arguments in samples(name, dtype, POINTS):
                    error, place = worst(name, dtype, arguments, apply(module, name, *arguments))
                    top = max(top, error)
                    shown = ", ".join(repr(p) for p in place)
                    print(f"  {title:32} {error:7.3f} ULP at {shown}")
                print(f"{name:9} {dtype.__name__:8} {top:7.3f} ULP", flush=True)
                high = max(high, top)
    print(f"\nlargest: {high:.3f} ULP; the bound is {BOUND:g}")
    return int(not high <= BOUND)


if __name__ == "__main__":
    raise SystemExit(main(tuple(sys.argv[1:]) or NAMES))
