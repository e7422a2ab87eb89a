"""Run the code in the documents and write its output into them: `make docs`. `--check` only compares, and exits 1 with a diff.

Two kinds of block are executed; all blocks of a document share one folder, which holds a copy of
examples/, its Python blocks one process:

    ```python     followed by a ```text block: what the code prints stands in the text block
    ```console    lines `$ tensorderiv ...`, each followed by what it prints

Python blocks without a text block behind them are run as well; their output must be empty. What they draw into
figures/NAME.svg is put into figures/ beside the document: an SVG without metadata, the same in every build
(docs/studies/matplotlibrc). Coordinates and colours depend on the version of matplotlib, so `--check` compares which figures
there are and what is written in them.
"""

from __future__ import annotations

import difflib
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FENCE = re.compile(r"^```(?P<kind>\w*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
MEASURED = re.compile(r"; values within .* of what rounding allows$", re.MULTILINE)
"""Part of a verdict that depends on the machine: the least significant bits. A new figure alone changes no document."""

METADATA = re.compile(r"^ *<metadata>.*?</metadata>\n", re.MULTILINE | re.DOTALL)
"""Date and version: what would change in a figure though nothing in it does."""

WRITTEN = re.compile(r"<text[^>]*>([^<]*)</text>")
"""What a figure says in words and numbers."""

MARK = "--- end of block ---"


@dataclass(frozen=True)
class Page:
    """A document as its code makes it: the text, and the figures by their names."""

    text: str
    figures: dict[str, str]


@dataclass(frozen=True)
class Block:
    """A fenced block: what kind it is, what stands in it, and where (offsets of the body)."""

    kind: str
    body: str
    start: int
    end: int


def documents() -> list[Path]:
    """The documents whose code is executed."""
    return [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), *sorted((ROOT / "docs" / "studies").glob("*.md"))]


def blocks(text: str) -> list[Block]:
    return [Block(found["kind"], found["body"], found.start("body"), found.end("body")) for found in FENCE.finditer(text)]


def run(command: list[str], folder: Path, stdin: str | None = None) -> str:
    """What a command prints, errors included: a document may show an error."""
    drawing = {"MPLBACKEND": "svg", "MATPLOTLIBRC": str(ROOT / "docs" / "studies" / "matplotlibrc")}
    done = subprocess.run(
        command,
        cwd=folder,
        env=os.environ | drawing,
        input=stdin,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    return done.stdout


def python_outputs(codes: list[str], folder: Path) -> list[str]:
    """What each piece of code prints when all are run, in order, in one process with warnings as errors."""
    if any("matplotlib" in code for code in codes):
        run([sys.executable, "-c", "import matplotlib.font_manager"], folder)  # the first import ever tells of fonts
    script = "".join(f"{code}\nprint({MARK!r}, flush=True)\n" for code in codes)
    printed = run([sys.executable, "-W", "error", "-"], folder, stdin=script)
    outputs = printed.split(MARK + "\n")
    if len(outputs) != len(codes) + 1:
        raise SystemExit(f"the code of block {len(outputs)} fails:\n{outputs[-1]}")
    return outputs[:-1]


def console_output(body: str, folder: Path) -> str:
    """The block with the output of each of its commands renewed."""
    lines: list[str] = []
    for line in body.splitlines():
        if not line.startswith("$ "):
            continue
        words = shlex.split(line[2:])
        if words[0] != "tensorderiv":
            raise SystemExit(f"only `tensorderiv` is run in a console block, not: {line}")
        lines += [line, *run([sys.executable, "-W", "error", "-m", *words], folder).splitlines()]
    return "".join(f"{line.rstrip()}\n" for line in lines)


def replacements(text: str, folder: Path) -> Iterator[tuple[Block, str]]:
    """The blocks that hold output, each with what it should hold. Commands run before Python, which may use what they wrote."""
    found = blocks(text)
    for block in found:
        if block.kind == "console":
            yield block, console_output(block.body, folder)
    codes = [block.body for block in found if block.kind == "python"]
    outputs = iter(python_outputs(codes, folder) if codes else [])
    for block, following in zip_longest(found, found[1:]):
        if block.kind != "python":
            continue
        output = "".join(f"{line.rstrip()}\n" for line in next(outputs).splitlines())
        if following is not None and following.kind == "text" and text[block.end : following.start].split() == ["```", "```text"]:
            yield following, output
        elif output:
            raise SystemExit(f"code that prints needs a ```text block right behind it:\n{block.body}")


def drawn(folder: Path) -> dict[str, str]:
    """The figures in a folder, without their metadata and the spaces at the ends of their lines."""
    found = {}
    for path in sorted(folder.glob("*.svg")):
        lines = METADATA.sub("", path.read_text(encoding="utf-8")).splitlines()
        found[path.name] = "".join(f"{line.rstrip()}\n" for line in lines)
    return found


def renewed(text: str) -> Page:
    """The document with the output of its code as it is today."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        shutil.copytree(ROOT / "examples", folder / "examples")
        (folder / "figures").mkdir()
        found = sorted(replacements(text, folder), key=lambda pair: pair[0].start, reverse=True)
        for block, output in found:
            if MEASURED.sub("", output) != MEASURED.sub("", block.body):
                text = text[: block.start] + output + text[block.end :]
        return Page(text, drawn(folder / "figures"))


def stale_figures(figures: dict[str, str], folder: Path) -> list[str]:
    """The names of the figures that are missing in the folder or say something else there."""
    there = drawn(folder)
    return [name for name, figure in figures.items() if WRITTEN.findall(figure) != WRITTEN.findall(there.get(name, ""))]


def compared(path: Path, page: Page) -> bool:
    """Whether the document says what its code makes; where not, the difference is printed."""
    old = path.read_text(encoding="utf-8")
    stale = stale_figures(page.figures, path.parent / "figures")
    if page.text != old:
        diff = difflib.unified_diff(old.splitlines(), page.text.splitlines(), str(path), "what its code prints", lineterm="")
        print("\n".join(diff))
    for name in stale:
        print(f"{path.parent / 'figures' / name} is not what the code draws")
    return page.text == old and not stale


def written(path: Path, page: Page) -> None:
    """The document and its figures are put in place, where they differ."""
    made = {path: page.text, **{path.parent / "figures" / name: figure for name, figure in page.figures.items()}}
    for place, text in made.items():
        if not place.exists() or place.read_text(encoding="utf-8") != text:
            place.parent.mkdir(exist_ok=True)
            place.write_text(text, encoding="utf-8")
            print(f"renewed {place.name}")


def main(arguments: list[str]) -> int:
    check = "--check" in arguments
    paths = [Path(argument) for argument in arguments if argument != "--check"] or documents()
    true = True
    for path in paths:
        page = renewed(path.read_text(encoding="utf-8"))
        if check:
            true = compared(path, page) and true
        else:
            written(path, page)
    if not true:
        print("\n`make docs` writes these outputs")
    return 0 if true else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
