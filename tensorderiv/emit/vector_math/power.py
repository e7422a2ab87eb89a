"""pow: x**y = e**(y log x), with log x in two float64 that are good to 2**-62: y log x near 745 then costs less than 1 ULP."""

from __future__ import annotations

from tensorderiv.emit.vector_math.coefficients import LOG_POW32, LOG_TAIL64
from tensorderiv.emit.vector_math.logarithm import LN2_HIGH, LN2_LOW
from tensorderiv.emit.vector_math.text import VectorFunction, polynomial, public

THIRDS, THIRDS_LOW = 2.0 / 3.0, 3.700743415417188e-17
"""2/3 in two pieces."""

POW = VectorFunction(
    "pow",
    ("vector_base", "exp_parts", "log_parts"),
    f'''
@_inlined
def _log_pair_64(x):
    """(h, l): log(x) as h + l to about 2**-62, relative, for 0 < x < inf."""
    k, m = _split_all(x)
    f = m - 1.0
    d = 2.0 + f
    inverse = 1.0 / d
    s = f * inverse
    s_low = _fma(-s, f - (d - 2.0), _fma(-s, d, f)) * inverse
    twice = s + s
    z = s * s
    z_low = _fma(twice, s_low, _fma(s, s, -z))
    {polynomial("q", "z", LOG_TAIL64)}
    cube = s * z
    cube_low = _fma(s, z_low, _fma(s_low, z, _fma(s, z, -cube)))
    tail = _fma(z, q, {THIRDS_LOW!r})
    c = {THIRDS!r} + tail
    g = cube * c
    g_low = _fma(cube, ({THIRDS!r} - c) + tail, _fma(cube_low, c, _fma(cube, c, -g)))
    first = _fma(k, {LN2_HIGH!r}, twice)
    high = first + g
    low = (twice - _fma(k, {-LN2_HIGH!r}, first)) + (g - (high - first))
    low = _fma(k, {LN2_LOW!r}, low + _fma(2.0, s_low, g_low))
    total = high + low
    return total, (high - total) + low


@_inlined
def _infinite_at_ends(x, log):
    """log |x|, given what the formula gives for 0 < |x| < inf."""
    a = abs(x)
    return _where(a == 0.0, -math.inf, _where(a < math.inf, log, a))


@_inlined
def _clamped(y, limit):
    return _where(y > limit, limit, _where(y < -limit, -limit, y))


@_inlined
def _pow_with_sign(x, y, b, log, r):
    """x**y, given log |x|, r = |x|**y and b, which is y or, where |y| is larger, +-2**53."""
    # b is even, odd or no integer: what is left when an even integer beside it is taken away
    b = abs(b)
    rest = _fma(_fma(b, 0.5, 4503599627370496.0) - 4503599627370496.0, -2.0, b)
    turned = _where(rest == 0.0, r, _where(abs(log) == math.inf, r, math.nan))
    turned = _where(abs(rest) == 1.0, -r, turned)
    r = _where(_bits(x) < 0, turned, r)
    return _where(x == 1.0, 1.0, _where(y == 0.0, 1.0, r))


def _pow_64(x, y):
    x = float(x)
    y = float(y)
    high, low = _log_pair_64(abs(x))
    high = _infinite_at_ends(x, high)
    w = _clamped(y, 1e30)
    p = w * high
    return _pow_with_sign(x, y, _clamped(y, 9007199254740992.0), high, _exp_sum_64(p, _fma(w, low, _fma(w, high, -p))))


def _pow_32(x, y):
    v = np.float64(x)
    w = np.float64(y)
    k, m = _split(abs(v))
    f = m - 1.0
    {polynomial("q", "f", LOG_POW32)}
    log = _infinite_at_ends(v, _fma(k, {LN2_HIGH + LN2_LOW!r}, f * q))
    b = _clamped(w, 9007199254740992.0)
    n, t = _exp_parts_32(_clamped(b * log, 200.0))
    scale = _power_of_two(n)
    return np.float32(_pow_with_sign(v, w, b, log, _fma(scale, t, scale)))
'''
    + public("pow", "x, y", "x**y as numpy.power.", "np.power(x, y)"),
)

POWER = (POW,)
