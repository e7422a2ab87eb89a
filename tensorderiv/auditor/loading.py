"""The function that MODULE:FUNCTION names: imported, never evaluated."""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from tensorderiv.errors import NameProblem

MADE = "audited_module"
"""The name under which a file is imported."""


def load_function(target: str) -> Callable[..., Any]:
    """The function of "module:function" or "path/to/file.py:function"; the function may be an attribute path such as C.grad.

    Raises NameProblem where the module cannot be imported (what it raised is told), has no such attribute, or where that is no
    function.
    """
    where, colon, path = target.rpartition(":")
    if not colon or not where or not path:
        raise NameProblem(f"{target!r} names no function", hint="write MODULE:FUNCTION, or path/to/file.py:FUNCTION")
    found: Any = _imported(where)
    for name in path.split("."):
        if not hasattr(found, name):
            raise NameProblem(f"{where} has no attribute {path}", hint=_near(found, name))
        found = getattr(found, name)
    if not callable(found):
        raise NameProblem(f"{path} of {where} is a {type(found).__name__}, no function")
    function: Callable[..., Any] = found
    return function


def said(error: BaseException) -> str:
    """An exception in one line: its kind, and the first line of what it says."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__


def _imported(where: str) -> ModuleType:
    is_file = where.endswith(".py")
    if is_file and not Path(where).is_file():
        raise NameProblem(f"there is no file {where}")
    with _beside(Path(where).resolve().parent if is_file else Path.cwd()), contextlib.redirect_stdout(sys.stderr):
        try:
            return _from_file(Path(where)) if is_file else importlib.import_module(where)
        except (Exception, SystemExit) as error:  # whatever the module does while it is imported
            raise NameProblem(f"{where} cannot be imported: {said(error)}") from error


def _from_file(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(MADE, path)
    assert spec is not None and spec.loader is not None, "the path ends in .py"
    module = importlib.util.module_from_spec(spec)
    sys.modules[MADE] = module  # dataclasses and pickles look their module up by name
    try:
        spec.loader.exec_module(module)
    finally:
        del sys.modules[MADE]
    return module


@contextlib.contextmanager
def _beside(folder: Path) -> Iterator[None]:
    """Modules beside the file, or in the folder where the command was given, are found."""
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        with contextlib.suppress(ValueError):
            sys.path.remove(str(folder))


def _near(found: Any, name: str) -> str | None:
    import difflib

    near = difflib.get_close_matches(name, [other for other in dir(found) if callable(getattr(found, other))], n=3)
    return f"did you mean {' or '.join(near)}?" if near else None
