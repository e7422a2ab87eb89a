"""Raw tokens -> tokens of the grammar: what only the context decides.

Bars and angles open or close, `[` begins a subscript or an Iverson bracket, NAME( is a call or a product, f x gets its
parentheses, e^x is exp(x), x^2_i is x_i^2, ^T is a transpose.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass

from lark import Token as Out

from tensorderiv.algebra.index import GREEK
from tensorderiv.errors import NameProblem, SyntaxProblem
from tensorderiv.language import lexicon
from tensorderiv.language.ahead import CLOSING, OPENING, PLAIN, Known
from tensorderiv.language.brackets import Brackets
from tensorderiv.language.source import Source
from tensorderiv.language.tokens import Token


@dataclass
class Resolver(Brackets):
    """The tokens of one side on their way to the grammar."""

    def run(self) -> list[Out]:
        """All tokens for the grammar."""
        self.partials()
        self.sigmoids()
        self.exponentials()
        self.scripts()
        self.parenthesise()
        at = 0
        while at < len(self.tokens):
            at = self.step(at)
        if self.stack:
            opened = self.stack[-1].token
            raise self.source.problem(f"this {opened.text or 'bracket'} is never closed", opened.start, opened.end, "close it")
        return self.out

    def step(self, at: int) -> int:
        token = self.tokens[at]
        kind = token.kind
        if kind == "NAME":
            return self.name(at)
        if kind in PLAIN:
            self.put(kind, token)
        elif kind == "POW":
            if self.is_transpose(at):
                self.put("TRANSPOSE", token)
                return at + (2 if self.kind(at + 1) == "NAME" else 4)
            if self.kind(at + 1) == "LPAR" and self.kind(at + 2) == "ODOT":
                del self.tokens[at + 2]  # A^{\circ k}
                self.put("HPOW", token)
            else:
                self.put("POW", token)
        elif kind.startswith("CMP"):
            self.put("CMP", token, kind[3:])
        elif kind == "=":
            self.put("CMP", token, "=")
        elif kind in ("<", ">"):
            self.angle(at, kind)
            return self.frobenius(at)
        elif kind in ("BAR", "NORM"):
            self.bar(at, kind)
        elif kind == "LPAR":
            self.push("LPAR", token, "RPAR", self.condition())
        elif kind == "RPAR":
            self.pop(token, "RPAR")
            self.put("RPAR", token)
        elif kind in ("[", "LBRK"):
            self.bracket(at)
        elif kind == "]":
            frame = self.pop(token, "]")
            self.put({"SUBOPEN": "SUBCLOSE", "LIV": "RIV", "LPAR": "RPAR"}[frame.kind], token)
        elif kind == "SUBOPEN":
            self.push("SUBOPEN", token, "SUBCLOSE", True)
        elif kind == "SUBCLOSE":
            self.pop(token, "SUBCLOSE")
            self.put("SUBCLOSE", token)
        elif kind in ("LBAR", "LNORM"):
            self.push(kind, token, "R" + kind[1:], False)
        elif kind in ("RBAR", "RNORM"):
            self.pop(token, kind)
            self.put(kind, token)
        elif kind == "LANGLE":
            self.push(kind, token, "RANGLE", False)
        elif kind == "RANGLE":
            self.pop(token, "RANGLE")
            self.put("RANGLE", token)
            return self.frobenius(at)
        elif kind in ("FRAC", "POSPART"):
            self.put(kind, token)
        else:
            self.rare(at)
        return at + 1

    def frobenius(self, at: int) -> int:
        """After an angle; the F of <A, B>_F says what holds for two matrices anyway."""
        group = self.tokens[at + 1 : at + 4]
        closed = self.out[-1].type == "RANGLE" and [token.kind for token in group] == ["SUBOPEN", "NAME", "SUBCLOSE"]
        return at + 4 if closed and group[1].text == "F" else at + 1

    def rare(self, at: int) -> None:
        """Cases, and what cannot be read."""
        token = self.tokens[at]
        kind = token.kind
        in_cases = bool(self.stack) and self.stack[-1].kind == "BEGIN"
        if kind == "BEGIN":
            self.push("BEGIN", token, "END", True, call="")
        elif kind == "END":
            self.trim_cases()
            self.pop(token, "END")
            self.put("END", token)
        elif in_cases and kind == "ROW":
            self.trim_cases()
            if self.kind(at + 1) != "END":
                self.put("ROWSEP", token)
            self.stack[-1].call = ""
        elif (in_cases and kind in ("AMP", "IFWORD")) or (in_cases and kind == "NAME"):
            if self.stack[-1].call != "AMP":
                while self.out[-1].type in ("COMMA", "DOT"):
                    self.out.pop()
                self.put("AMP", token)
                self.stack[-1].call = "AMP"
        elif in_cases and kind == "OTHERWISE":
            self.trim_cases()
            self.put("OTHERWISE", token)
        elif kind in ("AMP", "NEWLINE", "ROW"):
            return
        elif kind == ":":
            self.put("FROB" if not any(frame.kind == "SUBOPEN" for frame in self.stack) else "COLON", token)
        elif kind == "MATRIXOP":
            raise self.source.problem(f"the product {token.text} is not read", token.start, token.end, "write indices: A_ij B_kl")
        elif kind == "PARTIAL":
            raise self.source.problem(
                "derivative signs are not read in a definition", token.start, token.end, "write diff(expr, X_kl)"
            )
        elif kind == "IN":
            raise self.source.problem(
                "a set stands where a number is needed", token.start, token.end, "declare domains: tensor P[n,d] in simplex"
            )
        elif kind == "!":
            raise self.source.problem("factorials are not read", token.start, token.end, "write exp(lgamma(n + 1))")
        else:
            raise self.source.problem(f"{token.text.strip() or kind!r} cannot stand here", token.start, token.end)

    def trim_cases(self) -> None:
        while self.out and self.out[-1].type in ("COMMA", "DOT"):
            self.out.pop()

    def name(self, at: int) -> int:
        token = self.tokens[at]
        in_cases = bool(self.stack) and self.stack[-1].kind == "BEGIN"
        if in_cases and token.text == "if" and self.kind(at + 1) != "LPAR":
            self.rare(at)
            return at + 1
        if in_cases and token.text in ("otherwise", "else"):
            self.trim_cases()
            self.put("OTHERWISE", token)
            return at + 1
        if self.is_reduction(at):
            return self.reduction(at)
        if self.is_function(at):
            return self.function(at)
        if self.kind(at + 1) == "LPAR":
            self.product_or_unknown(at)
        if token.bold:
            self.bold.add(token.start)
        if token.note and token.note not in self.notes:
            self.notes.append(token.note)
        self.put("NAME", token)
        return at + 1

    def reduction(self, at: int) -> int:
        self.put("RED", self.tokens[at])
        stop = self.group_end(at + 1)
        at += 1
        while at < stop:
            at = self.step(at)
        if self.kind(at) == "POW":
            self.put("UPPER", self.tokens[at])
            stop = self.exponent_end(at + 1)
            at += 1
            while at < stop:
                at = self.step(at)
        self.operand = False
        return at

    def function(self, at: int) -> int:
        """FUNC, its exponent or subscript, and its opening parenthesis."""
        token = self.tokens[at]
        name = lexicon.ALIASES.get(token.text, token.text)
        if token.text in self.known.functions:
            name = token.text
        self.put("FUNC", token, name)
        mark = len(self.out) - 1
        at += 1
        while self.kind(at) in ("SUBOPEN", "POW"):
            if self.kind(at) == "POW":
                stop = self.exponent_end(at + 1)
                power = self.tokens[at + 1 : stop]
                if name in lexicon.INVERSES and "".join(item.text for item in power).strip("{}()") == "-1":
                    name = lexicon.INVERSES[name]
                    self.out[mark] = Out("FUNC", name, start_pos=token.start, end_pos=token.end)
                    at = stop
                    continue
                self.put("FPOW", self.tokens[at])
                at += 1
            else:
                stop = self.group_end(at)
                base = "".join(item.text for item in self.tokens[at + 1 : stop - 1])
                if name == "log" and base in ("2", "10", "e"):
                    name = {"2": "log2", "10": "log10", "e": "log"}[base]
                    self.out[mark] = Out("FUNC", name, start_pos=token.start, end_pos=token.end)
                    at = stop
                    continue
            while at < stop:
                at = self.step(at)
        self.operand = False
        if self.kind(at) == "LPAR" and self.kind(at + 1) == "RPAR":
            closing = self.tokens[at + 1]
            raise self.source.problem(f"the function {name} has no argument", token.start, closing.end, f"write {name}(x)")
        if self.kind(at) == "LPAR":
            self.push("LPAR", self.tokens[at], "RPAR", name == "if", call=name)
            at += 1
        return at

    def product_or_unknown(self, at: int) -> None:
        """NAME( that is no known function: a product when the name can be a tensor, else an error."""
        token = self.tokens[at]
        name = token.text
        if name in self.known.tensors or name in self.known.bare or token.note:
            return
        if name in lexicon.UNREAD_MATRIX_FUNCTIONS:
            raise self.source.problem(f"{name}(...) is not read", token.start, token.end, "write indices, e.g. A_ij B_kl")
        stop = self.group_end(at + 1)
        level, comma = 0, False
        for item in self.tokens[at + 1 : stop]:
            level += (item.kind in OPENING) - (item.kind in CLOSING)
            comma = comma or (level == 1 and item.kind == "COMMA")
        if not comma and (name in GREEK and name not in lexicon.FUNCTION_GREEK):
            return
        if not comma and name == "pi":
            return
        if not comma and len(name) == 1 and name not in "fghFGH" and self.tokens[at + 1].spaced:
            return
        near = difflib.get_close_matches(name, sorted(lexicon.FUNCTION_NAMES | self.known.functions), 1)
        product = f"for a product write {name} * (...)"
        hint = product if not near else f"did you mean {near[0]}?" if comma else f"did you mean {near[0]}? {product}"
        raise NameProblem(f"the function {name} is not known", place=self.source.place(token.start, token.end), hint=hint)


def resolve(tokens: Sequence[Token], source: Source, known: Known, notes: list[str]) -> tuple[list[Out], frozenset[int]]:
    """The tokens for the grammar and the offsets of names in bold type.

    Raises: SyntaxProblem for brackets that do not match; NameProblem for functions nobody knows.
    """
    resolver = Resolver(source, known, list(tokens), notes)
    out = resolver.run()
    if not out:
        raise SyntaxProblem("an expression is missing", place=source.place(tokens[0].start if tokens else 0), hint="write one")
    return out, frozenset(resolver.bold)
