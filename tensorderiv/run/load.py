"""Load a generated module, and compile a program on the fly. Text that runs here was written by `emit`, never by a user."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import sys
import tempfile
from pathlib import Path
from types import ModuleType

from tensorderiv.algebra.program import Program
from tensorderiv.emit.module import emit
from tensorderiv.emit.write import replace_file
from tensorderiv.errors import NameProblem
from tensorderiv.naming import checked_name, name_from_stem

CACHE_VARIABLE = "TENSORDERIV_CACHE"
"""The environment variable that names the folder for modules compiled on the fly."""


def load(path: str | os.PathLike[str]) -> ModuleType:
    """The generated module in a file, under a name of its own in `sys.modules` (so that Numba can find it again).

    Raises NameProblem when there is no such file or it is no generated module.
    """
    file = Path(path).resolve()
    if not file.is_file():
        raise NameProblem(f"there is no module at {file}", hint="give the path of a generated NAME.py")
    return _load(file, f"tensorderiv_kernels_{file.stem}_{_digest(str(file))}")


def _load(file: Path, unique: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(unique, file)
    if spec is None or spec.loader is None:
        raise NameProblem(f"{file.name} is no Python module", hint="give the path of a generated NAME.py")
    module = importlib.util.module_from_spec(spec)
    before = sys.modules.get(unique)
    sys.modules[unique] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        if before is None:
            del sys.modules[unique]
        else:
            sys.modules[unique] = before
        raise
    if not hasattr(module, "__definition__") or not hasattr(module, "KIND"):
        del sys.modules[unique]
        raise NameProblem(f"{file.name} is no generated module", hint="write one by `tensorderiv generate`")
    return module


def load_source(source: str, name: str) -> ModuleType:
    """The module of a generated text. Its file is named by a digest of the text, so machine code is found again."""
    checked_name(name)
    digest = _digest(source)
    folder = cache_folder() / digest
    file = folder / f"{name}.py"
    unique = f"tensorderiv_kernels_{name}_{digest}"
    if unique in sys.modules:
        return sys.modules[unique]
    try:
        _store(file, source)
    except OSError:  # no home that can be written: a folder that lives as long as the machine's temporary files
        file = Path(tempfile.mkdtemp(prefix="tensorderiv-")) / f"{name}.py"
        _store(file, source)
    return _load(file, unique)


def _store(file: Path, source: str) -> None:
    if file.is_file() and file.read_text(encoding="utf-8") == source:
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    replace_file(file, source)


def compile_program(program: Program, name: str | None = None, definition: str | None = None) -> ModuleType:
    """The generated module of a program, loaded."""
    chosen = checked_name(name) if name else name_from_stem(program.name or "kernel")
    return load_source(emit(program, chosen, definition), chosen)


def cache_folder() -> Path:
    """Where modules compiled on the fly are kept: $TENSORDERIV_CACHE, else the user's cache folder."""
    chosen = os.environ.get(CACHE_VARIABLE)
    if chosen:
        return Path(chosen)
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "tensorderiv"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
