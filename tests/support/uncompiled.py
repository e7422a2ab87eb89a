"""Generated modules run as plain Python, with the arithmetic that compiled code has: no division and no function raises.

    a / b      by zero is infinite or nan
    a ** b     of a negative number is nan where b is no whole number
    math.f(x)  outside of its domain is nan, at a pole infinite

The text is rewritten so before it is executed; it was written by `emit`, never by a user.
"""

from __future__ import annotations

import ast
import math
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np

from tensorderiv.run import load_source


def over(a: Any, b: Any) -> Any:
    """a / b; a size is a number as any other."""
    return a / b if isinstance(a, np.ndarray) or (isinstance(a, int) and b) else np.float64(a) / b


def raised(a: Any, b: Any) -> Any:
    """a ** b."""
    return a**b if isinstance(a, np.ndarray) else np.float64(a) ** np.float64(b)


def _safe(function: Any) -> Any:
    def called(*args: float) -> float:
        try:
            return float(function(*args))
        except ValueError:
            return -math.inf if function in (math.log, math.log2, math.log1p) and args[0] in (0, -1) else math.nan
        except OverflowError:
            return math.inf

    return called


MATH = SimpleNamespace(**{name: _safe(f) if callable(f) else f for name, f in vars(math).items() if not name.startswith("_")})
for name in ("frexp", "ldexp", "floor", "isnan", "isinf", "isfinite", "prod"):
    setattr(MATH, name, getattr(math, name))
for name in "sqrt exp expm1 log log1p log2 sinh cosh tanh sin cos tan".split():
    setattr(MATH, name, getattr(np, name))


class Rewriting(ast.NodeTransformer):
    """Divisions and powers as calls of `over` and `raised`."""

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        name = {ast.Div: "_over", ast.Pow: "_raised"}.get(type(node.op))
        if name is None:
            return node
        return ast.copy_location(ast.Call(ast.Name(name, ast.Load()), [node.left, node.right], []), node)

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:
        assert not isinstance(node.op, ast.Div | ast.Pow)
        return self.generic_visit(node)


def loaded(source: str, name: str) -> ModuleType:
    """The module of a generated text, to be run without Numba's compiler (NUMBA_DISABLE_JIT=1)."""
    front = "from tests.support.uncompiled import over as _over, raised as _raised"
    module = load_source(f"{front}\n{ast.unparse(Rewriting().visit(ast.parse(source)))}\n", name)
    module.math = MATH  # type: ignore[attr-defined]
    return module
