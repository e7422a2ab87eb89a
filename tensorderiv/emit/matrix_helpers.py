"""Inverse and determinant of a matrix for generated modules: LU with partial pivoting, in float64 whatever the arrays hold.

Where a pivot is exactly 0 the matrix is singular: determinant 0, its logarithm -inf, every entry of the inverse nan.
"""

from __future__ import annotations

LU = '''
@_jit()
def _lu(matrix):
    """(lu, order, sign): the rows `order` of the matrix as L U, sign its parity; sign 0.0 where the matrix is singular."""
    n = matrix.shape[0]
    lu = np.empty((n, n))
    for i in range(n):
        for j in range(n):
            lu[i, j] = matrix[i, j]
    order = np.arange(n)
    sign = 1.0
    for k in range(n):
        best = k
        for i in range(k + 1, n):
            if abs(lu[i, k]) > abs(lu[best, k]) or lu[i, k] != lu[i, k]:
                best = i
        if lu[best, k] == 0.0:
            return lu, order, 0.0
        if best != k:
            for j in range(n):
                lu[k, j], lu[best, j] = lu[best, j], lu[k, j]
            order[k], order[best] = order[best], order[k]
            sign = -sign
        for i in range(k + 1, n):
            factor = lu[i, k] / lu[k, k]
            lu[i, k] = factor
            if factor != 0.0:
                for j in range(k + 1, n):
                    lu[i, j] -= factor * lu[k, j]
    return lu, order, sign
'''

INV = '''
@_jit()
def _inv(matrix, out):
    """Write the inverse of the matrix into `out`; nan in every entry where it is singular."""
    lu, order, sign = _lu(matrix)
    n = matrix.shape[0]
    if sign == 0.0:
        for i in range(n):
            for j in range(n):
                out[i, j] = math.nan
        return
    work = np.zeros((n, n))
    for i in range(n):
        work[i, order[i]] = 1.0
    for i in range(n):
        for k in range(i):
            factor = lu[i, k]
            if factor != 0.0:
                for j in range(n):
                    work[i, j] -= factor * work[k, j]
    for i in range(n - 1, -1, -1):
        for k in range(i + 1, n):
            factor = lu[i, k]
            if factor != 0.0:
                for j in range(n):
                    work[i, j] -= factor * work[k, j]
        for j in range(n):
            work[i, j] /= lu[i, i]
    for i in range(n):
        for j in range(n):
            out[i, j] = work[i, j]
'''

DET = '''
@_jit()
def _det(matrix):
    """The determinant of the matrix."""
    lu, order, sign = _lu(matrix)
    value = sign
    if sign != 0.0:
        for i in range(matrix.shape[0]):
            value *= lu[i, i]
    return value
'''

LOGDET = '''
@_jit()
def _logdet(matrix):
    """log(det(matrix)): -inf where the matrix is singular, nan where the determinant is negative."""
    lu, order, sign = _lu(matrix)
    if sign == 0.0:
        return -math.inf
    value = 0.0
    for i in range(matrix.shape[0]):
        if lu[i, i] < 0.0:
            sign = -sign
        value += math.log(abs(lu[i, i]))
    return math.nan if sign < 0.0 else value
'''

MATRIX_HELPERS = {"det": DET, "inv": INV, "logdet": LOGDET, "lu": LU}
"""Source text by function name; "lu" is needed by the others."""
