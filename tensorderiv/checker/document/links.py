r"""Chains over several formulas: $$ a = b $$ and, since $x = y$, $$ = c $$ -> a = b = c.

A display that begins with a relation goes on with the chain before it; reasons, remarks and definitions in between are passed
over. Where two chains come into question it is not judged: `unclear` says so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from tensorderiv.checker.document.heads import DIFFERENTIAL, derives
from tensorderiv.checker.document.split import Side, Statement

_I = re.IGNORECASE
_NEUTRAL = r"(?:\s+(?:that|the|fact|identity|relation|rule|formula|now|also|again|here))*[\s,:]*$"
_CLAUSE = r"(?:^|[.,;:(]|\b(?:and|so|then|hence|thus|now|but|therefore)\b)\s*"
REASON = re.compile(rf"(?:\b(?:using|since|because|knowing)|{_CLAUSE}with){_NEUTRAL}", _I)
"""Before a formula that says why."""
OTHER = re.compile(
    r"\b(?:where|let|define|denote|put|set|setting|suppose|assume|note|recall|observe|remember|write|here|for|if|when|whenever|given|as)"
    rf"{_NEUTRAL}",
    _I,
)
"""Before a formula that is no link, perhaps."""
SUPPOSED = re.compile(rf"\b(?:if|when|whenever|unless|for|at|in case|setting|where only){_NEUTRAL}", _I)
"""Before an equation that holds in a case only: what goes on behind it is not judged."""
SINCE = re.compile(rf"\b(?:since|because|as){_NEUTRAL}", _I)
MENTION = re.compile(
    r"\b(?:(?P<reason>using|since|because|as|with|where|by|recall\w*|note|noting|know\w*|remember|observ\w+|notic\w+|given|let|define|"
    r"denot\w+|put|set|setting|writ\w+|suppose|assum\w+|for|if|when|here|due|from|insert\w*|substitut\w*|plug\w*|apply\w*|at)"
    r"|get|have|obtain|find|gives?|yields?|so|then|hence|thus|therefore|becomes?|equals?|is|are|conclude\w*|follows|deduce|compute|see"
    r"|consider)\b",
    _I,
)
"""The last of these words in a clause tells a reason from a result."""
_VERB = (
    r"(?:gives|yields|equals|becomes|simplifies to|reduces to|evaluates to|is equal to|is just|is simply|is the same as|"
    r"can be (?:re)?written as|can be simplified to)(?:\s+us)?"
)
_ADVERB = r"(?:(?:in turn|then|further|finally|again|now|just|\w+ly)\s+)*"
GIVES = re.compile(
    r"(?:(?<!of )(?<!by )(?<!from )(?<!in )\bwhich|"
    r"(?:^|[.,;:)]|\b(?:and|so|hence|thus|therefore|then|now|again|finally))\s*\bthis)\s+"
    rf"{_ADVERB}{_VERB}\s*:?$",
    _I,
)
"""`which gives`: what follows goes on with the chain, although it begins with no relation."""
GOES_ON = re.compile(
    rf"^[\s.,;:()\d*-]*(?:(?:and|so|hence|thus|therefore|then|finally|or|now|again|further)\b[\s,]*)*"
    rf"(?:(?:which|this|that)\s+{_ADVERB}(?:is|{_VERB})\s*)?:?$",
    _I,
)
ENDED = re.compile(r"\s*(?:$|[.,;:)]|\\end|\\item|\n\s*\n|(?:and|so|as|by|because|since|which|where)\b)")
DERIVING = re.compile(r"\b(?:gradient|derivative|hessian|jacobian|differentiat\w+|taking)\b", _I)
NOTHING = re.compile(r"\\[A-Za-z]+\*?|<[^<>]*>|[\s.,;:(){}\[\]\d*-]|\bthen\b")
BEGINS = "this begins with =, and which chain it goes on with is not clear"


def joined_chains(found: Sequence[Statement]) -> list[Statement]:
    """Every statement that goes on with one before is joined to it; names that are given in passing stand by themselves."""
    links = _Links()
    for statement in found:
        links.add(statement)
    return links.named()


class _Links:
    def __init__(self) -> None:
        self.chains: list[Statement] = []
        self.displays: list[int] = []
        self.last: dict[int, int] = {}
        self.reach: dict[int, int] = {}

    def add(self, statement: Statement) -> None:
        place = self._place(statement)
        if place is None:
            unclear = bool(self.chains) and statement.goes_on and not statement.inline and not statement.reason
            self.chains.append(replace(statement, unclear=BEGINS) if unclear else statement)
            if not statement.reason:
                self.last[statement.formula] = len(self.chains) - 1
                self.displays += [] if statement.inline else [len(self.chains) - 1]
            return
        for between in range(place + 1, len(self.chains)):
            self.chains[between] = _as_reason(self.chains[between])
        last, first = self.chains[place], statement.sides[0]
        sides = (*last.sides, replace(first, relation=first.relation or "="), *statement.sides[1:])
        self.chains[place] = replace(
            last, sides=sides, condition=last.condition or statement.condition, unjudged=statement.unjudged, open=statement.open
        )
        self.last[statement.formula] = place
        self.reach[place] = len(self.chains)

    def named(self) -> list[Statement]:
        """The chains, and after each the names that it gives its lines: a = b =: c."""
        parts = [_named(chain) for chain in self.chains]
        starts = [0]
        for part in parts:
            starts.append(starts[-1] + len(part))
        for place, end in self.reach.items():
            parts[place][0] = replace(parts[place][0], until=starts[end])
        return [one for part in parts for one in part]

    def _place(self, statement: Statement) -> int | None:
        """The place of the chain that a statement goes on with."""
        if statement.reason:
            return None
        same = self.last.get(statement.formula)
        if not statement.goes_on:
            last = self.displays[-1] if self.displays and not statement.inline else None
            if last is not None and self.chains[last].open and same is None:
                return last
            if len(statement.sides) > 1 or statement.unjudged or not GIVES.search(" ".join(statement.between.split())):
                return None
            if statement.inline and not ENDED.match(statement.after):
                return None
            place = self._inline(statement, True) if statement.inline else self._display(statement)
            chain = self.chains[place] if place is not None else None
            return place if chain and len(chain.sides) > 1 and chain.sides[-1].text not in ("0", r"\mathbf{0}") else None
        if same is not None:
            return None if self.chains[same].unjudged else same
        return self._inline(statement, False) if statement.inline else self._display(statement)

    def _inline(self, statement: Statement, told: bool) -> int | None:
        """In the text: the last chain that is no reason, if the words between say so or are `told` to."""
        between = " ".join(re.sub(r"\\[A-Za-z]+\*?|<[^<>]*>", " ", statement.between).split())
        if not told and not GOES_ON.match(between):
            return None
        for place in reversed(range(len(self.chains))):
            chain = self.chains[place]
            if chain.reason or (len(chain.sides) < 2 and (place < len(self.chains) - 1 or NOTHING.sub("", between))):
                continue
            if not _is_reason(chain):
                return None if chain.unjudged else place
        return None

    def _display(self, statement: Statement) -> int | None:
        displays = self.displays
        nearest = displays[-1] if displays else -1
        if any(_is_supposed(chain, statement) for chain in self.chains[nearest + 1 :]):
            return None
        told = next((k for k in range(len(self.chains) - 1, nearest, -1) if _is_told(self.chains[k])), None)
        if not displays:
            return told if told is not None and self._fits(statement, told) else None
        if self.chains[nearest].unjudged:
            return None
        direct = statement.before == statement.between and not NOTHING.sub("", statement.between)
        if direct or re.search(r"\bwhich\b", statement.between):
            return nearest
        place = nearest
        while REASON.search(self.chains[place].before) and (earlier := [k for k in displays if k < place]):
            place = earlier[-1]
        others = [k for k in displays if k < nearest and len(self.chains[k].sides) > 1]
        if place == nearest and others and OTHER.search(self.chains[nearest].before):
            return None
        if told is not None and derives(self._left(told)) and not self._derived(place):
            place = told
        elif told is not None and derives(self._left(told)) == self._derived(place):
            return None
        return place if self._fits(statement, place) else None

    def _left(self, place: int) -> str:
        return self.chains[place].sides[0].text

    def _derived(self, place: int) -> bool:
        return derives(self._left(place)) or DIFFERENTIAL.match(self._left(place)) is not None

    def _fits(self, statement: Statement, place: int) -> bool:
        """The gradient of f is = ...: no line of the chain f = ... ."""
        return self._derived(place) or not DERIVING.search(statement.before)


def _is_reason(chain: Statement) -> bool:
    return bool(REASON.search(chain.before) or OTHER.search(chain.before))


def _as_reason(chain: Statement) -> Statement:
    """A formula in the text that says why: since $y = Xw$."""
    why = chain.inline and len(chain.sides) > 1 and SINCE.search(chain.before) is not None
    return replace(chain, reason=True, remark="since") if why else chain


def _is_supposed(chain: Statement, statement: Statement) -> bool:
    """Whether an equation in the same sentence says in which case the statement holds."""
    if len(chain.sides) < 2 or SUPPOSED.search(chain.before) is None:
        return False
    rest = statement.before[len(chain.before) :] if statement.before.startswith(chain.before) else chain.after
    return re.search(r"[.;:](?:\s|$)", rest.rstrip(" :")) is None


def _is_told(chain: Statement) -> bool:
    """Whether a formula in the text may be what is gone on with."""
    return len(chain.sides) > 1 and not chain.unjudged and not chain.reason and not _mentions(chain)


def _mentions(chain: Statement) -> bool:
    """Whether the words before a formula in the text make it a reason, a definition or a hypothesis."""
    clause = re.split(r"[.;:!?](?:\s|$)", chain.before)[-1]
    words = list(MENTION.finditer(clause))
    return bool(words) and words[-1]["reason"] is not None


def _named(chain: Statement) -> list[Statement]:
    kept: list[Side] = []
    names: list[Statement] = []
    for side in chain.sides:
        if side.relation == "=:" and kept:
            pair = (Side(side.body), Side(kept[-1].body, "="))
            names.append(
                Statement(pair, defining=True, naming=True, formula=chain.formula, inline=chain.inline, before=chain.before)
            )
        else:
            kept.append(side)
    return [replace(chain, sides=tuple(kept)), *names]
