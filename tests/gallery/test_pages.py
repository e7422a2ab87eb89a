"""Pages: read as they did, complete, and the same on paper and on a terminal."""

from __future__ import annotations

from dataclasses import replace

import pytest

import tensorderiv as td
from tensorderiv.errors import NameProblem
from tensorderiv.gallery import NOTHING, Facts, as_markdown, as_text
from tensorderiv.gallery.blocks import Code, Folded, Formula, Items, Part, Table, Words
from tensorderiv.gallery.markdown import prose, table
from tensorderiv.gallery.page import REQUIRED
from tensorderiv.gallery.using import accuracy, importing
from tests.golden.write import PAGES, stale
from tests.support.pages import FACTS, page, pages

WANTED = pages()


@pytest.mark.parametrize("name", WANTED)
def test_a_page_reads_as_it_did(name: str) -> None:
    assert (PAGES / name).exists(), "new: run `make golden`"
    assert (PAGES / name).read_text(encoding="utf-8") == WANTED[name], "if this is what it should be, run `make golden`"


def test_no_golden_page_is_left_over() -> None:
    assert stale(PAGES, WANTED) == []


@pytest.mark.parametrize("key", REQUIRED)
def test_a_page_without_a_required_part_is_refused(key: str) -> None:
    whole = page("triplet")
    with pytest.raises(NameProblem, match=f"the page of triplet has no {key}"):
        replace(whole, parts=tuple(part for part in whole.parts if part.key != key))
    with pytest.raises(NameProblem, match=key):
        replace(whole, parts=tuple(replace(part, blocks=()) if part.key == key else part for part in whole.parts))


@pytest.mark.parametrize("field", ["source", "domain", "kinks"])
def test_an_entry_without_a_field_has_no_page(field: str, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = replace(td.catalog.entry("mse"), **{field: ""})
    monkeypatch.setattr(td.catalog, "entry", lambda name: entry)
    with pytest.raises(NameProblem, match=field):
        page("mse")


@pytest.mark.parametrize("name", FACTS)
def test_the_terminal_tells_what_the_page_tells(name: str) -> None:
    whole = page(name)
    text, markdown = as_text(whole, steps=True), as_markdown(whole)
    assert len(whole.parts) == markdown.count("\n## ")
    for part in whole.parts:
        assert part.title[1:] in text
        for block in part.blocks:
            for leaf in block.blocks if isinstance(block, Folded) else (block,):
                for piece in pieces(leaf):
                    assert squeezed(piece) in squeezed(text), piece


def pieces(block: object) -> list[str]:
    """The words of a block that a terminal shows as they are."""
    match block:
        case Words(text):
            return [text]
        case Code(_, text):
            return text.splitlines()
        case Items(items):
            return list(items)
        case Table(_, rows):
            return [cell for row in rows for cell in row]
        case Formula(formula):
            return [formula.text] if "=" not in formula.text.split(" ")[1:2] else []
    raise AssertionError(block)


def squeezed(text: str) -> str:
    """Without line breaks and the indents after them."""
    return " ".join(text.split())


def test_steps_are_folded_on_a_terminal() -> None:
    short, long = as_text(page("triplet")), as_text(page("triplet"), steps=True)
    assert "chain rule" in long
    assert "chain rule" not in short
    assert "dL/dA_kl = 2 [" in short


def test_every_real_tensor_is_differentiated_by() -> None:
    titles = [part.title for part in page("triplet").parts if part.key == "derivative"]
    assert titles == ["Derivative by A_kl", "Derivative by P_kl", "Derivative by N_kl"]
    assert "`--wrt alpha`" in as_text(page("triplet"))


@pytest.mark.parametrize("name", ["instance", "contrastive", "sqeuclidean", "lp_power_sum"])
def test_the_variable_of_a_title_can_be_typed(name: str) -> None:
    """Letters that name a tensor of the definition, as m does there, are none for an index."""
    definition = td.catalog[name]
    assert definition.variable(str(definition.variable())).tensor == definition.variable().tensor


def test_what_is_imported() -> None:
    triplet, mahalanobis = td.catalog["triplet"], td.catalog["mahalanobis"]
    made = "from tensorderiv.generated import triplet\n\ntriplet.value_and_grad(A, P, N)"
    assert importing(triplet, Facts(generated=True)) == made
    assert importing(triplet, NOTHING).startswith("import tensorderiv as td\n\ntriplet = td.catalog[")
    assert importing(mahalanobis, NOTHING).endswith("mahalanobis.pairwise(X, M=M)")


def test_accuracy_is_told_by_what_is_known() -> None:
    told = [as_words(accuracy("x", facts)) for facts in (NOTHING, Facts(generated=True), Facts(generated=True, ulp=1.52))]
    assert "No kernel is generated yet" in told[0]
    assert "verified before it was written" in told[1] and "units" not in told[1]
    assert "within 1.5 units in the last place" in told[2]


def as_words(blocks: tuple[object, ...]) -> str:
    return " ".join(block.text for block in blocks if isinstance(block, Words))


def test_markdown_takes_nothing_for_markup() -> None:
    assert prose("a_i * b_i < |c| `x_i|`") == "a\\_i \\* b\\_i \\< \\|c\\| `x_i|`"
    assert prose("a ` alone_") == "a \\` alone\\_"
    made = table(Table(("what", "ms"), (("a|b", "2"),)))
    assert made == "| what | ms |\n| --- | ---: |\n| a\\|b | 2 |"


def test_a_part_that_is_told_is_laid_out() -> None:
    """A kind of block that no page of the golden ones may have any more."""
    extra = Part("note", "Extra", (Folded("Inside", (Items(("one", "two")),)),))
    whole = replace(page("sqeuclidean"), parts=(*page("sqeuclidean").parts, extra))
    assert "<details><summary>Inside</summary>\n\n- one\n- two\n\n</details>" in as_markdown(whole)
    assert as_text(whole, steps=True).endswith("extra\n  inside\n  one\n  two\n")
