"""The code in README.md and docs/ runs and prints what stands there."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


def load_build() -> ModuleType:
    spec = importlib.util.spec_from_file_location("docs_build", ROOT / "docs" / "build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


build = load_build()


@pytest.mark.rotating
@pytest.mark.parametrize("path", build.documents(), ids=lambda path: path.name)
def test_outputs_are_true(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stale = build.main(["--check", str(path)])
    assert not stale, capsys.readouterr().out


def test_a_false_output_is_seen(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "page.md"
    page.write_text("```python\nx = 2\nprint(x + x)\n```\n\n```text\n5\n```\n")
    assert build.main(["--check", str(page)]) == 1
    assert "-5\n+4\n" in capsys.readouterr().out
    assert build.main([str(page)]) == 0
    assert "```text\n4\n```" in page.read_text()
    assert build.main(["--check", str(page)]) == 0


def test_output_nobody_shows_and_code_that_fails_are_seen(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("```python\nprint(1)\n```\n\nno output here\n")
    with pytest.raises(SystemExit, match="needs a ```text block"):
        build.main([str(page)])
    page.write_text("```python\nraise ValueError('no')\n```\n")
    with pytest.raises(SystemExit, match="ValueError: no"):
        build.main([str(page)])


DRAWS = """
```python
from matplotlib import pyplot

figure, axis = pyplot.subplots()
axis.plot([0, {top}])
axis.set(xticks=[], yticks=[], ylim=(0, 2), title="{title}")
figure.savefig("figures/line.svg")
```
"""


def test_figures_are_the_same_in_every_build(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page, figure = tmp_path / "page.md", tmp_path / "figures" / "line.svg"
    page.write_text(DRAWS.format(top=1, title="a line"))
    assert build.main(["--check", str(page)]) == 1
    assert "line.svg is not what the code draws" in capsys.readouterr().out
    assert build.main([str(page)]) == 0
    first, seen = figure.read_text(), capsys.readouterr().out
    assert "a line" in first
    assert "date" not in first and "Matplotlib" not in first
    assert seen.split() == ["renewed", "line.svg"]
    assert build.main([str(page)]) == build.main(["--check", str(page)]) == 0
    assert capsys.readouterr().out == ""
    assert figure.read_text() == first


def test_a_figure_that_says_something_else_is_stale(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page, figure = tmp_path / "page.md", tmp_path / "figures" / "line.svg"
    page.write_text(DRAWS.format(top=1, title="a line"))
    assert build.main([str(page)]) == 0
    page.write_text(DRAWS.format(top=1, title="another line"))
    capsys.readouterr()
    assert build.main(["--check", str(page)]) == 1
    assert "line.svg is not what the code draws" in capsys.readouterr().out
    assert "another line" not in figure.read_text(), "--check writes nothing"
    page.write_text(DRAWS.format(top=2, title="a line"))
    assert build.main([str(page)]) == 0
    assert capsys.readouterr().out == "renewed line.svg\n"


def test_every_figure_is_shown() -> None:
    studies = ROOT / "docs" / "studies"
    shown = {name for page in studies.glob("*.md") for name in re.findall(r"\]\(figures/([\w-]+\.svg)\)", page.read_text())}
    assert {path.name for path in (studies / "figures").iterdir()} == shown


DOCUMENTS = [path for pattern in ("*.md", "docs/**/*.md", "templates/*.md") for path in sorted(ROOT.glob(pattern))]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(path: Path) -> None:
    text = re.sub(r"```.*?```", "", path.read_text(), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text):
        if not target.startswith(("http://", "https://", "mailto:")):
            assert (path.parent / target).exists(), f"{path.name} links to {target}"


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = [path.name[:4] for path in sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))]
    assert numbers == [f"{number:04}" for number in range(1, len(numbers) + 1)]
