"""A builder without branches: both sides of a choice are computed, so that loops run on vectors."""

from __future__ import annotations

from tensorderiv.algebra.expression import ArgReduction, Condition, Expr, Node, Reduction, Select
from tensorderiv.algebra.traverse import bound_indices
from tensorderiv.lower.builder import Builder
from tensorderiv.lower.passes.views import unfolded


class BranchlessBuilder(Builder):
    """Chooses between values; only a branch that loops over rows is taken or left."""

    def select(self, condition: Condition, then: Expr, otherwise: Expr) -> Expr:
        """Both branches are computed, unless one has loops: a loop without branches runs on vectors."""
        if any(self.has_loops(branch) for branch in (then, otherwise, condition)):
            return super().select(condition, then, otherwise)
        return Select(self.condition(condition), self.value(then), self.value(otherwise))

    def has_loops(self, node: Node) -> bool:
        """Whether a loop is needed that no strip replaces."""
        return any(
            isinstance(part, ArgReduction)
            or (isinstance(part, Reduction) and any(i.extent in self.rows for i in bound_indices(part)))
            for part in unfolded(node, self.virtual)
        )
