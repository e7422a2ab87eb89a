"""What an audit found, as text and as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from tensorderiv.auditor.example import Example
from tensorderiv.auditor.written import written

Judgement: TypeAlias = Literal["right", "wrong", "unclear"]

WIDTH = len("counterexample")


@dataclass(frozen=True)
class Finding:
    """The judgement on one thing that is returned. `kind` names the slip, or says how it is right."""

    what: str
    verdict: Judgement
    words: str
    kind: str = ""


@dataclass(frozen=True)
class Audit:
    """The verdict on a hand-written function against a definition. It is true where everything returned is right."""

    function: str
    definition: str
    returns: str
    variable: str
    domain: str
    points: int
    findings: tuple[Finding, ...]
    examples: tuple[Example, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def verdict(self) -> Judgement:
        verdicts = [finding.verdict for finding in self.findings]
        return "wrong" if "wrong" in verdicts else "unclear" if "unclear" in verdicts else "right"

    def __bool__(self) -> bool:
        return self.verdict == "right"

    def __str__(self) -> str:
        lines = [f"{self.function}: {self.verdict}", *(f"  {line}" for line in self.definition.splitlines()), ""]
        lines.append(_row("returns", self.returns))
        for finding in self.findings:
            lines.append(_row(finding.what, f"{finding.verdict}: {finding.words}"))
        lines.append(_row("judged", f"at {self.points} random points ({self.domain})"))
        for example in self.examples:
            sizes = "  ".join(f"{name}={size}" for name, size in example.sizes.items())
            values = "  ".join(f"{name} = {written(array)}" for name, array in example.inputs.items())
            more = f"  {example.what}" if len(self.examples) > 1 else ""
            lines.append(_row("counterexample", f"{sizes}  {values}".strip() + more))
            lines += [
                _row("  returned", f"{written(example.returned)}"),
                _row("  due", f"{written(example.due)}"),
            ]
        lines += [_row("note", remark) for remark in self.remarks]
        return "\n".join(line.rstrip() for line in lines)

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "function": self.function,
            "verdict": self.verdict,
            "definition": self.definition,
            "returns": self.returns,
            "wrt": self.variable,
            "domain": self.domain,
            "points": self.points,
            "findings": [vars(finding) for finding in self.findings],
            "counterexamples": [example.as_dict() for example in self.examples],
            "notes": list(self.remarks),
        }


def _row(head: str, text: str) -> str:
    return f"{head.ljust(WIDTH)}  {text}"
