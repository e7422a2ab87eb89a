"""What passes and nests call besides tiles: threads, parts of the rows, reductions of rows, turned tables."""

from __future__ import annotations

from collections.abc import Iterable

THREADS = '''
class _Threads:
    """The threads that help the caller with the parts of a pass; made when they are needed, and again after a fork."""

    def __init__(self):
        self.pool = None
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self.forget)

    def forget(self):
        self.pool = None

    def helpers(self, count):
        """(pool, names of its threads)."""
        if self.pool is None or self.pool[0] < count:
            from concurrent.futures import ThreadPoolExecutor

            names = []
            self.pool = count, ThreadPoolExecutor(count, "tensorderiv", lambda: names.append(threading.get_native_id())), names
        return self.pool[1:]


_threads = _Threads()


import ctypes

_processor = getattr(ctypes.CDLL(None), "sched_getcpu", None) if hasattr(os, "sched_setaffinity") else None
"""The processor that the caller runs on, where the system tells."""


def _allow(names, processors):
    """Where threads may run; Linux alone."""
    for name in names:
        try:
            os.sched_setaffinity(name, processors)
        except OSError:  # it has ended, or may not be moved
            return


def _run(function, parts, *arguments):
    """function(begin, end, parts, ...) for all parts, on as many threads as Numba may take (numba.set_num_threads).

    A thread that is done takes the next parts, fewer and fewer, so that all are done together; who takes which changes nothing.
    Helpers leave the caller its processor: Linux wakes a thread where it slept, and would let it wait there for milliseconds.
    """
    count = 1 if parts == 1 else min(parts, get_num_threads())
    if count == 1:
        function(0, parts, parts, *arguments)
        return
    ends = [0]
    while ends[-1] < parts:
        ends.append(ends[-1] + max(1, (parts - ends[-1]) // (2 * count)))
    left = iter(list(zip(ends, ends[1:])))

    def work():
        for begin, end in left:
            function(begin, end, parts, *arguments)

    pool, names = _threads.helpers(get_num_threads() - 1)
    allowed = os.sched_getaffinity(0) if _processor else set()
    others = allowed - {_processor()} if allowed else set()
    if others:
        _allow(names, others)
    waiting = [pool.submit(work) for _ in range(count - 1)]
    try:
        work()
    finally:
        for one in waiting:
            if not one.cancel():  # it may not have begun: other callers have helpers too
                one.result()
        if others:
            _allow(names, allowed)


def _parts(n, operations):
    """Into how many parts n rows are cut: by sizes alone, so that results do not depend on the number of threads."""
    return 1 if operations < 500_000 else max(1, min(16, n))
'''

PARTITION = '''
def _partition(n, m, itemsize, products, entries):
    """(parts, rows): into how many parts the n rows of a pass are cut, and how many rows of m columns a block has.

    By sizes alone, as all parts. `entries` are those of the accumulators of one part.
    """
    parts = 1 if n * m < 20_000 else 16
    while parts > 1 and parts * (256 if products else 8) > n or parts > 2 and parts * entries > 3_000_000:
        parts //= 2
    rows = min(256, 2 ** (23 if products else 22) // max(1, m * itemsize))
    return parts, max(8, rows)


def _added(parts, dtype):
    """The accumulators of the parts, added in their order."""
    with np.errstate(all="ignore"):
        return parts[0].astype(dtype, copy=False) if len(parts) == 1 else parts.sum(axis=0).astype(dtype, copy=False)
'''

TURNED = '''
@_ordered
def _turned(first, last, T, S):
    """S[i - first, j] = T[j, i] for first <= i < last."""
    m = T.shape[0]
    for low in range(0, m, 16):
        for i in range(first, last):
            for j in range(low, min(low + 16, m)):
                S[i - first, j] = T[j, i]
'''

