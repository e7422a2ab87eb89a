"""Random points lie in the domains, exactly; sizes go from the least to what the free indices need."""

from __future__ import annotations

from fractions import Fraction
from itertools import islice

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tensorderiv.algebra.program import Program
from tensorderiv.equality import Claim
from tensorderiv.equality.points import MANNERS, Point, passes, point_at, sizes_of
from tensorderiv.language import read

TEXT = """
tensor P[n,d] in simplex
tensor Q[n,d] in sphere
tensor S[d,d] symmetric
tensor M[d,d] spd
tensor I[n] in (0,1)
tensor J[n] in [-2,5]
tensor K[n] <= -3
tensor Z[n] >= 0
scalar t > 0
labels c[n] in C
tensor W[C]
L = sum_i (sum_p P_ip Q_ip + sum_{p,q} S_pq M_pq + I_i + J_i + K_i + Z_i) t W[c[i]]
"""


def claim_of(program: Program) -> Claim:
    output = program.output
    return Claim.within(program, output.body, output.body, output.indices)


def check(point: Point) -> None:
    """Every input lies in its domain."""
    inputs, sizes = point.inputs, point.sizes
    assert all(sum(row) == 1 and min(row) > 0 for row in inputs["P"])
    assert all(sum(x * x for x in row) == 1 for row in inputs["Q"])
    assert (inputs["S"] == inputs["S"].T).all() and (inputs["M"] == inputs["M"].T).all()
    assert np.linalg.eigvalsh(inputs["M"].astype(float)).min() > 0
    assert all(0 < x < 1 for x in inputs["I"]) and all(-2 <= x <= 5 for x in inputs["J"])
    assert all(x <= -3 for x in inputs["K"]) and all(x >= 0 for x in inputs["Z"]) and inputs["t"].item() > 0
    assert all(0 <= label < sizes["C"] for label in inputs["c"])
    assert all(isinstance(x, Fraction) for name in "PQSMIJKZW" for x in inputs[name].flat)


@given(
    st.integers(0, 10**6), st.sampled_from(MANNERS), st.fixed_dictionaries({name: st.integers(1, 4) for name in ("n", "d", "C")})
)
def test_every_point_lies_in_the_domain(seed: int, manner: object, sizes: dict[str, int]) -> None:
    check(point_at(claim_of(read(TEXT)), sizes, manner, seed))  # type: ignore[arg-type]


def test_the_check_of_the_domain_can_fail() -> None:
    point = point_at(claim_of(read(TEXT)), {"n": 2, "d": 2, "C": 2}, MANNERS[0], 0)
    for name in "PQSMIJK":
        with pytest.raises(AssertionError):
            check(
                Point(
                    point.sizes,
                    {
                        **point.inputs,
                        name: point.inputs[name] + np.arange(point.inputs[name].size).reshape(point.inputs[name].shape) + 9,
                    },
                    True,
                )
            )


def test_the_same_seed_gives_the_same_points() -> None:
    claim = claim_of(read(TEXT))
    first, second = ([list(islice(points, 5)) for points in islice(passes(claim, MANNERS, 3), 3)] for _ in range(2))
    assert str(first) == str(second)
    assert str(first) != str([list(islice(points, 5)) for points in islice(passes(claim, MANNERS, 4), 3)])


def test_sizes_start_at_the_least_and_suffice_for_all_free_indices_to_differ() -> None:
    sizes = sizes_of(claim_of(read("F_ijkl = x_i x_j x_k x_l + y[1]\n")))
    assert sizes[0] == {"n": 1, "m": 2}
    assert {"n": 4, "m": 3} in sizes
    assert [sum(item.values()) for item in sizes] == sorted(sum(item.values()) for item in sizes)
