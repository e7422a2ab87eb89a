"""How the gradients of two definitions are related. Start at `compare`."""

from tensorderiv.relations.comparing import compare
from tensorderiv.relations.report import Compared

__all__ = ["Compared", "compare"]
