"""One catalogue entry: a small `.td` file, read as data.

The file opens with `# field: value` lines and goes on with a definition in the language. A value runs on over lines that begin
with `#` and four spaces; those of `packages` hold one package each. A reader needs nothing but the file; `tensorderiv show NAME`
prints the same.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources.abc import Traversable

from tensorderiv.errors import NameProblem

KINDS = {"distances": "distance", "similarities": "similarity", "kernels": "kernel", "losses": "loss"}
"""Folder of the catalogue -> what its entries are."""

REQUIRED = ("title", "domain", "kinks", "source", "reference")
FIELDS = (*REQUIRED, "aliases", "note", "packages")
"""What a header may say. `kinks` says where the definition has no derivative and what is taken there; `reference` names an
independent implementation; `packages` says what each package calls it; `note` names the traps."""

HEADER_LINE = re.compile(r"#\s*(?P<field>[a-z]+)\s*:\s*(?P<value>.*?)\s*")
CONTINUED = re.compile(r"# {4,}(?P<value>\S.*?)\s*")
PACKAGE = re.compile(r"(?P<package>[^:]*[^:\s])\s*:\s*(?P<called>\S.*)")


@dataclass(frozen=True)
class Entry:
    """What the catalogue knows of one definition.

    `definition` is the text alone, without the header; `packages` are pairs of a package and what it calls the definition.
    """

    name: str
    kind: str
    title: str
    domain: str
    kinks: str
    source: str
    reference: str
    definition: str
    aliases: tuple[str, ...] = ()
    note: str = ""
    packages: tuple[tuple[str, str], ...] = ()


def read_entry(name: str, kind: str, content: str) -> Entry:
    r"""The entry in the content of a `.td` file.

    Raises NameProblem when a field is missing, unknown or given twice, or when the name is not an identifier.

    >>> fields = "\n".join(f"# {field}: ..." for field in REQUIRED)
    >>> read_entry("half", "loss", fields + "\n\nL = 1/2 sum_i x_i^2\n").definition
    'L = 1/2 sum_i x_i^2'
    """
    if not name.isidentifier():
        raise NameProblem(f"catalogue: {name!r} is not an identifier, but generated modules are named after entries")
    lines = content.splitlines()
    found = header(name, lines)
    body = "\n".join(lines[sum(map(len, found.values())) :]).strip()
    fields = {field: " ".join(filter(None, values)) for field, values in found.items()}
    missing = [field for field in REQUIRED if not fields.get(field)]
    if missing:
        raise NameProblem(f"catalogue entry {name}: no {', '.join(missing)} in its header")
    aliases = tuple(alias.strip() for alias in fields.pop("aliases", "").split(",") if alias.strip())
    fields.pop("packages", None)
    packages = tuple(package(name, line) for line in found.get("packages", ()) if line)
    return Entry(name=name, kind=kind, definition=body, aliases=aliases, packages=packages, **fields)


def header(name: str, lines: Sequence[str]) -> dict[str, list[str]]:
    """Field -> its value, line by line, until the first line that is no part of the header."""
    fields: dict[str, list[str]] = {}
    values: list[str] = []
    for line in lines:
        if fields and (more := CONTINUED.fullmatch(line)):
            values.append(more["value"])
            continue
        found = HEADER_LINE.fullmatch(line)
        if not found:
            break
        field = found["field"]
        if field not in FIELDS:
            raise NameProblem(f"catalogue entry {name}: unknown field {field!r}", hint=f"the fields are {', '.join(FIELDS)}")
        if field in fields:
            raise NameProblem(f"catalogue entry {name}: field {field!r} is given twice")
        values = fields[field] = [found["value"]]
    return fields


def package(name: str, line: str) -> tuple[str, str]:
    """`scipy: cityblock` -> the package and what it calls the entry."""
    found = PACKAGE.fullmatch(line)
    if not found:
        raise NameProblem(f"catalogue entry {name}: {line!r} names no package", hint="write package: what it calls the entry")
    return found["package"], found["called"]


def read_folder(root: Traversable) -> dict[str, Entry]:
    """All entries below the folder, in the order of kinds, then of names. Raises NameProblem when two claim one name or alias."""
    entries: dict[str, Entry] = {}
    owner: dict[str, str] = {}
    for folder, kind in KINDS.items():
        for file in sorted((root / folder).iterdir(), key=lambda item: item.name):
            if not file.name.endswith(".td"):
                continue
            entry = read_entry(file.name.removesuffix(".td"), kind, file.read_text(encoding="utf-8"))
            for name in (entry.name, *entry.aliases):
                if name in owner:
                    raise NameProblem(f"catalogue: the name {name!r} belongs to {owner[name]} and to {entry.name}")
                owner[name] = entry.name
            entries[entry.name] = entry
    return entries
