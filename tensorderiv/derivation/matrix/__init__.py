"""Matrix form: an index expression with at most two free indices as a matrix expression, found, proved and printed."""

from tensorderiv.derivation.matrix.forms import MatrixForm, matrix_forms
from tensorderiv.derivation.matrix.tell import matrix_section

__all__ = ["MatrixForm", "matrix_forms", "matrix_section"]
