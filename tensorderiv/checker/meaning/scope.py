"""What letters and parameters stand for at a place of a line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from tensorderiv.algebra.expression import Tensor
from tensorderiv.algebra.index import Index
from tensorderiv.checker.meaning.array import Array


@dataclass(frozen=True)
class Scope:
    """`letters`: bound indices, and those that name the place of the line; `values`: parameters of functions being called;
    `moved`: names that stand for another tensor, as t at t = 0.
    """

    letters: Mapping[str, Index] = field(default_factory=dict)
    values: Mapping[str, Array] = field(default_factory=dict)
    moved: Mapping[str, Tensor] = field(default_factory=dict)

    def bound(self, letters: Mapping[str, Index]) -> Scope:
        return replace(self, letters={**self.letters, **letters})

    def calling(self, values: Mapping[str, Array]) -> Scope:
        return replace(self, values={**self.values, **values})

    def moving(self, name: str, tensor: Tensor) -> Scope:
        return replace(self, moved={**self.moved, name: tensor})
