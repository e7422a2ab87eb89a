"""The entries of the catalogue that have a kernel in generated/, and a few of them for what is costly and asked of each."""

from __future__ import annotations

from pathlib import Path

from tensorderiv.pipeline import held

GENERATED = Path(__file__).parents[2] / "generated"
KERNELS = list(held(GENERATED))
FEW = (
    "cityblock", "cosine", "cosine_similarity", "euclidean", "geodesic", "mahalanobis", "mds_stress", "npairs", "rbf",
    "sqeuclidean", "sqeuclidean_columns", "triplet", "triplet_geodesic",
)  # fmt: skip
"""Distances, similarities, a kernel and losses."""
