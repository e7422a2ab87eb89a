"""Matrix forms as a section of a document."""

from __future__ import annotations

from typing import Any

from tensorderiv.algebra.build import mul, total
from tensorderiv.algebra.expression import Element, Tensor
from tensorderiv.algebra.index import Index
from tensorderiv.derivation.derivation import Derivation
from tensorderiv.derivation.matrix.expression import Named
from tensorderiv.derivation.matrix.forms import Definition, MatrixForm, Refusal, matrix_forms
from tensorderiv.derivation.matrix.spelling import spell
from tensorderiv.derivation.section import EQUALS, Row, Section, Shown, shown, words

TITLE = "matrix form"
NOT_FOUND = "no matrix form found"
OF_WHAT = {"cotangent": " for the gradient of its sum with a cotangent", "direction": " for the second derivative in a direction"}
MASKED = "what J - I leaves out is 0, also where it is divided by 0"


def matrix_section(derivation: Derivation) -> Section:
    """The forms that were found and proved, with what both forms cost; where there is none, the reason."""
    forms = matrix_forms(derivation)
    rows: list[Row] = []
    for form in forms:
        rows += _rows(form, derivation)
    return Section("matrix", TITLE, tuple(rows), _data(forms, derivation))


def _rows(form: MatrixForm | Refusal, derivation: Derivation) -> list[Row]:
    if isinstance(form, Refusal):
        return [Row(remark=f"{NOT_FOUND}{OF_WHAT.get(form.kind, '')}: {form.reason}")]
    rows = [Row(left_hand_side(form, derivation) + EQUALS + spell(form.matrix), _remark(form))]
    return rows + [Row(_where(definition)) for definition in form.definitions]


def _remark(form: MatrixForm) -> str:
    told = [form.proof, f"{form.index_flops} flops by indices, {form.matrix_flops} as matrices"]
    return "; ".join([*told, MASKED] if form.masked else told)


def left_hand_side(form: MatrixForm, derivation: Derivation) -> Shown:
    """What the form is: dL/dX, dD/dX_kl, d(sum_{i,j} G_ij D_ij)/dX, sum_{m,q} V_mq d2L/(dX dX_mq)."""
    output, variable = derivation.program.output, derivation.wrt
    above, below = _bare(output.tensor), _bare(variable.tensor)
    match form.kind:
        case "entry":
            return _fraction(_d(above), _d(shown(variable)))
        case "cotangent":
            assert form.extra is not None
            whole = shown(total(output.indices, mul(Element(form.extra, output.indices), output.element)))
            return _fraction(_d(_grouped(whole)), _d(below))
        case "direction":
            assert form.extra is not None
            second = derivation.variables[1]
            indices = tuple(index for index in second.subscripts if isinstance(index, Index))
            lead = shown(total(indices, Element(form.extra, indices)))
            return lead + _fraction(_d(above, "2"), _d(below) + _d(shown(second)))
    if derivation.order == 2:
        return _fraction(_d(above, "2"), _d(below) + _d(_bare(derivation.variables[1].tensor)))
    return _fraction(_d(above), _d(below))


def _grouped(inner: Shown) -> Shown:
    mathml = f"<mrow><mo>(</mo>{inner.mathml}<mo>)</mo></mrow>"
    return Shown(f"({inner.text})", rf"\left({inner.latex}\right)", mathml)


def _bare(tensor: Tensor) -> Shown:
    return shown(Element(tensor))


def _d(of: Shown, power: str = "") -> Shown:
    latex = rf"\partial^{{{power}}} {of.latex}" if power else rf"\partial {of.latex}"
    sign = f"<msup><mo>∂</mo><mn>{power}</mn></msup>" if power else "<mo>∂</mo>"
    return Shown(f"d{power}{of.text}", latex, sign + of.mathml)


def _fraction(above: Shown, below: Shown) -> Shown:
    text = f"{above.text}/({below.text})" if " " in below.text else f"{above.text}/{below.text}"
    mathml = f"<mfrac><mrow>{above.mathml}</mrow><mrow>{below.mathml}</mrow></mfrac>"
    return Shown(text, rf"\frac{{{above.latex}}}{{{below.latex}}}", mathml)


def _where(definition: Definition) -> Shown:
    return words("where") + definition_shown(definition)


def definition_shown(definition: Definition) -> Shown:
    r"""N = sqrt((X \odot X) 1), or in indices."""
    statement = definition.statement
    if definition.matrix is None:
        return shown(statement.element) + EQUALS + shown(statement.body, statement.indices)
    return spell(Named(statement.tensor)) + EQUALS + spell(definition.matrix)


def _data(forms: tuple[MatrixForm | Refusal, ...], derivation: Derivation) -> dict[str, Any]:
    """What JSON says: the first form that was found, and all of them under `forms`."""
    told = [_form_data(form, derivation) for form in forms]
    found = [item for item in told if item["found"]]
    return (found[0] if found else told[0]) | ({"forms": told} if len(told) > 1 else {})


def _form_data(form: MatrixForm | Refusal, derivation: Derivation) -> dict[str, Any]:
    if isinstance(form, Refusal):
        return {"found": False, "kind": form.kind, "reason": form.reason}
    made = spell(form.matrix)
    return {
        "found": True,
        "kind": form.kind,
        "of": left_hand_side(form, derivation).text,
        "text": made.text,
        "latex": made.latex,
        "proof": form.proof,
        "flops": {"index": form.index_flops, "matrix": form.matrix_flops},
        "where": [definition_shown(definition).text for definition in form.definitions],
    }
