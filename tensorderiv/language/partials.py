r"""Derivative signs: \frac{\partial f}{\partial x} is diff(f, x), in raw tokens."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tensorderiv.language.ahead import Ahead
from tensorderiv.language.tokens import Token

REPEATS = ("1", "2", "3", "4")


@dataclass
class Partials(Ahead):
    """Rewrites derivative signs; the variables are taken in the order written."""

    def partials(self) -> None:
        r"""\frac{\partial f}{\partial x} -> diff(f, x); \frac{\partial^2 f}{\partial x \partial y} -> diff(diff(f, x), y).

        Without a numerator the sign acts on what stands behind it, as a function without parentheses does.
        """
        for at in range(len(self.tokens) - 1, -1, -1):
            if self.kind(at) != "FRAC" or self.kind(at + 2) != "PARTIAL":
                continue
            middle = self.group_end(at + 1)
            stop = self.group_end(middle)
            if self.kind(middle + 1) != "PARTIAL":
                continue
            start = at + 3
            if self.kind(start) == "POW":
                start = self.exponent_end(start + 1)
            variables = self.variables(middle + 1, stop - 1)
            sign, body = self.tokens[at], self.tokens[start : middle - 1]
            if not body:
                end = self.operand_end(stop)
                if end == stop:
                    raise self.source.problem(
                        "nothing stands behind this derivative sign",
                        sign.start,
                        self.tokens[stop - 1].end,
                        "write diff(expr, X_kl)",
                    )
                body, stop = self.tokens[stop:end], end
            near = self.tokens[stop - 1].end
            tokens = [
                *[replace(sign, kind="NAME", text="diff"), Token("LPAR", "(", sign.start, sign.end)] * len(variables),
                *body,
            ]
            for variable in variables:
                tokens += [Token("COMMA", ",", near, near), *variable, Token("RPAR", ")", near, near)]
            self.tokens[at:stop] = tokens

    def variables(self, at: int, stop: int) -> list[list[Token]]:
        r"""The variables behind the \partial signs of a denominator; \partial x^2 counts twice.

        Raises: SyntaxProblem for a sign without a variable, and for powers that are no small numbers.
        """
        found: list[list[Token]] = []
        for token in self.tokens[at:stop]:
            if token.kind == "PARTIAL":
                found.append([])
            else:
                found[-1].append(token)
        out: list[list[Token]] = []
        for tokens in found:
            power = next((number for number, token in enumerate(tokens) if token.kind == "POW"), len(tokens))
            variable = tokens[:power]
            digits = [token.text for token in tokens[power:] if token.kind not in ("POW", "LPAR", "RPAR")] or ["1"]
            if not variable or len(digits) != 1 or digits[0] not in REPEATS:
                raise self.source.problem(
                    "this derivative sign cannot be read",
                    self.tokens[at].start,
                    self.tokens[stop - 1].end,
                    r"write \frac{\partial f}{\partial X_{kl}}",
                )
            out += [variable] * int(digits[0])
        return out
