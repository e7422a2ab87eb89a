"""Canonical form: the one notion of equal. Start at `form.canonical`."""

from tensorderiv.canonical.form import canonical, canonical_condition, equal

__all__ = ["canonical", "canonical_condition", "equal"]