TWO_FOLD = '''
from numba import config, extending, types


def _fused(a, b, c):
    """a b + c, rounded once."""
    from fractions import Fraction

    try:
        return float(Fraction(float(a)) * Fraction(float(b)) + Fraction(float(c)))
    except (OverflowError, ValueError):
        return a * b + c


if not config.DISABLE_JIT:

    @extending.intrinsic
    def _fused(typing, a, b, c):
        """The same in one instruction."""
        return types.float64(*[types.float64] * 3), lambda context, builder, sig, args: builder.fma(*args)


@_ordered_unfused
def _two_fold_part(begin, end, parts, M, X, high, low):
    """Rows of high + low = X M to about twice the precision: products and sums with their rounding errors (Dot2).

    Products of float32 are exact as they are, and their sum in float64 has twice the digits.
    """
    n, d = X.shape
    s, error = np.empty(M.shape[1]), np.empty(M.shape[1])
    for i in range(begin * n // parts, end * n // parts):
        for p in range(M.shape[1]):
            s[p] = 0.0
            error[p] = 0.0
        for q in range(d):
            b = float(X[i, q])
            if X.itemsize == 4:
                for p in range(M.shape[1]):
                    s[p] += M[q, p] * b
                continue
            for p in range(M.shape[1]):
                product = M[q, p] * b
                t = s[p] + product
                z = t - s[p]
                lost = _fused(M[q, p], b, -product) + ((s[p] - (t - z)) + (product - z))
                s[p] = t
                error[p] += _choice(abs(lost) < np.inf, lost, 0.0)
        for p in range(M.shape[1]):
            high[i, p] = s[p] + error[p]
            low[i, p] = _choice(abs(s[p]) < np.inf, (s[p] - float(high[i, p])) + error[p], 0.0)


def _two_fold(M, X):
    """(high, low): high + low = X M^T."""
    M = np.ascontiguousarray(M.T, dtype=np.float64)
    high, low = (np.empty((len(X), M.shape[1]), X.dtype) for _ in range(2))
    _run(_two_fold_part, _parts(len(X), 16 * len(X) * M.size), M, X, high, low)
    return high, low
'''

MULTIPLY = '''
@_ordered
def _multiply_part(begin, end, parts, A, B, out):
    """out += A B for some rows, B in panels of features."""
    first, last = begin * A.shape[0] // parts, end * A.shape[0] // parts
    _weighted(first, last, A[first:last], B, out)


def _multiply(A, B, out, scale=1.0):
    """out += scale A B."""
    if A.size and B.size:
        with np.errstate(all="ignore"):
            packed = _features(np.ascontiguousarray(B if scale == 1.0 else B * out.dtype.type(scale)))
        _run(_multiply_part, _parts(len(A), A.size * B.shape[1]), np.ascontiguousarray(A), packed, out)
'''

EXTREMES = '''
@_ordered
def _largest(row):
    """The largest entry, -inf of an empty row, nan where one is nan: in lanes, which are compared at the end."""
    lanes = np.empty(32)
    lanes[:] = -np.inf
    whole = row.size - row.size % 32
    for j in range(0, whole, 32):
        for k in range(32):
            x = row[j + k]
            lanes[k] = _choice((x > lanes[k]) | (x != x), x, lanes[k])
    for j in range(whole, row.size):
        x = row[j]
        lanes[j - whole] = _choice((x > lanes[j - whole]) | (x != x), x, lanes[j - whole])
    top = -np.inf
    for x in lanes:
        top = _choice((x > top) | (x != x), x, top)
    return top


@_ordered
def _smallest(row):
    """The smallest entry, inf of an empty row, nan where one is nan."""
    for j in range(row.size):
        row[j] = -row[j]
    return -_largest(row)
'''

LOGSUMEXP = '''
@_jit()
def _logsumexp(row):
    """log(sum(exp(row))) without overflow; -inf of an empty row."""
    top = _largest(row)
    if not abs(top) < np.inf:
        return top
    rest = 0.0
    for j in range(row.size):
        rest += _exp(row[j] - top)
    return top + math.log(rest)
'''

PASS_PIECES = {
    "threads": THREADS,
    "partition": PARTITION,
    "turned": TURNED,
    "two fold": TWO_FOLD,
    "multiply": MULTIPLY,
    "extremes": EXTREMES,
    "logsumexp": LOGSUMEXP,
}
"""Source text by name, each after what it needs."""

NEEDS = {
    "two fold": ("threads", "choice"),
    "multiply": ("threads", "product", "local"),
    "partition": ("threads",),
    "extremes": ("choice",),
    "logsumexp": ("extremes", "choice", "exp"),
}


def with_needs(names: Iterable[str]) -> frozenset[str]:
    """The names with all that their pieces need."""
    found = set(names)
    while more := {need for name in found for need in NEEDS.get(name, ())} - found:
        found |= more
    return frozenset(found)


def pass_texts(names: Iterable[str]) -> tuple[str, ...]:
    """The texts of these pieces, for a module that has what `tiles.support_texts` gives."""
    wanted = set(names)
    return tuple(text.strip() for name, text in PASS_PIECES.items() if name in wanted)
