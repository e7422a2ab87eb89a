"""What people import says what it does."""

from __future__ import annotations

import inspect

import pytest

import tensorderiv as td

PUBLIC = [name for name in td.__all__ if not name.startswith("__") and name != "catalog"]


@pytest.mark.parametrize("name", PUBLIC)
def test_public_names_are_documented(name: str) -> None:
    thing = getattr(td, name)
    assert inspect.getdoc(thing)
    if inspect.isclass(thing) and not issubclass(thing, Exception):
        for member, value in vars(thing).items():
            if not member.startswith("_") and (inspect.isfunction(value) or isinstance(value, property)):
                assert inspect.getdoc(value), f"{name}.{member} has no docstring"
