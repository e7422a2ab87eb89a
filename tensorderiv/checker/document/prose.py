r"""What the words of a document say of the names: "where $J$ is the all-ones matrix", "a symmetric matrix $A$"."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from tensorderiv.algebra.index import Extent
from tensorderiv.checker.document.facts import PRIMES, Fact, extents_of, letters_of, members, name_of, names_of, ranges
from tensorderiv.checker.document.properties import bounded
from tensorderiv.checker.document.stacked import operator, rows_of
from tensorderiv.checker.document.words import ASSUMPTIONS, KINDS, LINK, NARROWER, RULES, VALUES, VERB

MARK = re.compile(r"⟦(\d+)⟧")
VERBS = re.compile(VERB, re.IGNORECASE)
LINKS = re.compile(LINK)
CLOSED = re.compile(r"\([^()]*\)|\)")
DENIED = re.compile(
    r"\b(?:not|no|never|without|neither|nor)\b(?:\s+(?:necessarily|be|assumed|to|a|an|the))*\s+[\w-]+|\bnon-(?=symm|orth)\w+"
)
SENTENCE = re.compile(r"[;:!?]|\.(?=\s|$)|\n\s*\n|⟦D⟧")
MEMBERSHIP = re.compile(r"\\in(?![a-zA-Z])|\\colon|\\to(?![a-zA-Z])|[=<>:]")
SEPARATOR = re.compile(r"(?:,|\b(?:and|or|where|while|with|for|let|but|whereas)\b)[^⟦⟧,]{0,12}$")
PARTS = re.compile(r"\b(?:rows?|columns?|entries|elements|components|coordinates|diagonal|same)\b")
PLURAL = re.compile(r"\b(?:matrices|vectors|numbers|scalars|constants)\s*$")
TRANSPOSING = re.compile(
    r"(?:(?<![A-Za-z])\w?(?:'|\^?\\prime)|\bprimes?\b)[^.;]{0,40}\btranspos|\btranspos[^.;]{0,30}\bprime", re.IGNORECASE
)
SHORT = re.compile(
    r"⟦(\d+)⟧,?\s{0,3}(?:is (?:short )?for|for|denotes?|means|stands for|is|instead of|to mean|as)\s{1,3}(?:the \w+ )?⟦(\d+)⟧"
)
LISTED_BEFORE = re.compile(r"⟧\s{0,3}(?:,|,?\s{0,3}\b(?:and|or))\s{0,3}$")
LISTED_AFTER = re.compile(r"\s{0,3}(?:,|,?\s{0,3}\b(?:and|or)\b)\s{0,3}⟦")
DIMENSIONS = re.compile(r"(?<![\w^])([A-Za-z]|\d+)\s*(?:x|×|by|-by-)\s*([A-Za-z]|\d+)(?= )")


@dataclass(frozen=True)
class Said:
    """The prose of a document; the formulas in it are ⟦0⟧, ⟦1⟧, ..., and ⟦D⟧ where a display stands."""

    text: str
    formulas: tuple[str, ...]


def facts_of(said: Said) -> list[Fact]:
    """All that is said, in the order of the document."""
    found: list[Fact] = []
    if TRANSPOSING.search(MARK.sub(lambda mark: said.formulas[int(mark[1])][:20], said.text)):
        found.append(Fact(PRIMES))
    for match in MARK.finditer(said.text):
        formula = said.formulas[int(match[1])]
        found += ranges(formula)
        found += members(formula)
        found += bounded(formula)
        found += _worded(said, match, formula)
    for match in SHORT.finditer(said.text):
        made = operator(said.formulas[int(match[1])], said.formulas[int(match[2])])
        found += [made] if made is not None else []
    return found + rows_of(said.text, said.formulas)


def _worded(said: Said, match: re.Match[str], formula: str) -> list[Fact]:
    """What the words around one formula say of the names in it."""
    head = re.split(r"\\in(?![a-zA-Z])|[<>=]|\\[gl]eq?(?![a-zA-Z])", formula)[0]
    uses = names_of(head)
    if not uses or len(formula) > 400:
        return []
    before = _before(said, match.start())
    after = _after(said, match.end())
    if not before and not after:
        return []
    facts: list[Fact] = []
    listed = LISTED_BEFORE.search(said.text[: match.start()]) or LISTED_AFTER.match(said.text, match.end())
    common = replace(_fact(before, after), alone=len(uses) == 1 and not listed)
    for use in uses:
        fact = replace(common, name=name_of(use), letters=letters_of(use))
        if fact.rule:
            fact = replace(fact, rule=fact.rule.format(name=name_of(use)))
        if fact != Fact(fact.name, fact.letters, alone=fact.alone):
            facts.append(fact)
    return facts


def _before(said: Said, at: int) -> str:
    """The words of the clause that ends at a formula."""
    text = said.text[max(0, at - 160) : at]
    for sign in SENTENCE.finditer(text):
        text = " " * sign.end() + text[sign.end() :]
    start = 0
    listed = ""  # what is said of several at once: symmetric matrices A and B
    for mark in MARK.finditer(text):
        if _is_size(said.formulas[int(mark[1])], text[mark.end() :]):
            continue
        led = text[start : mark.start()]
        listed = led if PLURAL.search(led) else listed if re.fullmatch(r"\s*(?:,|and|or|,\s*and|,\s*or)\s*", led) else ""
        start = mark.end()
    words = text[start:]
    if listed and re.fullmatch(r"\s*(?:,|and|or|,\s*and|,\s*or)\s*", words):
        return _before_names(said, listed)
    if start and VERBS.match(words):  # what follows the verb is said of the formula before
        words = re.split(r",|\band\b", words)[-1]
    return _before_names(said, words)


def _before_names(said: Said, words: str) -> str:
    return MARK.sub(lambda mark: f" {said.formulas[int(mark[1])]} ", LINKS.split(words)[-1]).strip()


def _is_size(formula: str, after: str) -> bool:
    r"""Whether a formula among words tells a size or a place, n \times d or the n of n-dimensional, and is nothing of its own."""
    if re.search(r"\\times", formula):
        return MEMBERSHIP.search(formula) is None
    return extents_of(formula) is not None and re.match(r"\s*(?:-?\s*dimensional|-\s*vector|-?\s*th\b)", after) is not None


def _after(said: Said, at: int) -> str:
    """The words after a formula that say what it is."""
    text = said.text[at : at + 240]
    text = re.sub(r"^(?:\s*(?:,|and|or)\s*⟦\d+⟧)+", "", text)
    verb = VERBS.match(text)
    if verb is None:
        return ""
    end = next((sign.start() for sign in SENTENCE.finditer(text) if sign.start() > 0), len(text))
    rest = _own(said, text[:end], verb.end())
    unmatched = next((match.start() for match in CLOSED.finditer(rest, verb.end()) if match.group() == ")"), len(rest))
    rest = rest[:unmatched]
    return MARK.sub(lambda mark: f" {said.formulas[int(mark[1])]} ", rest)


def _own(said: Said, rest: str, verb: int) -> str:
    """The words after a name without those that are said of the names in them: `a factor of the symmetric matrix ⟦1⟧`."""
    cut: list[tuple[int, int]] = []
    begun = verb
    for mark in MARK.finditer(rest, verb):
        formula, after = said.formulas[int(mark[1])], rest[mark.end() :]
        if _is_size(formula, after):
            continue
        led = rest[begun : mark.start()]
        separator = SEPARATOR.search(led)
        if separator and (re.search(r"\\in(?![a-zA-Z])", formula) or VERBS.match(after) or re.match(r"\s*⟦", after)):
            return _without(rest[: begun + separator.start()], cut)
        links = list(LINKS.finditer(led))
        words = led[links[-1].end() :].lower() if links else ""
        if not PARTS.search(words) and any(re.search(pattern, words) for pattern, _ in ASSUMPTIONS):
            cut.append((begun + links[-1].end(), mark.start()))
        begun = mark.end()
    return _without(rest, cut)


def _without(text: str, cut: list[tuple[int, int]]) -> str:
    for start, end in reversed(cut):
        text = f"{text[:start]} {text[end:]}"
    return text


def _fact(before: str, after: str) -> Fact:
    """What words say. A property that is denied is not said."""
    words = DENIED.sub(" ", f"{before} | {after}".lower())
    assume = tuple(dict.fromkeys(word for pattern, word in ASSUMPTIONS if re.search(pattern, words)))
    for narrower, wider in NARROWER:
        if set(narrower) & set(assume):
            assume = tuple(word for word in assume if word != wider)
    value = next((word for pattern, word in VALUES if re.search(pattern, words)), None)
    if value == "single_entry" and "basis" in words.split("except")[0]:
        value = "basis"
    if value == "basis":
        assume = tuple(word for word in assume if word not in ("unit_norm", "simplex"))
    rule = next((text for pattern, text in RULES if re.search(pattern, words)), "")
    kind = next((word for pattern, word in KINDS if re.search(pattern, f"{before.lower()} | {after.lower()[:60]}")), "")
    like = re.search(r"same (?:dimensions?|shape|size)s? as\s+(\S+)", after)
    return Fact("", (), _sizes(before, after), None if rule else value, assume, kind, like[1].rstrip(").,") if like else "", rule)


def _sizes(before: str, after: str) -> tuple[Extent, ...] | None:
    """n x d of `the n x d matrix`, n of `an n-dimensional vector`, `of size n`."""
    for text in (before, after[:80]):
        padded = text + " "
        product = re.search(r"(?:^|\s)(\S+\s*\\times\s*\S+)\s", padded)
        if product is not None and (sizes := extents_of(product[1])) is not None:
            return sizes
        if (plain := DIMENSIONS.search(padded)) is not None:
            return extents_of(f"{plain[1]},{plain[2]}")
        length = re.search(r"(?:^|\s)(\w)\s*-\s*(?:dimensional|vector)", text)
        if length is not None and re.search(r"vector|point", text):
            return extents_of(length[1])
    return None
