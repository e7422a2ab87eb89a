"""Rewriting raw tokens before they are resolved: e^x is exp(x), x^2_i is x_i^2, log x gets its parentheses."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tensorderiv.language import lexicon
from tensorderiv.language.ahead import Ahead
from tensorderiv.language.tokens import Token


@dataclass
class Rewriter(Ahead):
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
                if self.kind(stop) == "SUBOPEN" and self.kind(stop - 1) in ("NUMBER", "NAME", "RPAR") and stop > at + 1:
                    end = self.group_end(stop)
                    self.tokens[at:end] = self.tokens[stop:end] + self.tokens[at:stop]
            at += 1

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
