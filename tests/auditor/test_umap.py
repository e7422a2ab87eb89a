"""The gradients of umap-learn, as it ships them: those that are wrong are found, those that are right are called right."""

from __future__ import annotations

from pathlib import Path

import pytest

from tensorderiv.auditor import audit, load_function

FUNCTIONS = Path(__file__).with_name("umap_functions.py")

EUCLIDEAN = "D(x, y) = sqrt(sum_i (x_i - y_i)^2)"
HALF_SYMMETRIC_KL = """
P[i] = x[i] / (sum_j x[j])
Q[i] = y[i] / (sum_j y[j])
D(x, y) = (sum_i (P[i] - Q[i]) log(P[i] / Q[i])) / 2
"""
CORRELATION = """
xbar = (sum_i x[i]) / d
ybar = (sum_i y[i]) / d
D(x, y) = 1 - (sum_i (x[i] - xbar) (y[i] - ybar)) / (sqrt(sum_i (x[i] - xbar)^2) * sqrt(sum_i (y[i] - ybar)^2))
"""
GAUSSIAN = """
s11 = x[2] cos(x[4])^2 + x[3] sin(x[4])^2 + y[2] cos(y[4])^2 + y[3] sin(y[4])^2
s12 = (x[2] - x[3]) sin(x[4]) cos(x[4]) + (y[2] - y[3]) sin(y[4]) cos(y[4])
s22 = x[2] sin(x[4])^2 + x[3] cos(x[4])^2 + y[2] sin(y[4])^2 + y[3] cos(y[4])^2
Delta = s11 s22 - s12^2
D(x, y) = (s22 (x[0] - y[0])^2 - 2 s12 (x[0] - y[0]) (x[1] - y[1]) + s11 (x[1] - y[1])^2) / Delta + log(Delta) + log(2 pi)
"""
DIAGONAL_GAUSSIAN = """
s1 = abs(x[2]) + abs(y[2])
s2 = abs(x[3]) + abs(y[3])
D(x, y) = ((x[0] - y[0])^2 / s1 + (x[1] - y[1])^2 / s2 + log(s1 s2)) / 2 + log(2 pi)
"""
SPHERICAL_GAUSSIAN = """
s = abs(x[2]) + abs(y[2])
D(x, y) = ((x[0] - y[0])^2 + (x[1] - y[1])^2) / (2 s) + log(s) + log(2 pi)
"""
HAVERSINE = "D(x, y) = 2 asin(sqrt(sin((x[0] - y[0]) / 2)^2 + {0}(x[0]) {0}(y[0]) sin((x[1] - y[1]) / 2)^2))"

RIGHT = {
    "euclidean_grad": EUCLIDEAN,
    "standardised_euclidean_grad": "tensor v[d] > 0\nD(x, y) = sqrt(sum_i (x_i - y_i)^2 / v_i)",
    "manhattan_grad": "D(x, y) = sum_i abs(x_i - y_i)",
    "chebyshev_grad": "D(x, y) = max_i abs(x_i - y_i)",
    "minkowski_grad": "scalar p\nD(x, y) = (sum_i abs(x_i - y_i)^p)^(1/p)",
    "weighted_minkowski_grad": "tensor w[d]\nscalar p\nD(x, y) = (sum_i w_i abs(x_i - y_i)^p)^(1/p)",
    "mahalanobis_grad": "tensor V[d,d]\nD(x, y) = sqrt(sum_{i,j} (x_i - y_i) V_ij (x_j - y_j))",
    "canberra_grad": "D(x, y) = sum_i abs(x_i - y_i) / (abs(x_i) + abs(y_i))",
    "cosine_grad": "D(x, y) = 1 - (sum_i x_i y_i) / (sqrt(sum_i x_i^2) * sqrt(sum_i y_i^2))",
    "correlation_grad": CORRELATION,
    "hellinger_grad": "D(x, y) = sqrt(1 - (sum_i sqrt(x_i y_i)) / sqrt((sum_i x_i) * (sum_i y_i)))",
    "hyperboloid_grad": "D(x, y) = acosh(sqrt((1 + (sum_i x_i^2)) * (1 + (sum_i y_i^2))) - (sum_i x_i y_i))",
    "spherical_gaussian_energy_grad": SPHERICAL_GAUSSIAN,
    "diagonal_gaussian_energy_grad": DIAGONAL_GAUSSIAN,
    # its latitudes are measured from the pole
    "haversine_grad": HAVERSINE.format("sin"),
}


