r"""Lines that declare: `given X in R^{n x d}`, `let x in R^n be a unit vector`, `tensor X[n,d]`, `assume A symmetric`.

They may stand anywhere on a line of their own, in a comment too: % given X in R^{n x d}.
"""

from __future__ import annotations

import re

from tensorderiv.checker.case import Assumption, Value
from tensorderiv.checker.document.facts import Fact, extents_of, ranges
from tensorderiv.checker.document.mapped import Mapped
from tensorderiv.checker.document.plain import to_latex
from tensorderiv.checker.document.prose import Said, facts_of
from tensorderiv.checker.document.words import ASSUMPTIONS
from tensorderiv.checker.reading.spelling import normal

GIVEN = re.compile(r"^[ \t>*%#-]*(?:<!--\s*)?(?:given|let|assume|suppose|declare)\b[: ]*(?P<rest>.+?)(?:-->)?\s*$", re.IGNORECASE)
TENSOR = re.compile(
    r"^[ \t>*%#-]*(?P<keyword>tensors?|scalars?|labels?|vectors?|matrix|matrices)\s+(?P<rest>[A-Za-z\\][^.]*?)\s*$"
)
ITEM = re.compile(r"^\s*(?P<name>\\?[A-Za-z]\w*|\\?[A-Za-z]+(?:_\{?\w+\}?)?)\s*(?:\[(?P<sizes>[^\]]*)\])?\s*(?P<rest>.*)$")
SUBSCRIPT = r"(?:_(?:\{[^{}]*\}|\w+)|\[[\w, ]*\])"
NAME = rf"(?:(?:\{{\\\w+\s*\w\}}|\\[A-Za-z]+\s*\{{\w+\}}|\\?[A-Za-z]+)'?{SUBSCRIPT}?'?)"
SET = r"(?:\\in|in)\s+(?:\\mathbb\s*\{?R\}?|R)(?:_\{?[+>0 ]+\}?)?(?:\s*\^\s*(?:\{[^{}]*\}|\([^()]*\)|\w+))?(?:_\{?[+>0 ]+\}?)?"
HEAD = re.compile(
    rf"^\s*(?P<names>{NAME}(?:\s*(?:,|and)\s*{NAME})*)\s*(?P<relation>{SET}|(?:\\in|in)\s+(?:\\Delta\S*|\[0,\s*1\]\S*|\(0,\s*1\)\S*)|"
    r"(?:>=?|\\geq?|\\gt|\\succ)\s*0(?![.\d]))?(?P<rest>.*)$"
)
LONGEST_NAME = 8
NO_NAME = re.compile(r"(?:its|the|an?|with|each|all|whose)\b")
SAID = re.compile(r"\s*(?:is|are|be|an?|the|symmetric|orthogonal|positive)\b")
PLAIN_SET = re.compile(r"(?:\\in|\bin)\s+R(?![a-z])(?P<sign>_\{?\+\}?)?\s*(?:\^\s*(?P<size>\{[^{}]*\}|\([^()]*\)|\w+))?")


def given_facts(text: str) -> list[Fact]:
    r"""What the declaring lines of a document say.

    >>> [(fact.name, fact.shape, fact.assume) for fact in given_facts("given X, Y in R^{n x d}\nlet u in R^d be a unit vector")]
    [('X', ('n', 'd'), ()), ('Y', ('n', 'd'), ()), ('u', ('d',), ()), ('u', None, ('unit_norm',))]
    """
    found: list[Fact] = []
    for line in text.splitlines():
        if len(line) > 1000:
            continue
        if (match := GIVEN.match(line)) is not None and "$" not in line and r"\(" not in line:
            found += given(match["rest"])
        else:
            found += tensor_line(line)
    return found


def is_given(line: str) -> bool:
    """Whether a line declares and does nothing else."""
    match = GIVEN.match(line)
    if match is not None:
        return bool(ranges(match["rest"])) or (bool(given(match["rest"])) and not re.search(r"(?<![<>!:])=", match["rest"]))
    return bool(tensor_line(line))


