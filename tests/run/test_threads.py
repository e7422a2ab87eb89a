"""The same bits from any thread and for any number of them; BLAS is left alone."""

from __future__ import annotations

import os
import threading
from types import ModuleType

import numba
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


def test_a_thread_of_its_own_gets_the_same_bits(products: ModuleType) -> None:
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


def test_any_number_of_threads_gives_the_same_bits(products: ModuleType) -> None:
    X, Y = np.random.default_rng(1).normal(size=(2, 900, 40))
    before = numba.get_num_threads()
    found = []
    try:
        for count in dict.fromkeys((1, min(2, numba.config.NUMBA_NUM_THREADS), numba.config.NUMBA_NUM_THREADS)):
            numba.set_num_threads(count)
            value, gradients = products.value_and_grad(X, Y)
            found.append([np.float64(value).tobytes(), *(g.tobytes() for g in gradients)])
    finally:
        numba.set_num_threads(before)
    assert len(found) > 1 or numba.config.NUMBA_NUM_THREADS == 1
    assert all(one == found[0] for one in found)


def test_the_threads_of_blas_are_left_alone(products: ModuleType) -> None:
    """A kernel that held BLAS to one thread would do so for whatever else runs at the same time."""
    before, inside = threadpool_info(), []
    run = products._run

    def watched(*arguments: object) -> None:
        inside.append(threadpool_info())
        run(*arguments)

    products._run = watched
    try:
        products.value(*np.random.default_rng(1).normal(size=(2, 300, 9)))
    finally:
        products._run = run
    assert inside and all(one == before for one in inside)


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="the system does not say which processor a thread runs on")
def test_helpers_leave_the_caller_its_processor(products: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """While a kernel runs its helpers may be on all processors but the caller's; afterwards on all of them."""
    allowed = os.sched_getaffinity(0)
    X, Y = np.random.default_rng(1).normal(size=(2, 600, 9))
    products.value(X, Y)  # now there are helpers
    moved: dict[int, list[set[int]]] = {}
    real = os.sched_setaffinity

    def watched(thread: int, processors: set[int]) -> None:
        moved.setdefault(thread, []).append(set(processors))
        real(thread, processors)

    monkeypatch.setattr(os, "sched_setaffinity", watched)
    monkeypatch.setattr(products, "_processor", lambda: min(allowed))
    products.value(X, Y)
    helpers = products._threads.pool[2] if products._threads.pool else []
    steps = [allowed - {min(allowed)}, allowed]
    busy = len(allowed) > 1 and numba.get_num_threads() > 1
    assert all(steps == places[:2] for places in moved.values()) and bool(moved) == busy
    assert set(moved) == (set(helpers) if busy else set())
    assert all(os.sched_getaffinity(helper) == allowed for helper in helpers)


def test_a_helper_that_is_busy_elsewhere_is_not_waited_for(products: ModuleType) -> None:
    """Another caller may keep the helpers for long; the parts are done without them."""
    X, Y = np.random.default_rng(1).normal(size=(2, 600, 9))
    expected = products.value(X, Y)
    if numba.get_num_threads() == 1:
        return
    pool, names = products._threads.helpers(numba.get_num_threads() - 1)
    go_on = threading.Event()
    busy = [pool.submit(go_on.wait, 60) for _ in range(2 * len(names))]
    try:
        assert products.value(X, Y) == expected
        assert not any(one.done() for one in busy)
    finally:
        go_on.set()
