"""Passes: stored statements over pairs of rows, computed together in one run over blocks of rows.

    split -> views -> fuse -> (strips, builder, body) -> Pass

Start with `passing`, which says what a pass is, then `fuse`, which decides what goes into one.
"""

from tensorderiv.lower.passes.passing import Pass, Spreading, Target, Weighted
from tensorderiv.lower.passes.planning import with_passes
from tensorderiv.lower.passes.twofold import TwoFold

__all__ = ["Pass", "Spreading", "Target", "TwoFold", "Weighted", "with_passes"]
