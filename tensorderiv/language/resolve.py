"""Raw tokens -> tokens of the grammar: what only the context decides.

Bars and angles open or close, `[` begins a subscript or an Iverson bracket, NAME( is a call or a product, f x gets its
parentheses, e^x is exp(x), x^2_i is x_i^2, ^T is a transpose.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from lark import Token as Out

from tensorderiv.algebra.index import GREEK
from tensorderiv.errors import NameProblem, SyntaxProblem
from tensorderiv.language import lexicon
from tensorderiv.language.scan import Token
from tensorderiv.language.source import Source

OPENING = {"LPAR": "RPAR", "[": "]", "LBRK": "]", "SUBOPEN": "SUBCLOSE", "LBAR": "RBAR", "LNORM": "RNORM", "BEGIN": "END"}
CLOSING = {"RPAR", "]", "SUBCLOSE", "RBAR", "RNORM", "END"}
ENDS_PRODUCT = frozenset(
    {"PLUS", "MINUS", "COMMA", "COLON", "=", "<", ">", "AND", "OR", "AMP", "ROW", ":", "IFWORD", "OTHERWISE"}
)
PLAIN = frozenset(
    {"NUMBER", "NAME", "PLUS", "MINUS", "STAR", "SLASH", "CDOT", "ODOT", "DOT", "COMMA", "COLON", "AND", "OR", "NOT", "SLICE"}
)
OPERANDS = frozenset({"NAME", "NUMBER", "RPAR", "RBAR", "RNORM", "RANGLE", "RIV", "SUBCLOSE", "TRANSPOSE", "END", "SLICE"})


@dataclass(frozen=True)
class Known:
    """What the whole text says about names, before anything is elaborated."""

    defined: frozenset[str] = frozenset()  # declared, or on a left-hand side
    subscripted: frozenset[str] = frozenset()  # used with subscripts somewhere
    bare: frozenset[str] = frozenset()  # used without subscripts and without a parenthesis
    functions: frozenset[str] = frozenset()  # defined on arguments: D(x, y) = ...

    @property
    def tensors(self) -> frozenset[str]:
        return self.defined | self.subscripted


@dataclass
class Frame:
    """An open bracket: its closing kind, and whether a comparison may stand in it."""

    closing: str
    kind: str
    condition: bool
    token: Token
    out: int  # where the opening token stands in the output
    call: str = ""


@dataclass
class Resolver:
    """The tokens of one side on their way to the grammar."""

    source: Source
    known: Known
    tokens: list[Token]
    notes: list[str] = field(default_factory=list)
    out: list[Out] = field(default_factory=list)
    stack: list[Frame] = field(default_factory=list)
    operand: bool = False  # whether the last token ended an operand
    bold: set[int] = field(default_factory=set)

    # -- looking at raw tokens --------------------------------------------------------------------------------------

    def kind(self, at: int) -> str:
        return self.tokens[at].kind if 0 <= at < len(self.tokens) else ""

    def is_reduction(self, at: int) -> bool:
        token = self.tokens[at] if at < len(self.tokens) else None
        return token is not None and token.kind == "NAME" and token.text in lexicon.REDUCTIONS and self.kind(at + 1) == "SUBOPEN"

    def is_function(self, at: int) -> bool:
        """Whether the name at `at` is applied as a function."""
        if self.kind(at) != "NAME" or self.is_reduction(at):
            return False
        name = self.tokens[at].text
        if name in self.known.functions and self.kind(at + 1) == "LPAR":
            return True
        if name in ("if", "diff") or (
            name in lexicon.FUNCTION_NAMES and self.kind(at + 1) == "LPAR" and name not in self.known.tensors
        ):
            return self.kind(at + 1) == "LPAR"
        return name in lexicon.FUNCTION_NAMES and name not in self.known.tensors and name not in ("dot", "norm", "power", "root")

    def group_end(self, at: int) -> int:
        """The position after the bracket group that opens at `at`."""
        level, start = 0, at
        while at < len(self.tokens):
            kind = self.kind(at)
            if kind in OPENING:
                level += 1
            elif kind in CLOSING:
                level -= 1
                if level == 0:
                    return at + 1
            at += 1
        opened = self.tokens[start]
        raise self.source.problem(f"this {opened.text or 'bracket'} is never closed", opened.start, opened.end, "close it")

    def head_end(self, at: int) -> int:
        """After a function name, its subscript and its exponent."""
        at += 1
        if self.kind(at) == "SUBOPEN":
            at = self.group_end(at)
        if self.kind(at) == "POW":
            at = self.exponent_end(at + 1)
        if self.kind(at) == "SUBOPEN":
            at = self.group_end(at)
        return at

    def exponent_end(self, at: int) -> int:
        """The position after an exponent that starts at `at`: sign, one primary, no further power for functions."""
        while self.kind(at) in ("MINUS", "PLUS"):
            at += 1
        if self.kind(at) in ("LPAR", "NUMBER", "NAME"):
            return self.group_end(at) if self.kind(at) == "LPAR" else at + 1
        return at

    def primary_end(self, at: int) -> int:
        """The position after one primary with its subscripts and powers; `at` itself when none starts there."""
        start, kind = at, self.kind(at)
        if kind == "NAME" and self.is_function(at):
            at = self.head_end(at)
            at = self.group_end(at) if self.kind(at) == "LPAR" else at
        elif kind in ("NAME", "NUMBER"):
            at += 1
            while self.kind(at) == "SUBOPEN" or (self.kind(at) == "[" and not self.tokens[at].spaced):
                at = self.group_end(at)
        elif kind == "FRAC":
            at = self.group_end(self.group_end(at + 1))
        elif kind in OPENING:
            at = self.group_end(at)
            if self.kind(at) == "SUBOPEN":
                at = self.group_end(at)
        elif kind in ("BAR", "NORM", "LANGLE"):
            closing = "RANGLE" if kind == "LANGLE" else kind
            at += 1
            while at < len(self.tokens) and self.kind(at) != closing:
                at = self.group_end(at) if self.kind(at) in OPENING else at + 1
            at += 1
            if self.kind(at) == "SUBOPEN":
                at = self.group_end(at)
        if at > start and self.kind(at) == "POW":
            at += 1
            while self.kind(at) in ("MINUS", "PLUS"):
                at += 1
            at = self.primary_end(at)
        return at

    def operand_end(self, at: int) -> int:
        """The position after the operand of a function written without parentheses."""
        while self.kind(at) in ("MINUS", "PLUS"):
            at += 1
        if self.is_reduction(at):
            previous = ""
            while at < len(self.tokens):
                kind = self.kind(at)
                if (
                    kind in CLOSING
                    or (kind in ENDS_PRODUCT and previous not in ("STAR", "SLASH", "CDOT", "SUBCLOSE"))
                    or kind.startswith("CMP")
                ):
                    break
                if kind in ("BAR", "NORM") and (previous in OPERANDS or previous == "]"):
                    break
                if kind in ("BAR", "NORM"):
                    at, previous = self.primary_end(at), "RBAR"
                    continue
                previous = "SUBCLOSE" if kind == "SUBOPEN" else OPENING.get(kind, kind)
                at = self.group_end(at) if kind in OPENING else at + 1
            return at
        start = at
        number = self.kind(at) == "NUMBER"
        at = self.primary_end(at)
        if number:
            while self.kind(at) in ("NAME", "NUMBER", "FRAC") and not self.is_function(at) and not self.is_reduction(at):
                at = self.primary_end(at)
        elif (
            self.kind(start) == "NAME"
            and (self.kind(at) in ("NAME", "NUMBER") or self.glued(at))
            and not self.is_function(at)
            and not self.is_reduction(at)
            and not self.is_function(start)
        ):
            raise self.source.problem(
                "how far this function reaches is not clear",
                self.tokens[start].start,
                self.tokens[at].end,
                "put its argument in parentheses",
            )
        return at

    def glued(self, at: int) -> bool:
        """Whether a parenthesis follows a name without space: log a(b + c)."""
        return self.kind(at) == "LPAR" and self.kind(at - 1) == "NAME" and not self.tokens[at].spaced

    # -- rewriting of raw tokens ------------------------------------------------------------------------------------

    def insert(self, at: int, kind: str, text: str, near: Token) -> None:
        self.tokens.insert(at, Token(kind, text, near.start, near.start if kind == "LPAR" else near.end))

    def sigmoids(self) -> None:
        """sigma(x) is the sigmoid when sigma is nothing else in the text."""
        for at, token in enumerate(self.tokens):
            plain = token.kind == "NAME" and token.text == "sigma" and self.kind(at + 1) == "LPAR"
            if plain and "sigma" not in self.known.tensors | self.known.bare | self.known.functions:
                self.notes.append("sigma(...) is read as the sigmoid; write sigma * (...) for a factor")
                self.tokens[at] = replace(token, text="sigmoid")

    def exponentials(self) -> None:
        """e^x -> exp(x), unless e is a tensor of the text."""
        if "e" in self.known.tensors:
            return
        for at in range(len(self.tokens) - 1, -1, -1):
            token = self.tokens[at]
            if token.kind == "NAME" and token.text == "e" and self.kind(at + 1) == "POW":
                stop = at + 2
                while self.kind(stop) in ("MINUS", "PLUS"):
                    stop += 1
                if self.is_function(stop) and self.kind(self.head_end(stop)) != "LPAR":
                    stop = self.operand_end(self.head_end(stop))
                else:
                    stop = self.primary_end(stop)
                if stop <= at + 2:
                    continue
                self.insert(stop, "RPAR", ")", self.tokens[stop - 1])
                self.tokens[at + 1] = replace(self.tokens[at + 1], kind="LPAR", text="(")
                self.tokens[at] = replace(token, text="exp")

    def scripts(self) -> None:
        """x^2_i -> x_i^2; also for sums and norms."""
        at = 1
        while at < len(self.tokens):
            if (
                self.kind(at) == "POW"
                and self.kind(at - 1) in ("NAME", "BAR", "NORM", "RBAR", "RNORM")
                and not self.is_transpose(at)
            ):
                stop = self.exponent_end(at + 1)
                if self.kind(stop) == "SUBOPEN" and self.kind(stop - 1) in ("NUMBER", "NAME", "RPAR") and stop > at + 1:
                    end = self.group_end(stop)
                    self.tokens[at:end] = self.tokens[stop:end] + self.tokens[at:stop]
            at += 1

    def is_transpose(self, at: int) -> bool:
        r"""Whether ^T, ^{T}, ^\top stands at `at`."""
        after = self.tokens[at + 1] if at + 1 < len(self.tokens) else None
        if after is None or "T" in self.known.defined:
            return False
        if after.kind == "NAME" and after.text == "T":
            return True
        inner = self.tokens[at + 1 : at + 4]
        return [token.kind for token in inner] == ["LPAR", "NAME", "RPAR"] and inner[1].text == "T"

    def parenthesise(self) -> None:
        """log x -> log(x), innermost first."""
        for at in range(len(self.tokens) - 1, -1, -1):
            if not self.is_function(at):
                continue
            head = self.head_end(at)
            if self.kind(head) == "LPAR":
                continue
            stop = self.operand_end(head)
            token = self.tokens[at]
            if stop <= head or self.kind(stop - 1) in ("MINUS", "PLUS"):
                if token.text in self.known.bare and token.text not in lexicon.ALIASES:
                    continue
                raise self.source.problem(
                    f"the function {token.text} has no argument", token.start, token.end, f"write {token.text}(...)"
                )
            self.insert(stop, "RPAR", ")", self.tokens[stop - 1])
            self.insert(head, "LPAR", "(", self.tokens[head])

    # -- the walk ---------------------------------------------------------------------------------------------------

    def put(self, kind: str, token: Token, text: str | None = None) -> None:
        self.out.append(
            Out(kind, token.text if text is None else text, start_pos=token.start, end_pos=max(token.end, token.start + 1))
        )
        self.operand = kind in OPERANDS

    def condition(self) -> bool:
        return bool(self.stack) and self.stack[-1].condition

    def push(self, kind: str, token: Token, closing: str, condition: bool, call: str = "") -> None:
        self.stack.append(Frame(closing, kind, condition, token, len(self.out), call))
        self.put(kind, token)

    def pop(self, token: Token, closing: str) -> Frame:
        if not self.stack or self.stack[-1].closing != closing:
            if self.stack and closing in ("RPAR", "]", "SUBCLOSE"):
                opened = self.stack[-1].token
                raise self.source.problem(
                    f"this {opened.text or 'bracket'} is never closed",
                    opened.start,
                    opened.end,
                    "close it before " + (token.text or "here"),
                )
            raise self.source.problem(
                f"this {token.text or 'bracket'} closes nothing", token.start, token.end, "open it or leave it out"
            )
        return self.stack.pop()

    def run(self) -> list[Out]:
        """All tokens for the grammar."""
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
            self.put("POW", token)
        elif kind.startswith("CMP"):
            self.put("CMP", token, kind[3:])
        elif kind == "=":
            self.put("CMP", token, "=")
        elif kind in ("<", ">"):
            self.angle(at, kind)
        elif kind in ("BAR", "NORM"):
            self.bar(token, kind)
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
        elif kind == "FRAC":
            self.put("FRAC", token)
        else:
            self.rare(at)
        return at + 1

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
            self.put("COLON", token)
        elif kind == "MATRIXOP":
            raise self.source.problem(
                f"matrix statements are not read yet: {token.text}", token.start, token.end, "write indices, e.g. A_ij B_jk"
            )
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
        if self.kind(at) == "LPAR":
            self.push("LPAR", self.tokens[at], "RPAR", name == "if", call=name)
            at += 1
        return at

    def product_or_unknown(self, at: int) -> None:
        """NAME( that is no known function: a product when the name can be a tensor, else an error."""
        token = self.tokens[at]
        name = token.text
        if name in self.known.tensors or name in self.known.bare:
            return
        if name in lexicon.MATRIX_FUNCTIONS:
            message = f"matrix statements are not read yet: {name}(...)"
            raise self.source.problem(message, token.start, token.end, "write indices, e.g. sum_i A_ii for a trace")
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
        hint = f"did you mean {near[0]}?" if near else f"write {name} * (...) for a product"
        raise NameProblem(f"the function {name} is not known", place=self.source.place(token.start, token.end), hint=hint)

    def bar(self, token: Token, kind: str) -> None:
        """A plain | or ||: closes when an operand stands before it and one of its kind is open here."""
        top = self.stack[-1] if self.stack else None
        if kind == "NORM":
            if self.operand and top and top.closing == "RNORM":
                self.stack.pop()
                self.put("RNORM", token)
            elif self.operand and len(self.stack) > 1 and top and top.closing == "RBAR" and self.stack[-2].closing == "RBAR":
                self.stack.pop()
                self.stack.pop()
                self.put("RBAR", token)
                self.put("RBAR", token)
            else:
                self.push("LNORM", token, "RNORM", False)
            return
        if self.operand and top and top.closing == "RNORM" and top.token.text == "||" and self.token_is_plain_norm(top):
            # ||x| - |y||: the double bar was two single ones
            opening = self.out[top.out]
            self.out[top.out : top.out + 1] = [Out.new_borrow_pos("LBAR", "|", opening), Out.new_borrow_pos("LBAR", "|", opening)]
            self.stack[-1] = Frame("RBAR", "LBAR", False, top.token, top.out)
            self.put("RBAR", token)
            return
        if self.operand and top and top.closing == "RBAR":
            self.stack.pop()
            self.put("RBAR", token)
        else:
            self.push("LBAR", token, "RBAR", False)

    @staticmethod
    def token_is_plain_norm(frame: Frame) -> bool:
        return frame.kind == "LNORM"

    def angle(self, at: int, kind: str) -> None:
        """< and >: brackets of a dot product, or comparisons."""
        token = self.tokens[at]
        if (kind == "<" and not self.operand) or (kind == "<" and not self.condition() and self.has_partner(at)):
            self.push("LANGLE", token, "RANGLE", False)
        elif kind == ">" and self.stack and self.stack[-1].closing == "RANGLE":
            self.stack.pop()
            self.put("RANGLE", token)
        else:
            self.put("CMP", token, kind)

    def has_partner(self, at: int) -> bool:
        """Whether a > with a comma before it follows in the same bracket."""
        at += 1
        level, comma = 0, False
        while at < len(self.tokens) and level >= 0:
            kind = self.kind(at)
            level += (kind in OPENING) - (kind in CLOSING)
            comma = comma or (level == 0 and kind == "COMMA")
            if level == 0 and kind == ">":
                return comma
            at += 1
        return False

    def bracket(self, at: int) -> None:
        """`[`: a subscript behind a name, an Iverson bracket around a comparison, else a parenthesis."""
        token = self.tokens[at]
        stop = self.group_end(at)
        compares = self.compares(at + 1, stop - 1)
        behind_name = self.kind(at - 1) == "NAME" and self.out and self.out[-1].type == "NAME"
        commas = any(item.kind == "COMMA" for item in self.tokens[at + 1 : stop - 1])
        if behind_name and token.kind == "[" and not compares and (not token.spaced or commas):
            self.push("SUBOPEN", token, "]", True)
            for number in range(at + 1, stop - 1):
                if self.kind(number) == ":":
                    self.tokens[number] = replace(self.tokens[number], kind="SLICE")
        elif compares:
            self.push("LIV", token, "]", True)
        elif token.kind == "[" and self.operand and self.kind(at - 1) == "SUBCLOSE" and not token.spaced:
            raise self.source.problem(
                "a name has two subscripts", token.start, self.tokens[stop - 1].end, "write one: X[i,j] or X_ij"
            )
        else:
            self.push("LPAR", token, "]", self.condition())

    def compares(self, start: int, stop: int) -> bool:
        """Whether a comparison stands at the top of tokens[start:stop]."""
        level, angles, operand = 0, 0, False
        for at in range(start, stop):
            kind = self.kind(at)
            if level == 0 and (kind.startswith("CMP") or kind == "="):
                return True
            if level == 0 and kind == "<":
                if operand:
                    return True
                angles += 1
            elif level == 0 and kind == ">":
                if not angles:
                    return True
                angles -= 1
                operand = True
                continue
            level += (kind in OPENING) - (kind in CLOSING)
            operand = kind in ("NAME", "NUMBER", "RPAR", "SUBCLOSE", "]", "BAR", "RBAR", "RANGLE", "RNORM")
        return False


def resolve(tokens: Sequence[Token], source: Source, known: Known, notes: list[str]) -> tuple[list[Out], frozenset[int]]:
    """The tokens for the grammar and the offsets of names in bold type.

    Raises: SyntaxProblem for brackets that do not match; NameProblem for functions nobody knows.
    """
    resolver = Resolver(source, known, list(tokens), notes)
    out = resolver.run()
    if not out:
        raise SyntaxProblem("an expression is missing", place=source.place(tokens[0].start if tokens else 0), hint="write one")
    return out, frozenset(resolver.bold)
