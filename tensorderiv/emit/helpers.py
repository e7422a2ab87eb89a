"""Small functions that a generated module carries only when it uses them.

Overflow-free sigmoid and softplus; digamma; functions of a matrix (`matrix_helpers`); and inverse functions that are taken at the
end of their domain where rounding put the argument at most 8 eps beyond it, as the reference meaning does
(`algebra.float_functions`).
"""

from __future__ import annotations

from tensorderiv.emit.matrix_helpers import MATRIX_HELPERS
from tensorderiv.emit.sphere_helpers import SPHERE_HELPERS

SIGMOID = '''
@_jit()
def _sigmoid(x):
    """1 / (1 + exp(-x)) without overflow."""
    if x >= 0.0:
        return 1.0 / (1.0 + math.exp(-x))
    e = math.exp(x)
    return e / (1.0 + e)
'''

SOFTPLUS = '''
@_jit()
def _softplus(x):
    """log(1 + exp(x)) without overflow."""
    if x > 0.0:
        return x + math.log1p(math.exp(-x))
    return math.log1p(math.exp(x))
'''

DIGAMMA = '''
@_jit()
def _digamma(x):
    """The derivative of lgamma: reflection below 0, recurrence up to 10, then the asymptotic series."""
    shift = 0.0
    if x <= 0.0:
        if x == np.floor(x):
            return math.nan
        shift = -math.pi / math.tan(math.pi * x)
        x = 1.0 - x
    while x < 10.0:
        shift -= 1.0 / x
        x += 1.0
    r = 1.0 / (x * x)
    tail = r * (1.0 / 240.0 - r * (1.0 / 132.0 - r * 691.0 / 32760.0))
    series = r * (1.0 / 12.0 - r * (1.0 / 120.0 - r * (1.0 / 252.0 - tail)))
    return shift + math.log(x) - 0.5 / x - series
'''

ACOS = '''
@_jit()
def _acos(x):
    """acos; arguments that rounding put just beyond 1 or -1 count as 1 or -1."""
    if 1.0 < abs(x) <= 1.0 + 1.8e-15:
        return 0.0 if x > 0.0 else math.pi
    return math.acos(x)
'''

ASIN = '''
@_jit()
def _asin(x):
    """asin; arguments that rounding put just beyond 1 or -1 count as 1 or -1."""
    if 1.0 < abs(x) <= 1.0 + 1.8e-15:
        return math.copysign(0.5 * math.pi, x)
    return math.asin(x)
'''

ACOSH = '''
@_jit()
def _acosh(x):
    """acosh; arguments that rounding put just below 1 count as 1."""
    if 1.0 - 1.8e-15 <= x < 1.0:
        return 0.0
    return math.acosh(x)
'''

HELPERS = {
    "acos": ACOS,
    "acosh": ACOSH,
    "asin": ASIN,
    "digamma": DIGAMMA,
    "sigmoid": SIGMOID,
    "softplus": SOFTPLUS,
    **MATRIX_HELPERS,
    **SPHERE_HELPERS,
}
"""Source text by function name; the name in the module has an underscore in front."""
