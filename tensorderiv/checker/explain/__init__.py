"""Names the slip of a wrong line by trying repairs. Start at `explain`; `table` lists the repairs in order."""

from tensorderiv.checker.explain.explainer import explain

__all__ = ["explain"]
