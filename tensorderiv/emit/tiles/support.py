"""Pieces that tiles need: the decorator, the choice without a branch, packed panels."""

from __future__ import annotations

from collections.abc import Iterable

from tensorderiv.emit.helpers import HELPERS
from tensorderiv.emit.tiles.product import PRODUCT
from tensorderiv.emit.vector_math import VECTOR_MATH, called_as_vectors, vector_texts

WIDEST = 64
"""The most columns of a panel."""

ORDERED = '''
_ordered = _jit(fastmath={"contract", "nsz"})
"""Without reassociation: sums are taken in the order written and come out the same for any tiling."""

_ordered_unfused = _jit(fastmath={"nsz"})
"""Without fused multiply-add as well: beside choices, whether one is fused would depend on where a row stands."""


def _lane(function, fastmath=frozenset({"contract", "nsz"})):
    """For a function of one lane, which the loops of tiles take in."""
    return njit(error_model="numpy", fastmath=set(fastmath), forceinline=True)(function)


def _lane_unfused(function):
    """A function of one lane, the same way."""
    return _lane(function, {"nsz"})
'''

CHOICE = '''
from numba import extending, types


def _choice(condition, a, b):
    """a where the condition holds, else b; compiled, both are computed and nothing branches."""
    return a if condition else b


@extending.type_callable(_choice)
def _type_of_choice(context):
    return lambda condition, a, b: types.float32 if a == b == types.float32 else types.float64


@extending.lower_builtin(_choice, types.Boolean, types.Float, types.Float)
def _choice_as_instruction(context, builder, sig, args):
    chosen = [context.cast(builder, value, own, sig.return_type) for value, own in zip(args[1:], sig.args[1:])]
    return builder.select(args[0], *chosen)
'''

SIGN = '''
from llvmlite import ir
from numba import extending, types


def _sign(x):
    """1, -1, or x where that is 0 or nan."""
    return np.sign(x)


@extending.type_callable(_sign)
def _type_of_sign(context):
    return lambda x: x if isinstance(x, types.Float) else types.float64


@extending.lower_builtin(_sign, types.Float)
def _sign_in_three_instructions(context, builder, sig, args):
    real = args[0].type
    copysign = builder.module.declare_intrinsic("llvm.copysign", [real], ir.FunctionType(real, [real, real]))
    unit = builder.call(copysign, [real(1.0), args[0]])
    return builder.select(builder.fcmp_ordered("!=", args[0], real(0.0)), unit, args[0])
'''

LOCAL = '''
from numba import config, extending, types


def _local(like, count):
    """A short vector of the dtype of `like`, for the caller alone."""
    return np.empty(count, like.dtype)


if not config.DISABLE_JIT:

    @extending.intrinsic(prefer_literal=True)
    def _local(typing, like, count):
        """The same on the stack, which LLVM knows to be apart from all other memory."""
        vector = types.Array(like.dtype, 1, "C")

        def generate(context, builder, sig, args):
            real = context.get_data_type(like.dtype)
            with builder.goto_entry_block():
                data = builder.alloca(real, context.get_constant(types.intp, count.literal_value))
            data.align = 64
            array = context.make_array(vector)(context, builder)
            width = context.get_constant(types.intp, context.get_abi_sizeof(real))
            shape = [context.get_constant(types.intp, count.literal_value)]
            context.populate_array(array, data=data, shape=shape, strides=[width], itemsize=width, meminfo=None)
            return array._getvalue()

        return vector(like, count), generate
'''

PLACE = '''
from numba import extending, types


def _place(index):
    """An index that is not negative: no need to count from the end."""
    return index


@extending.type_callable(_place)
def _type_of_place(context):
    return lambda index: types.uintp


@extending.lower_builtin(_place, types.Integer)
def _place_as_it_is(context, builder, sig, args):
    return args[0]
'''

CONSTANT = '''
from numba import config, extending, types


def _constant_of(value, compiled):
    """A function of an array that LLVM sees as a number: value(like), or compiled(bytes of an entry, names of features)."""
    if config.DISABLE_JIT:
        return value

    @extending.intrinsic
    def constant(typing, like):
        def generate(context, builder, sig, args):
            features = context.codegen().magic_tuple()[2].split(",")
            size = context.get_abi_sizeof(context.get_data_type(like.dtype))
            return context.get_constant(types.intp, compiled(size, features))

        return types.intp(like), generate

    return constant
'''

WIDTH = '''
_width = _constant_of(lambda like: 64 // like.itemsize, lambda size, features: (256 if "+avx512f" in features else 64) // size)
"""Columns in a panel: what the accumulators of four rows fill registers with."""
'''

PANELS = '''
@_ordered
def _panels(Y):
    """(blocks, d, width): panel b holds the rows width b ... of Y as columns; what is missing in the last one is 0."""
    return _turned_blocks(Y, _width(Y))
'''

BLOCKS = '''
@_ordered
def _turned_blocks(Y, width):
    """(blocks, d, width): block b holds the rows width b ... of Y as columns; what is missing in the last one is 0."""
    m, d = Y.shape
    packed = np.zeros(((m + width - 1) // width, d, width), Y.dtype)
    for b in range(packed.shape[0]):
        low = width * b
        for p in range(d):
            for q in range(min(width, m - low)):
                packed[b, p, q] = Y[low + q, p]
    return packed
'''

PIECES = {
    "ordered": ORDERED,
    "choice": CHOICE,
    "sign": SIGN,
    "local": LOCAL,
    "place": PLACE,
    "constant": CONSTANT,
    "width": WIDTH,
    "blocks": BLOCKS,
    "panels": PANELS,
    "product": PRODUCT,
}
"""Source text by name, each after what it needs."""


PIECE_NEEDS = {"product": ("local", "constant", "blocks"), "panels": ("width", "blocks"), "width": ("constant",)}
"""What pieces call that is no tile's own."""


def support_texts(names: Iterable[str]) -> tuple[str, ...]:
    """The texts that tiles with these helpers need, in order, for a module that has math, np, njit and _jit.

    `names` are `TileText.helpers`, together with "panels" and "product" where those are called.
    """
    wanted = set(names) | {"ordered"}
    for name in ("product", "panels", "width"):
        wanted |= set(PIECE_NEEDS[name]) if name in wanted else set()
    vectors = sorted(wanted & (called_as_vectors() or VECTOR_MATH - set(HELPERS)))
    others = sorted((wanted & set(HELPERS)) - set(vectors))
    pieces = [text.strip() for name, text in PIECES.items() if name in wanted]
    return *vector_texts(vectors), *pieces, *(HELPERS[name].strip() for name in others)
