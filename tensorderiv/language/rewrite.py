"""Rewriting raw tokens before they are resolved: e^x is exp(x), x^2_i is x_i^2, log x gets its parentheses."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tensorderiv.language import lexicon, signs
from tensorderiv.language.ahead import CLOSING, OPENING
from tensorderiv.language.partials import Partials
from tensorderiv.language.tokens import Token


@dataclass
class Rewriter(Partials):
    """Rewrites that need no brackets resolved."""

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
                self.refuse_inverse(at, stop)
                if self.kind(stop) == "SUBOPEN" and self.kind(stop - 1) in ("NUMBER", "NAME", "RPAR") and stop > at + 1:
                    end = self.group_end(stop)
                    self.tokens[at:end] = self.tokens[stop:end] + self.tokens[at:stop]
            elif self.kind(at) == "POW" and self.kind(at - 1) == "RPAR" and not self.is_transpose(at):
                at += self.enclose(at)
            at += 1

    def enclose(self, at: int) -> int:
        """(A B)^{-1}_ij -> ((A B)^{-1})_ij: the power comes first. Returns how many tokens were put before `at`."""
        stop = self.exponent_end(at + 1)
        if self.kind(stop) != "SUBOPEN" or self.kind(stop - 1) not in ("NUMBER", "NAME", "RPAR") or stop == at + 1:
            return 0
        level, start = 0, at
        while start > 0 and (level < 0 or start == at):
            start -= 1
            level += (self.kind(start) in OPENING) - (self.kind(start) in CLOSING)
        if self.is_function(start - 1):
            start -= 1
        self.insert(stop, "RPAR", ")", self.tokens[stop - 1])
        self.insert(start, "LPAR", "(", self.tokens[start])
        return 1

    def refuse_inverse(self, at: int, stop: int) -> None:
        """A^{-1}_ij reads either way, and the two are far apart.

        Raises: SyntaxProblem for a capital with two indices.
        """
        base = self.tokens[at - 1]
        power = "".join(token.text for token in self.tokens[at + 1 : stop]).strip("{}()")
        if power != "-1" or base.kind != "NAME" or not signs.is_capital(base.text) or self.kind(stop) != "SUBOPEN":
            return
        end = self.group_end(stop)
        indices = [token.text for token in self.tokens[stop + 1 : end - 1] if token.kind == "NAME"]
        if len(indices) == 2:
            name, pair = base.text, "".join(indices)
            raise self.source.problem(
                f"{name}^(-1)_{pair} can be an entry of the inverse or 1/{name}_{pair}",
                base.start,
                self.tokens[end - 1].end,
                f"write ({name}^(-1))_{pair} or 1/{name}_{pair}",
            )

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
