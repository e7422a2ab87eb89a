"""Hand-written kernel modules in plain NumPy, each with switches that make it wrong in one way a person would."""

from __future__ import annotations

from typing import Any

import numpy as np

SQEUCLIDEAN = "D_ij = sum_p (X_ip - X_jp)^2"
COSINE = """
N_i = sqrt(sum_p X_ip^2)
M_j = sqrt(sum_p Y_jp^2)
S_ij = sum_p X_ip Y_jp / (N_i M_j)
"""
STRESS = """
tensor X[n,d], T[n,n]
scalar w > 0
D_ij = sum_p (X_ip - X_jp)^2
L = w sum_{i,j: i != j} (D_ij - T_ij)^2
"""


def weighted(weights: Any, blocks: Any) -> Any:
    """Strong zero: what has weight 0 does not count, infinite or not."""
    with np.errstate(all="ignore"):
        return np.where(weights[:, :, None] == 0, 0, weights[:, :, None] * blocks)


def quotient(above: Any, below: Any) -> Any:
    """Strong zero: 0 / 0 is 0."""
    with np.errstate(all="ignore"):
        return np.where(above == 0, 0, above / below)


class PairModule:
    """The functions of DESIGN 2.4 from a table and its Jacobian blocks."""

    KIND = "pair"
    POINTS: tuple[Any, Any] = (("X", 0), ("Y", 0))

    def __init__(self, fault: str = "") -> None:
        self.fault = fault

    def table(self, x: Any, y: Any) -> Any:
        raise NotImplementedError

    def blocks(self, x: Any, y: Any) -> tuple[Any, Any]:
        """dD_ij/dX_i and dD_ij/dY_j, both (n, m, d)."""
        raise NotImplementedError

    def pairwise(self, X: Any, Y: Any = None, *, out: Any = None) -> Any:
        return self.table(X, X if Y is None else Y)

    def vjp(self, X: Any, Y: Any, W: Any, *, wrt: Any = None) -> Any:
        first, second = self.blocks(X, X if Y is None else Y)
        dx, dy = weighted(W, first).sum(1), weighted(W, second).sum(0)
        if Y is None:
            # one tensor in both slots: delta_ik - delta_jk has two terms
            return dx if self.fault == "drop a delta" else dx + dy
        return dx, dy

    def jvp(self, X: Any, Y: Any, dX: Any, dY: Any) -> Any:
        first, second = self.blocks(X, Y)
        return np.einsum("ijk,ik->ij", first, dX) + np.einsum("ijk,jk->ij", second, dY)

    def jacobian(self, X: Any, Y: Any = None, *, slot: int = 1) -> Any:
        if self.fault == "wrong slot in the jacobian":
            slot = 3 - slot
        return self.blocks(X, X if Y is None else Y)[slot - 1]

    def pair(self, x: Any, y: Any) -> Any:
        return self.table(x[None], y[None])[0, 0]

    def pair_grad(self, x: Any, y: Any) -> Any:
        return self.pair(x, y), self.blocks(x[None], y[None])[0][0, 0]


class SquaredEuclidean(PairModule):
    def table(self, x: Any, y: Any) -> Any:
        return ((x[:, None] - y[None]) ** 2).sum(-1)

    def blocks(self, x: Any, y: Any) -> tuple[Any, Any]:
        difference = 2 * (x[:, None] - y[None])
        return difference, difference if self.fault == "flip a sign in the second block" else -difference


class Cosine(PairModule):
    def table(self, x: Any, y: Any) -> Any:
        return quotient(x @ y.T, np.sqrt((x**2).sum(-1))[:, None] * np.sqrt((y**2).sum(-1))[None])

    def blocks(self, x: Any, y: Any) -> tuple[Any, Any]:
        n, m = np.sqrt((x**2).sum(-1))[:, None, None], np.sqrt((y**2).sum(-1))[None, :, None]
        table = self.table(x, y)[:, :, None]
        second_term = 0.0 if self.fault == "drop the second term of the product rule" else 1.0
        dx = quotient(y[None], n * m) - second_term * quotient(table * x[:, None], n**2)
        return dx, quotient(x[:, None], n * m) - quotient(table * y[None], m**2)


class Stress:
    KIND = "scalar"

    def __init__(self, fault: str = "") -> None:
        self.fault = fault

    def gaps(self, X: Any, T: Any) -> Any:
        gaps = ((X[:, None] - X[None]) ** 2).sum(-1) - T
        return gaps if self.fault == "forget the diagonal" else gaps * (1 - np.eye(len(X)))

    def value(self, X: Any, T: Any, *, w: float) -> Any:
        return w * (self.gaps(X, T) ** 2).sum()

    def value_and_grad(self, X: Any, T: Any, *, w: float, wrt: Any = None) -> Any:
        gaps = self.gaps(X, T)
        weights = (2 if self.fault == "drop the chain rule's inner derivative" else 4) * w * gaps
        both = weights if self.fault == "drop a delta" else weights + weights.T
        gradients = {
            "X": (both[:, :, None] * (X[:, None] - X[None])).sum(1),
            "T": (2 if self.fault == "flip a sign by T" else -2) * w * gaps,
            "w": (gaps**2).sum() * (2 if self.fault == "wrong factor by w" else 1),
        }
        if isinstance(wrt, str):
            return self.value(X, T, w=w), gradients[wrt]
        return self.value(X, T, w=w), tuple(gradients[name] for name in wrt or ("X", "T"))

    def hvp(self, X: Any, T: Any, V: Any, *, w: float, wrt: str) -> Any:
        gaps = self.gaps(X, T)
        if wrt == "T":
            return 2 * w * V * (1 - np.eye(len(X)))
        mask = 1 - np.eye(len(X))
        change = 2 * ((X[:, None] - X[None]) * (V[:, None] - V[None])).sum(-1) * mask
        both, moved = gaps + gaps.T, change + change.T
        result = 4 * w * (both[:, :, None] * (V[:, None] - V[None])).sum(1)
        if self.fault == "drop the second term of the product rule":
            return result
        return result + 4 * w * (moved[:, :, None] * (X[:, None] - X[None])).sum(1)


class Softmax:
    """S_ij = softmax over j of X_ij: a tensor that is neither pair nor scalar in its module."""

    KIND = "tensor"

    def __init__(self, fault: str = "") -> None:
        self.fault = fault

    def evaluate(self, X: Any) -> Any:
        shares = np.exp(X - X.max(1, keepdims=True))
        return shares / (shares.sum(0) if self.fault == "normalise columns" else shares.sum(1, keepdims=True))

    def vjp(self, X: Any, W: Any, *, wrt: Any = None) -> Any:
        s = self.evaluate(X)
        pull = 0.0 if self.fault == "drop the second term of the product rule" else (W * s).sum(1, keepdims=True)
        return s * (W - pull)

    def jvp(self, X: Any, dX: Any) -> Any:
        s = self.evaluate(X)
        return s * (dX - (dX * s).sum(1, keepdims=True))
