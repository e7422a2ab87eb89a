"""Where code goes: the stack of open loop bodies, and what each of them already knows.

An expression is computed in the outermost open body in which all its free indices are bound, once; a later request for the
same computation (up to the names of bound indices) gets the same local. Bodies of guards count as bodies of their loop, so
nothing that depends on the guarded index is computed outside the guard, except what the guard itself needs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tensorderiv.algebra.expression import Expr, Node
from tensorderiv.algebra.index import Index
from tensorderiv.algebra.traverse import free_indices
from tensorderiv.lower.key import canonical_bound
from tensorderiv.lower.nest import Alloc, Op


@dataclass(eq=False)
class Body:
    """An open body: its operations, the index names bound by it, the loop index if it is a loop, and what is known in it."""

    ops: list[Op]
    claims: set[str] = field(default_factory=set)
    loop: Index | None = None
    known: dict[Node, Expr] = field(default_factory=dict)


class Scope:
    """The stack of open bodies. `taken` holds every name that a local may not have."""

    def __init__(self, taken: Iterable[str]) -> None:
        self.root = Body([])
        self.stack = [self.root]
        self.taken = set(taken)
        self.counts: dict[str, int] = {}
        self.shared: Body | None = None  # the body of the parallel blocks: arrays allocated there belong to one block
        self.allocations: dict[int, list[Op]] = {}

    @property
    def body(self) -> Body:
        """The innermost open body."""
        return self.stack[-1]

    @property
    def top(self) -> int:
        return len(self.stack) - 1

    def emit(self, op: Op) -> None:
        self.body.ops.append(op)

    def depth_of(self, index: Index) -> int:
        """The depth of the innermost body that binds the index."""
        for depth in range(self.top, -1, -1):
            if index.name in self.stack[depth].claims:
                return depth
        raise KeyError(f"index {index.name} is not bound by an open loop")

    def level(self, node: Node) -> int:
        """The depth of the outermost body in which the node can be computed."""
        return max((self.depth_of(index) for index in free_indices(node)), default=0)

    def bound_names(self) -> set[str]:
        """The names of all indices bound at this place."""
        return {name for body in self.stack for name in body.claims}

    def known(self, node: Node) -> Expr | None:
        """The local that holds this computation, if one is visible here."""
        key = canonical_bound(node)
        return next((body.known[key] for body in reversed(self.stack) if key in body.known), None)

    def learn(self, node: Node, value: Expr) -> None:
        self.body.known[canonical_bound(node)] = value

    @contextmanager
    def at(self, depth: int) -> Iterator[None]:
        """Go out to the body of that depth; what is emitted stands before the loop that is open in it."""
        saved = self.stack
        self.stack = saved[: depth + 1]
        try:
            yield
        finally:
            self.stack = saved

    @contextmanager
    def within(self, body: Body) -> Iterator[None]:
        """Open a body inside the innermost one."""
        saved = self.stack
        self.stack = [*saved, body]
        try:
            yield
        finally:
            self.stack = saved

    def name(self, wish: str) -> str:
        """A name for a local: the wish if it is free, else numbered."""
        if wish not in self.taken and wish not in self.counts:
            self.counts[wish] = 1
            return wish
        while True:
            self.counts[wish] = self.counts.get(wish, 0) + 1
            candidate = f"{wish}{self.counts[wish]}"
            if candidate not in self.taken and candidate not in self.counts:
                self.counts[candidate] = 1
                return candidate

    def allocate(self, op: Alloc) -> None:
        """An array that is reused: outside of all loops, or once a block inside parallel blocks."""
        inside = self.shared is not None and self.shared in self.stack
        body = self.shared if inside and self.shared is not None else self.root
        self.allocations.setdefault(id(body), []).append(op)

    def finish(self) -> list[Op]:
        """The whole nest, with the allocations in front of their bodies."""
        for body in (self.root, self.shared):
            if body is not None:
                body.ops[:0] = self.allocations.get(id(body), [])
        return self.root.ops
