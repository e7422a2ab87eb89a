"""Brackets that only the context tells apart: | | and || ||, < , >, and [ ]."""

from __future__ import annotations

from dataclasses import dataclass, replace

from lark import Token as Out

from tensorderiv.language.ahead import ARRAY_CALLS, CLOSING, OPENING, OPERANDS, Frame
from tensorderiv.language.rewrite import Rewriter
from tensorderiv.language.tokens import Token


@dataclass
class Brackets(Rewriter):
    """Opens and closes brackets."""

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

    def bar(self, at: int, kind: str) -> None:
        """A plain | or ||: closes when an operand stands before it and one of its kind is open here."""
        token = self.tokens[at]
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
            elif self.operand and top and top.closing == "RBAR" and not self.closes_later(at):
                # |x||y|: one closes, one opens
                self.stack.pop()
                self.put("RBAR", token)
                self.push("LBAR", token, "RBAR", False)
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

    def closes_later(self, at: int) -> bool:
        """Whether a || that opens here is closed before the bracket around it ends: |x ||y|| |, not |x||y||z|."""
        level = 0
        for number, token in enumerate(self.tokens[at + 1 :], at + 1):
            level += (token.kind in OPENING) - (token.kind in CLOSING)
            if level < 0 or (level == 0 and token.kind == "BAR"):
                return False
            if level == 0 and token.kind == "NORM":
                return self.tokens[at].spaced or self.kind(number + 1) not in ("NAME", "NUMBER", "LPAR", "FRAC")
        return False

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
        # inv(A)[i,j], (A B)[i,j], softmax(z)[k]
        behind_matrix = self.kind(at - 1) == "RPAR" and not token.spaced and (commas or self.is_array_call(at - 1))
        if token.kind == "[" and not compares and (behind_matrix or (behind_name and (not token.spaced or commas))):
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

    def is_array_call(self, closing: int) -> bool:
        """Whether the parenthesis that closes here is that of softmax(z), which is no number."""
        level, at = 1, closing
        while level and at > 0:
            at -= 1
            level += (self.kind(at) in CLOSING) - (self.kind(at) in OPENING)
        return self.is_function(at - 1) and self.tokens[at - 1].text in ARRAY_CALLS

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
