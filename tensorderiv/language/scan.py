"""Text -> raw tokens: words, numbers, signs, LaTeX commands; subscripts are cut into their indices here.

Nothing is decided that needs more than the neighbouring characters; `resolve` does the rest.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, field

from tensorderiv.language import lexicon
from tensorderiv.language.source import DEEPEST, Source

NUMBER = re.compile(r"\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?")
WORD = re.compile(r"[A-Za-z][A-Za-z0-9]*'*")
UNIT = re.compile(r"[A-Za-z][0-9]*'*")
RUN = re.compile(r"(?:[A-Za-z][0-9]*'*)+")
COMMAND = re.compile(r"\\([A-Za-z]+\*?|.)", re.DOTALL)
COMPARISON = re.compile(r"=|<|>|!|\\(?:neq?|leq?|geq?|lt|gt|leqslant|geqslant|in)\b")
SIGNS = (
    "**",
    "<=",
    ">=",
    "!=",
    "==",
    ":=",
    "||",
    "&&",
    "+",
    "-",
    "*",
    "/",
    "^",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ",",
    ":",
    ".",
    "|",
    "<",
    ">",
    "=",
    "&",
    "!",
)
KINDS = {
    "**": "POW",
    "^": "POW",
    "<=": "CMP<=",
    ">=": "CMP>=",
    "!=": "CMP!=",
    "==": "CMP=",
    ":=": "=",
    "||": "NORM",
    "|": "BAR",
    "&&": "AND",
    "+": "PLUS",
    "-": "MINUS",
    "*": "STAR",
    "/": "SLASH",
    "(": "LPAR",
    ")": "RPAR",
    "{": "LPAR",
    "}": "RPAR",
    ",": "COMMA",
    ".": "DOT",
    "&": "AMP",
}
KEYWORDS = {"and": "AND", "or": "OR", "not": "NOT", "where": "WHERE"}
TEXT_WORDS = {
    "if": "IFWORD",
    "for": "IFWORD",
    "when": "IFWORD",
    "otherwise": "OTHERWISE",
    "else": "OTHERWISE",
    "where": "WHERE",
    "with": "WHERE",
    "and": "AND",
    "or": "OR",
}
OPERAND_END = frozenset({"NAME", "NUMBER", "SUBCLOSE", "]", "RPAR", "SLICE"})


@dataclass(frozen=True)
class Token:
    """A raw token with its offsets in the source text. `spaced`: white space stands before it."""

    kind: str
    text: str
    start: int
    end: int
    spaced: bool = False
    bold: bool = False


@dataclass
class Scanner:
    """Cuts a source into tokens; `out` grows, positions only move forward."""

    source: Source
    out: list[Token] = field(default_factory=list)
    depth: int = 0  # of commands within commands

    @property
    def text(self) -> str:
        return self.source.text

    def emit(self, kind: str, text: str, start: int, end: int, *, bold: bool = False) -> None:
        spaced = start == 0 or self.text[start - 1] in " \t\n$~"
        self.out.append(Token(kind, text, start, end, spaced, bold))

    # -- the loop ---------------------------------------------------------------------------------------------------

    def scan(self, start: int, end: int, *, split: bool = False) -> None:
        """Tokens of text[start:end]. `split`: a subscript, where each letter is an index."""
        position = start
        while position < end:
            char = self.text[position]
            if char in " \t$~":
                position += 1
            elif char in "#%":
                position = self.line_end(position, end)
            elif char == "\n":
                self.emit("NEWLINE", char, position, position + 1)
                position += 1
            elif char == ";":
                self.emit("SEMI", char, position, position + 1)
                position += 1
            elif char == "\\":
                position = self.command(position, end, split)
            elif char == "_":
                position = self.subscript(position, end)
            elif char.isascii() and (
                char.isdigit()
                or (char == "." and position + 1 < end and self.text[position + 1].isdigit() and not self.after_operand(position))
            ):
                position = self.number(position, end, split)
            elif char.isascii() and char.isalpha():
                position = self.word(position, end, split)
            else:
                position = self.sign(position, end, split)

    def after_operand(self, position: int) -> bool:
        return bool(self.out) and self.out[-1].kind in OPERAND_END and self.out[-1].end == position

    def line_end(self, position: int, end: int) -> int:
        stop = self.text.find("\n", position, end)
        return end if stop < 0 else stop

    def number(self, position: int, end: int, split: bool) -> int:
        match = (re.compile(r"\d+") if split else NUMBER).match(self.text, position, end)
        assert match is not None
        self.separate(split, position)
        self.emit("NUMBER", match.group(), position, match.end())
        return match.end()

    def word(self, position: int, end: int, split: bool) -> int:
        match = WORD.match(self.text, position, end)
        assert match is not None
        word = match.group()
        if split and word not in ("argmax", "argmin"):
            unit = UNIT.match(self.text, position, end)
            assert unit is not None
            self.separate(split, position)
            self.emit("NAME", unit.group(), position, unit.end())
            return unit.end()
        self.separate(split, position)
        self.emit(KEYWORDS.get(word, "NAME"), word, position, match.end())
        return match.end()

    def separate(self, split: bool, position: int) -> None:
        """In a subscript, X_{i p} and X_{ip} mean X_{i,p}."""
        if split and self.out and self.out[-1].kind in OPERAND_END:
            self.emit("COMMA", ",", position, position)

    def sign(self, position: int, end: int, split: bool) -> int:
        for text in SIGNS:
            if self.text.startswith(text, position) and position + len(text) <= end:
                kind = KINDS.get(text, text)
                if split and kind in (":", "STAR"):
                    self.separate(split, position)
                    kind = "SLICE"
                self.emit(kind, text, position, position + len(text))
                return position + len(text)
        raise self.source.problem(f"the character {self.text[position]!r} is not of the language", position)

    # -- groups -----------------------------------------------------------------------------------------------------

    def skip_blank(self, position: int, end: int) -> int:
        while position < end and self.text[position] in " \t\n~":
            position += 1
        return position

    def closing(self, position: int, end: int) -> int:
        """The offset of the brace that closes the one at `position`."""
        level = 0
        at = position
        while at < end:
            char = self.text[at]
            if char == "\\":
                at += 1
            elif char == "{":
                level += 1
            elif char == "}":
                level -= 1
                if level == 0:
                    return at
            at += 1
        raise self.source.problem("this { is never closed", position, hint="add }")

    def argument(self, position: int, end: int) -> int:
        """One LaTeX argument, emitted in parentheses: {..}, a digit, a letter or a command."""
        position = self.skip_blank(position, end)
        if position >= end:
            raise self.source.problem("a LaTeX command lacks its argument", max(0, position - 1), hint="add {...}")
        if self.text[position] == "{":
            stop = self.closing(position, end)
            self.emit("LPAR", "{", position, position + 1)
            self.scan(position + 1, stop)
            self.emit("RPAR", "}", stop, stop + 1)
            return stop + 1
        self.emit("LPAR", "", position, position)
        char = self.text[position]
        if char == "\\":
            after = self.command(position, end, False)
        elif char.isdigit():
            self.emit("NUMBER", char, position, position + 1)
            after = position + 1
        elif char.isalpha():
            self.emit("NAME", char, position, position + 1)
            after = position + 1
        else:
            raise self.source.problem(f"a LaTeX argument cannot start with {char!r}", position, hint="use {...}")
        self.emit("RPAR", "", after, after)
        return after

    def group(self, position: int, end: int) -> tuple[int, int, int]:
        """(start, stop, after) of a braced group, or of the one character or command that stands for it."""
        position = self.skip_blank(position, end)
        if position < end and self.text[position] == "{":
            stop = self.closing(position, end)
            return position + 1, stop, stop + 1
        match = COMMAND.match(self.text, position, end)
        after = match.end() if match else min(position + 1, end)
        return position, after, after

    # -- subscripts -------------------------------------------------------------------------------------------------

    def subscript(self, position: int, end: int) -> int:
        """`_` and what follows: a braced group, a number, a run of letters, a command."""
        reduction = bool(self.out) and self.out[-1].kind == "NAME" and self.out[-1].text in lexicon.REDUCTIONS
        at = self.skip_blank(position + 1, end)
        if at >= end:
            raise self.source.problem("`_` without a subscript", position, hint="write X_ij or X_{i,j}")
        char = self.text[at]
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
        """The items of a braced subscript: indices letter by letter; comparisons and what follows a colon as expressions."""
        if self.text.startswith("\\substack", self.skip_blank(start, stop)):
            start, stop, _ = self.group(self.skip_blank(start, stop) + len("\\substack"), stop)
        reduction = len(self.out) > 1 and self.out[-2].kind == "NAME" and self.out[-2].text in lexicon.REDUCTIONS
        after_colon = False
        first = start
        while first <= stop:
            last, separator, width = self.item_end(first, stop, colons=reduction and not after_colon, reduction=reduction)
            plain = not after_colon and COMPARISON.search(self.text, first, last) is None
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

    # -- LaTeX ------------------------------------------------------------------------------------------------------

    def command(self, position: int, end: int, split: bool) -> int:
        r"""A LaTeX command at `position`; returns the offset after what it consumed.

        Raises: SyntaxProblem for unknown commands, and for commands nested too deeply (\\sqrt\\sqrt...).
        """
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.source.problem(f"commands are nested more than {DEEPEST} deep", position, hint="use braces")
        try:
            return self.one_command(position, end, split)
        finally:
            self.depth -= 1

    def one_command(self, position: int, end: int, split: bool) -> int:
        match = COMMAND.match(self.text, position, end)
        if match is None:
            raise self.source.problem("a backslash stands alone", position)
        word, after = match.group(1), match.end()
        if word.rstrip("*") != word and word not in lexicon.STYLES:
            word, after = word.rstrip("*"), after - 1
        if word == "\\":
            optional = re.compile(r"\s*\[[\d.\s]*(?:pt|em|ex|mm|cm|in)\]").match(self.text, after, end)
            self.emit("ROW", "\\\\", position, after)
            return optional.end() if optional else after
        if word in ("left", "right"):
            return self.delimiter(word == "left", after, end)
        if word[:3].lower() == "big" and word[-1] in "lr" and word in lexicon.IGNORED:
            return self.delimiter(word[-1] == "l", after, end)
        if word == "\n":
            return after
        if word in lexicon.IGNORED:
            return after
        if word in ("frac", "dfrac", "tfrac", "cfrac", "nicefrac", "sfrac"):
            self.emit("FRAC", word, position, after)
            return self.argument(self.argument(after, end), end)
        if word == "sqrt":
            return self.root(position, after, end)
        if word in ("begin", "end"):
            return self.environment(word, position, after, end)
        if word in lexicon.ACCENTS or word in lexicon.STYLES:
            return self.styled(word, position, after, end, split)
        if word in ("label", "tag", "color", "phantom", "hspace", "vspace"):
            return self.group(after, end)[2]
        if word in ("underbrace", "overbrace"):
            after = self.argument(after, end)
            script = re.compile(r"\s*[_^]").match(self.text, after, end)
            return self.group(script.end(), end)[2] if script else after
        if word == "arg":
            rest = re.compile(r"[\s\\,!]*(max|min)(?![A-Za-z])").match(self.text, after, end)
            if rest:
                self.emit("NAME", "arg" + rest.group(1), position, rest.end())
                return rest.end()
        if word in lexicon.NAMES:
            self.separate(split, position)
            primes = re.compile(r"'*").match(self.text, after, end)
            assert primes is not None
            self.emit("NAME", lexicon.NAMES[word] + primes.group(), position, primes.end())
            return primes.end()
        if word in lexicon.OPERATORS:
            kind = lexicon.OPERATORS[word]
            if split and kind in ("CDOT", "STAR"):
                self.separate(split, position)
                kind = "SLICE"
            self.emit(kind, "\\" + word, position, after)
            return after
        if word in ("lfloor",):
            self.emit("NAME", "floor", position, after)
            self.emit("LPAR", "(", after, after)
            return after
        if word in ("dots", "ldots", "cdots"):
            raise self.source.problem("dots are not read", position, after, hint="write the sum with \\sum_{i}")
        if word == "partial":
            self.emit("PARTIAL", "\\partial", position, after)
            return after
        if word in lexicon.MATRIX_OPERATORS:
            self.emit("MATRIXOP", "\\" + word, position, after)
            return after
        plain = {"lnot": "not"}.get(word, word)
        if plain in lexicon.FUNCTION_NAMES or plain in lexicon.REDUCTIONS or plain in lexicon.MATRIX_FUNCTIONS or plain == "log":
            self.emit("NAME", plain, position, after)
            return after
        if plain == "lse":
            self.emit("NAME", "logsumexp", position, after)
            return after
        known = sorted(
            {*lexicon.NAMES, *lexicon.OPERATORS, *lexicon.FUNCTION_NAMES, *lexicon.REDUCTIONS, "frac", "sqrt", "left", "right"}
        )
        near = difflib.get_close_matches(word, known, 1)
        hint = f"did you mean \\{near[0]}?" if near else "see the list of LaTeX spellings in the documentation"
        raise self.source.problem(f"the LaTeX command \\{word} is not of the language", position, after, hint)

    def delimiter(self, opening: bool, position: int, end: int) -> int:
        r"""What follows \left or \right."""
        position = self.skip_blank(position, end)
        match = COMMAND.match(self.text, position, end)
        text = match.group(1) if match else self.text[position : position + 1]
        after = match.end() if match else position + 1
        bars = {"|": ("LBAR", "RBAR"), "vert": ("LBAR", "RBAR"), "lvert": ("LBAR", "LBAR"), "rvert": ("RBAR", "RBAR")}
        norms = {"|": ("LNORM", "RNORM"), "Vert": ("LNORM", "RNORM"), "lVert": ("LNORM", "LNORM"), "rVert": ("RNORM", "RNORM")}
        if text == "." and not match:
            return after
        if match and text in norms:
            self.emit(norms[text][0 if opening else 1], text, position, after)
        elif text in bars:
            self.emit(bars[text][0 if opening else 1], text, position, after)
        elif text == "[":
            self.emit("LBRK", "[", position, after)
        elif not match and text in "<>" and text:
            self.emit("LANGLE" if opening else "RANGLE", text, position, after)
        else:
            return position  # an ordinary bracket: the loop reads it
        return after

    def root(self, position: int, after: int, end: int) -> int:
        r"""\sqrt x, \sqrt{x}, \sqrt[3]{x}."""
        at = self.skip_blank(after, end)
        if at < end and self.text[at] == "[":
            stop = self.text.find("]", at, end)
            if stop < 0:
                raise self.source.problem("this [ of \\sqrt is never closed", at, hint="add ]")
            self.emit("NAME", "root", position, after)
            self.emit("LPAR", "", at, at)
            self.scan(at + 1, stop)
            self.emit("COMMA", ",", stop, stop)
            mark = len(self.out)
            behind = self.argument(stop + 1, end)
            del self.out[mark]  # the argument's own parenthesis; its closing one closes the call
            return behind
        self.emit("NAME", "sqrt", position, after)
        if at < end and self.text[at] == "(":
            return at
        return self.argument(after, end)

    def environment(self, word: str, position: int, after: int, end: int) -> int:
        match = re.compile(r"\s*\{([A-Za-z]+\*?)\}").match(self.text, after, end)
        if match is None:
            raise self.source.problem(f"\\{word} lacks its environment", position, after, hint=f"write \\{word}{{cases}}")
        name = match.group(1)
        if name in ("cases", "cases*", "dcases", "rcases"):
            self.emit("BEGIN" if word == "begin" else "END", name, position, match.end())
        elif name not in lexicon.ENVIRONMENTS:
            near = "bmatrix pmatrix matrix vmatrix Bmatrix array smallmatrix".split()
            why = "matrix statements are not read yet; write indices" if name in near else "use cases or align"
            raise self.source.problem(f"the environment {name} is not read", position, match.end(), why)
        return match.end()

    def styled(self, word: str, position: int, after: int, end: int, split: bool) -> int:
        r"""\mathbf{x}, \bar{x}, \operatorname{relu}, \text{otherwise}."""
        first, stop, behind = self.group(after, end)
        inner = self.text[first:stop]
        if word in lexicon.WORDS:
            clean = re.sub(r"\\[,;:! ]|[\s~.,:*]|\\(?=[A-Za-z])", "", inner).strip()
            if clean.lower() in TEXT_WORDS and word not in ("operatorname", "operatorname*"):
                self.emit(TEXT_WORDS[clean.lower()], clean, position, behind)
                return behind
            if not clean and word in ("text", "mbox", "textrm"):
                return behind
            if re.fullmatch(r"[A-Za-z0-9]+'*", clean):
                kind = "NUMBER" if clean.isdigit() else "NAME"
                self.separate(split, position)
                self.emit(kind, clean, position, behind)
                return behind
            raise self.source.problem(f"the words {inner.strip()!r} are not read", position, behind, "put remarks behind #")
        name = self.plain_name(self.text[position:behind])
        if name is None:
            raise self.source.problem(f"\\{word} around {inner!r} is not a name", position, behind, "put one name inside it")
        self.separate(split, position)
        bold = any(f"\\{style}" in self.text[position:behind] for style in lexicon.BOLD)
        self.emit("NUMBER" if name.isdigit() else "NAME", name, position, behind, bold=bold)
        return behind

    @staticmethod
    def plain_name(text: str) -> str | None:
        r"""The name of a decorated letter: \bar{\mathbf{x}} is xbar."""
        name, accents = "", ""
        for match in re.finditer(r"\\([A-Za-z]+)\*?|([A-Za-z0-9]+'*)|([{}\s])|(.)", text, re.DOTALL):
            command, word, _, other = match.groups()
            if other:
                return None
            if command in lexicon.ACCENTS:
                accents = lexicon.ACCENTS[command] + accents
            elif command in lexicon.NAMES:
                name += lexicon.NAMES[command]
            elif command is not None and command not in lexicon.STYLES:
                return None
            elif word:
                name += word
        return name + accents if name else None


def scan(source: Source) -> list[Token]:
    """All raw tokens of a source."""
    scanner = Scanner(source)
    scanner.scan(0, len(source.text))
    return scanner.out
