"""Are two expressions equal? Proved by canonical form, else decided by exact evaluation. Start at `decide`."""

from tensorderiv.equality.claim import Claim, Side
from tensorderiv.equality.decide import decide, refuted
from tensorderiv.equality.verdict import Counterexample, Nowhere, Verdict

__all__ = ["Claim", "Counterexample", "Nowhere", "Side", "Verdict", "decide", "refuted"]
