"""What the vector functions are written with: fused multiply-add, bits of a float64, and a choice without a branch."""

from __future__ import annotations

from tensorderiv.emit.vector_math.text import VectorFunction

BASE = VectorFunction(
    "vector_base",
    (),
    '''
from numba import extending, types

_INLINED = {"error_model": "numpy", "forceinline": True, "fastmath": False}
"""For functions that loops take in, so that LLVM vectorises them. Without the False they would inherit the caller's fastmath:
reassociation undoes the rounding by 2**52 and loses the low parts."""

_inlined = njit(**_INLINED)


@extending.intrinsic
def _fma(typing, a, b, c):
    """a * b + c with one rounding."""
    return types.float64(types.float64, types.float64, types.float64), lambda context, builder, sig, args: builder.fma(*args)


@extending.intrinsic
def _where(typing, condition, a, b):
    """a where the condition holds, else b; both are computed."""
    return types.float64(types.boolean, types.float64, types.float64), lambda context, builder, sig, args: builder.select(*args)


def _same_bits(context, builder, sig, args):
    return builder.bitcast(args[0], context.get_value_type(sig.return_type))


@extending.intrinsic
def _bits(typing, x):
    """The 64 bits of a float64 as an integer."""
    return types.int64(types.float64), _same_bits


@extending.intrinsic
def _real(typing, bits):
    """The float64 that has these 64 bits."""
    return types.float64(types.int64), _same_bits


@_inlined
def _power_of_two(n):
    """2.0**n for -1022 <= n <= 1023."""
    return _real((n + 1023) << 52)


@_inlined
def _with_sign_of(x, y):
    """x >= 0 with the sign of y, that of zeros included."""
    return _real(_bits(x) | (_bits(y) & ~0x7FFFFFFFFFFFFFFF))


@_inlined
def _two_sum(a, b):
    """(s, e): s is a + b rounded and s + e is a + b exactly."""
    s = a + b
    t = s - a
    return s, (a - (s - t)) + (b - t)
''',
)

SCALED = 6755399441055744.0
"""1.5 * 2**52: x + SCALED - SCALED is x rounded to an integer, which stands in the low bits of x + SCALED."""

SCALED_BITS = 0x4338000000000000
"""The bits of SCALED."""
