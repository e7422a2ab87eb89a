"""Functions that do the same, whatever their tables are called: one in a module serves all passes that need it."""

from __future__ import annotations

import ast
import re

from tensorderiv.emit.tiles.text import TileText

OWN = "own"
"""Stands for the name of a function while it is compared."""


def functions(tile: TileText) -> list[tuple[str, str]]:
    """(name, source) of each function of a tile, in order: each calls those before it alone."""
    starts = re.split(r"^(?=@)", tile.source, flags=re.MULTILINE)
    sources = [part.rstrip() for part in starts if part.strip()]
    return [(source.partition("\ndef ")[2].partition("(")[0], source) for source in sources]


def renamed(text: str, old: str, new: str) -> str:
    """The text with another name of a function."""
    return re.sub(rf"\b{re.escape(old)}\b", new, text)


def structure(name: str, source: str) -> str:
    r"""Equal for functions that are the same but for their names, those of arguments and locals, and what docstrings say.

    >>> one, other = "def _fold1(X, S):\n    S[0] = np.sqrt(X[0])", "def _fold2(Y, out):\n    out[0] = np.sqrt(Y[0])"
    >>> structure("_fold1", one) == structure("_fold2", other)
    True
    """
    tree = ast.parse(renamed(source, name, OWN))
    (function,) = tree.body
    assert isinstance(function, ast.FunctionDef)
    if ast.get_docstring(function) is not None:
        del function.body[0]
    _Numbered(function).visit(function)
    return ast.dump(tree)


class _Numbered(ast.NodeVisitor):
    """Names the arguments and locals of a function by the order in which they appear."""

    def __init__(self, function: ast.FunctionDef) -> None:
        bound = [one.arg for one in function.args.args]
        bound += [n.id for n in ast.walk(function) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
        self.names = {name: f"v{number}" for number, name in enumerate(dict.fromkeys(bound))}

    def visit_arg(self, node: ast.arg) -> None:
        node.arg = self.names[node.arg]

    def visit_Name(self, node: ast.Name) -> None:
        node.id = self.names.get(node.id, node.id)
