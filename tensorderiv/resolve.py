"""What DEF means on the command line: a name of the catalogue, a file, or the text itself, in this order."""

from __future__ import annotations

import os
from pathlib import Path

from tensorderiv.catalog import catalog
from tensorderiv.definition import Definition, define
from tensorderiv.errors import NameProblem, SyntaxProblem
from tensorderiv.naming import checked_name, name_from_stem

LARGEST = 1_000_000
"""Bytes of a definition file; what is larger is something else."""


def resolve(text: str, name: str | None = None) -> Definition:
    """The definition that DEF stands for, under `name` when one is given.

    Raises NameProblem when it is neither a name, nor a file, nor an equation, and what `define` raises.
    """
    if name is not None:
        checked_name(name)
    if text in catalog:
        return catalog[text] if name is None else define(catalog.entry(text).definition, name=name)
    if os.path.exists(text):  # noqa: PTH110  -- Path.exists raises on a line too long for a path
        return define(read_text(Path(text)), name=name or name_from_stem(Path(text).stem))
    if "=" in text:
        return define(text, name=name)
    raise NameProblem(f"{shortened(text)!r} is no catalogue name, no file and no equation", hint=remedy(text))


def read_text(path: Path) -> str:
    """The text of a definition file. Raises SyntaxProblem for what is no text, and OSError."""
    if path.is_dir():
        raise SyntaxProblem(f"{path} is a folder", hint="give a .td or .tex file in it")
    size = path.stat().st_size
    if size > LARGEST:
        raise SyntaxProblem(f"{path} holds {size:,} bytes; a definition has at most {LARGEST:,}")
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SyntaxProblem(f"{path} is not UTF-8 text: byte {error.start} is {error.object[error.start]:#04x}") from None
    if "\0" in text:
        raise SyntaxProblem(f"{path} is not text: byte {text.index(chr(0))} is 0x00")
    return text


def shortened(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "..."


def remedy(text: str) -> str:
    """What the user may have meant."""
    if text.endswith((".td", ".tex")) or "/" in text:
        return "there is no such file here"
    near = catalog.nearest(text)
    if near:
        return f"did you mean {' or '.join(near)}?"
    return "`tensorderiv list` shows the names; a definition looks like 'D_ij = sum_p (X_ip - X_jp)^2'"
