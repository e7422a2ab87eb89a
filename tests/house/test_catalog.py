"""The catalogue: every entry is read, means what its reference says, and is told apart from the others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy.spatial.distance import cdist

import tensorderiv as td
from tensorderiv.catalog.reading import FIELDS, REQUIRED, read_entry
from tensorderiv.errors import NameProblem

RNG = np.random.default_rng(0)
X, Y, A, P, N = RNG.normal(size=(5, 4, 3))
M = np.eye(3) + 0.1
DELTA = np.abs(RNG.normal(size=(4, 4)))
NAMES = list(td.catalog)


def angle(u: Any, v: Any) -> Any:
    return np.arccos(np.sum(u * v, axis=1) / np.linalg.norm(u, axis=1) / np.linalg.norm(v, axis=1))


def cross_entropy() -> Any:
    scores = 1 - cdist(X, Y, "cosine")
    return -np.mean(np.log(np.diag(np.exp(scores)) / np.exp(scores).sum(axis=1)))


REFERENCES: dict[str, tuple[dict[str, Any], Callable[[], Any]]] = {
    "sqeuclidean": ({"X": X}, lambda: cdist(X, X, "sqeuclidean")),
    "sqeuclidean_columns": ({"X": X}, lambda: cdist(X.T, X.T, "sqeuclidean")),
    "euclidean": ({"X": X}, lambda: cdist(X, X)),
    "cityblock": ({"X": X}, lambda: cdist(X, X, "cityblock")),
    "cosine": ({"X": X}, lambda: cdist(X, X, "cosine")),
    "cosine_similarity": ({"X": X}, lambda: 1 - cdist(X, X, "cosine")),
    "geodesic": ({"X": X}, lambda: np.arccos(np.clip(1 - cdist(X, X, "cosine"), -1, 1))),
    "mahalanobis": ({"X": X, "M": M}, lambda: cdist(X, X, "mahalanobis", VI=M)),
    "rbf": ({"X": X, "gamma": 0.7}, lambda: np.exp(-0.7 * cdist(X, X, "sqeuclidean"))),
    "mds_stress": ({"X": X, "Delta": DELTA}, lambda: np.sum(np.triu(cdist(X, X) - DELTA, 1) ** 2)),
    "npairs": ({"X": X, "Y": Y, "t": 1.0}, cross_entropy),
    "triplet": (
        {"A": A, "P": P, "N": N, "alpha": 0.2},
        lambda: np.maximum(0, np.sum((A - P) ** 2, axis=1) - np.sum((A - N) ** 2, axis=1) + 0.2).sum(),
    ),
    "triplet_geodesic": (
        {"A": A, "P": P, "N": N, "alpha": 0.2},
        lambda: np.maximum(0, angle(A, P) - angle(A, N) + 0.2).sum(),
    ),
}
"""Entry -> inputs, and its value by an implementation that shares nothing with ours."""


@pytest.mark.parametrize("name", NAMES)
def test_meaning_agrees_with_the_reference(name: str) -> None:
    inputs, reference = REFERENCES[name]
    off_diagonal = ~np.eye(len(X), dtype=bool) if name == "geodesic" else True  # arccos near 1 has no digits to compare
    value = np.asarray(td.catalog[name].evaluate(**inputs))
    np.testing.assert_allclose(value[off_diagonal], np.asarray(reference())[off_diagonal], rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("name", NAMES)
def test_an_entry_is_complete(name: str) -> None:
    entry, definition = td.catalog.entry(name), td.catalog[name]
    assert definition.name == entry.name == name
    assert all(getattr(entry, field) for field in REQUIRED)
    for alias in entry.aliases:
        assert td.catalog[alias] is definition
        assert alias in td.catalog


@pytest.mark.parametrize("name", NAMES)
def test_derivatives_exist(name: str) -> None:
    derivation = td.catalog[name].derive()
    assert derivation.steps
    assert str(derivation.result)


def test_the_catalogue_is_a_mapping() -> None:
    assert len(td.catalog) == len(NAMES) == len(set(NAMES))
    assert td.catalog.get("nothing") is None
    assert "nothing" not in td.catalog
    assert 3 not in td.catalog
    import tensorderiv.catalog

    assert tensorderiv.catalog is td.catalog


def test_an_unknown_name_names_the_nearest() -> None:
    with pytest.raises(KeyError, match="did you mean") as caught:
        td.catalog["sqeuclidian"]
    assert isinstance(caught.value, NameProblem)
    assert "sqeuclidean" in str(caught.value)


HEADER = "".join(f"# {field}: something\n" for field in REQUIRED)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("L = x_0\n", "no title, domain"),
        (HEADER + "# colour: red\nL = x_0\n", "unknown field 'colour'; the fields are"),
        (HEADER + "# title: again\nL = x_0\n", "'title' is given twice"),
    ],
)
def test_a_faulty_header_is_refused(content: str, message: str) -> None:
    with pytest.raises(NameProblem, match=message):
        read_entry("faulty", "loss", content)


def test_every_field_is_kept() -> None:
    entry = read_entry("whole", "loss", "".join(f"# {field}: about {field}\n" for field in FIELDS) + "\n# a comment\nL = x_0\n")
    assert (entry.note, entry.aliases, entry.definition) == ("about note", ("about aliases",), "# a comment\nL = x_0")
