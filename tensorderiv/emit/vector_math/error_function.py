"""erf: x + x p(x**2) for |x| < 1, beyond 1 - e**-(x**2) p(|x| - 2)."""

from __future__ import annotations

from tensorderiv.emit.vector_math.coefficients import ERF32, ERF64, ERFCX32, ERFCX64
from tensorderiv.emit.vector_math.text import VectorFunction, polynomial, public

ERF = VectorFunction(
    "erf",
    ("vector_base", "exp_parts"),
    f"""
def _erf_64(x):
    x = float(x)
    a = abs(x)
    z = a * a
    {polynomial("near", "z", ERF64)}
    b = _where(a > 6.0, 6.0, a)
    n, r, t = _exp_parts_64(-b * b, 0.0)
    u = b - 2.0
    {polynomial("far", "u", ERFCX64)}
    y = _where(a < 1.0, _fma(a, near, a), _fma(-far * (1.0 + (r + t)), _power_of_two(n), 1.0))
    return _with_sign_of(y, x)


def _erf_32(x):
    v = np.float64(x)
    a = abs(v)
    z = a * a
    {polynomial("near", "z", ERF32)}
    b = _where(a > 4.0, 4.0, a)
    u = b - 2.0
    n, t = _exp_parts_32(-b * b)
    {polynomial("far", "u", ERFCX32)}
    y = _where(a < 1.0, _fma(a, near, a), _fma(-far * (1.0 + t), _power_of_two(n), 1.0))
    return np.float32(_with_sign_of(y, v))
"""
    + public("erf", "x", "The error function.", "x.dtype.type(math.erf(x)) if isinstance(x, np.floating) else math.erf(x)"),
)

ERROR_FUNCTION = (ERF,)
