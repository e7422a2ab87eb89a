"""One catalogue entry: a small `.td` file, read as data.

The file opens with `# field: value` lines and goes on with a definition in the language. A reader needs nothing but the file;
`tensorderiv show NAME` prints the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.resources.abc import Traversable

from tensorderiv.errors import NameProblem

KINDS = {"distances": "distance", "similarities": "similarity", "kernels": "kernel", "losses": "loss"}
"""Folder of the catalogue -> what its entries are."""

REQUIRED = ("title", "domain", "kinks", "source", "reference")
FIELDS = (*REQUIRED, "aliases", "note")
"""What a header may say. `kinks` says where the definition has no derivative and what is taken there; `reference` names an
independent implementation."""

HEADER_LINE = re.compile(r"#\s*(?P<field>[a-z]+)\s*:\s*(?P<value>.*\S)\s*")


@dataclass(frozen=True)
class Entry:
    """What the catalogue knows of one definition. `definition` is the text alone, without the header."""

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


def read_entry(name: str, kind: str, content: str) -> Entry:
    r"""The entry in the content of a `.td` file.

    Raises NameProblem when a field is missing, unknown or given twice, or when the name is not an identifier.

    >>> fields = "\n".join(f"# {field}: ..." for field in REQUIRED)
    >>> read_entry("half", "loss", fields + "\n\nL = 1/2 sum_i x_i^2\n").definition
    'L = 1/2 sum_i x_i^2'
    """
    if not name.isidentifier():
        raise NameProblem(f"catalogue: {name!r} is not an identifier, but generated modules are named after entries")
    fields: dict[str, str] = {}
    lines = content.splitlines()
    start = 0
    for start, line in enumerate(lines):  # noqa: B007
        found = HEADER_LINE.fullmatch(line)
        if not found:
            break
        field, value = found["field"], found["value"]
        if field not in FIELDS:
            raise NameProblem(f"catalogue entry {name}: unknown field {field!r}", hint=f"the fields are {', '.join(FIELDS)}")
        if field in fields:
            raise NameProblem(f"catalogue entry {name}: field {field!r} is given twice")
        fields[field] = value
    missing = [field for field in REQUIRED if field not in fields]
    if missing:
        raise NameProblem(f"catalogue entry {name}: no {', '.join(missing)} in its header")
    aliases = tuple(alias.strip() for alias in fields.pop("aliases", "").split(",") if alias.strip())
    return Entry(name=name, kind=kind, definition="\n".join(lines[start:]).strip(), aliases=aliases, **fields)


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
