"""Removing Kronecker deltas from sums, and the plain algebra around it. Start at `driver.contract`."""

from tensorderiv.contract.driver import contract, contraction_steps

__all__ = ["contract", "contraction_steps"]
