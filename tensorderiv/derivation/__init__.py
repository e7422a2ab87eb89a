"""Derivations: the chain of steps, the conditions it holds under, and how it is printed."""

from tensorderiv.derivation.derivation import Condition, Derivation, Step
from tensorderiv.derivation.derive import derive
from tensorderiv.derivation.formula import Formula

__all__ = ["Condition", "Derivation", "Formula", "Step", "derive"]