def given(rest: str) -> list[Fact]:
    """What stands behind `given`."""
    found = ranges(rest)
    if found:
        return found
    text = rest.rstrip(" .;")
    for _ in range(20):
        match = HEAD.match(text)
        if match is None:
            break
        relation = match["relation"] or ""
        words, text = _ends(match["rest"])
        names = to_latex(Mapped.of(re.sub(r"\s+and\s+", ", ", match["names"]))).text
        formula = f"{names} {_set(relation)}"
        spoken = words.strip()
        if spoken and not re.match(r"(?:is|are|be|has|have|with|whose|denotes?|,)\b", spoken):
            spoken = f"is {spoken}"
        found += facts_of(Said(f"⟦0⟧ {spoken}", (formula,)))
        if not text:
            break
    return found


def _ends(rest: str) -> tuple[str, str]:
    """The words up to the next name, and what stands from there."""
    for match in re.finditer(r"(?:,|;|\band\b)\s*", rest):
        after = HEAD.match(rest[match.end() :])
        if after is None or len(after["names"].split(",")[0].strip()) > LONGEST_NAME or NO_NAME.match(after["names"]):
            continue
        if after["relation"] or SAID.match(after["rest"]):
            return rest[: match.start()], rest[match.end() :]
    return rest, ""


def _set(relation: str) -> str:
    match = PLAIN_SET.search(relation)
    if match is None:
        return re.sub(r"^in\s", r"\\in ", relation)
    size = (match["size"] or "").strip("{}()")
    size = re.sub(r"(?<=\w)\s*x\s*(?=\w)", r" \\times ", size) if re.search(r"\s", size) else size
    power = f"^{{{size}}}" if size else ""
    return rf"\in \mathbb{{R}}{'_+' if match['sign'] else ''}{power}"


def tensor_line(line: str) -> list[Fact]:
    """A declaration in the language of definitions: tensor X[n,d], P[n,d] in simplex; scalar t > 0.

    >>> [(fact.name, fact.shape, fact.assume) for fact in tensor_line("tensor X[n,d], t[3] > 0")]
    [('X', ('n', 'd'), ()), ('t', (3,), ('positive',))]
    """
    match = TENSOR.match(line.split("#")[0] if not line.lstrip().startswith("#") else line.lstrip()[1:])
    if match is None:
        return []
    found: list[Fact] = []
    for item in re.split(r",(?![^\[]*\])", match["rest"]):
        part = ITEM.match(item)
        if part is None:
            return []
        shape = extents_of(part["sizes"]) if part["sizes"] else ()
        if shape is None:
            return []
        rest = part["rest"].strip()
        if rest and not re.match(
            r"(?:in\b|>|<|=|symmetric|spd|default|simplex|positive|nonnegative|orthogonal|invertible|unit)", rest
        ):
            return []
        assume = tuple(dict.fromkeys([*(word for pattern, word in ASSUMPTIONS if re.search(pattern, rest)), *_bounds(rest)]))
        if "sphere" in rest:
            assume = ("unit_rows" if len(shape) > 1 else "unit_norm",)
        if len(shape) > 1:
            assume = tuple("simplex_rows" if word == "simplex" else word for word in assume)
        value: Value | None = "label" if match["keyword"].startswith("label") else None
        kind = "" if part["sizes"] else {"scalar": "number"}.get(match["keyword"].rstrip("s"), "")
        known = part["sizes"] or match["keyword"].startswith(("scalar", "label"))
        name = part["name"]
        found.append(Fact(spelled_name(name), (), shape if known else None, value, assume, kind))
    return found


def spelled_name(word: str) -> str:
    """A plain word as the name in LaTeX."""
    latex = to_latex(Mapped.of(word), frozenset({word}) if len(word) > 1 and word.isalpha() else frozenset()).text
    return normal(latex)


def _bounds(rest: str) -> list[Assumption]:
    if re.match(r">\s*0\b", rest):
        return ["positive"]
    if re.match(r">=\s*0\b", rest):
        return ["nonnegative"]
    if re.search(r"in\s*[\[(]\s*0\s*,\s*1\s*[\])]", rest):
        return ["unit_interval"]
    return []
