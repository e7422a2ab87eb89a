"""The elementary functions of the language: names, arity, LaTeX. Their derivatives stand in `differentiate.elementary`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class FunctionInfo:
    """One elementary function. `latex` is its spelling; `arity` the number of arguments (-1: two or more)."""

    name: str
    latex: str
    arity: int = 1


def _table() -> dict[str, FunctionInfo]:
    plain = "exp log sin cos tan sinh cosh tanh".split()
    named = "log1p expm1 sign erf lgamma sigmoid softplus relu asinh acosh atanh digamma".split()
    entries = [FunctionInfo(name, rf"\{name}") for name in plain]
    entries += [FunctionInfo(name, rf"\operatorname{{{name}}}") for name in named]
    entries += [
        FunctionInfo("sqrt", r"\sqrt"),
        FunctionInfo("abs", r"\left|\right|"),
        FunctionInfo("floor", r"\lfloor\rfloor"),
        FunctionInfo("log2", r"\log_{2}"),
        FunctionInfo("asin", r"\arcsin"),
        FunctionInfo("acos", r"\arccos"),
        FunctionInfo("atan", r"\arctan"),
        FunctionInfo("atan2", r"\operatorname{atan2}", 2),
        FunctionInfo("max", r"\max", -1),
        FunctionInfo("min", r"\min", -1),
    ]
    return {entry.name: entry for entry in entries}


FUNCTIONS: dict[str, FunctionInfo] = _table()
"""Every function that may appear in a `Function` node. `pow` is parsed to `Pow`, `softmax` and `logsumexp` to reductions."""
