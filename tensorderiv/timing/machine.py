"""What the machine has: threads and memory."""

from __future__ import annotations

import os
import sys


def threads() -> dict[str, int]:
    """Threads of the kernels (Numba) and of the GEMM (the BLAS of NumPy; 0 where it cannot be told)."""
    import numba
    from threadpoolctl import threadpool_info

    blas = [int(pool["num_threads"]) for pool in threadpool_info() if pool.get("user_api") == "blas"]
    return {"numba": int(numba.get_num_threads()), "blas": max(blas, default=0)}


def memory() -> int:
    """Bytes of memory; where the system does not tell, as much as an address reaches."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):  # no such call, or no such name
        return sys.maxsize


def gigabytes(count: int) -> str:
    """Bytes for people.

    >>> gigabytes(2_500_000_000)
    '2.5 GB'
    """
    return f"{count / 1e9:.3g} GB"
