"""A generated module needs NumPy and Numba: nothing of the engine is imported with it."""

from __future__ import annotations

import subprocess
import sys

import pytest

import tensorderiv as td
from tests.support.kernels import FEW

ENGINE = ("sympy", "lark", "jinja2", "click", "rich", "autograd", "jax", "mpmath", "tensorderiv.algebra", "tensorderiv.language")


def loaded_by(statement: str) -> set[str]:
    """The modules a fresh interpreter holds after a statement."""
    script = f"{statement}\nimport sys\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-W", "error", "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


def test_generated_modules() -> None:
    loaded = loaded_by(f"from tensorderiv.generated import {', '.join(FEW)}")
    assert not loaded & set(ENGINE)
    assert {"numpy", "numba"} <= loaded


@pytest.mark.parametrize("statement", ["import tensorderiv", "import tensorderiv.generated", "import tensorderiv.cli"])
def test_the_package_itself_is_light(statement: str) -> None:
    assert not loaded_by(statement) & {"numpy", "numba", "sympy", "lark", "jinja2"}


def test_the_catalogue_is_listed_without_the_engine() -> None:
    assert not loaded_by("import tensorderiv\nlist(tensorderiv.catalog)") & {"numpy", "numba", "sympy", "lark", "jinja2"}


def test_public_names() -> None:
    assert set(td.__all__) <= set(dir(td))
    for name in td.__all__:
        assert getattr(td, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        td.nothing  # noqa: B018
