r"""What the words of a document say of the names: "where $J$ is the all-ones matrix", "a symmetric matrix $A$"."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from tensorderiv.algebra.index import Extent
from tensorderiv.checker.document.facts import Fact, extents_of, letters_of, members, name_of, names_of, ranges
from tensorderiv.checker.document.properties import bounded
from tensorderiv.checker.document.words import ASSUMPTIONS, KINDS, LINK, NARROWER, RULES, VALUES, VERB

MARK = re.compile(r"⟦(\d+)⟧")
VERBS = re.compile(VERB, re.IGNORECASE)
LINKS = re.compile(LINK)
CLOSED = re.compile(r"\([^()]*\)|\)")
DENIED = re.compile(
    r"\b(?:not|no|never|without|neither|nor)\b(?:\s+(?:necessarily|be|assumed|to|a|an|the))*\s+[\w-]+|\bnon-(?=symm|orth)\w+"
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
    if not before and not after:
        return []
    facts: list[Fact] = []
    common = _fact(before, after)
    for use in uses:
        fact = replace(common, name=name_of(use), letters=letters_of(use))
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
