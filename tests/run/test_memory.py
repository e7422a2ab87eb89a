"""A loss with its gradients needs memory for rows of points, never for pairs of them. The instrument is that of `make bench`.

`make test-memory` takes 20,000 points and every loss. The suite takes fewer of both, for each loss is compiled anew; a table of
all pairs would break the bound there as well, and `test_a_table_of_all_pairs_would_be_seen` says so.
"""

from __future__ import annotations

import os
from dataclasses import replace
from typing import Any

import pytest

from benchmarks.extras import FULL, memory
from benchmarks.peers import OURS, all_peers

GIVEN = os.environ.get("MEMORY_POINTS")
POINTS, FEATURES = int(GIVEN or "5000"), 64
LOSSES = ["npairs", "infonce", "mmd", "batch_hard", "mds_stress", "tsne"] if GIVEN else ["npairs", "mds_stress"]
BOUND = 64 * 2**20
TABLES = {"mds_stress", "tsne"}
"""Losses that are handed a table of all pairs: it is an input, and no room for a second one."""


def measured(loss: str, n: int) -> dict[str, Any]:
    """What a process of its own takes, with all processors."""
    ours = [peer for peer in all_peers() if peer.name == OURS]
    (found,) = memory(ours, os.cpu_count() or 1, lambda what: None, replace(FULL, memory=(n, FEATURES), losses=(loss,)))
    assert "error" not in found, found["error"]
    return found


def inputs(loss: str, n: int) -> int:
    """The bytes of the points: one table of float64, or two."""
    return (2 if loss in ("npairs", "infonce", "mmd") else 1) * n * FEATURES * 8


@pytest.mark.parametrize("loss", LOSSES)
def test_peak_memory(loss: str) -> None:
    n = min(POINTS, 5000) if loss in TABLES else POINTS
    found = measured(loss, n)
    allowed = BOUND + 4 * inputs(loss, n)
    assert found["extra"] <= allowed, f"{found['extra'] / 2**20:.0f} MiB for n = {n}, allowed {allowed / 2**20:.0f} MiB"


def test_a_table_of_all_pairs_would_be_seen() -> None:
    n = min(POINTS, 5000)
    assert n**2 * 8 > BOUND + 4 * max(inputs(loss, n) for loss in ("npairs", "mds_stress"))
