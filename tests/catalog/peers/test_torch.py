"""Entries against torch: values and gradients by its autograd, and where its conventions differ."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch.nn import functional as F  # noqa: N812

import tensorderiv as td
from tests.catalog.agreement import changed, excess, fresh, gradient_excess

Tensors = dict[str, torch.Tensor]
SIGNS = np.array([1.0, -1.0, -1.0, 1.0])
BITS = np.array([1.0, 0.0, 0.0, 1.0])


def pairs(function: Callable[..., torch.Tensor], *further: str) -> Callable[[Tensors], torch.Tensor]:
    """A function of two vectors at all pairs of rows."""
    return lambda a: torch.stack([torch.stack([function(x, y, *(a[name] for name in further)) for y in a["X"]]) for x in a["X"]])


def cosine_embedding(a: Tensors, target: int, margin: float = 0.0) -> torch.Tensor:
    return F.cosine_embedding_loss(a["x"][None], a["y"][None], torch.tensor([target]), margin=margin)


FUNCTIONS: dict[str, Callable[[Tensors], torch.Tensor]] = {
    "euclidean": lambda a: torch.cdist(a["X"], a["X"], compute_mode="donot_use_mm_for_euclid_dist"),
    "cityblock": lambda a: torch.cdist(a["X"], a["X"], p=1),
    "chebyshev": lambda a: torch.cdist(a["X"], a["X"], p=torch.inf),
    "minkowski": lambda a: torch.cdist(a["X"], a["X"], p=a["p"].item()),
    "pairwise_distance_eps": pairs(lambda x, y, p, epsilon: F.pairwise_distance(x, y, p.item(), epsilon.item()), "p", "epsilon"),
    "cosine_similarity": lambda a: F.cosine_similarity(a["X"][:, None], a["X"], dim=2),
    "bilinear_form": pairs(lambda x, y, A: F.bilinear(x, y, A[None])[0], "A"),
    "kullback_leibler": pairs(lambda x, y: F.kl_div(y.log(), x, reduction="sum")),
    "mse": lambda a: F.mse_loss(a["x"], a["y"]),
    "l1_loss": lambda a: F.l1_loss(a["x"], a["y"]),
    "huber": lambda a: F.huber_loss(a["x"], a["y"], delta=a["delta"].item()),
    "smooth_l1": lambda a: F.smooth_l1_loss(a["x"], a["y"], beta=a["beta"].item()),
    "bce": lambda a: F.binary_cross_entropy(a["x"], a["y"]),
    "bce_with_logits": lambda a: F.binary_cross_entropy_with_logits(a["x"], a["y"]),
    "kl_div_loss": lambda a: F.kl_div(a["x"], a["y"], reduction="sum"),
    "cross_entropy": lambda a: F.cross_entropy(a["x"], a["t"]),
    "nll": lambda a: F.nll_loss(a["x"], a["t"]),
    "soft_cross_entropy": lambda a: F.cross_entropy(a["x"], a["y"]),
    "poisson_nll": lambda a: F.poisson_nll_loss(a["x"], a["y"]),
    "gaussian_nll": lambda a: F.gaussian_nll_loss(a["x"], a["y"], a["v"]),
    "soft_margin": lambda a: F.soft_margin_loss(a["x"], a["y"]),
    "hinge_embedding": lambda a: F.hinge_embedding_loss(a["x"], a["y"], margin=a["m"].item()),
    "margin_ranking": lambda a: F.margin_ranking_loss(a["x"], a["y"], a["t"], margin=a["m"].item()),
    "multi_margin": lambda a: F.multi_margin_loss(a["x"], a["t"], p=int(a["g"].item()), margin=a["m"].item()),
    "multilabel_soft_margin": lambda a: F.multilabel_soft_margin_loss(a["x"], a["y"]),
    "triplet_margin_torch": lambda a: F.triplet_margin_loss(
        a["x"], a["y"], a["z"], margin=a["m"].item(), eps=a["epsilon"].item()
    ),
}

GIVEN: dict[str, dict[str, Any]] = {
    "soft_margin": {"y": SIGNS},
    "hinge_embedding": {"y": SIGNS},
    "margin_ranking": {"t": SIGNS},
    "multilabel_soft_margin": {"y": BITS},
    "multi_margin": {"g": 2.0},
    "pairwise_distance_eps": {"epsilon": 1e-6},
    "triplet_margin_torch": {"epsilon": 1e-6, "m": 3.0},
}


def tensors(arrays: dict[str, Any], wrt: str) -> Tensors:
    found = {name: torch.tensor(array) for name, array in arrays.items()}
    found[wrt].requires_grad_()
    return found


@pytest.mark.parametrize("name", FUNCTIONS)
def test_values_and_gradients(name: str) -> None:
    arrays = fresh(name, **GIVEN.get(name, {}))
    wrt = "X" if "X" in arrays else "x"
    given = tensors(arrays, wrt)
    value = FUNCTIONS[name](given)
    assert excess(value.detach().numpy(), name, arrays) <= 1
    (value[~torch.eye(len(value), dtype=torch.bool)].sum() if value.ndim else value).backward()
    assert gradient_excess(given[wrt].grad.numpy(), name, arrays, wrt) <= 1


@pytest.mark.parametrize(("name", "target"), [("cosine_embedding_positive", 1), ("cosine_embedding_negative", -1)])
def test_cosine_embedding(name: str, target: int) -> None:
    """torch adds 1e-12 to both squared norms."""
    arrays = fresh(name, **({} if target == 1 else {"m": -0.9}))
    shifted = changed(name, "_i^2)", "_i^2 + 0.000000000001)")
    given = tensors(arrays, "x")
    value = cosine_embedding(given, target, -0.9 if target == -1 else 0.0)
    value.backward()
    assert excess(value.item(), shifted, arrays) <= 1
    assert gradient_excess(given["x"].grad.numpy(), shifted, arrays, "x") <= 1


def test_pairwise_distance_at_equal_points() -> None:
    """The gradient of torch is (1, ..., 1)/sqrt(d), and so is ours of the same formula; that of euclidean is 0."""
    x = torch.ones(4, dtype=torch.float64, requires_grad=True)
    F.pairwise_distance(x, torch.ones(4, dtype=torch.float64)).backward()
    assert x.grad.numpy() == pytest.approx(np.full(4, 0.5))
    ones = np.ones((2, 4))
    assert td.catalog["pairwise_distance_eps"].derive("X_uv").evaluate(X=ones, p=2.0, epsilon=1e-6)[0, 1, 0] == pytest.approx(
        np.full(4, 0.5)
    )
    assert not td.catalog["euclidean"].derive("X_uv").evaluate(X=ones).any()


def test_cdist_has_no_second_derivative() -> None:
    X = torch.tensor(fresh("euclidean")["X"], requires_grad=True)
    (first,) = torch.autograd.grad(torch.cdist(X, X).sum(), X, create_graph=True)
    with pytest.raises(RuntimeError, match="not implemented"):
        torch.autograd.grad(first.sum(), X)


def test_the_clamp_of_gaussian_nll_is_hidden_from_the_gradient() -> None:
    v = torch.full((1,), 1e-9, dtype=torch.float64, requires_grad=True)
    x = torch.zeros(1, dtype=torch.float64)
    F.gaussian_nll_loss(x, x, v).backward()
    assert v.grad.item() == pytest.approx(0.5 / 1e-6)
