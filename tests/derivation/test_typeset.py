"""Every derivation as LaTeX compiles without a complaint, and as Markdown keeps its formulas."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from tests.golden.write import documents
from tests.support.derivations import ALL, derivation_of

FIRST = dict(reversed(ALL))
"""Name -> its first target."""

needs_latex = pytest.mark.skipif(shutil.which("pdflatex") is None, reason="needs pdflatex")


def page_of(name: str) -> tuple[str, str]:
    """Preamble and body of the LaTeX document."""
    preamble, body = derivation_of(name, FIRST[name]).document("latex").split("\\begin{document}\n")
    return preamble, body.removesuffix("\\end{document}\n")


def complaints_of(preamble: str, bodies: dict[str, str], folder: Path) -> list[str]:
    """What pdflatex says of the bodies set one after the other, each line with the name of the body."""
    marked = (f"\\typeout{{=== {name}}}\n{body}\\clearpage" for name, body in bodies.items())
    (folder / "all.tex").write_text("\n".join([preamble, "\\begin{document}", *marked, "\\end{document}\n"]), encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-draftmode", "all.tex"]
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False, env=None)
    found, name = [], "preamble"
    for line in done.stdout.decode(errors="replace").splitlines():
        name = line[4:] if line.startswith("=== ") else name
        if re.match(r"!|Overfull|Underfull|LaTeX Warning|Missing character|Package .* Warning", line):
            found.append(f"{name}: {line}")
    return found


@needs_latex
def test_every_derivation_compiles_without_a_complaint(tmp_path: Path) -> None:
    pages = {name: page_of(name) for name in FIRST}
    (preamble,) = {preamble for preamble, _ in pages.values()}
    assert complaints_of(preamble, {name: body for name, (_, body) in pages.items()}, tmp_path) == []


@needs_latex
def test_a_wide_line_and_a_mistake_are_seen_and_named(tmp_path: Path) -> None:
    preamble, body = page_of("sqeuclidean")
    bodies = {"good": body, "wide": "\\[" + "X + " * 80 + "X\\]\n", "wrong": "\\[ \\frac{1} \\undefined \\]\n", "also good": body}
    found = complaints_of(preamble, bodies, tmp_path)
    assert {line.split(":")[0] for line in found} == {"wide", "wrong"}


# Markdown: formulas stand between lines of $$, in paragraphs of their own, and no sign in them is taken for markup of blocks;
# in the prose no sign is taken for markup but the bold rule.


def markdown_complaints(text: str) -> list[str]:
    """What of a Markdown document would not come out as it is meant."""
    found = []
    tokens = MarkdownIt().parse(text)
    inlines = [token for token in tokens if token.type == "inline"]
    displays = re.findall(r"^\$\$\n(.*?)\n\$\$$", text, re.MULTILINE | re.DOTALL)
    if text.count("$$") != 2 * len(displays):
        found.append("a $$ stands alone")
    paragraphs = [token.content for token in inlines]
    found += [f"cut in pieces: {latex}" for latex in displays if f"$$\n{latex}\n$$" not in paragraphs]
    found += [f"braces do not match: {latex}" for latex in displays if not balanced(latex)]
    for token in inlines:
        if not token.content.startswith("$$"):
            found += [f"taken for markup: {token.content}" for part in token.children or [] if not is_meant(part, token)]
    return found


def balanced(latex: str) -> bool:
    bare = latex.replace(r"\{", "").replace(r"\}", "")
    return bare.count("{") == bare.count("}") and latex.count(r"\left") == latex.count(r"\right")


def is_meant(part: Token, inline: Token) -> bool:
    """Words, code, line ends, and the rule in bold at the beginning."""
    if part.type in ("strong_open", "strong_close"):
        return inline.content.startswith("**")
    return part.type in ("text", "code_inline", "softbreak", "text_special")


@pytest.mark.parametrize("name", FIRST)
def test_markdown_keeps_every_formula(name: str) -> None:
    derivation = derivation_of(name, FIRST[name])
    text = derivation.document("markdown")
    assert markdown_complaints(text) == []
    assert text.count("$$") >= 2 * len(derivation.steps)


@pytest.mark.parametrize(
    "spoiled",
    [
        "$$\nx = 1\n",
        "$$\nx = 1\n\n+ 2\n$$",
        "$$\nx\n- y\n$$",
        "$$\n\\frac{x}{y\n$$",
        "1. **sift**: sum_p delta_pl f_p *x* is taken",
        "a <b> c",
        "[x](y)",
    ],
)
def test_spoiled_markdown_is_seen(spoiled: str) -> None:
    assert markdown_complaints(spoiled) != []


def test_the_documents_are_those_of_the_golden_files() -> None:
    assert {f"{name}.txt" for name in FIRST} == documents().keys()
