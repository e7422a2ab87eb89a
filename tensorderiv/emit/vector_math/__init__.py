"""exp, log, tanh, pow, sin ... that LLVM vectorises when a generated loop calls them.

Without a vector library, `math.exp` in a loop is one scalar call an element. These are polynomials without branches, for float64
and float32, at most 2 ULP from the true value over the whole domain (1.2 at the worst of a million points each: `make test-ulp`),
special values as in NumPy. A module carries those that it uses.
"""

from tensorderiv.emit.vector_math.registry import VECTOR_MATH, defined_names, vector_pieces, vector_texts
from tensorderiv.emit.vector_math.switch import called_as_vectors, vector_math

__all__ = ["VECTOR_MATH", "called_as_vectors", "defined_names", "vector_math", "vector_pieces", "vector_texts"]
