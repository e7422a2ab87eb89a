"""The loops over features of a pass, as text of compiled functions that work on strips (a block of rows, all columns).

    text = fold_text(fold, "_fold1")            # TileText: name, parameters, lines, helpers
    text = spread_text(spread, "_spread1", weights_finite=True, forms="both")     # or "narrow" (d < FEW), "wide": half to compile
    support_texts({*text.helpers, "panels", "product"})    # what they need, in order, each text once

    _fold1(start, stop, tables of rows, panels of tables of columns, vectors, scalars, extents, S)
        S[i - start, j] = op_p f(i, j, p)       for start <= i < stop and all j; S has the shape (at least stop - start, m)
    _spread1(start, stop, W, tables of rows, tables of columns, vectors, scalars, extents, out)
        out[i, p] += sum_j W[i - start, j] g    or, onto columns, out[j, p] += sum_i W[i - start, j] g

`TileText.parameters` names every argument in order: its kind, the tensor or extent of the program, its identifier in the text.
A table that rows and columns share is one argument of a spread (kind "table"), two of a fold ("table" and "panels").
Tables are the whole matrices. Panels are made once a call: `_panels(Y)`, of the shape (blocks, d, width). S, W and out have the
dtype of the tables: the lanes compute in the dtype of S, of out.

With "product", a module has `_product(A, B, out)`: out = A B^T, `_weighted(W, B, out)`: out = W B, and
`_weighted_columns(W, A, scratch, out)`: out += W^T A, by BLAS with the strong zero; blocks of contiguous rows.

A module that carries these texts has imported math, numpy as np and numba.njit; scalar helpers of `emit.helpers` want its _jit.
The functions are not parallel, keep the order of all sums (no reassociation), and what they compute of a row does not depend on
the rows beside it. Unrolling follows the length of the body.
"""

from tensorderiv.emit.tiles.fold import fold_text
from tensorderiv.emit.tiles.spread import FEW, spread_text
from tensorderiv.emit.tiles.support import support_texts
from tensorderiv.emit.tiles.text import Parameter, TileText

__all__ = ["FEW", "Parameter", "TileText", "fold_text", "spread_text", "support_texts"]
