"""LaTeX commands: fractions, roots, delimiters, styles, environments."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass

from tensorderiv.language import lexicon
from tensorderiv.language.source import DEEPEST
from tensorderiv.language.subscripts import Subscripts
from tensorderiv.language.tokens import (
    COMMAND,
    TEXT_WORDS,
)


@dataclass
class Commands(Subscripts):
    """Reads LaTeX commands."""

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
        if plain in lexicon.FUNCTION_NAMES | lexicon.UNREAD_MATRIX_FUNCTIONS or plain in lexicon.REDUCTIONS:
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
            why = "name the matrix and declare it: tensor A[n,d]" if name in near else "use cases or align"
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
