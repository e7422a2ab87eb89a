"""log, log1p and softplus.

x = 2**k m with sqrt(1/2) <= m < sqrt(2); f = m - 1, s = f / (2 + f), and
log m = 2 atanh(s) = f - (f**2 / 2 - s (f**2 / 2 + s**2 p(s**2))), a form whose only rounding of weight is the last.
For float32, log m = f p(f) in float64.
"""

from __future__ import annotations

from tensorderiv.emit.vector_math.base import SCALED, SCALED_BITS
from tensorderiv.emit.vector_math.coefficients import LOG32, LOG64, LOG_WIDE32
from tensorderiv.emit.vector_math.text import VectorFunction, polynomial, public

LN2_HIGH, LN2_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10
"""ln 2 in two pieces; the first has 21 zero bits at its end, so that its product with an exponent is exact."""

LOG_PARTS = VectorFunction(
    "log_parts",
    ("vector_base",),
    f'''
@_inlined
def _split(x):
    """(k, m): x = 2**k m with sqrt(1/2) <= m < sqrt(2), for normal x > 0; k as a float64."""
    bits = _bits(x) - 0x3FE6A09E667F3BCD
    k = _real((bits >> 52) + {SCALED_BITS:#x}) - {SCALED!r}
    return k, _real((bits & 0xFFFFFFFFFFFFF) + 0x3FE6A09E667F3BCD)


@_inlined
def _split_all(x):
    """(k, m) of any x > 0."""
    small = x < 2.2250738585072014e-308
    k, m = _split(_where(small, x * 18014398509481984.0, x))
    return _where(small, k - 54.0, k), m


@_inlined
def _log_of_parts_64(k, m, rest):
    """k ln 2 + log(m) + rest; `rest` is small."""
    f = m - 1.0
    s = f / (2.0 + f)
    z = s * s
    {polynomial("q", "z", LOG64)}
    h = 0.5 * f * f
    return _fma(k, {LN2_HIGH!r}, -((h - (_fma(s, _fma(z, q, h), _fma(k, {LN2_LOW!r}, rest)))) - f))


@_inlined
def _log_at_ends(x, y):
    """The logarithm of x, given what the formula gives for 0 < x < inf."""
    y = _where(x < math.inf, y, x)
    return _where(x > 0.0, y, _where(x == 0.0, -math.inf, _where(x < 0.0, math.nan, x)))


@_inlined
def _log_wide_32(x):
    """log(x) to 28 bits, for normal float64 x > 0."""
    k, m = _split(x)
    f = m - 1.0
    {polynomial("q", "f", LOG32)}
    return _fma(k, {LN2_HIGH + LN2_LOW!r}, f * q)
''',
)

LOG = VectorFunction(
    "log",
    ("vector_base", "log_parts"),
    """
def _log_64(x):
    x = float(x)
    k, m = _split_all(x)
    return _log_at_ends(x, _log_of_parts_64(k, m, 0.0))


def _log_32(x):
    v = np.float64(x)
    return np.float32(_log_at_ends(v, _log_wide_32(v)))
"""
    + public("log", "x", "The natural logarithm.", "np.log(x)"),
)

LOG1P_PARTS = VectorFunction(
    "log1p_parts",
    ("vector_base", "log_parts"),
    f'''
@_inlined
def _log1p_sum_64(x, low):
    """log(1 + x + low) for x > -1."""
    u, e = _two_sum(1.0, x)
    k, m = _split(u)
    return _log_of_parts_64(k, m, (e + low) / u)


@_inlined
def _log1p_to_one_32(t):
    """log(1 + t) to 28 bits, for 0 <= t <= 1."""
    {polynomial("q", "t", LOG_WIDE32)}
    return t * q
''',
)

LOG1P = VectorFunction(
    "log1p",
    ("vector_base", "log_parts", "log1p_parts"),
    f"""
def _log1p_64(x):
    x = float(x)
    y = _log_at_ends(1.0 + x, _log1p_sum_64(x, 0.0))
    return _where(abs(x) < 1e-17, x, y)


def _log1p_32(x):
    v = np.float64(x)
    k, m = _split(1.0 + v)
    f = _where(k == 0.0, v, m - 1.0)
    {polynomial("q", "f", LOG32)}
    y = _log_at_ends(1.0 + v, _fma(k, {LN2_HIGH + LN2_LOW!r}, f * q))
    return np.float32(_where(v == 0.0, v, y))
"""
    + public("log1p", "x", "log(1 + x).", "np.log1p(x)"),
)

SOFTPLUS = VectorFunction(
    "softplus",
    ("vector_base", "exp_parts", "log1p_parts"),
    """
def _softplus_64(x):
    x = float(x)
    a = -abs(x)
    n, r, t = _exp_parts_64(_where(a < -746.0, -746.0, a), 0.0)
    scale = _power_of_two(max(n, -1000))
    one = 1.0 + (r + t)
    e = scale * one
    y = _log1p_sum_64(e, scale * (((1.0 - one) + r) + t)) + _where(x > 0.0, x, 0.0)
    half = n >> 1
    y = _where(x < -40.0, one * _power_of_two(half) * _power_of_two(n - half), y)
    return _where(x < math.inf, y, x)


def _softplus_32(x):
    v = np.float64(x)
    y = _log1p_to_one_32(_exp_wide_32(-abs(v)))
    return np.float32(_where(v > 0.0, v, 0.0) + y)
"""
    + public("softplus", "x", "log(1 + e**x) without overflow.", "np.logaddexp(0, x)"),
)

LOGARITHM = (LOG_PARTS, LOG, LOG1P_PARTS, LOG1P, SOFTPLUS)
