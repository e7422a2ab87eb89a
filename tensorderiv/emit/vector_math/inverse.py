"""asin, acos and atan2.

asin: x + x**3 p(x**2) for |x| <= 1/2; beyond, asin(x) = pi/2 - 2 asin(sqrt((1 - x) / 2)) with the rounding of the root put right.
atan2: the quotient q of the smaller by the larger, or of their difference by their sum where q > tan(pi/8), in two pieces;
then k pi/4 +- atan(q). All turns of the quadrants are one choice of k and of the sign.
"""

from __future__ import annotations

from tensorderiv.emit.vector_math.coefficients import ASIN32, ASIN64, ATAN32, ATAN64
from tensorderiv.emit.vector_math.text import VectorFunction, polynomial, public

HALF_PI, HALF_PI_LOW = 1.5707963267948966, 6.123233995736766e-17
EIGHTH, EIGHTH_LOW = 0.7853981633974456, 2.6951514290790595e-15
"""pi/4 in two pieces; four times the first is exact, and three times."""

ASIN_PARTS = VectorFunction(
    "asin_parts",
    ("vector_base",),
    f'''
@_inlined
def _asin_parts_64(a):
    """(v, t): asin(a) = v + t for 0 <= a <= 1/2; beyond, acos(a) = v + t."""
    beyond = a > 0.5
    z = _where(beyond, 0.5 * (1.0 - a), a * a)
    root = math.sqrt(z)
    s = _where(beyond, root, a)
    {polynomial("q", "z", ASIN64)}
    t = s * (z * q)
    missing = _where(root == 0.0, 0.0, _fma(-root, root, z) / (2.0 * root))
    return _where(beyond, 2.0 * s, s), _where(beyond, 2.0 * (t + missing), t)


@_inlined
def _asin_wide_32(a):
    """asin(a) to 28 bits for 0 <= a <= 1/2; beyond, acos(a)."""
    beyond = a > 0.5
    z = _where(beyond, 0.5 * (1.0 - a), a * a)
    s = _where(beyond, 2.0 * math.sqrt(z), a)
    {polynomial("q", "z", ASIN32)}
    return _fma(s * z, q, s)


@_inlined
def _to_end(a):
    """|x| for a function on [-1, 1]: what rounding put at most 8 eps beyond 1 counts as 1."""
    return _where((a > 1.0) & (a <= 1.0 + 1.8e-15), 1.0, a)
''',
)

ASIN = VectorFunction(
    "asin",
    ("vector_base", "asin_parts"),
    f"""
def _asin_64(x):
    x = float(x)
    a = _to_end(abs(x))
    v, t = _asin_parts_64(a)
    turned = {HALF_PI!r} - v
    turned += (({HALF_PI!r} - turned) - v) + ({HALF_PI_LOW!r} - t)
    return _with_sign_of(_where(a > 0.5, turned, v + t), x)


def _asin_32(x):
    v = np.float64(x)
    a = abs(v)
    y = _asin_wide_32(a)
    return np.float32(_with_sign_of(_where(a > 0.5, {HALF_PI!r} - y, y), v))
"""
    + public(
        "asin",
        "x",
        "asin; arguments that rounding put just beyond 1 or -1 count as 1 or -1.",
        "np.arcsin(np.where(np.abs(x) <= 1 + 1.8e-15, np.clip(x, -1, 1), x))[()]",
    ),
)

ACOS = VectorFunction(
    "acos",
    ("vector_base", "asin_parts"),
    f"""
def _acos_64(x):
    x = float(x)
    a = _to_end(abs(x))
    v, t = _asin_parts_64(a)
    same = (a > 0.5) == (x > 0.0)
    v = _where(same, v, -v)
    t = _where(same, t, -t)
    base = _where(a > 0.5, _where(x > 0.0, 0.0, {2 * HALF_PI!r}), {HALF_PI!r})
    base_low = _where(a > 0.5, _where(x > 0.0, 0.0, {2 * HALF_PI_LOW!r}), {HALF_PI_LOW!r})
    y = base + v
    return y + (((base - y) + v) + (base_low + t))


def _acos_32(x):
    v = np.float64(x)
    a = abs(v)
    y = _asin_wide_32(a)
    base = _where(a > 0.5, _where(v > 0.0, 0.0, {2 * HALF_PI!r}), {HALF_PI!r})
    return np.float32(base + _where((a > 0.5) == (v > 0.0), y, -y))
"""
    + public(
        "acos",
        "x",
        "acos; arguments that rounding put just beyond 1 or -1 count as 1 or -1.",
        "np.arccos(np.where(np.abs(x) <= 1 + 1.8e-15, np.clip(x, -1, 1), x))[()]",
    ),
)

