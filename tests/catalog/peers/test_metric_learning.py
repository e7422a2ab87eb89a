"""Entries against pytorch-metric-learning: values and gradients by autograd, and where its gradient is not that of its value."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from pytorch_metric_learning import distances, losses, regularizers

import tensorderiv as td
from tests.catalog.agreement import SIZES, excess, fresh, gradient_excess

Arrays = dict[str, Any]
LABELS = np.array([0, 1, 0, 1, 1])
C, D, K = SIZES["C"], SIZES["d"], SIZES["K"]


def of_batch(loss: Callable[[Arrays], Any]) -> Callable[[Arrays, Any], Any]:
    """A loss of embeddings and labels."""
    return lambda a, E: loss(a)(E, torch.tensor(a["c"]))


def of_classes(loss: Callable[[Arrays], Any]) -> Callable[[Arrays, Any], Any]:
    """A loss that holds a weight a class."""

    def value(a: Arrays, E: Any) -> Any:
        made = loss(a)
        weights = made.proxies if hasattr(made, "proxies") else made.W
        columns = tuple(weights.shape) == (D, C)
        weights.data = torch.tensor(a["W"].T.copy() if columns else a["W"])
        return made(E, torch.tensor(a["c"]))

    return value


FUNCTIONS: dict[str, Callable[[Arrays, Any], Any]] = {
    "contrastive": of_batch(lambda a: losses.ContrastiveLoss(pos_margin=a["mpos"].item(), neg_margin=a["mneg"].item())),
    "triplet_margin": of_batch(lambda a: losses.TripletMarginLoss(margin=a["m"].item())),
    "triplet_smooth": of_batch(lambda a: losses.TripletMarginLoss(margin=a["m"].item(), smooth_loss=True)),
    "ntxent": of_batch(lambda a: losses.NTXentLoss(temperature=a["tau"].item())),
    "supcon": of_batch(lambda a: losses.SupConLoss(temperature=a["tau"].item())),
    "multi_similarity": of_batch(
        lambda a: losses.MultiSimilarityLoss(alpha=a["alpha"].item(), beta=a["beta"].item(), base=a["base"].item())
    ),
    "lifted_structure": of_batch(lambda a: losses.LiftedStructureLoss(neg_margin=a["mneg"].item(), pos_margin=a["mpos"].item())),
    "nca_loss": of_batch(lambda a: losses.NCALoss(softmax_scale=1)),
    "margin_loss": of_batch(lambda a: losses.MarginLoss(margin=a["m"].item(), beta=a["beta"].item())),
    "snr_contrastive": of_batch(
        lambda a: losses.SignalToNoiseRatioContrastiveLoss(pos_margin=a["mpos"].item(), neg_margin=a["mneg"].item())
    ),
    "instance": of_batch(lambda a: losses.InstanceLoss(gamma=a["gamma"].item())),
    "proxy_nca": of_classes(lambda a: losses.ProxyNCALoss(C, D, softmax_scale=1)),
    "normalized_softmax": of_classes(lambda a: losses.NormalizedSoftmaxLoss(C, D, temperature=a["tau"].item())),
    "cosface": of_classes(lambda a: losses.CosFaceLoss(C, D, margin=a["m"].item(), scale=a["s"].item())),
    "arcface": of_classes(lambda a: losses.ArcFaceLoss(C, D, margin=np.degrees(a["m"].item()), scale=a["s"].item())),
    "sphereface": of_classes(lambda a: losses.SphereFaceLoss(C, D, margin=int(a["m"].item()), scale=1)),
    "reg_lp": lambda a, E: regularizers.LpRegularizer()(E),
    "reg_center_invariant": lambda a, E: regularizers.CenterInvariantRegularizer()(E),
    "reg_zero_mean": lambda a, E: regularizers.ZeroMeanRegularizer()(E),
    "reg_sparse_centers": lambda a, V: regularizers.SparseCentersRegularizer(C, K)(V.reshape(C * K, D)),
    "euclidean": lambda a, X: distances.LpDistance(p=2, normalize_embeddings=False)(X),
    "normalized_lp": lambda a, X: distances.LpDistance(p=a["p"].item())(X),
    "cosine_similarity": lambda a, X: distances.CosineSimilarity()(X),
    "inner_product": lambda a, X: distances.DotProductSimilarity(normalize_embeddings=False)(X),
}

GIVEN: dict[str, dict[str, Any]] = {
    "contrastive": {"mpos": 0.1, "mneg": 1.3},
    "snr_contrastive": {"mpos": 0.1, "mneg": 1.0},
    "lifted_structure": {"mpos": 0.0, "mneg": 1.0},
    "margin_loss": {"m": 0.2, "beta": float(np.float32(1.2))},  # the package holds beta in float32
    "multi_similarity": {"beta": 10.0, "base": 0.5},
    "arcface": {"m": 0.5},
    "sphereface": {"m": 4.0},
    "proxy_nca": {"c": np.array([0, 1, 2, 1, 0])},
}


def inputs(name: str) -> tuple[Arrays, str]:
    """Fresh arrays, with two classes of labels, and the input that the gradient is by."""
    entry = td.catalog[name]
    given = {"c": LABELS} if any(tensor.name == "c" for tensor in entry.inputs) else {}
    arrays = fresh(name, **(given | GIVEN.get(name, {})))
    return arrays, next(wrt for wrt in ("E", "V", "X") if wrt in arrays)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_values_and_gradients(name: str) -> None:
    arrays, wrt = inputs(name)
    point = torch.tensor(arrays[wrt], requires_grad=True)
    value = FUNCTIONS[name](arrays, point)
    assert excess(value.detach().numpy(), name, arrays) <= 1
    (value[~torch.eye(len(value), dtype=torch.bool)].sum() if value.ndim else value).backward()
    assert gradient_excess(point.grad.numpy(), name, arrays, wrt) <= 1


def test_n_pairs() -> None:
    """NPairsLoss takes the first anchor and positive of each class; its inner products are normalised by default."""
    arrays = fresh("npairs") | {"t": np.asarray(1.0)}
    n = len(arrays["X"])
    labels = torch.arange(n).repeat(2)
    chosen = (torch.arange(n), torch.arange(n) + n, torch.tensor([0]), torch.tensor([1]))
    point = torch.tensor(arrays["X"], requires_grad=True)
    value = losses.NPairsLoss()(torch.vstack([point, torch.tensor(arrays["Y"])]), labels, indices_tuple=chosen)
    assert excess(value.item(), "npairs", arrays) <= 1
    value.backward()
    assert gradient_excess(point.grad.numpy(), "npairs", arrays, "X") <= 1


def test_circle_stops_the_gradient() -> None:
    """Its gradient is that of the value with the weights max(0, ...) held fixed, and not that of its value.

    gamma is small, because torch's Softplus is cut off at 20: beyond, log(1 + exp(x)) is x.
    """
    arrays = fresh("circle", c=LABELS, m=0.25, gamma=2.0)
    point = torch.tensor(arrays["E"], requires_grad=True)
    value = losses.CircleLoss(m=0.25, gamma=2.0)(point, torch.tensor(LABELS))
    assert excess(value.item(), "circle", arrays) <= 1
    value.backward()
    truth = td.catalog["circle"].derive("E_uv").evaluate(**arrays)
    assert np.abs(point.grad.numpy() - truth).max() > 0.1 * np.abs(truth).max()

    lines = td.catalog.entry("circle").definition
    held = (
        lines.replace("max(0, 1 + m - S_ap)", "U_ap")
        .replace("max(0, S_aq + m)", "V_aq")
        .replace("E[n,d]", "E[n,d], U[n,n], V[n,n]")
    )
    unit = arrays["E"] / np.linalg.norm(arrays["E"], axis=1, keepdims=True)
    S = unit @ unit.T
    weights = {"U": np.maximum(0, 1.25 - S), "V": np.maximum(0, S + 0.25)}
    assert point.grad.numpy() == pytest.approx(td.define(held).derive("E_uv").evaluate(**arrays, **weights), rel=1e-9)


def test_angular_leaves_negatives_unnormalised() -> None:
    """No entry: scaling all embeddings leaves a loss of normalised embeddings as it is, and changes AngularLoss."""
    E, labels = torch.tensor(fresh("supcon", c=LABELS)["E"]), torch.tensor(LABELS)
    assert losses.SupConLoss()(3 * E, labels).item() == pytest.approx(losses.SupConLoss()(E, labels).item())
    assert losses.AngularLoss()(3 * E, labels).item() != pytest.approx(losses.AngularLoss()(E, labels).item(), rel=1e-3)


def test_supcon_leaves_a_lone_row_out_of_its_mean() -> None:
    """Ours divides by n, theirs by the number of rows that have a positive."""
    arrays = fresh("supcon", c=np.array([0, 1, 0, 1, 2]))
    value = losses.SupConLoss(temperature=arrays["tau"].item())(torch.tensor(arrays["E"]), torch.tensor(arrays["c"])).item()
    assert excess(value * 4 / 5, "supcon", arrays) <= 1
