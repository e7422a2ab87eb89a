"""Functions of tiles that stand once in a module."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from tensorderiv.emit import emit
from tensorderiv.emit.tiles.same import functions, renamed, structure
from tensorderiv.emit.tiles.text import TileText
from tensorderiv.language import read

KERNEL = "tensor X[n,d]\nK_ij = exp(-sum_p (X_ip - X_jp)^2)"
ONE = "@_ordered\ndef {name}({a}, S):\n    '''{doc}'''\n    t = np.sqrt({a}[0] - S[0])\n    S[0] = t"


def tile(name: str = "_fold1", a: str = "X", doc: str = "one") -> str:
    return ONE.format(name=name, a=a, doc=doc)


def test_names_and_docstrings_do_not_count() -> None:
    assert structure("_fold1", tile()) == structure("_fold2", tile("_fold2", "Y", "other"))


@pytest.mark.parametrize(
    ("old", "new"),
    [("np.sqrt", "np.exp"), ("X[0] - S[0]", "S[0] - X[0]"), ("[0] = t", "[1] = t"), ("_ordered", "_ordered_unfused")],
)
def test_everything_else_does(old: str, new: str) -> None:
    assert structure("_fold1", tile()) != structure("_fold1", tile().replace(old, new))


def test_a_longer_name_is_another_one() -> None:
    assert renamed("_fold1(X) + _fold10(X) + _fold1_careful(X)", "_fold1", "_f") == "_f(X) + _fold10(X) + _fold1_careful(X)"


def test_the_functions_of_a_tile() -> None:
    text = TileText("_fold1", (), (*tile("_fold1_f").splitlines(), "", "", *tile().splitlines()), frozenset())
    assert functions(text) == [("_fold1_f", tile("_fold1_f")), ("_fold1", tile())]


def test_a_module_has_each_function_once() -> None:
    """The same squared distances are folded for the values, both forms of the gradient and the directional derivative."""
    source = emit(read(KERNEL), "kernel")
    parts = [part for part in re.split(r"^(?=@)", source, flags=re.MULTILINE) if part.startswith("@_ordered\ndef _")]
    found = Counter(
        structure(name, text) for text in parts for name in re.findall(r"^def (_(?:fold|spread)\w+)", text, re.MULTILINE)
    )
    assert found and set(found.values()) == {1}
    assert len(re.findall(r"\b_fold1\(first, last", source)) > 2
