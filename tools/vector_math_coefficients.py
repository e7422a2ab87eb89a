"""Compute the polynomials of the vector functions and write tensorderiv/emit/vector_math/coefficients.py.

Each is the minimax polynomial of a smooth function on an interval, by the Remez exchange in 60 digits, then rounded to float64.
Run from the top of the repository: `.venv/bin/python tools/vector_math_coefficients.py` (ten seconds; deterministic).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import mpmath as mp

TARGET = Path(__file__).parents[1] / "tensorderiv" / "emit" / "vector_math" / "coefficients.py"
GRID = 40
"""Points between neighbouring extrema at which the error is looked at."""

Real = Any  # mpmath publishes no types


def one(_: Real) -> Real:
    """No weight."""
    return mp.mpf(1)


@dataclass(frozen=True)
class Wanted:
    """A polynomial of a degree that is near `function` on [low, high]; the largest `weight * error` is made least."""

    function: Callable[[Real], Real]
    low: str
    high: str
    degree: int
    weight: Callable[[Real], Real] = one


def minimax(wanted: Wanted) -> tuple[list[Real], Real]:
    """(coefficients from degree 0 up, the largest weighted error)."""
    low, high, count = mp.mpf(wanted.low), mp.mpf(wanted.high), wanted.degree + 2
    middle, half = (high + low) / 2, (high - low) / 2
    points = [middle - half * mp.cos(mp.pi * (2 * i + 1) / (2 * count)) for i in range(count)]
    steps = count * GRID
    grid = [middle - half * mp.cos(mp.pi * i / steps) for i in range(steps + 1)]
    values = [wanted.function(t) for t in grid]
    weights = [wanted.weight(t) for t in grid]
    for _ in range(30):
        rows = [[t**k for k in range(count - 1)] + [(-1) ** i / wanted.weight(t)] for i, t in enumerate(points)]
        solved = mp.lu_solve(mp.matrix(rows), mp.matrix([wanted.function(t) for t in points]))
        coefficients, level = list(solved[:-1]), abs(solved[count - 1])
        errors = [w * (v - mp.polyval(coefficients[::-1], t)) for t, v, w in zip(grid, values, weights, strict=True)]
        points = exchange(grid, errors, count)
        worst = max(abs(e) for e in errors)
        if worst < level * mp.mpf("1.0001"):
            return coefficients, worst
    raise ArithmeticError(f"the exchange did not settle: level {mp.nstr(level, 5)}, worst {mp.nstr(worst, 5)}")


def exchange(grid: list[Real], errors: list[Real], count: int) -> list[Real]:
    """The alternating extrema of the error; where there are too many, the smaller end goes."""
    chosen: list[int] = []
    for i, e in enumerate(errors):
        if chosen and (errors[chosen[-1]] > 0) == (e > 0):
            if abs(e) > abs(errors[chosen[-1]]):
                chosen[-1] = i
        else:
            chosen.append(i)
    while len(chosen) > count:
        chosen.pop(0 if abs(errors[chosen[0]]) < abs(errors[chosen[-1]]) else -1)
    if len(chosen) < count:
        raise ArithmeticError(f"{len(chosen)} alternations where {count} are needed; is the degree beyond the precision?")
    return [grid[i] for i in chosen]


def series(terms: Callable[[int], Real], t: Real) -> Real:
    """sum_k terms(k) t**k, for |t| well below the radius of convergence."""
    total, power, k = mp.mpf(0), mp.mpf(1), 0
    while True:
        step = terms(k) * power
        total += step
        if abs(step) < mp.mpf(10) ** -65 and k > 3:
            return total
        power *= t
        k += 1


def exp_rest(r: Real) -> Real:
    """(e**r - 1 - r) / r**2"""
    return series(lambda k: 1 / mp.factorial(k + 2), r)


def log_rest(z: Real) -> Real:
    """(2 atanh(s) - 2 s) / s**3, z = s**2"""
    return series(lambda k: mp.mpf(2) / (2 * k + 3), z)


def log_ratio(f: Real) -> Real:
    """log(1 + f) / f"""
    return mp.log1p(f) / f if f else mp.mpf(1)


def log_tail(z: Real) -> Real:
    """(2 atanh(s) - 2 s - 2/3 s**3) / s**5, z = s**2"""
    return series(lambda k: mp.mpf(2) / (2 * k + 5), z)


def sin_rest(z: Real) -> Real:
    """(sin(r) - r) / r**3, z = r**2"""
    return series(lambda k: mp.mpf(-1) ** (k + 1) / mp.factorial(2 * k + 3), z)


def cos_rest(z: Real) -> Real:
    """(cos(r) - 1 + z / 2) / z**2, z = r**2"""
    return series(lambda k: mp.mpf(-1) ** k / mp.factorial(2 * k + 4), z)


def atan_rest(z: Real) -> Real:
    """(atan(q) - q) / q**3, z = q**2"""
    return series(lambda k: mp.mpf(-1) ** (k + 1) / (2 * k + 3), z)


def asin_rest(z: Real) -> Real:
    """(asin(x) - x) / x**3, z = x**2"""
    return series(lambda k: mp.binomial(2 * k + 2, k + 1) / (mp.mpf(4) ** (k + 1) * (2 * k + 3)), z)


def erf_rest(z: Real) -> Real:
    """erf(x) / x - 1, z = x**2"""
    return 2 / mp.sqrt(mp.pi) * series(lambda k: mp.mpf(-1) ** k / (mp.factorial(k) * (2 * k + 1)), z) - 1


SHIFT = mp.mpf(2)
"""The polynomial of erfcx is in x - 2."""


def erfcx(t: Real) -> Real:
    """e**(x**2) erfc(x), x = t + 2"""
    x = t + SHIFT
    return mp.exp(x * x) * mp.erfc(x)


def bell(t: Real) -> Real:
    """e**-(x**2), x = t + 2: what an error of erfcx is multiplied by."""
    return mp.exp(-((t + SHIFT) ** 2))


HALF_LN2 = "0.34658"  # a little more than ln(2) / 2: n is rounded from a rounded product
S2 = "0.029438"  # s**2 for m in [sqrt(1/2), sqrt(2)]
R2 = "0.61691"  # (pi / 4)**2 and a little
T2 = "0.171573"  # tan(pi / 8)**2

POLYNOMIALS = {
    "EXP64": Wanted(exp_rest, "-" + HALF_LN2, HALF_LN2, 10),
    "EXP32": Wanted(exp_rest, "-" + HALF_LN2, HALF_LN2, 4),
    "LOG64": Wanted(log_rest, "0", S2, 6),
    "LOG32": Wanted(log_ratio, "-0.29290", "0.41422", 9),
    "LOG_TAIL64": Wanted(log_tail, "0", S2, 7),
    "LOG_POW32": Wanted(log_ratio, "-0.29290", "0.41422", 11),
    "LOG_WIDE32": Wanted(log_ratio, "0", "1", 9),
    "SIN64": Wanted(sin_rest, "0", R2, 5),
    "SIN32": Wanted(sin_rest, "0", R2, 3),
    "COS64": Wanted(cos_rest, "0", R2, 5),
    "COS32": Wanted(cos_rest, "0", R2, 2),
    "ATAN64": Wanted(atan_rest, "0", T2, 10),
    "ATAN32": Wanted(atan_rest, "0", T2, 5),
    "ASIN64": Wanted(asin_rest, "0", "0.25", 12),
    "ASIN32": Wanted(asin_rest, "0", "0.25", 5),
    "ERF64": Wanted(erf_rest, "0", "1", 11),
    "ERF32": Wanted(erf_rest, "0", "1", 6),
    "ERFCX64": Wanted(erfcx, "-1", "4", 20, bell),
    "ERFCX32": Wanted(erfcx, "-1", "2", 8, bell),
}


def main() -> None:
    """Compute all and write the file."""
    mp.mp.dps = 60
    lines = [
        '"""Minimax polynomials, from degree 0 up. Written by tools/vector_math_coefficients.py; do not edit."""',
        "",
        "from __future__ import annotations",
    ]
    for name, wanted in POLYNOMIALS.items():
        coefficients, worst = minimax(wanted)
        bits = mp.nstr(mp.log(worst, 2), 5)
        print(f"{name:12} degree {wanted.degree:2}  largest weighted error 2**{bits}", flush=True)
        where = f"[{wanted.low}, {wanted.high}]"
        summary = " ".join((wanted.function.__doc__ or "").split())
        lines += ["", f"{name} = ("]
        lines += [f"    {float(c)!r}," for c in coefficients]
        lines += [")", f'"""{summary} on {where}; largest {"weighted " if wanted.weight is not one else ""}error 2**{bits}"""']
    TARGET.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
