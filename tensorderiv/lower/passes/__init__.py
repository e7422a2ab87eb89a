"""Passes: stored statements over pairs of rows, computed together in one run over blocks of rows.

    apart -> split -> views -> fuse -> (strips, builder, body) -> Pass; products

Start with `passing`, which says what a pass is, then `fuse`, which decides what goes into one.
"""

from tensorderiv.lower.passes.passing import Pass, Spreading, Target, Weighted
from tensorderiv.lower.passes.planning import Planned, with_passes
from tensorderiv.lower.passes.products import Multiplied
from tensorderiv.lower.passes.twofold import TwoFold

__all__ = ["Multiplied", "Pass", "Planned", "Spreading", "Target", "TwoFold", "Weighted", "with_passes"]
