"""Products of matrices: tiles of 8 rows by 128 bytes of columns, held in registers while the products are summed.

One operand is read where it stands, the other from panels as wide as a tile. `_multiplied` is written in LLVM's vectors, because
no loop of Numba is sure to keep so many sums in registers; everything around it is plain. It takes 8 rows at a time with AVX-512
and two with less; each entry is a sum in order, whatever the registers are. Sums over rows are taken 256 at a time and added up.

The strong zero: 0 times infinity, which a product of matrices makes nan, counts as 0. Only then can an entry be wrong, and it is
not finite then; so a tile that is not finite is computed once more, term by term. `_multiplied` says so: x * 0 is 0 unless x is
infinite or undefined, which costs one more feature.
"""

from __future__ import annotations

PRODUCT = '''
from llvmlite import ir
from numba import config, extending, types


_lanes = _constant_of(lambda like: 128 // like.itemsize, lambda size, features: 128 // size)
"""The columns of a tile: as many as fill 128 bytes."""


def _multiplied(A, a, down, along, B, b, count, C, c, stride):
    """C[c + stride t + q] = sum_s A[a + down t + along s] B[b + lanes s + q] for t < 8, q < lanes, s < count; all entries counted
    in memory. Whether all sums are finite.
    """
    lanes = _lanes(B)
    left = A.reshape(-1)[a + down * np.arange(8)[:, None] + along * np.arange(count)]
    right = B.reshape(-1)[b : b + lanes * count].reshape(count, lanes)
    with np.errstate(all="ignore"):
        tile = sum((left[:, s : s + 1] * right[s] for s in range(count)), np.zeros((8, lanes), B.dtype))
    C.reshape(-1)[c + stride * np.arange(8)[:, None] + np.arange(lanes)] = tile
    return bool(np.isfinite(tile).all())


if not config.DISABLE_JIT:
    from numba.core import cgutils

    @extending.intrinsic
    def _multiplied(typing, A, a, down, along, B, b, count, C, c, stride):
        """The same in vectors as wide as the registers."""

        def generate(context, builder, sig, args):
            arrays = [context.make_array(sig.args[k])(context, builder, args[k]).data for k in (0, 4, 7)]
            function = cgutils.get_or_insert_function(
                builder.module,
                ir.FunctionType(ir.IntType(1), [*(one.type for one in arrays), *(args[k].type for k in (1, 2, 3, 5, 6, 8, 9))]),
                f"tensorderiv_multiplied_{sig.args[4].dtype}",
            )
            if not function.blocks:
                function.linkage = "internal"
                function.attributes.add("noinline")  # compiled once for all calls
                wide = context.codegen().magic_tuple()[2].split(",")
                fill(function, context, 64 if "+avx512f" in wide else 32 if "+avx" in wide else 16)
            return builder.call(function, [*arrays, *(args[k] for k in (1, 2, 3, 5, 6, 8, 9))])

        def fill(function, context, register):
            """The body of the function, for registers of so many bytes."""
            builder = ir.IRBuilder(function.append_basic_block())
            A, B, C, a, down, along, b, count, c, stride = function.args
            real = context.get_data_type(typed)
            size = context.get_abi_sizeof(real)
            width, together, pieces = register // size, 8 if register == 64 else 2, range(128 // register)
            vector, number = ir.VectorType(real, width), a.type
            zero = ir.Constant(vector, [real(0.0)] * width)
            first = ir.Constant(ir.VectorType(ir.IntType(32), width), [0] * width)
            flags = ("contract", "nsz")

            def place(start, step, times):
                return builder.add(start, builder.mul(step, number(times)))

            def vectors(data, start):
                return [builder.bitcast(builder.gep(data, [place(start, number(width), v)]), vector.as_pointer()) for v in pieces]

            sums = [[cgutils.alloca_once(builder, vector) for _ in pieces] for _ in range(8)]
            undefined = []
            for low in range(0, 8, together):
                rows = range(low, low + together)
                for t in rows:
                    for one in sums[t]:
                        builder.store(zero, one)
                with cgutils.for_range(builder, count) as loop:
                    right = [builder.load(v, align=size) for v in vectors(B, place(b, loop.index, 128 // size))]
                    start = builder.add(a, builder.mul(along, loop.index))
                    for t in rows:
                        one = builder.load(builder.gep(A, [place(start, down, t)]))
                        one = builder.insert_element(ir.Constant(vector, ir.Undefined), one, ir.IntType(32)(0))
                        left = builder.shuffle_vector(one, one, first)
                        for v in pieces:
                            term = builder.fmul(left, right[v], flags=flags)
                            builder.store(builder.fadd(builder.load(sums[t][v]), term, flags=flags), sums[t][v])
                for t in rows:
                    for v, target in enumerate(vectors(C, place(c, stride, t))):
                        value = builder.load(sums[t][v])
                        builder.store(value, target, align=size)
                        undefined.append(builder.fmul(value, zero))  # 0 unless it is infinite or undefined
            while len(undefined) > 1:
                undefined = [builder.fadd(x, y) for x, y in zip(undefined[::2], undefined[1::2])]
            finite = builder.bitcast(builder.fcmp_ordered("==", undefined[0], zero), ir.IntType(width))
            builder.ret(builder.icmp_signed("==", finite, ir.IntType(width)(-1)))

        typed = B.dtype
        whole = types.intp
        return types.boolean(A, whole, whole, whole, B, whole, whole, C, whole, whole), generate


@_ordered
def _strong_tile(A, a, down, along, B, b, count, C, c, stride):
    """The entries of a tile that are not finite once more; a factor 0 makes a term 0."""
    A, B, C, lanes = A.reshape(A.size), B.reshape(B.size), C.reshape(C.size), _lanes(B)
    for t in range(8):
        for q in range(lanes):
            if not abs(C[c + stride * t + q]) < np.inf:
                total = C.dtype.type(0.0)
                for s in range(count):
                    x, y = A[a + down * t + along * s], B[b + lanes * s + q]
                    if x != 0.0 and y != 0.0:
                        total += x * y
                C[c + stride * t + q] = total


@_ordered
def _columns(Y):
    """(blocks, d, lanes): panel b holds the rows lanes b ... of Y as columns; what is missing in the last one is 0."""
    return _turned_blocks(Y, _lanes(Y))


@_ordered
def _features(Y):
    """(blocks, m, lanes): panel b holds the columns lanes b ... of Y; what is missing in the last one is 0."""
    m, d = Y.shape
    lanes = _lanes(Y)
    packed = np.zeros(((d + lanes - 1) // lanes, m, lanes), Y.dtype)
    for b in range(packed.shape[0]):
        for j in range(m):
            for q in range(min(lanes, d - lanes * b)):
                packed[b, j, q] = Y[j, lanes * b + q]
    return packed


@_ordered
def _product(first, last, A, B, S):
    """S[i - first, j] = sum_p A_ip B_jp for first <= i < last: S = A B^T, the rows of B in panels of columns."""
    lanes, d, m, rows = _lanes(S), A.shape[1], S.shape[1], last - first
    tile = _local(S, 256)
    whole = rows - rows % 8
    rest = np.zeros((8, d), A.dtype)
    for t in range(rows - whole):
        for p in range(d):
            rest[t, p] = A[first + whole + t, p]
    table, rest, strip = A.reshape(A.size), rest.reshape(rest.size), S.reshape(S.size)
    together = 2048 // max(1, d) + 1  # panels of 256 KiB stay in the second-level cache, and S is written in long runs
    for start in range(0, B.shape[0], together):
        for r in range(0, rows, 8):
            left, a = (table, (first + r) * d) if r < whole else (rest, 0)
            for block in range(start, min(start + together, B.shape[0])):
                low = lanes * block
                within = r < whole and low + lanes <= m
                right, c, stride = (strip, r * m + low, m) if within else (tile, 0, lanes)
                if not _multiplied(left, a, d, 1, B, low * d, d, right, c, stride):
                    _strong_tile(left, a, d, 1, B, low * d, d, right, c, stride)
                if not within:
                    for t in range(min(8, rows - r)):
                        for q in range(min(lanes, m - low)):
                            S[r + t, low + q] = tile[lanes * t + q]


@_ordered
def _add_tile(tile, out, row, rows, low):
    """out[row + t, low + q] += tile[t, q] for t < rows, where there is such a column."""
    lanes = _lanes(out)
    if low + lanes <= out.shape[1]:
        for t in range(rows):
            for q in range(lanes):
                out[row + t, low + q] += tile[lanes * t + q]
    else:
        for t in range(rows):
            for q in range(out.shape[1] - low):
                out[row + t, low + q] += tile[lanes * t + q]


@_ordered
def _weighted(first, last, W, B, out):
    """out_ip += sum_j W[i - first, j] B_jp for first <= i < last: out += W B, B in panels of features."""
    lanes, m, rows = _lanes(out), W.shape[1], last - first
    tile = _local(out, 256)
    whole = rows - rows % 8
    rest = np.zeros((8, 256), W.dtype)
    for start in range(0, m, 256):
        count = min(256, m - start)
        for t in range(rows - whole):
            for s in range(count):
                rest[t, s] = W[whole + t, start + s]
        for block in range(B.shape[0]):
            b = (block * m + start) * lanes
            for r in range(0, rows, 8):
                left, a, down = (W, r * m + start, m) if r < whole else (rest, 0, 256)
                if not _multiplied(left, a, down, 1, B, b, count, tile, 0, lanes):
                    _strong_tile(left, a, down, 1, B, b, count, tile, 0, lanes)
                _add_tile(tile, out, first + r, min(8, rows - r), lanes * block)


@_ordered
def _weighted_columns(first, last, W, A, out):
    """out_jp += sum_i W[i - first, j] A_ip over first <= i < last: out += W^T A, A in panels of features."""
    lanes, m, n, rows = _lanes(out), W.shape[1], A.shape[1], last - first
    tile = _local(out, 256)
    turned = np.zeros((4, rows, 8), W.dtype)
    for start in range(0, m, 32):
        count = min(32, m - start)
        if count == 32:
            for s in range(rows):
                for g in range(4):
                    for t in range(8):
                        turned[g, s, t] = W[s, start + 8 * g + t]
        else:
            turned[:] = 0.0
            for s in range(rows):
                for t in range(count):
                    turned[t // 8, s, t % 8] = W[s, start + t]
        for block in range(A.shape[0]):
            b = (block * n + first) * lanes
            for g in range((count + 7) // 8):
                if not _multiplied(turned, g * rows * 8, 1, 8, A, b, rows, tile, 0, lanes):
                    _strong_tile(turned, g * rows * 8, 1, 8, A, b, rows, tile, 0, lanes)
                _add_tile(tile, out, start + 8 * g, min(8, count - 8 * g), lanes * block)
'''
