"""Numbers for people."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt


def written(array: npt.NDArray[Any] | float) -> str:
    """Six digits of each number.

    >>> written(np.array([[1.0, 1 / 3], [2.0, float("nan")]])), written(2.5)
    ('[[1, 0.333333], [2, nan]]', '2.5')
    """
    found = np.asarray(array)
    if found.ndim == 0:
        return f"{float(found) + 0.0:.6g}"
    return f"[{', '.join(written(part) for part in found)}]"