def verdict_on(name: str, definition: str):
    return audit(load_function(f"{FUNCTIONS}:{name}"), definition)


@pytest.mark.parametrize("name", RIGHT)
def test_the_right_ones_are_right(name: str) -> None:
    verdict = verdict_on(name, RIGHT[name])
    assert verdict.verdict == "right", str(verdict)
    assert [finding.what for finding in verdict.findings] == ["value", "gradient by x"]
    assert not verdict.examples


def test_an_added_constant_is_told_with_its_place() -> None:
    (value, gradient) = verdict_on("euclidean_grad", EUCLIDEAN).findings
    assert value.kind == "within rounding"
    assert gradient.words == "up to 1e-06 added to the denominator D"


def test_more_entries_than_the_vector_has() -> None:
    verdict = verdict_on("diagonal_gaussian_energy_grad", DIAGONAL_GAUSSIAN)
    assert any("more entries than its vector" in remark for remark in verdict.remarks)


def test_symmetric_kl() -> None:
    verdict = verdict_on("symmetric_kl_grad", HALF_SYMMETRIC_KL)
    value, gradient = verdict.findings
    assert (value.verdict, gradient.verdict) == ("right", "wrong")
    assert "1e-11 added to every entry of x and y" in value.words
    assert "the gradient by Q, which belongs to y, not x" in gradient.words
    assert "the chain factor of Q_i = y_i / sum_j y_j is missing" in gradient.words
    assert "the function changes its arguments x and y in place" in verdict.remarks
    assert any("the parameter z" in remark for remark in verdict.remarks)
    (example,) = verdict.examples
    assert example.sizes == {"d": 2}
    # the true gradient is orthogonal to x: the normalised vector does not change along it
    assert example.due @ example.inputs["x"] == pytest.approx(0, abs=1e-12)
    assert abs(example.returned @ example.inputs["x"]) > 0.1


def test_gaussian_energy() -> None:
    verdict = verdict_on("gaussian_energy_grad", GAUSSIAN)
    value, gradient = verdict.findings
    assert (value.verdict, gradient.verdict) == ("right", "wrong")
    entries = dict(part.split(": ", 1) for part in gradient.words.split("; "))
    assert list(entries) == ["entry 2", "entry 3", "entry 4"]
    assert all("log(Delta)" in words or "/ Delta is there" in words for words in entries.values())
    assert "-2 s12 (x[0] - y[0])(x[1] - y[1]) has its sign flipped" in entries["entry 3"]
    assert verdict.examples


def test_haversine_of_latitudes_from_the_equator() -> None:
    value, gradient = verdict_on("haversine_grad", HAVERSINE.format("cos")).findings
    assert (value.verdict, gradient.verdict) == ("wrong", "wrong")
    for finding in (value, gradient):
        assert "another definition" in finding.words
        assert finding.words.split(";")[0].endswith("sin(x[0]) stands in place of cos(x[0]), and likewise for y")
    assert "it is the gradient of the value that is returned" in gradient.words


def test_bray_curtis_forgets_a_sign() -> None:
    verdict = verdict_on("bray_curtis_grad", "D(x, y) = (sum_i abs(x_i - y_i)) / (sum_i abs(x_i + y_i))")
    assert verdict.verdict == "wrong"
    assert "the factor sign(x_k + y_k) is missing" in verdict.findings[1].words
    assert verdict.remarks == ("it is right for x, y: entries in (0.1, 1): declare the domain if only such inputs occur",)
    positive = "tensor x[d] > 0\ntensor y[d] > 0\nD(x, y) = (sum_i abs(x_i - y_i)) / (sum_i abs(x_i + y_i))"
    assert verdict_on("bray_curtis_grad", positive)
