"""The check of points and directions on the sphere, carried by modules of definitions with an input in sphere."""

from __future__ import annotations

UNIT_ROWS = '''
def _unit_rows(function, axes, **given):
    """(tables, sizes, dtype, shape): points and directions as tables of rows; their shapes agree, the last axis is the row."""
    arrays = {name: np.asarray(value) for name, value in given.items()}
    for name, array in arrays.items():
        if array.dtype.kind not in "iu" and not (array.dtype.kind == "f" and array.dtype.itemsize in (4, 8)):
            raise TypeError(f"{function}: {name} holds {array.dtype}; give float64 or float32")
    (points, first), (directions, second) = arrays.items()
    if first.ndim == 0 or (len(axes) == 1 and first.ndim != 1):
        wanted = "one unit row" if len(axes) == 1 else "unit rows along the last axis"
        raise ValueError(f"{function}: {points} has {first.ndim} axes; give {wanted}")
    if second.shape != first.shape:
        problem = f"{directions} has the shape {second.shape}, but it moves an array of shape {first.shape}"
        raise ValueError(f"{function}: {problem}; give that shape")
    shape = (math.prod(first.shape[:-1]), first.shape[-1])[2 - len(axes) :]
    dtype = np.float32 if all(array.dtype.kind == "f" and array.dtype.itemsize == 4 for array in (first, second)) else np.float64
    tables = tuple(_plain(array.reshape(shape), dtype) for array in (first, second))
    return tables, dict(zip(axes, shape, strict=True)), dtype, first.shape
'''

SPHERE_HELPERS = {"unit_rows": UNIT_ROWS}
"""Source text by function name; the name in the module has an underscore in front."""
