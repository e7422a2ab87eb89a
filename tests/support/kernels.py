"""The entries of the catalogue that have a kernel in generated/: what is costly is asked of these alone."""

from __future__ import annotations

from pathlib import Path

from tensorderiv.pipeline import held

GENERATED = Path(__file__).parents[2] / "generated"
KERNELS = list(held(GENERATED))
