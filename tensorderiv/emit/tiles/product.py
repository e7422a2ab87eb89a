"""Inner products of rows by BLAS, with the strong zero: 0 times infinity, which BLAS makes nan, counts as 0.

Only then can a result be wrong, and it is not finite then; so a result that is not finite is computed once more, term by term.
"""

from __future__ import annotations

PRODUCT = '''
@_ordered
def _all_finite(A):
    """Whether no entry of the matrix is infinite or nan."""
    undefined = 0
    for i in range(A.shape[0]):
        for j in range(A.shape[1]):
            undefined |= 0 if abs(A[i, j]) < np.inf else 1
    return undefined == 0


@_ordered
def _strong_product(A, B, out):
    """out_ij += sum_p A_ip B_jp where that is not finite yet; a factor 0 makes a term 0."""
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            if not abs(out[i, j]) < np.inf:
                total = out.dtype.type(0.0)
                for p in range(A.shape[1]):
                    if A[i, p] != 0.0 and B[j, p] != 0.0:
                        total += A[i, p] * B[j, p]
                out[i, j] = total


@_ordered
def _product(A, B, out):
    """out_ij = sum_p A_ip B_jp: out = A B^T."""
    if A.shape[1] == 0:
        out[:] = 0.0
    elif out.size > 0:
        np.dot(A, B.T, out)
        if not _all_finite(out):
            _strong_product(A, B, out)


@_ordered
def _weighted(W, B, out):
    """out_ip = sum_j W_ij B_jp: out = W B."""
    if W.shape[1] == 0:
        out[:] = 0.0
    elif out.size > 0:
        np.dot(W, B, out)
        if not _all_finite(out):
            _strong_product(W, B.T, out)


@_ordered
def _weighted_columns(W, A, scratch, out):
    """out_jp += sum_i W_ij A_ip: out += W^T A, by way of scratch, which has the shape of out."""
    if W.shape[0] > 0 and out.size > 0:
        np.dot(W.T, A, scratch)
        if not _all_finite(scratch):
            _strong_product(W.T, A.T, scratch)
        for j in range(out.shape[0]):
            for p in range(out.shape[1]):
                out[j, p] += scratch[j, p]
'''
