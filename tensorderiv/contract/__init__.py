"""Removing Kronecker deltas from sums. Start at `driver.contract`."""

from tensorderiv.contract.driver import contract, contraction_steps

__all__ = ["contract", "contraction_steps"]
