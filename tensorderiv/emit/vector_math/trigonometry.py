"""sin and cos.

x = n pi/2 + r with |r| <= pi/4, r in two pieces, by three float64 of pi/2 (Cody and Waite, with fused multiply-add); then
sin r = r + r**3 p(r**2), cos r = 1 - r**2 / 2 + r**4 p(r**2). From 2**40 on (Payne and Hanek), x = m 2**q with a whole m, and the
quarter turns in x are m times (2**q 2/pi modulo 4), which stands in a table of four float64 an exponent. Both ways are taken and
one is chosen, because a branch would undo the vectorisation; the table makes it three times as slow as the first way alone, which
`sin_near` and `cos_near` take, for callers that know their range.
"""

from __future__ import annotations

import math

from tensorderiv.emit.vector_math.base import SCALED
from tensorderiv.emit.vector_math.coefficients import COS32, COS64, SIN32, SIN64
from tensorderiv.emit.vector_math.text import VectorFunction, polynomial, public

PIECES = 1.5707963267948966, 6.123233995736766e-17, -1.4973849048591698e-33
TWO_OVER_PI = 0.6366197723675814
EXACT = 2.0**40
"""Below, n times a piece of pi/2 is known well enough."""

MULTIPLE_OF_8 = 1.5 * 2.0**55
"""x + it - it is x rounded to a multiple of 8, for |x| <= 2**54."""

NEAR = VectorFunction(
    "circle_near",
    ("vector_base",),
    f'''
@_inlined
def _near_turns_64(x):
    """(z, r, t): x is r + t beyond the quarter turns that stand in the low bits of z, for |x| < 2**40."""
    z = _fma(x, {TWO_OVER_PI!r}, {SCALED!r})
    n = z - {SCALED!r}
    p = n * {PIECES[1]!r}
    h, e = _two_sum(_fma(n, {-PIECES[0]!r}, x), -p)
    t = _fma(n, {-PIECES[2]!r}, e - _fma(n, {PIECES[1]!r}, -p))
    r = h + t
    return z, r, (h - r) + t


@_inlined
def _near_turns_32(x):
    """(z, r): the same for a float32 x, in one float64."""
    z = _fma(x, {TWO_OVER_PI!r}, {SCALED!r})
    n = z - {SCALED!r}
    return z, _fma(n, {-PIECES[1]!r}, _fma(n, {-PIECES[0]!r}, x))


@_inlined
def _sin_of_turns_64(z, more, r, t):
    """The sine of r + t and `more` quarter turns and those of z."""
    n = _bits(z) + more
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
def _sin_of_turns_32(z, more, r):
    """The same to 28 bits."""
    n = _bits(z) + more
    z = r * r
    {polynomial("p", "z", SIN32)}
    {polynomial("q", "z", COS32)}
    y = _where((n & 1) == 0, _fma(r * z, p, r), _fma(z * z, q, _fma(-0.5, z, 1.0)))
    return _where((n & 2) == 0, y, -y)
''',
)

CIRCLE = VectorFunction(
    "circle",
    ("vector_base", "circle_near"),
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
    """(z, r, t): as _near_turns_64, for |x| >= 2**40, by the integer m of 53 bits with x = m 2**(e - 52)."""
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
def _turns_64(x):
    """(z, r, t) for any x."""
    z, r, t = _near_turns_64(x)
    far_z, far_r, far_t = _far_turns_64(x)
    near = abs(x) < {EXACT!r}
    return _where(near, z, far_z), _where(near, r, far_r), _where(near, t, far_t)


@_inlined
def _turns_32(x):
    """(z, r) for any float32 x."""
    z, r = _near_turns_32(x)
    m = _real((_bits(x) & ~0x7FF0000000000000) | 0x4160000000000000)
    column = _column(x, 29)
    a = _QUARTERS[column]
    high = m * a
    far_z = high + {SCALED!r}
    far_r = {PIECES[0]!r} * ((high - (far_z - {SCALED!r})) + _fma(m, _QUARTERS_2[column], _fma(m, a, -high)))
    near = abs(x) < {EXACT!r}
    return _where(near, z, far_z), _where(near, r, far_r)
''',
)


def _sine(name: str, more: int, at_zero: bool, near: bool, docstring: str, meaning: str) -> VectorFunction:
    """sin or, a quarter turn further, cos; over the whole domain or, three times as fast, for |x| < 2**40."""
    turns, limit = ("near_turns", EXACT) if near else ("turns", math.inf)
    shown = "math.inf" if limit == math.inf else repr(limit)
    wide = f"_sin_of_turns_64(z, {more}, r, t)"
    single = f"_sin_of_turns_32(z, {more}, r)"
    source = f"""
def _{name}_64(x):
    x = float(x)
    z, r, t = _{turns}_64(x)
    y = {f"_where(x == 0.0, x, {wide})" if at_zero else wide}
    return _where(abs(x) < {shown}, y, math.nan)


def _{name}_32(x):
    v = np.float64(x)
    z, r = _{turns}_32(v)
    y = {f"_where(v == 0.0, v, {single})" if at_zero else single}
    return np.float32(_where(abs(v) < {shown}, y, math.nan))
"""
    needs = ("vector_base", "circle_near") if near else ("vector_base", "circle_near", "circle")
    return VectorFunction(name, needs, source + public(name, "x", docstring, meaning))


SIN = _sine("sin", 0, True, False, "The sine.", "np.sin(x)")
COS = _sine("cos", 1, False, False, "The cosine.", "np.cos(x)")
SIN_NEAR = _sine("sin_near", 0, True, True, "The sine for |x| < 2**40; nan beyond.", "np.sin(x)")
COS_NEAR = _sine("cos_near", 1, False, True, "The cosine for |x| < 2**40; nan beyond.", "np.cos(x)")

TRIGONOMETRY = (NEAR, CIRCLE, SIN, COS, SIN_NEAR, COS_NEAR)
