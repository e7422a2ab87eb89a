"""What a verification found: one record a check, printed as a compact table."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Record:
    """One comparison: by which judge, of which function, on which sample.

    `error` is the largest deviation relative to what is allowed there (1 is the limit); `compared` of `entries` entries are
    determined at all by the definition in that precision.
    """

    judge: str
    name: str
    sample: str
    shape: tuple[int, ...]
    error: float
    tolerance: float
    ok: bool
    compared: int
    entries: int
    note: str = ""

    def __str__(self) -> str:
        shape = "x".join(map(str, self.shape)) or "scalar"
        what = f"{self.judge:<18} {self.name:<22} {self.sample:<18} {shape:<9}"
        counted = "" if self.compared == self.entries else f"  {self.compared} of {self.entries} entries determined"
        note = f"  {self.note}" if self.note else ""
        return f"{'ok  ' if self.ok else 'FAIL'} {what} error {self.error:.1e}, allowed {self.tolerance:.1e}{counted}{note}"


@dataclass(frozen=True)
class Report:
    """All records of one module, what was assumed about its input, and how many ulp its values are off at general points."""

    name: str
    assumption: str
    records: tuple[Record, ...]
    ulp: float = float("nan")

    @property
    def ok(self) -> bool:
        """Whether something was compared and nothing failed."""
        return bool(self.records) and not self.failures

    @property
    def passed(self) -> bool:
        """The same as `ok`."""
        return self.ok

    @property
    def failures(self) -> tuple[Record, ...]:
        return tuple(record for record in self.records if not record.ok)

    @property
    def summary(self) -> str:
        """One line: how many checks, by whom, and the worst margin."""
        judges = dict.fromkeys(record.judge for record in self.records)
        counts = ", ".join(f"{sum(r.judge == judge for r in self.records)} by {judge}" for judge in judges)
        worst = max((r.error / r.tolerance for r in self.records if r.ok and r.compared and r.tolerance > 0), default=0.0)
        verdict = "verified" if self.ok else f"{len(self.failures)} FAILED"
        checks = f"{verdict}: {len(self.records)} checks ({counts})"
        return f"{checks}; values within {self.ulp:.1f} ulp; largest deviation {worst:.2g} of what rounding allows"

    def __str__(self) -> str:
        return "\n".join([f"{self.name}: {self.summary}", f"inputs: {self.assumption}", *map(str, self.records)])
