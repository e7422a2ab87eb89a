"""What passes and nests call besides tiles: threads, parts of the rows, one BLAS thread, reductions of rows, turned tables."""

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
        if self.pool is None or self.pool[0] < count:
            from concurrent.futures import ThreadPoolExecutor

            self.pool = count, ThreadPoolExecutor(count, "tensorderiv")
        return self.pool[1]


_threads = _Threads()


def _run(function, parts, *arguments):
    """function(begin, end, parts, ...) for all parts, on as many threads as Numba may take (numba.set_num_threads)."""
    count = 1 if parts == 1 else min(parts, get_num_threads())
    if count == 1:
        function(0, parts, parts, *arguments)
        return
    helpers = _threads.helpers(get_num_threads() - 1)
    ends = [(k + 1) * parts // count for k in range(count)]
    waiting = [helpers.submit(function, begin, end, parts, *arguments) for begin, end in zip(ends, ends[1:])]
    try:
        function(0, ends[0], parts, *arguments)
    finally:
        for one in waiting:
            one.result()


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
    most = 2**23 if products else 2**20
    rows = min(256 if products else 128, most // max(1, m * itemsize))
    return parts, max(8, rows)


def _added(parts, dtype):
    """The accumulators of the parts, added in their order."""
    with np.errstate(all="ignore"):
        return parts[0].astype(dtype, copy=False) if len(parts) == 1 else parts.sum(axis=0).astype(dtype, copy=False)
'''

ONE_BLAS_THREAD = '''
class _OneBlasThread:
    """While somebody is inside, BLAS takes one thread: the threads of a pass call it, each for its own rows.

    Some products differ in the last bit for one thread and for two, so this holds for whichever thread comes in.
    """

    def __init__(self):
        self.forget()
        self.controller = None
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self.forget)

    def forget(self):
        self.lock = threading.Lock()
        self.inside = 0

    def take_over(self):
        """From threadpoolctl 3.8 on, one Python thread has the say over OpenBLAS; here it is the thread that holds the lock."""
        for library in self.controller.lib_controllers:
            if hasattr(library, "clear_controlling_thread"):
                library.clear_controlling_thread(force=True)

    def __enter__(self):
        with self.lock:
            if self.controller is None:
                import scipy.linalg.cython_blas  # noqa: F401  (the library that compiled code calls is loaded now)
                from threadpoolctl import ThreadpoolController

                self.controller = ThreadpoolController()
            if self.inside == 0:
                self.take_over()
                self.limit = self.controller.limit(limits=1, user_api="blas")
            self.inside += 1

    def __exit__(self, *failure):
        with self.lock:
            self.inside -= 1
            if self.inside == 0:
                self.take_over()
                self.limit.restore_original_limits()
                self.take_over()


_one_blas_thread = _OneBlasThread()
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
@_ordered
def _two_fold(M, X, high, low):
    """high + low = X M^T to about twice the precision: products and sums with their rounding errors (Dot2)."""
    for i in range(high.shape[0]):
        for p in range(high.shape[1]):
            s, error = 0.0, 0.0
            for q in range(X.shape[1]):
                a, b = float(M[p, q]), float(X[i, q])
                product = a * b
                c, d = 134217729.0 * a, 134217729.0 * b
                a1, b1 = c - (c - a), d - (d - b)
                a2, b2 = a - a1, b - b1
                lost = a2 * b2 - (((product - a1 * b1) - a2 * b1) - a1 * b2)
                t = s + product
                z = t - s
                lost += (s - (t - z)) + (product - z)
                s = t
                if abs(lost) < np.inf:
                    error += lost
            high[i, p] = s + error
            low[i, p] = (s - float(high[i, p])) + error if abs(s) < np.inf else 0.0
'''

WEIGHTED_MORE = '''
@_ordered
def _weighted_more(W, B, out):
    """out_ip += sum_j W_ij B_jp."""
    more = np.empty_like(out)
    _weighted(W, B, more)
    for i in range(out.shape[0]):
        for p in range(out.shape[1]):
            out[i, p] += more[i, p]
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
    "one blas thread": ONE_BLAS_THREAD,
    "turned": TURNED,
    "two fold": TWO_FOLD,
    "weighted more": WEIGHTED_MORE,
    "extremes": EXTREMES,
    "logsumexp": LOGSUMEXP,
}
"""Source text by name, each after what it needs."""

NEEDS = {
    "partition": ("threads",),
    "weighted more": ("product",),
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
