"""Run the code in the documents and write its output into them: `make docs`. `--check` only compares, and exits 1 with a diff.

Two kinds of block are executed; all blocks of a document share one folder, which holds a copy of
examples/, its Python blocks one process:

    ```python     followed by a ```text block: what the code prints stands in the text block
    ```console    lines `$ tensorderiv ...`, each followed by what it prints

Python blocks without a text block behind them are run as well; their output must be empty.
"""

from __future__ import annotations

import difflib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FENCE = re.compile(r"^```(?P<kind>\w*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
MEASURED = re.compile(r"; values within .* of what rounding allows$", re.MULTILINE)
"""Part of a verdict that depends on the machine: the least significant bits. A new figure alone changes no document."""

MARK = "--- end of block ---"


@dataclass(frozen=True)
class Block:
    """A fenced block: what kind it is, what stands in it, and where (offsets of the body)."""

    kind: str
    body: str
    start: int
    end: int


def documents() -> list[Path]:
    """The documents whose code is executed."""
    return [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def blocks(text: str) -> list[Block]:
    return [Block(found["kind"], found["body"], found.start("body"), found.end("body")) for found in FENCE.finditer(text)]


def run(command: list[str], folder: Path, stdin: str | None = None) -> str:
    """What a command prints, errors included: a document may show an error."""
    done = subprocess.run(
        command, cwd=folder, input=stdin, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    return done.stdout


def python_outputs(codes: list[str], folder: Path) -> list[str]:
    """What each piece of code prints when all are run, in order, in one process with warnings as errors."""
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
    for block, following in zip(found, chain(found[1:], [None]), strict=True):
        if block.kind != "python":
            continue
        output = "".join(f"{line.rstrip()}\n" for line in next(outputs).splitlines())
        if following is not None and following.kind == "text" and text[block.end : following.start].split() == ["```", "```text"]:
            yield following, output
        elif output:
            raise SystemExit(f"code that prints needs a ```text block right behind it:\n{block.body}")


def renewed(text: str) -> str:
    """The document with the output of its code as it is today."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(ROOT / "examples", Path(folder) / "examples")
        found = sorted(replacements(text, Path(folder)), key=lambda pair: pair[0].start, reverse=True)
        for block, output in found:
            if MEASURED.sub("", output) != MEASURED.sub("", block.body):
                text = text[: block.start] + output + text[block.end :]
    return text


def main(arguments: list[str]) -> int:
    check = "--check" in arguments
    paths = [Path(argument) for argument in arguments if argument != "--check"] or documents()
    stale = 0
    for path in paths:
        old = path.read_text(encoding="utf-8")
        new = renewed(old)
        if new == old:
            continue
        stale += 1
        if check:
            diff = difflib.unified_diff(old.splitlines(), new.splitlines(), str(path), "what its code prints", lineterm="")
            print("\n".join(diff))
        else:
            path.write_text(new, encoding="utf-8")
            print(f"renewed {path.name}")
    if stale and check:
        print("\n`make docs` writes these outputs")
    return 1 if stale and check else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