ATAN2 = VectorFunction(
    "atan2",
    ("vector_base",),
    f'''
@_inlined
def _atan2_parts(y, x):
    """(a, b, steep, left): the smaller and the larger of |y| and |x|, infinities and zeros as numbers of the same quotient."""
    p = abs(y)
    r = abs(x)
    steep = p > r
    a = _where(steep, r, p)
    b = _where(steep, p, r)
    infinite = b == math.inf
    a = _where(infinite, _where(a == math.inf, 1.0, 0.0), a)
    b = _where(infinite | (b == 0.0), 1.0, b)
    return a, b, steep, _bits(x) < 0


@_inlined
def _turns(steep, left, diagonal):
    """(k, sign): the angle of |y| over x is k pi/4 + sign atan(q)."""
    k = _where(diagonal, 1.0, 0.0)
    k = _where(steep, 2.0 - k, k)
    return _where(left, 4.0 - k, k), _where(steep == left, 1.0, -1.0)


def _atan2_64(y, x):
    y = float(y)
    x = float(x)
    a, b, steep, left = _atan2_parts(y, x)
    plain = a / b
    # b is brought into [1, 2) so that nothing overflows, and a quotient that matters loses nothing
    small = b < 2.2250738585072014e-308
    a = _where(small, a * 18014398509481984.0, a)
    b = _where(small, b * 18014398509481984.0, b)
    exponent = (_bits(b) >> 52) - 1023
    half = exponent >> 1
    scale = _power_of_two(-half)
    rest = _power_of_two(half - exponent)
    a = a * scale * rest
    b = b * scale * rest
    diagonal = a > 0.41421356237309503 * b
    top, top_low = _two_sum(a, -b)
    d, d_low = _two_sum(a, b)
    top = _where(diagonal, top, a)
    top_low = _where(diagonal, top_low, 0.0)
    d = _where(diagonal, d, b)
    d_low = _where(diagonal, d_low, 0.0)
    inverse = 1.0 / d
    q = top * inverse
    q_low = (_fma(-q, d, top) + (top_low - q * d_low)) * inverse
    z = q * q
    {polynomial("p", "z", ATAN64)}
    k, sign = _turns(steep, left, diagonal)
    high = k * {EIGHTH!r}
    v = sign * q
    t = sign * _fma(q * z, p, _fma(-z, q_low, q_low))
    s = high + v
    s += ((high - s) + v) + _fma(k, {EIGHTH_LOW!r}, t)
    s = _where((plain < 1e-9) & (k == 0.0), plain, s)
    s = _where((x != x) | (y != y), math.nan, s)
    return _with_sign_of(s, y)


def _atan2_32(y, x):
    v = np.float64(y)
    w = np.float64(x)
    a, b, steep, left = _atan2_parts(v, w)
    diagonal = a > 0.41421356237309503 * b
    q = _where(diagonal, a - b, a) / _where(diagonal, a + b, b)
    z = q * q
    {polynomial("p", "z", ATAN32)}
    k, sign = _turns(steep, left, diagonal)
    s = _fma(k, {HALF_PI / 2!r}, sign * _fma(q * z, p, q))
    s = _where((v != v) | (w != w), math.nan, s)
    return np.float32(_with_sign_of(s, v))
'''
    + public("atan2", "y, x", "The angle of the point (x, y) in (-pi, pi].", "np.arctan2(y, x)"),
)

INVERSE = (ASIN_PARTS, ASIN, ACOS, ATAN2)
