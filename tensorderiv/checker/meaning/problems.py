"""Why a line has no meaning."""

from __future__ import annotations

from tensorderiv.errors import Place, TensorDerivError


class IllTyped(TensorDerivError):
    """The pieces of a line do not fit: shapes in a product or a sum, or indices that are free on one side only.

    `kind` is "shape" or "free-index mismatch".
    """

    def __init__(self, message: str, *, kind: str = "shape", place: Place | None = None, hint: str | None = None) -> None:
        self.kind = kind
        super().__init__(message, place=place, hint=hint)


class Inexpressible(TensorDerivError):
    """The line may well have a meaning, but not one that can be stated here."""
