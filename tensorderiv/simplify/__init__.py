"""Writing a formula as a person would: named, factored, in order. Start at `finish.finish`."""

from tensorderiv.simplify.finish import finish

__all__ = ["finish"]
