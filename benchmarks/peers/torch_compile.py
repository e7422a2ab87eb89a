"""torch.compile of the same formulas; for values also of broadcast ones, which it fuses, without an n x m x d array."""

from __future__ import annotations

from itertools import count
from types import FunctionType
from typing import Any

from benchmarks.pairs import GAMMA
from benchmarks.peers.peer import Offer, Peer
from benchmarks.peers.torch_formulas import PAIRS, Formula, offer_of
from benchmarks.tasks import SCALAR, VALUES, VJP, Task

NUMBERS = count()


def squares(X: Any, Y: Any) -> Any:
    return (X[:, None] - Y[None]).square().sum(-1)


BROADCAST: dict[str, tuple[Formula, str]] = {
    "sqeuclidean": (squares, ""),
    "euclidean": (lambda X, Y: squares(X, Y).sqrt(), ""),
    "cityblock": (lambda X, Y: (X[:, None] - Y[None]).abs().sum(-1), ""),
    "rbf": (lambda X, Y: (-GAMMA * squares(X, Y)).exp(), ""),
}


def compiled(formula: Formula) -> Formula:
    """A compilation for fixed shapes, of a code object of its own.

    Dynamo counts compilations by code object and runs eagerly, without a word, after some; so tasks must not share one.
    """
    import torch

    code = formula.__code__.replace(co_name=f"{formula.__name__.strip('<>')}_{next(NUMBERS)}")
    own = FunctionType(code, formula.__globals__, code.co_name, formula.__defaults__, formula.__closure__)
    function: Formula = torch.compile(own, dynamic=False)
    return function


def offer(task: Task) -> Offer | None:
    return None if task.group == SCALAR else offer_of(compiled, task, PAIRS)


def broadcast(task: Task) -> Offer | None:
    return offer_of(compiled, task, BROADCAST) if task.group == VALUES else None


def limits(task: Task) -> str:
    """Every row compiles for some seconds: of the pairwise functions, those at one size."""
    usual = task.group not in (VALUES, VJP) or task.sizes == (2000, 64)
    return "" if usual else "compiles some seconds for each row; run at n = 2000, d = 64 alone"


PEERS = (
    Peer("torch.compile", "torch", "torch", offer, limits, slow_start=True),
    Peer("torch.compile, broadcast", "torch", "torch", broadcast, limits, slow_start=True),
)
