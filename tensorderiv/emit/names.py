"""Identifiers of a generated function: one for each tensor, extent, index and local, never a keyword, never two alike."""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Iterable
from typing import Literal, TypeAlias

NameKind: TypeAlias = Literal["tensor", "extent", "index"]

RESERVED = frozenset(dir(builtins)) | frozenset(keyword.kwlist) | frozenset(keyword.softkwlist)
RESERVED |= frozenset(
    {"np", "math", "njit", "prange", "size", "dtype", "wanted", "results", "same", "blocks", "block", "parts", "rows"}
)


def identifier(name: str) -> str:
    """The name as an identifier: a prime becomes `_p`, anything else that cannot stand in one an underscore.

    >>> identifier("j'"), identifier("lambda"), identifier("sigma11"), identifier("<b0>")
    ('j_p', 'lambda_', 'sigma11', 'v_b0_')
    """
    text = re.sub(r"[^A-Za-z0-9_]", "_", name.replace("'", "_p"))
    if not text or not text[0].isalpha():
        text = f"v{text}"
    return f"{text}_" if text in RESERVED else text


class Names:
    """Gives identifiers out, in the order in which they are asked for.

    >>> names = Names()
    >>> names.of("extent", "n"), names.of("index", "n"), names.of("index", "n")
    ('n', 'n_', 'n_')
    """

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self.given: dict[tuple[NameKind, str], str] = {}
        self.used: set[str] = set(taken)

    def of(self, kind: NameKind, name: str) -> str:
        """The identifier of a thing."""
        key: tuple[NameKind, str] = (kind, name)
        if key not in self.given:
            self.given[key] = self.fresh(identifier(name))
        return self.given[key]

    def fresh(self, wish: str) -> str:
        """An identifier nobody has: the wish, or with an underscore, or numbered."""
        candidate, number = wish, 1
        while candidate in self.used:
            candidate = f"{wish}_" if number == 1 else f"{wish}_{number}"
            number += 1
        self.used.add(candidate)
        return candidate
