"""What is said of a wrong line, and what is not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tensorderiv.checker.case import Case
from tensorderiv.checker.explain import explain, table
from tensorderiv.checker.explain.explainer import trial_of
from tensorderiv.checker.explain.repair import Repair, said
from tensorderiv.checker.explain.scene import Scene
from tensorderiv.checker.judge import judge
from tensorderiv.checker.judge.step import Explanation, WrongStep
from tensorderiv.checker.reading import read_line

DISTANCE: dict[str, Any] = {
    "extents": ["n", "d"],
    "indices": {"i": "n", "j": "n", "k": "n", "l": "d", "d": "d"},
    "symbols": [{"name": "X", "shape": ["n", "d"]}],
    "definitions": [r"D_{ij} = \sum_{d}(X_{id} - X_{jd})^2"],
    "wrt": "X_{kl}",
    "product": "scalar",
    "layout": "components",
    "lines": [
        r"\frac{\partial D_{ij}}{\partial X_{kl}}",
        r"2\sum_{d}(X_{id}\delta_{ik} - X_{jd}\delta_{ik} - X_{id}\delta_{jk} + X_{jd}\delta_{jk})\delta_{dl}",
        r"2\sum_{d}(X_{kd} - X_{jd}\delta_{ik} - X_{id}\delta_{jk} + X_{kd})\delta_{dl}",
        r"4X_{kl} - 2(X_{jl}\delta_{ik} + X_{il}\delta_{jk})",
    ],
}


def steps_of(given: dict[str, Any]) -> WrongStep:
    """The wrong step of a case."""
    found: list[WrongStep] = []

    def take(step: WrongStep) -> None:
        found.append(step)

    judge(Case.from_json(given), explain=take)
    (step,) = found
    return step


def explained(given: dict[str, Any]) -> Explanation | None:
    return explain(steps_of(given))


def test_the_sifted_deltas_of_a_distance() -> None:
    found = explained(DISTANCE)
    assert found is not None and found.kind == "dropped delta"
    assert found.why.startswith(r"X_{id}\delta_{ik} became X_{kd}: \delta_{ik} has no summed index, so it cannot be sifted away")
    expected = r"2\sum_{d}(X_{kd} \delta_{ik} - X_{jd}\delta_{ik} - X_{id}\delta_{jk} + X_{kd} \delta_{jk})\delta_{dl}"
    assert (found.right, found.follows) == (expected, False)


def test_the_next_line_may_follow() -> None:
    right = [*DISTANCE["lines"][:3], r"2(X_{kl} - X_{jl})\delta_{ik} - 2(X_{il} - X_{kl})\delta_{jk}"]
    found = explained({**DISTANCE, "lines": right})
    assert found is not None and found.follows is True


@pytest.mark.parametrize("letters", ["abce", "uvwq"])
def test_other_letters_change_nothing(letters: str) -> None:
    new = dict(zip("ijkl", letters, strict=True))

    def renamed(text: str) -> str:
        return "".join(
            new.get(letter, letter) if text[place - 1 : place] in "_{ijkld" else letter for place, letter in enumerate(text)
        )

    given = {**DISTANCE, "indices": {new.get(letter, letter): extent for letter, extent in DISTANCE["indices"].items()}}
    given |= {"lines": [renamed(line) for line in DISTANCE["lines"]], "definitions": [renamed(DISTANCE["definitions"][0])]}
    found = explained({**given, "wrt": f"X_{{{letters[2]}{letters[3]}}}"})
    assert found is not None and found.kind == "dropped delta"


def test_only_a_right_line_is_offered() -> None:
    step = steps_of(DISTANCE)
    scene = Scene.of(step)
    trial = trial_of(scene, 20.0)
    assert trial.holds(scene.before)
    assert not trial.holds(scene.line)
    for text in (r"2\sum_{d}(X_{kd}\delta_{ik} - X_{jd}\delta_{ik} - X_{id}\delta_{jk} + X_{kd})\delta_{dl}", "0", "X_{kl}"):
        assert not trial.holds(read_line(text, step.vocabulary)[0])


def test_what_is_undefined_everywhere_is_no_repair() -> None:
    step = steps_of(DISTANCE)
    trial = trial_of(Scene.of(step), 20.0)
    assert not trial.holds(read_line(r"2\sum_{d}\frac{X_{kd}}{X_{kd} - X_{kd}}\delta_{dl}", step.vocabulary)[0])


def test_wide_families_take_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = Scene.of(steps_of(DISTANCE))

    def family(kind: str, count: int) -> Any:
        return lambda _: iter([Repair(scene.line, kind, said(""))] * count)

    monkeypatch.setattr(table, "FAMILIES", (family("first", 1),))
    monkeypatch.setattr(table, "WIDE", (family("a", table.TURN + 1), family("b", 2)))
    order = [repair.kind for repair in table.repairs(scene)]
    assert order == ["first"] + ["a"] * table.TURN + ["b"] * 2 + ["a"]


def test_time_is_kept() -> None:
    step = replace(steps_of(DISTANCE), seconds=0.0)
    assert explain(step) is None


def test_what_has_nothing_to_do_with_the_line_before_has_no_name() -> None:
    lines = [r"\frac{\partial D_{ij}}{\partial X_{kl}}", r"\sum_d \sin(X_{id}) X_{jl}^5 + X_{kl}^7"]
    found = explained({**DISTANCE, "lines": lines})
    assert found is not None and found.kind == "unnamed" and found.right is not None
    lines = [r"\sum_d X_{id} X_{jd}", r"\sum_d \sin(X_{id}) + X_{jl}^7"]
    assert explained({**DISTANCE, "lines": lines}) is None


def test_a_line_that_does_not_fit_is_told_why() -> None:
    lines = [r"\frac{\partial D_{ij}}{\partial X_{kl}}", r"\sum_d \sin(X_{id}) X_{ql}^5"]
    given = {**DISTANCE, "lines": lines, "indices": {**DISTANCE["indices"], "q": "n"}}
    found = explained(given)
    assert found is not None and found.kind == "free-index mismatch"
    assert found.why == "the free index q on the right; on the left: i, j, k, l"
    first = r"\sum_{d} 2 \left(X_{id} - X_{jd}\right) \delta_{ik} \delta_{dl}"
    assert found.right is not None and found.right.startswith(first)


def test_an_equation_is_repaired_on_its_right() -> None:
    given = {
        "kind": "equations",
        "extents": ["n"],
        "symbols": [{"name": name, "shape": ["n", "n"]} for name in "AB"],
        "lines": ["(A B)^T = A^T B^T"],
    }
    found = explained(given)
    assert found is not None and found.kind == "transposed index"
    assert found.right == "(A B)^T = B^T A^T"


def test_the_numbers_tell_where_no_repair_is_known() -> None:
    definitions = [r"S_{ij} = \sum_{d} X_{id} X_{jd}"]
    lines = [r"\frac{\partial S_{ij}}{\partial X_{kl}}", r"\delta_{ik}X_{jl}^{3^{\delta_{ij}}} + \delta_{jk}X_{il}"]
    found = explained({**DISTANCE, "definitions": definitions, "lines": lines})
    assert found is not None and (found.kind, found.why) == ("forgot terms", "the line is right unless i = j")


def test_a_term_too_many_is_not_made_zero() -> None:
    lines = [r"\frac{\partial D_{ij}}{\partial X_{kl}}", r"2(X_{il} - X_{jl})(\delta_{ik} - \delta_{jk}) + \delta_{ij}X_{il}"]
    found = explained({**DISTANCE, "lines": lines})
    assert found is not None and (found.kind, found.why) == ("extra term", r"the term \delta_{ij}X_{il} is too many")
    assert found.right == r"2(X_{il} - X_{jl})(\delta_{ik} - \delta_{jk})"
