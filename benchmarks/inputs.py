"""The inputs of the tasks: named arrays of n rows and d columns, the same in every run."""

from __future__ import annotations

import numpy as np

Inputs = dict[str, np.ndarray]


def two_tables(n: int, d: int) -> Inputs:
    rng = np.random.default_rng([n, d])
    return {"X": rng.normal(size=(n, d)), "Y": rng.normal(size=(n, d))}


def with_weights(n: int, d: int) -> Inputs:
    return {**two_tables(n, d), "W": np.random.default_rng([n, d, 1]).normal(size=(n, n))}


def unit_scale(n: int, d: int) -> Inputs:
    """Rows of length about 1, as the last layer of a network gives them."""
    return {name: table / np.sqrt(d) for name, table in two_tables(n, d).items()}


def two_samples(n: int, d: int) -> Inputs:
    """Two samples that differ, so that their discrepancy is no difference of nearly equal numbers."""
    tables = two_tables(n, d)
    return {"X": tables["X"], "Y": tables["Y"] + 1.0}


def labelled(n: int, d: int) -> Inputs:
    """Rows of 16 classes, or of as many as leave two rows to each."""
    classes = max(2, min(16, n // 2))
    return {"X": unit_scale(n, d)["X"], "c": np.random.default_rng(2).permutation(np.arange(n) % classes)}


def embedded(n: int, d: int) -> Inputs:
    """A configuration and symmetric dissimilarities."""
    upper = np.triu(np.abs(np.random.default_rng(3).normal(size=(n, n))), 1)
    return {"X": two_tables(n, d)["X"], "Delta": upper + upper.T}


def affinities(n: int, d: int) -> Inputs:
    """A configuration and symmetric affinities that sum to 1."""
    P = np.random.default_rng(4).uniform(0.1, 1.0, size=(n, n))
    return {"X": two_tables(n, d)["X"], "P": (P + P.T) / (P + P.T).sum()}


def spd(d: int) -> np.ndarray:
    """A symmetric positive definite d x d matrix whose entries float32 holds as they are."""
    A = np.random.default_rng([d, 5]).normal(size=(d, d))
    M: np.ndarray = (np.eye(d) + A @ A.T / d).astype(np.float32).astype(np.float64)
    both: np.ndarray = np.triu(M) + np.triu(M, 1).T
    return both
