"""Names of generated modules: always Python identifiers, never paths."""

from __future__ import annotations

import hashlib
import keyword
import re

from tensorderiv.errors import NameProblem

IMPORTED = frozenset({"llvmlite", "math", "numba", "numpy"})
"""What generated modules import: a module of that name would hide it from Python started in the same folder."""


def is_module_name(name: str) -> bool:
    """Whether `import kernels.NAME` can work, on every file system.

    >>> is_module_name("sqeuclidean"), is_module_name("../x"), is_module_name("class"), is_module_name("")
    (True, False, False, False)
    """
    well_formed = re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,99}", name) is not None
    return well_formed and not keyword.iskeyword(name) and name not in IMPORTED


def checked_name(name: str) -> str:
    """The name itself. Raises NameProblem when no module can have it."""
    if not is_module_name(name):
        shown = name if len(name) <= 40 else name[:37] + "..."
        hint = "take letters, digits and underscores, first a letter; no path, no Python keyword, no module the kernels import"
        raise NameProblem(f"{shown!r} cannot be the name of a module", hint=hint)
    return name


def name_from_stem(stem: str) -> str:
    """A module name from the stem of a file name: what is no letter or digit becomes an underscore.

    >>> name_from_stem("my-distance.v2"), name_from_stem("2norm"), name_from_stem("class")
    ('my_distance_v2', 'd_2norm', 'd_class')
    """
    name = re.sub(r"[^A-Za-z0-9_]+", "_", stem).strip("_")[:90]
    return name if is_module_name(name) else checked_name(f"d_{name}")


def name_from_text(text: str, output: str) -> str:
    """A module name for a definition that was typed: the output's name and six digits that stand for the text.

    Comments and spaces do not count, so the same definition keeps its name, and two definitions of D do not overwrite each other.

    >>> name_from_text("D_ij = sum_p abs(X_ip - Y_jp)^3", "D") == name_from_text("D_ij = sum_p  abs(X_ip - Y_jp)^3  # cubed", "D")
    True
    """
    lines = (" ".join(line.partition("#")[0].split()) for line in text.splitlines())
    digits = hashlib.sha256("\n".join(line for line in lines if line).encode()).hexdigest()[:6]
    return name_from_stem(f"{output.lower()}_{digits}")
