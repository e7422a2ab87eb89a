"""What a line means: trees -> expressions of the algebra. Names are looked up, shapes checked, products told apart."""

from tensorderiv.checker.meaning.problems import IllTyped, Inexpressible
from tensorderiv.checker.meaning.world import Jacobian, Meaning, World

__all__ = ["IllTyped", "Inexpressible", "Jacobian", "Meaning", "World"]
