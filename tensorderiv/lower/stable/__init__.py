"""Stable forms in place of unstable ones, by rule, on the primal program: its derivatives are then stable as well."""

from tensorderiv.lower.stable.driver import stabilise

__all__ = ["stabilise"]
