"""Why there is no matrix form."""

from __future__ import annotations


class NoMatrixForm(Exception):
    """Raised inside the search; `reason` is what the reader is told."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
