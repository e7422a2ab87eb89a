"""Naming constants: a ratio that is the same at all points, as a number people write."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction

import numpy as np
import numpy.typing as npt

LARGEST = 24
"""Numerators and denominators of the fractions that are recognised."""

NAMED = {"log(2)": math.log(2), "1/log(2)": 1 / math.log(2), "pi": math.pi, "1/pi": 1 / math.pi, "sqrt(2)": math.sqrt(2),
         "1/sqrt(2)": 1 / math.sqrt(2)}  # fmt: skip


def constant(ratios: npt.NDArray[np.float64], accuracy: npt.NDArray[np.float64]) -> float | None:
    """The number that all ratios are, each known to its accuracy; None where they differ."""
    known = np.isfinite(ratios) & np.isfinite(accuracy)
    if known.sum() < 2 or np.isinf(ratios).any():
        return None
    ratios, accuracy = ratios[known], accuracy[known]
    middle = float(ratios[np.argmin(accuracy)])
    return middle if bool((np.abs(ratios - middle) <= accuracy + accuracy.min()).all()) else None


def named(value: float, accuracy: float = 1e-9) -> str | None:
    """A small fraction, or a fraction of a well-known number; None where the value is neither.

    >>> named(0.5), named(-2.0), named(2 / math.log(2)), named(0.123456789)
    ('1/2', '-2', '2/log(2)', None)
    """
    near = accuracy * max(1.0, abs(value))
    fraction = Fraction(value).limit_denominator(LARGEST) if math.isfinite(value) else None
    if fraction is not None and abs(fraction.numerator) <= LARGEST and abs(value - fraction) <= near:
        return str(fraction)
    for name, number in NAMED.items():
        part = Fraction(value / number).limit_denominator(4)
        if part and abs(part.numerator) <= 4 and abs(value / number - part) <= accuracy:
            if part == 1:
                return name
            return f"{part}{name[1:]}" if name.startswith("1/") and part.denominator == 1 else f"{part} {name}"
    return None


def told(value: float, accuracy: float = 1e-9) -> str:
    """The name of a number, else six digits."""
    return named(value, accuracy) or f"{value:.6g}"


def of_sizes(
    ratios: npt.NDArray[np.float64],
    accuracy: npt.NDArray[np.float64],
    sizes: Mapping[str, npt.NDArray[np.float64]],
    exact: bool = True,
) -> str | None:
    """The ratios as a number (any, unless `exact`), or as one times a power of a size; None where they are neither."""
    plain = constant(ratios, accuracy)
    if plain is not None:
        near = float(max(1e-9, np.nanmin(accuracy)))
        return named(plain, near) if exact else told(plain, near)
    for name, values in sizes.items():
        less = np.maximum(values - 1, 0.5)
        powers = {
            name: values,
            f"1/{name}": 1 / values,
            f"({name} - 1)": less,
            f"1/({name} - 1)": 1 / less,
            f"{name}/({name} - 1)": values / less,
            f"({name} - 1)/{name}": less / values,
            f"1/{name}^2": 1 / values**2,
            f"sqrt({name})": np.sqrt(values),
            f"1/sqrt({name})": 1 / np.sqrt(values),
        }
        for words, factor in powers.items():
            with np.errstate(all="ignore"):
                rest = constant(ratios / factor, accuracy / np.abs(factor))
            if rest is not None and (name_of := named(rest)) is not None:
                return words if name_of == "1" else f"-{words}" if name_of == "-1" else f"{name_of} {words}"
    return None
