"""sin and cos.

x = n pi/2 + r with |r| <= pi/4, r in two pieces, by three float64 of pi/2 (Cody and Waite, with fused multiply-add); then
sin r = r + r**3 p(r**2), cos r = 1 - r**2 / 2 + r**4 p(r**2). From 2**40 on (Payne and Hanek), x = m 2**q with a whole m, and the
quarter turns in x are m times (2**q 2/pi modulo 4), which stands in a table of four float64 an exponent. Both ways are taken and
one is chosen, because a branch would undo the vectorisation.
"""

from __future__ import annotations

from tensorderiv.emit.vector_math.base import SCALED, SCALED_BITS
from tensorderiv.emit.vector_math.coefficients import COS32, COS64, SIN32, SIN64
from tensorderiv.emit.vector_math.text import VectorFunction, polynomial, public

PIECES = 1.5707963267948966, 6.123233995736766e-17, -1.4973849048591698e-33
TWO_OVER_PI = 0.6366197723675814
EXACT = 2.0**40
"""Below, n times a piece of pi/2 is known well enough."""

MULTIPLE_OF_8 = 1.5 * 2.0**55
"""x + it - it is x rounded to a multiple of 8, for |x| <= 2**54."""

CIRCLE = VectorFunction(
    "circle",
    ("vector_base",),
    f'''
def _quarters_in_powers():
    """(4, 985): 2**(e - 52) 2/pi modulo 4, in [-2, 2], as four float64, for e = 40 .. 1023 in columns 1 .. 984; column 0 is 0."""
    size = 1 << 1400

    def arctangent_of_inverse(k):
        total, term, n = 0, size // k, 1
        while term:
            total, term, n = total + term // n, -(term // (k * k)), n + 2
        return total

    quarters = size * size // (8 * arctangent_of_inverse(5) - 2 * arctangent_of_inverse(239))
    found = np.zeros((4, 985))
    for e in range(40, 1024):
        rest = ((quarters << e) >> 52) % (4 * size)
        rest -= 4 * size * (rest > 2 * size)
        for piece in range(4):
            found[piece, e - 39] = rest / size
            top, bottom = found[piece, e - 39].as_integer_ratio()
            rest -= top * size // bottom
    return found


_QUARTERS, _QUARTERS_2, _QUARTERS_3, _QUARTERS_4 = _quarters_in_powers()


@_inlined
def _column(x, more):
    """Where the tables hold the power of two of x, `more` beyond it; 0 where |x| < 2**40."""
    e = (_bits(x) >> 52) & 0x7FF
    return 0 if e < 1063 else min(e - 1062 + more, 984)


@_inlined
def _far_turns_64(x):
    """(z, r, t): as near, for |x| >= 2**40, by the integer m of 53 bits with x = m 2**(e - 52)."""
    m = _real((_bits(x) & ~0x7FF0000000000000) | 0x4330000000000000)
    column = _column(x, 0)
    a = _QUARTERS[column]
    b = _QUARTERS_2[column]
    c = _QUARTERS_3[column]
    high = m * a
    second = m * b
    third = m * c
    h, e = _two_sum(high - (high + {MULTIPLE_OF_8!r} - {MULTIPLE_OF_8!r}), _fma(m, a, -high))
    h, e2 = _two_sum(h, second)
    z = h + {SCALED!r}
    h, e = _two_sum(h - (z - {SCALED!r}), e)
    h, e2 = _two_sum(h, e2)
    h, e3 = _two_sum(h, _fma(m, b, -second))
    h, e4 = _two_sum(h, third)
    low = (e + e2) + (e3 + e4) + _fma(m, _QUARTERS_4[column], _fma(m, c, -third))
    top = h + low
    low = (h - top) + low
    r = top * {PIECES[0]!r}
    return z, r, _fma(top, {PIECES[1]!r}, _fma(low, {PIECES[0]!r}, _fma(top, {PIECES[0]!r}, -r)))


@_inlined
def _quarter_turns_64(x):
    """(n, r, t): x is r + t beyond n quarter turns."""
    z = _fma(x, {TWO_OVER_PI!r}, {SCALED!r})
    n = z - {SCALED!r}
    p = n * {PIECES[1]!r}
    h, e = _two_sum(_fma(n, {-PIECES[0]!r}, x), -p)
    t = _fma(n, {-PIECES[2]!r}, e - _fma(n, {PIECES[1]!r}, -p))
    r = h + t
    t = (h - r) + t
    far_z, far_r, far_t = _far_turns_64(x)
    near = abs(x) < {EXACT!r}
    return _bits(_where(near, z, far_z)) - {SCALED_BITS:#x}, _where(near, r, far_r), _where(near, t, far_t)


@_inlined
def _quarter_turns_32(x):
    """(n, r): the float32 x is r beyond n quarter turns, in float64."""
    z = _fma(x, {TWO_OVER_PI!r}, {SCALED!r})
    n = z - {SCALED!r}
    r = _fma(n, {-PIECES[1]!r}, _fma(n, {-PIECES[0]!r}, x))
    m = _real((_bits(x) & ~0x7FF0000000000000) | 0x4160000000000000)
    column = _column(x, 29)
    a = _QUARTERS[column]
    high = m * a
    far_z = high + {SCALED!r}
    far_r = {PIECES[0]!r} * ((high - (far_z - {SCALED!r})) + _fma(m, _QUARTERS_2[column], _fma(m, a, -high)))
    near = abs(x) < {EXACT!r}
    return _bits(_where(near, z, far_z)) - {SCALED_BITS:#x}, _where(near, r, far_r)


@_inlined
def _sin_of_quarter_64(n, r, t):
    """sin(n pi/2 + r + t)."""
    z = r * r
    {polynomial("p", "z", SIN64)}
    sine = r + _fma(r * z, p, t * _fma(-0.5, z, 1.0))
    {polynomial("q", "z", COS64)}
    h = 0.5 * z
    w = 1.0 - h
    cosine = w + (((1.0 - w) - h) + _fma(z * z, q, -r * t))
    y = _where((n & 1) == 0, sine, cosine)
    return _where((n & 2) == 0, y, -y)


@_inlined
def _sin_of_quarter_32(n, r):
    """sin(n pi/2 + r) to 28 bits."""
    z = r * r
    {polynomial("p", "z", SIN32)}
    {polynomial("q", "z", COS32)}
    y = _where((n & 1) == 0, _fma(r * z, p, r), _fma(z * z, q, _fma(-0.5, z, 1.0)))
    return _where((n & 2) == 0, y, -y)
''',
)

