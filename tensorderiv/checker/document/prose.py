r"""What the words of a document say of the names: "where $J$ is the all-ones matrix", "a symmetric matrix $A$", "given X in R^n"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from tensorderiv.algebra.index import Extent
from tensorderiv.checker.case import Assumption, Value
from tensorderiv.checker.document.facts import Fact, extents_of, letters_of, members, name_of, names_of, ranges
from tensorderiv.checker.document.properties import bounded

ASSUMPTIONS: tuple[tuple[str, Assumption], ...] = (
    (r"skew|anti-?\s?symmetric", "antisymmetric"),
    (r"(?<!anti)(?<!anti-)(?<!skew-)(?<!skew )\bsymmetric", "symmetric"),
    (r"positive[- ](?:semi-?)?definite|\bspd\b|\bpsd\b|covariance matrix", "positive_definite"),
    (r"\borthogonal\b(?! to)|orthonormal matrix|rotation matrix", "orthogonal"),
    (r"invertible|non-?singular|full[- ]rank square", "invertible"),
    (r"one-?hot rows", "one_hot_rows"),
    (r"one-?hot", "one_hot"),
    (r"unit[- ]?(?:norm|length)? rows|rows (?:of|with|have|has|are|being) (?:unit|norm|normali[sz]ed|length)|row-?normali[sz]ed", "unit_rows"),
    (r"unit[- ]?(?:norm|length)? columns|columns (?:of|with|have|has|are|being) (?:unit|norm|normali[sz]ed|length)", "unit_columns"),
    (r"(?<!standard )(?<!basis )(?<!th )(?<!canonical )unit vectors?\b|unit[- ](?:norm|length)(?! (?:rows|columns))|"
     r"(?<!rows are )(?<!columns are )(?<!row )(?<!row-)(?<!un)normali[sz]ed|norm (?:is |equal to )?(?:one|1)\b|on the (?:unit )?(?:hyper)?-?sphere", "unit_norm"),
    (r"rows? (?:are|is|lie|lies|sums?|being|that sum)[^.]*(?:simplex|probabilit|distribution|to (?:one|1))|row-?stochastic", "simplex_rows"),
    (r"probabilit|(?<!normal )(?<!gaussian )(?<!gauss )distributions?\b|simplex|sums? (?:up )?to (?:one|1|unity)|histogram", "simplex"),
    (r"non-?negative", "nonnegative"),
    (r"\bpositive\b(?![- ](?:semi-?)?definite)", "positive"),
    (r"non-?zero|nonvanishing", "nonzero"),
    (r"zero diagonal|diagonal (?:is|entries are|elements are|of zeros)(?: all)?(?: zeros?)?", "on_diagonal_zero"),
)  # fmt: skip
VALUES: tuple[tuple[str, Value], ...] = (
    (r"all[- ]ones|(?:vector|matrix) (?:of|with) (?:all )?ones|\bones (?:vector|matrix)", "ones"),
    (r"identity", "identity"),
    (r"zero (?:vector|matrix)|(?:vector|matrix) of zeros", "zeros"),
    (r"(?:basis|unit) vector.{0,40}(?:standard|canonical|cartesian)|(?:standard|canonical|cartesian|natural|coordinate)(?: basis| unit)|basis vector|-?th\W+unit vector", "basis"),
    (r"single[- ]entry|zeros?\b,?\s*(?:everywhere\s*)?,?\s*(?:except|but|save)[^.]*\b(?:one|1|unity)\b|\bone\b[^.]* zeros? (?:everywhere|elsewhere)|matrix unit", "single_entry"),
    (r"(?<!loss )(?<!objective )(?<!cost )(?<!kernel )\b(?:smooth|differentiable|arbitrary|scalar|unspecified|elementwise|activation|nonlinear) function|"
     r"\ba function\b", "function"),
    (r"\blabels?\b", "label"),
)  # fmt: skip
RULES: tuple[tuple[str, str], ...] = (
    (r"sigmoid|logistic function", r"{name}(z) = \frac{{1}}{{1+\exp(-z)}}"),
    (r"softplus", r"{name}(z) = \log(1+\exp(z))"),
    (r"hyperbolic tangent", r"{name}(z) = \tanh(z)"),
)
KINDS: tuple[tuple[str, str], ...] = (
    (r"\bmatri(?:x|ces)\b", "matrix"),
    (r"\bvectors?\b|\bpoints?\b", "vector"),
    (r"\bscalars?\b|\bnumbers?\b|\bconstants?\b|temperature|bandwidth|\bparameter\b", "number"),
)
MARK = re.compile(r"⟦(\d+)⟧")
VERBS = re.compile(
    r"\s*[)]?,?\s*\(?\s*(?:both |all |each )?(?:is|are|be|denotes?|denoting|being|has|have|stands? for|represents?|(?:assumed|which|whose|where it) (?:is|are)|whose|with"
    r"(?= (?:the same|unit|rows|columns|norm|positive|zero))|symmetric|orthogonal|invertible|positive|non-?negative|in the|on the|lies?|:|an?\s|the\s|vectors?\b|matri(?:x|ces)\b|scalars?\b|numbers?\b)",
    re.IGNORECASE,
)
SENTENCE = re.compile(r"[;:!?]|\.(?=\s|$)|\n\s*\n|⟦D⟧")
DIMENSIONS = re.compile(r"(?<![\w^])([A-Za-z]|\d+)\s*(?:x|×|by|-by-)\s*([A-Za-z]|\d+)(?= )")


@dataclass(frozen=True)
class Said:
    """The prose of a document; the formulas in it are ⟦0⟧, ⟦1⟧, ..., and ⟦D⟧ where a display stands."""

    text: str
    formulas: tuple[str, ...]


def facts_of(said: Said) -> list[Fact]:
    """All that is said, in the order of the document."""
    found: list[Fact] = []
    for match in MARK.finditer(said.text):
        formula = said.formulas[int(match[1])]
        found += ranges(formula)
        found += members(formula)
        found += bounded(formula)
        found += _worded(said, match, formula)
    return found


def _worded(said: Said, match: re.Match[str], formula: str) -> list[Fact]:
    """What the words around one formula say of the names in it."""
    head = re.split(r"\\in(?![a-zA-Z])|[<>=]|\\[gl]eq?(?![a-zA-Z])", formula)[0]
    uses = names_of(head)
    if not uses or len(formula) > 400:
        return []
    before = _before(said, match.start())
    after = _after(said, match.end())
    facts: list[Fact] = []
    for use in uses:
        fact = replace(_fact(before, after, said), name=name_of(use), letters=letters_of(use))
        if fact.rule:
            fact = replace(fact, rule=fact.rule.format(name=name_of(use)))
        if fact != Fact(fact.name, fact.letters):
            facts.append(fact)
    return facts


def _before(said: Said, at: int) -> str:
    """The words of the clause that ends at a formula."""
    text = said.text[max(0, at - 160) : at]
    for sign in SENTENCE.finditer(text):
        text = " " * sign.end() + text[sign.end() :]
    start = 0
    for mark in MARK.finditer(text):
        formula = said.formulas[int(mark[1])]
        between = text[mark.end() :].strip()
        sizes = re.search(r"\\times", formula) or (extents_of(formula) and re.match(r"-?dimensional|-vector|-?th\b", between))
        start = start if sizes else mark.end()
    words = text[start:]
    if start and VERBS.match(words):  # what follows the verb is said of the formula before
        words = re.split(r",|\band\b", words)[-1]
    words = LINKS.split(words)[-1]
    return MARK.sub(lambda mark: f" {said.formulas[int(mark[1])]} ", words).strip()


LINKS = re.compile(
    r"\b(?:is|are|be|being|using|by|over|where|from|then|that|with|between|if|has|have|we|of|and|or|denotes?|for|which|equals?|to|in|on|via)\b"
)
CLOSED = re.compile(r"\([^()]*\)|\)")


def _after(said: Said, at: int) -> str:
    """The words after a formula that say what it is."""
    text = said.text[at : at + 240]
    text = re.sub(r"^(?:\s*(?:,|and|or)\s*⟦\d+⟧)+", "", text)
    verb = VERBS.match(text)
    if verb is None:
        return ""
    end = next((sign.start() for sign in SENTENCE.finditer(text) if sign.start() > 0), len(text))
    rest = text[:end]
    link = re.search(r"(?:,|\band\b|\bwhere\b|\bwhile\b)[^⟦⟧]{0,12}⟦\d+⟧\s*(?:is|are|be|denotes?|an?\s|the\s|⟦)", rest)
    rest = rest[: link.start()] if link else rest
    unmatched = next((match.start() for match in CLOSED.finditer(rest, verb.end()) if match.group() == ")"), len(rest))
    rest = rest[:unmatched]
    return MARK.sub(lambda mark: f" {said.formulas[int(mark[1])]} ", rest)


def _fact(before: str, after: str, said: Said) -> Fact:
    words = f"{before} | {after}".lower()
    assume = tuple(dict.fromkeys(word for pattern, word in ASSUMPTIONS if re.search(pattern, words)))
    if "simplex_rows" in assume:
        assume = tuple(word for word in assume if word != "simplex")
    if "unit_rows" in assume or "unit_columns" in assume:
        assume = tuple(word for word in assume if word != "unit_norm")
    if "one_hot_rows" in assume:
        assume = tuple(word for word in assume if word != "one_hot")
    value = next((word for pattern, word in VALUES if re.search(pattern, words)), None)
    if value == "single_entry" and "basis" in words.split("except")[0]:
        value = "basis"
    rule = next((text for pattern, text in RULES if re.search(pattern, words)), "")
    kind = next((word for pattern, word in KINDS if re.search(pattern, before.lower() + " | " + after.lower()[:60])), "")
    if value in ("basis",):
        assume = tuple(word for word in assume if word not in ("unit_norm", "simplex"))
    like = re.search(r"same (?:dimensions?|shape|size)s? as\s+(\S+)", after)
    return Fact("", (), _sizes(before, after), None if rule else value, assume, kind, like[1].rstrip(").,") if like else "", rule)


def _sizes(before: str, after: str) -> tuple[Extent, ...] | None:
    """n x d of `the n x d matrix`, n of `an n-dimensional vector`, `of size n`."""
    tail = after[:80]
    for text in (before, tail):
        if (found := re.search(r"(?:^|\s)(\S+\s*\\times\s*\S+)\s", text + " ")) is not None and (
            sizes := extents_of(found[1])
        ) is not None:
            return sizes
        if (plain := DIMENSIONS.search(text + " ")) is not None:
            return extents_of(f"{plain[1]},{plain[2]}")
        if (
            re.search(r"vector|point", text)
            and (length := re.search(r"(?:^|\s)(\w)\s*-\s*(?:dimensional|vector)", text)) is not None
        ):
            return extents_of(length[1])
    return None


GIVEN = re.compile(r"^[ \t>*%#-]*(?:<!--\s*)?(?:given|let|assume|suppose|declare)\b[: ]*(?P<rest>.+?)(?:-->)?\s*$", re.IGNORECASE)
TENSOR = re.compile(
    r"^[ \t>*%#-]*(?P<keyword>tensors?|scalars?|labels?|vectors?|matrix|matrices)\s+(?P<rest>[A-Za-z\\][^.]*?)\s*$"
)
ITEM = re.compile(r"^\s*(?P<name>\\?[A-Za-z]\w*|\\?[A-Za-z]+(?:_\{?\w+\}?)?)\s*(?:\[(?P<sizes>[^\]]*)\])?\s*(?P<rest>.*)$")


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
    from tensorderiv.checker.document.mapped import Mapped
    from tensorderiv.checker.document.plain import to_latex
    from tensorderiv.checker.reading.spelling import normal

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


def lines_of(text: str) -> Sequence[str]:
    return text.splitlines()
