"""exp, expm1, sigmoid and tanh.

e**x = 2**n e**r with n the integer nearest to x / ln 2 and |r| <= ln(2) / 2, where r is kept in two pieces;
e**r = 1 + r + r**2 q(r). float32 is computed in float64 by a shorter polynomial and rounded once.
"""

from __future__ import annotations

from tensorderiv.emit.vector_math.base import SCALED, SCALED_BITS
from tensorderiv.emit.vector_math.coefficients import EXP32, EXP64
from tensorderiv.emit.vector_math.text import VectorFunction, polynomial, public

LOG2_E = 1.4426950408889634
LN2_HIGH, LN2_LOW = 0.6931471805599453, 2.3190468138462996e-17

EXP_PARTS = VectorFunction(
    "exp_parts",
    ("vector_base",),
    f'''
@_inlined
def _exp_parts_64(x, low):
    """(n, r, t): e**(x + low) = 2**n (1 + r + t) with |t| < 0.07; `low` is tiny beside x."""
    z = _fma(x, {LOG2_E!r}, {SCALED!r})
    n = z - {SCALED!r}
    exact = _fma(n, {-LN2_HIGH!r}, x)
    rest = _fma(n, {-LN2_LOW!r}, low)
    r = exact + rest
    {polynomial("q", "r", EXP64)}
    return _bits(z) - {SCALED_BITS:#x}, r, ((exact - r) + rest) + r * r * q


@_inlined
def _exp_parts_32(x):
    """(n, t): e**x = 2**n (1 + t) to 30 bits."""
    z = _fma(x, {LOG2_E!r}, {SCALED!r})
    r = _fma(z - {SCALED!r}, {-LN2_HIGH!r}, x)
    {polynomial("q", "r", EXP32)}
    return _bits(z) - {SCALED_BITS:#x}, _fma(r * r, q, r)


@_inlined
def _exp_sum_64(x, low):
    """e**(x + low)."""
    n, r, t = _exp_parts_64(x, low)
    half = n >> 1
    y = (1.0 + (r + t)) * _power_of_two(half) * _power_of_two(n - half)
    return _where(x < -746.0, 0.0, _where(x > 710.0, math.inf, y))


@_inlined
def _exp_wide_32(x):
    """e**x to 30 bits as a float64; 0 and inf beyond -200 and 200."""
    n, t = _exp_parts_32(x)
    scale = _power_of_two(n)
    return _where(x < -200.0, 0.0, _where(x > 200.0, math.inf, _fma(scale, t, scale)))
''',
)

EXP = VectorFunction(
    "exp",
    ("vector_base", "exp_parts"),
    """
def _exp_64(x):
    return _exp_sum_64(float(x), 0.0)


def _exp_32(x):
    return np.float32(_exp_wide_32(np.float64(x)))
"""
    + public("exp", "x", "e**x.", "np.exp(x)"),
)

EXPM1_PARTS = VectorFunction(
    "expm1_parts",
    ("vector_base", "exp_parts"),
    '''
@_inlined
def _expm1_parts_64(x):
    """(h, l): half of e**x - 1 is h + l, for -42 <= x <= 710."""
    n, r, t = _exp_parts_64(x, 0.0)
    scale = _power_of_two(n - 1)
    high, low = _two_sum(scale - 0.5, scale * r)
    return high, low + scale * t


@_inlined
def _expm1_wide_32(x):
    """e**x - 1 to 28 bits, relative, as a float64; beyond -200 and 200 as there."""
    n, t = _exp_parts_32(_where(x > 200.0, 200.0, _where(x < -200.0, -200.0, x)))
    scale = _power_of_two(n)
    return _fma(scale, t, scale - 1.0)
''',
)

EXPM1 = VectorFunction(
    "expm1",
    ("vector_base", "expm1_parts"),
    """
def _expm1_64(x):
    x = float(x)
    high, low = _expm1_parts_64(_where(x < -42.0, -42.0, _where(x > 710.0, 710.0, x)))
    return _where(abs(x) < 1e-17, x, 2.0 * (high + low))


def _expm1_32(x):
    y = _expm1_wide_32(np.float64(x))
    return np.float32(_where(x == 0.0, x, y))
"""
    + public("expm1", "x", "e**x - 1.", "np.expm1(x)"),
)

SIGMOID = VectorFunction(
    "sigmoid",
    ("vector_base", "exp_parts"),
    """
def _sigmoid_64(x):
    x = float(x)
    a = -abs(x)
    n, r, t = _exp_parts_64(_where(a < -746.0, -746.0, a), 0.0)
    scale = _power_of_two(max(n, -1000))
    one = 1.0 + r
    e = scale * one
    e_low = scale * ((1.0 - one) + r + t)
    d = 1.0 + (e + e_low)
    d_low = ((1.0 - d) + e) + e_low
    top = _where(x < 0.0, e, 1.0)
    inverse = 1.0 / d
    q = top * inverse
    rest = _fma(-q, d, top) + _fma(-q, d_low, _where(x < 0.0, e_low, 0.0))
    y = _fma(rest, inverse, q)
    half = n >> 1
    return _where(x < -690.0, (1.0 + (r + t)) * _power_of_two(half) * _power_of_two(n - half), y)


def _sigmoid_32(x):
    return np.float32(1.0 / (1.0 + _exp_wide_32(-np.float64(x))))
"""
    + public("sigmoid", "x", "1 / (1 + e**-x) without overflow.", "1 / (1 + np.exp(-x))"),
)

TANH = VectorFunction(
    "tanh",
    ("vector_base", "expm1_parts"),
    """
def _tanh_64(x):
    x = float(x)
    a = abs(x)
    high, low = _expm1_parts_64(2.0 * _where(a > 22.0, 22.0, a))
    top = high + low
    top_low = (high - top) + low
    d, d_low = _two_sum(1.0, top)
    inverse = 1.0 / d
    q = top * inverse
    rest = _fma(-q, d, top) + _fma(-q, d_low + top_low, top_low)
    y = _with_sign_of(_fma(rest, inverse, q), x)
    return _where(a < 1e-9, x, y)


def _tanh_32(x):
    v = np.float64(x)
    y = _expm1_wide_32(2.0 * v)
    return np.float32(_where(v == 0.0, v, y / (y + 2.0)))
"""
    + public("tanh", "x", "The hyperbolic tangent.", "np.tanh(x)"),
)

EXPONENTIAL = (EXP_PARTS, EXP, EXPM1_PARTS, EXPM1, SIGMOID, TANH)
