"""A few pages of the gallery, with facts that no measurement changes: what is golden is how they are told."""

from __future__ import annotations

import tensorderiv as td
from tensorderiv.gallery import NOTHING, Facts, Page, as_markdown, as_text, page_of
from tensorderiv.gallery.facts import Timed

TIMED = (
    Timed("values", (("n", 2000), ("d", 64)), "float64", 0.002, "P", 0.0031),
    Timed("vjp", (("n", 2000), ("d", 64)), "float32", 0.125),
)
FACTS = {
    "sqeuclidean": Facts(generated=True, ulp=1.52, timed=TIMED, machine="one machine"),
    "triplet": Facts(generated=True),
    "weighted_cosine": NOTHING,
}
"""A kernel measured in all ways; one verified only; none."""


def page(name: str) -> Page:
    return page_of(td.catalog.entry(name), td.catalog[name], FACTS.get(name, NOTHING))


def pages() -> dict[str, str]:
    """File name -> the page as Markdown, and on a terminal with the steps unfolded."""
    made = {name: page(name) for name in FACTS}
    markdown = {f"{name}.md": as_markdown(one) for name, one in made.items()}
    return markdown | {f"{name}.txt": as_text(one, steps=True) for name, one in made.items()}
