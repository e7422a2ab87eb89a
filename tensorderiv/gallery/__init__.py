"""The gallery: a page for each entry of the catalogue, and an index. Start reading in `page.py`.

    Entry, Definition, Facts -> page.page_of -> Page -> text / markdown / index -> files.build

A page is data; `tensorderiv show NAME` and docs/gallery/NAME.md lay out the same one.
"""

from __future__ import annotations

from tensorderiv.gallery.facts import NOTHING, Facts, facts_of
from tensorderiv.gallery.files import entry_page
from tensorderiv.gallery.markdown import as_markdown
from tensorderiv.gallery.page import Page, page_of
from tensorderiv.gallery.text import as_text

__all__ = ["NOTHING", "Facts", "Page", "as_markdown", "as_text", "entry_page", "facts_of", "page_of"]
