"""Index notation in; its derivative, the derivation and verified Numba kernels out.

    import tensorderiv as td

    D = td.define("D_ij = sum_p (X_ip - X_jp)^2")     # or td.catalog["sqeuclidean"], or a SymPy equation
    D.derive("X_kl")                                  # the derivation, step by step
    D.compile().pairwise(X)                           # the generated kernels, loaded
    td.generate([D], out="kernels/")                  # the same as a file, verified before it is written
    td.check("my.tex")                                # your own derivation: its first wrong line, with a counterexample

The public names are loaded when they are first used, so that `from tensorderiv.generated import sqeuclidean` imports neither
SymPy nor lark nor Jinja.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from tensorderiv.version import __version__

if TYPE_CHECKING:
    from tensorderiv.auditor import audit
    from tensorderiv.catalog import catalog
    from tensorderiv.checker.checking import check
    from tensorderiv.comparison import equal
    from tensorderiv.definition import Definition, define, generate
    from tensorderiv.derivation import Derivation
    from tensorderiv.errors import TensorDerivError
    from tensorderiv.relations import compare
    from tensorderiv.stationarity import stationary

PUBLIC = {
    "Definition": "tensorderiv.definition",
    "Derivation": "tensorderiv.derivation",
    "TensorDerivError": "tensorderiv.errors",
    "audit": "tensorderiv.auditor",
    "catalog": "tensorderiv.catalog",
    "check": "tensorderiv.checker.checking",
    "compare": "tensorderiv.relations",
    "define": "tensorderiv.definition",
    "equal": "tensorderiv.comparison",
    "generate": "tensorderiv.definition",
    "stationary": "tensorderiv.stationarity",
}
"""Public name -> the module that holds it."""

__all__ = [
    "Definition",
    "Derivation",
    "TensorDerivError",
    "__version__",
    "audit",
    "catalog",
    "check",
    "compare",
    "define",
    "equal",
    "generate",
    "stationary",
]


def __getattr__(name: str) -> Any:
    """Load a public name on first use (PEP 562)."""
    if name not in PUBLIC:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(PUBLIC[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
