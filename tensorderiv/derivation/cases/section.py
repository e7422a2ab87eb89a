"""The case table as a section of a document."""

from __future__ import annotations

from tensorderiv.algebra.text import to_text
from tensorderiv.derivation.cases.table import Case, CaseTable, case_table
from tensorderiv.derivation.derivation import Derivation
from tensorderiv.derivation.section import EQUALS, Row, Section, Shown, shown, shown_condition, words
from tensorderiv.errors import RuleProblem

TITLE = "case table"


def case_section(derivation: Derivation) -> Section:
    """The result by which of its indices coincide, with the number of entries of each kind; or why there is no table."""
    try:
        table = case_table(derivation.result, derivation.program)
    except RuleProblem as problem:
        hint = f"; {problem.hint}" if problem.hint else ""
        return Section("cases", TITLE, (Row(None, f"{problem.message}{hint}"),), {"cases": []}, "")
    from tensorderiv.derivation.documents.story import names_of  # documents read sections

    taken = names_of(derivation)
    data = {
        "cases": [_data(case, taken) for case in table.cases],
        "nonzeros": to_text(table.nonzeros.expr),
        "entries": to_text(table.entries.expr),
    }
    counted = shown(table.nonzeros.expr) + words("of") + shown(table.entries.expr) + words("entries are not zero by structure")
    return Section("cases", TITLE, (Row(_table(derivation, table, taken)), Row(counted)), data)


def _data(case: Case, taken: frozenset[str]) -> dict[str, str]:
    formula, when = shown(case.value, None, taken), _when(case)
    return {"when": when.text, "text": formula.text, "latex": formula.latex, "entries": to_text(case.entries.expr)}


def _when(case: Case) -> Shown:
    return words("otherwise") if case.condition is None else shown_condition(case.condition)


def _table(derivation: Derivation, table: CaseTable, taken: frozenset[str]) -> Shown:
    """dD_ij/dX_kl = value, if ..., so many entries; one row a case, in columns."""
    from tensorderiv.derivation.documents.story import asked_for, asked_for_text

    rows = []
    for case in table.cases:
        when = _when(case) if case.condition is None else words("if") + shown_condition(case.condition)
        rows.append((shown(case.value, None, taken), when, shown(case.entries.expr)))
    widths = [max(len(row[column].text) for row in rows) for column in (0, 1)]
    lines = [f"  {v.text:<{widths[0]}}  {w.text:<{widths[1]}}  {c.text} entries" for v, w, c in rows]
    left = shown(asked_for(derivation)) + EQUALS
    text = "\n".join([f"{asked_for_text(derivation)} =", *lines])
    cells = [rf"{v.latex} & {w.latex} \quad ({c.latex} \text{{ entries}})" for v, w, c in rows]
    latex = rf"{left.latex} \begin{{cases}} " + " \\\\[6pt]\n".join(cells) + r" \end{cases}"
    made = "".join(
        f"<mtr>{_cell(v.mathml)}{_cell(w.mathml)}{_cell(c.mathml + '<mtext>&nbsp;entries</mtext>')}</mtr>" for v, w, c in rows
    )
    mathml = f'{left.mathml}<mrow><mo stretchy="true">{{</mo><mtable columnalign="left left left">{made}</mtable></mrow>'
    return Shown(text, latex, mathml)


def _cell(inside: str) -> str:
    return f"<mtd>{inside}</mtd>"
