"""Whether a quantity sees a tensor only through inner products over one of its axes: then it does not change when X is turned.

sum_p X_ip X_jp, |X_i - X_j|^2 and whatever is made of them are the same for X and X Q, Q orthogonal.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from tensorderiv.algebra.build import factors_of
from tensorderiv.algebra.expression import Element, Expr, Node, Reduction
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.traverse import free_indices, parts, tensors
from tensorderiv.canonical import canonical
from tensorderiv.canonical.effort import effort
from tensorderiv.simplify.tidy import split_power


@dataclass(frozen=True)
class Turning:
    """The tensor that is turned, the axis over which inner products are taken, and the work a proof may cost."""

    tensor: str
    axis: int
    most: int

    def leaves(self, node: Node) -> bool:
        """Whether the node is the same after any turn. The names in it must be unfolded unless they are known to be."""
        if self.tensor not in tensors(node):
            return True
        if isinstance(node, Reduction) and node.op == "sum" and self._sums_over_axis(node):
            return effort(node) <= self.most and self._of_inner_products(canonical(node))
        if isinstance(node, Element) and node.tensor.name == self.tensor:
            return False
        return all(self.leaves(part) for part in parts(node))

    def _sums_over_axis(self, node: Node) -> bool:
        """Whether some element below has an index of this sum on the axis."""
        if isinstance(node, Element) and node.tensor.name == self.tensor:
            return True
        return any(self._sums_over_axis(part) for part in parts(node))

    def _of_inner_products(self, node: Node) -> bool:
        """The same of a canonical form: every sum over the axis is a sum of products X_ap X_bp."""
        if self.tensor not in tensors(node):
            return True
        match node:
            case Element(tensor) if tensor.name == self.tensor:
                return False
            case Reduction("sum", indices, body, condition):
                rest = self._without_pairs(indices, body)
                if rest is None or (condition is not None and set(free_indices(condition)) & rest[0]):
                    return False
                return all(self._of_inner_products(part) for part in rest[1])
        return all(self._of_inner_products(part) for part in parts(node))

    def _without_pairs(self, indices: tuple[Index, ...], body: Expr) -> tuple[set[Index], list[Node]] | None:
        """The indices on the axis and what is left of the product without its inner products; None where one is not whole."""
        found: dict[Index, Fraction] = {}
        rest: list[Node] = []
        for factor in factors_of(body):
            base, exponent = split_power(factor)
            if isinstance(base, Element) and base.tensor.name == self.tensor:
                index = base.subscripts[self.axis]
                others = base.subscripts[: self.axis] + base.subscripts[self.axis + 1 :]
                if not isinstance(index, Index) or index not in indices or index in others or exponent not in (1, 2):
                    return None
                found[index] = found.get(index, Fraction(0)) + exponent
                rest += [sub for sub in others if isinstance(sub, Expr)]
            else:
                rest.append(factor)
        if any(count != 2 for count in found.values()) or any(set(free_indices(part)) & set(found) for part in rest):
            return None
        return set(found), rest