SIN = VectorFunction(
    "sin",
    ("vector_base", "circle"),
    """
def _sin_64(x):
    x = float(x)
    n, r, t = _quarter_turns_64(x)
    y = _where(x == 0.0, x, _sin_of_quarter_64(n, r, t))
    return _where(abs(x) < math.inf, y, math.nan)


def _sin_32(x):
    v = np.float64(x)
    n, r = _quarter_turns_32(v)
    y = _where(v == 0.0, v, _sin_of_quarter_32(n, r))
    return np.float32(_where(abs(v) < math.inf, y, math.nan))
"""
    + public("sin", "x", "The sine.", "np.sin(x)"),
)

COS = VectorFunction(
    "cos",
    ("vector_base", "circle"),
    """
def _cos_64(x):
    x = float(x)
    n, r, t = _quarter_turns_64(x)
    return _where(abs(x) < math.inf, _sin_of_quarter_64(n + 1, r, t), math.nan)


def _cos_32(x):
    v = np.float64(x)
    n, r = _quarter_turns_32(v)
    return np.float32(_where(abs(v) < math.inf, _sin_of_quarter_32(n + 1, r), math.nan))
"""
    + public("cos", "x", "The cosine.", "np.cos(x)"),
)

TRIGONOMETRY = (CIRCLE, SIN, COS)
