"""The same bits from any thread, and BLAS left as it was found."""

from __future__ import annotations

import threading
from types import ModuleType

import numpy as np
import pytest
from threadpoolctl import threadpool_info

from tensorderiv.emit import emit
from tensorderiv.language import read
from tensorderiv.run import load_source

DEFINITION = """
tensor X[n,d], Y[n,d]
S_ij = sum_p X_ip Y_jp
L = sum_i log(sum_j exp(S_ij))
"""


@pytest.fixture(scope="module")
def products() -> ModuleType:
    return load_source(emit(read(DEFINITION), "products"), "products")


def blas_threads() -> list[int]:
    return [library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"]


def test_a_thread_of_its_own_gets_the_same_bits(products: ModuleType) -> None:
    """Products of 256 rows with 301 and 9: BLAS gives other last bits on two threads, so it must be held to one here as well."""
    rng = np.random.default_rng(0)
    X, Y = rng.normal(size=(2, 301, 9))
    _, here = products.value_and_grad(X, Y)
    found: list[tuple[np.ndarray, ...]] = []
    for _ in range(3):
        thread = threading.Thread(target=lambda: found.append(products.value_and_grad(X, Y)[1]))
        thread.start()
        thread.join()
    for there in found:
        for one, other in zip(here, there, strict=True):
            np.testing.assert_array_equal(one, other)


def test_blas_is_left_as_it_was(products: ModuleType) -> None:
    before = blas_threads()
    inside: list[list[int]] = []
    run = products._run

    def watched(*arguments: object) -> None:
        inside.append(blas_threads())
        run(*arguments)

    X = np.random.default_rng(1).normal(size=(2, 300, 9))
    products._run = watched
    try:
        threads = [threading.Thread(target=lambda: [products.value(*X) for _ in range(20)]) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        products._run = run
    assert inside and all(count == 1 for counts in inside for count in counts)
    assert blas_threads() == before
