r"""Subscripts: X_ip, X_{i,p}, sum_{j: j != i}, m_{\text{pos}}."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tensorderiv.language import lexicon
from tensorderiv.language.cursor import Cursor
from tensorderiv.language.tokens import (
    COMMAND,
    COMPARISON,
    RUN,
    UNIT,
    Token,
)

PLACE = re.compile(r"\s*(?:\\operatorname\*?\s*\{\s*\\?arg|\\arg(?:max|min)?(?![A-Za-z])|arg(?:max|min)(?=\s*_))")
"""The beginning of the place of an extremum, X_{argmax_i(min_p X_ip),k}: an expression with subscripts of its own."""


@dataclass
class Subscripts(Cursor):
    """Reads subscripts."""

    def subscript(self, position: int, end: int) -> int:
        """`_` and what follows: a braced group, a number, a run of letters, a command."""
        reduction = bool(self.out) and self.out[-1].kind == "NAME" and self.out[-1].text in lexicon.REDUCTIONS
        at = self.skip_blank(position + 1, end)
        if at >= end:
            raise self.source.problem("`_` without a subscript", position, hint="write X_ij or X_{i,j}")
        char = self.text[at]
        if char == "+" or re.compile(r"\{\s*\+\s*\}").match(self.text, at, end):
            after = at + 1 if char == "+" else self.closing(at, end) + 1
            self.emit("POSPART", "_+", position, after)
            return after
        if char == "{":
            stop = self.closing(at, end)
            word = self.label(at + 1, stop) if not reduction else None
            if word is not None and self.out and self.out[-1].kind == "NAME":
                last = self.out.pop()
                self.out.append(Token("NAME", last.text + word, last.start, stop + 1, last.spaced, last.bold))
                return stop + 1
            self.emit("SUBOPEN", "_", position, at + 1)
            self.items(at + 1, stop)
            self.emit("SUBCLOSE", "}", stop, stop + 1)
            return stop + 1
        if char == "\\":
            match = COMMAND.match(self.text, at, end)
            assert match is not None
            if match.group(1) in lexicon.WORDS and not reduction:
                first, stop, after = self.group(match.end(), end)
                word = re.sub(r"[^A-Za-z0-9]", "", self.text[first:stop])
                if self.out and self.out[-1].kind == "NAME" and word:
                    last = self.out.pop()
                    self.out.append(Token("NAME", last.text + word, last.start, after, last.spaced, last.bold))
                    return after
            self.emit("SUBOPEN", "_", position, at)
            after = self.command(at, end, True)
        elif char.isdigit():
            match = re.compile(r"\d+").match(self.text, at, end)
            assert match is not None
            self.emit("SUBOPEN", "_", position, at)
            self.emit("NUMBER", match.group(), at, match.end())
            after = match.end()
        elif char.isalpha() and char.isascii():
            self.emit("SUBOPEN", "_", position, at)
            after = self.run(at, end)
        elif char == ":":
            self.emit("SUBOPEN", "_", position, at)
            self.emit("SLICE", ":", at, at + 1)
            after = at + 1
            if after < end and self.text[after].isalpha():
                self.emit("COMMA", ",", after, after)
                after = self.run(after, end)
        else:
            raise self.source.problem(f"a subscript cannot start with {char!r}", at, hint="write X_ij, X_{i,j} or X[i,j]")
        self.emit("SUBCLOSE", "", after, after)
        return after

    def label(self, start: int, stop: int) -> str | None:
        r"""The word of a subscript that is a label, not indices: m_{\text{pos}} is the name mpos."""
        match = re.fullmatch(r"\s*\\([A-Za-z]+\*?)\s*\{([^{}\\]*)\}\s*", self.text[start:stop])
        if match is None or match.group(1) not in lexicon.WORDS:
            return None
        return re.sub(r"[^A-Za-z0-9]", "", match.group(2)) or None

    def run(self, start: int, end: int) -> int:
        """A run of letters, each an index: ip, i1j'. A last letter that has a subscript itself begins a new name."""
        match = RUN.match(self.text, start, end)
        assert match is not None
        stop = match.end()
        units = [unit.span() for unit in UNIT.finditer(self.text, start, stop)]
        following = self.text[stop] if stop < end else ""
        if following in ("_", "[") and len(units) > 1:
            units.pop()
        elif following == "(":
            for keep in range(1, len(units)):
                if self.text[units[keep][0] : stop] in lexicon.FUNCTION_NAMES:
                    units = units[:keep]
                    break
        for number, (first, last) in enumerate(units):
            if number:
                self.emit("COMMA", ",", first, first)
            self.emit("NAME", self.text[first:last], first, last)
        return units[-1][1]

    def items(self, start: int, stop: int) -> None:
        """The items of a braced subscript: indices letter by letter; comparisons, places of extrema and what follows a colon as
        expressions.
        """
        if self.text.startswith("\\substack", self.skip_blank(start, stop)):
            start, stop, _ = self.group(self.skip_blank(start, stop) + len("\\substack"), stop)
        reduction = len(self.out) > 1 and self.out[-2].kind == "NAME" and self.out[-2].text in lexicon.REDUCTIONS
        after_colon = False
        first = start
        while first <= stop:
            last, separator, width = self.item_end(first, stop, colons=reduction and not after_colon, reduction=reduction)
            whole = PLACE.match(self.text, first, last) or COMPARISON.search(self.text, first, last)
            plain = not after_colon and not whole
            self.scan(first, last, split=plain)
            if last >= stop:
                return
            self.emit("COLON" if separator == ":" else "COMMA", separator, last, last + width)
            after_colon = after_colon or separator == ":"
            first = last + width

    def item_end(self, start: int, stop: int, *, colons: bool, reduction: bool) -> tuple[int, str, int]:
        """Where the item that starts here ends: (offset, separator, width of the separator)."""
        level = 0
        at = start
        while at < stop:
            char = self.text[at]
            if char in "([{":
                level += 1
            elif char in ")]}":
                level -= 1
            elif level == 0 and char in ",;":
                return at, ",", 1
            elif level == 0 and not reduction and char == "|":
                return at, ",", 1  # p_{j|i} is p_{j,i}
            elif (level == 0 and colons and char == ":") or (
                level == 0 and colons and char == "|" and RUN.fullmatch(re.sub(r"[\s,]", "", self.text[start:at]))
            ):
                return at, ":", 1
            elif char == "\\":
                match = COMMAND.match(self.text, at, stop)
                word = match.group(1) if match else ""
                if level == 0 and not reduction and word == "mid":
                    return at, ",", len(word) + 1
                if level == 0 and word == "\\":
                    return at, ",", 2
                if level == 0 and colons and word in ("colon", "mid"):
                    return at, ":", len(word) + 1
                at = match.end() - 1 if match else at
            at += 1
        return stop, "", 0
