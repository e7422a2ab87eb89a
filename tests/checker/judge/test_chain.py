"""Chains: the first wrong line, what follows it, readings, and what could not be read."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tensorderiv.checker.judge import Explanation, Report, WrongStep

Judged = Callable[..., Report]
SQUARE = "D_i = (x_i + 1)^2"


def statuses(report: Report) -> list[str]:
    return [line.status for line in report.lines]


def test_a_right_chain(judged: Judged) -> None:
    report = judged(SQUARE, "(x_i + 1)^2", "x_i^2 + 2 x_i + 1", "x_i (x_i + 2) + 1")
    assert (report.verdict, report.exit_code, report.first_wrong_line) == ("right", 0, None)
    assert statuses(report) == ["start", "proved", "proved"]
    assert all(line.follows and line.equals_start for line in report.lines[1:])


def test_a_line_that_is_not_proved_holds_at_points(judged: Judged) -> None:
    report = judged(SQUARE, "sin(x_i)^2 + cos(x_i)^2", "1")
    assert report.verdict == "right"
    assert report.lines[1].status.startswith("holds at ")


def test_the_first_wrong_line_and_the_sound_steps_behind_it(judged: Judged) -> None:
    report = judged(SQUARE, "(x_i + 1)^2", "(x_i + 1) (x_i + 1)", "x_i^2 + 1", "1 + x_i x_i", "2 + x_i^2")
    assert (report.verdict, report.exit_code, report.first_wrong_line) == ("wrong", 1, 2)
    assert statuses(report) == ["start", "proved", "wrong", "proved", "wrong"]
    assert [line.follows for line in report.lines] == [None, True, False, True, False]
    assert [line.equals_start for line in report.lines] == [True, True, False, False, False]
    assert report.remarks == ("the step from line 2 to line 3 is sound in itself",)


def test_the_counterexample_is_small_and_both_values_are_those_of_the_lines(judged: Judged) -> None:
    report = judged(SQUARE, "(x_i + 1)^2", "x_i^2 + 1")
    example = report.counterexample
    assert example is not None
    assert dict(example.sizes) == {"n": 1}
    (x,) = example.inputs["x"]
    assert (example.left, example.right) == ((x + 1) ** 2, x**2 + 1)
    assert x == 1


def test_a_right_result_from_a_wrong_line(judged: Judged) -> None:
    report = judged(SQUARE, "(x_i + 1)^2", "x_i^2 + 1", "x_i^2 + 2 x_i + 1")
    assert (report.verdict, report.first_wrong_line) == ("wrong", 1)
    assert report.lines[2].follows is False
    assert report.lines[2].equals_start is True
    assert report.remarks == ("the last line is right, although line 1 is wrong",)


def test_a_chain_that_goes_wrong_and_comes_back(judged: Judged) -> None:
    report = judged(SQUARE, "(x_i + 1)^2", "x_i^2 + 1", "x_i^2 + 2 x_i + 1", "1 + 2 x_i + x_i^2")
    assert report.first_wrong_line == 1
    assert "the last line is right, although line 1 is wrong: the chain comes back right at line 2" in report.remarks
    assert report.lines[3].equals_start is True
    report = judged(SQUARE, "(x_i + 1)^2", "x_i^2 + 1", "x_i^2 + 2 x_i + 1", "x_i")
    assert "line 2 comes back right, and the chain goes wrong again after it" in report.remarks


def test_another_reading_of_a_line_may_save_it(judged: Judged) -> None:
    report = judged(SQUARE, "(x_i + 1)^2", "x_i^2 + 2 x_i | x_i^2 + 2 x_i + 1")
    assert report.verdict == "right"
    assert report.lines[1].reading == "x_i^2 + 2 x_i + 1"


def test_a_later_line_chooses_the_reading_of_the_start(judged: Judged) -> None:
    report = judged(SQUARE, "x_i + 1 | x_i + 2", "x_i + 1 | 2 + x_i", "x_i + 2")
    assert report.verdict == "right"
    assert [line.reading for line in report.lines] == ["x_i + 2", "2 + x_i", ""]


def test_the_path_whose_first_wrong_line_comes_last_is_taken(judged: Judged) -> None:
    report = judged(SQUARE, "x_i + 1 | x_i + 2", "x_i + 2", "x_i + 3")
    assert report.first_wrong_line == 2


def test_a_reading_that_can_be_judged_is_better_than_one_that_cannot(judged: Judged) -> None:
    report = judged(SQUARE, "log(-1 - x_i^2) | x_i", "x_i", seconds=4.0)
    assert report.verdict == "right"
    assert report.lines[0].reading == "x_i"


def test_the_wrong_line_is_read_so_that_the_next_follows(judged: Judged) -> None:
    report = judged(SQUARE, "x_i", "x_i + 1 | x_i + 2", "2 + x_i")
    assert report.first_wrong_line == 1
    assert report.lines[1].reading == "x_i + 2"
    assert report.lines[2].follows
    assert report.counterexample is not None
    assert report.counterexample.right - report.counterexample.left == 2


def test_a_line_whose_shapes_do_not_fit_is_wrong(judged: Judged) -> None:
    report = judged(SQUARE, "x_i", "misfit", "x_i")
    assert (report.verdict, report.first_wrong_line) == ("wrong", 1)
    assert report.lines[1].status == "ill-typed"
    assert report.slip is not None
    assert (report.slip.kind, report.counterexample) == ("shape", None)
    assert report.lines[2].equals_start


def test_free_indices_that_do_not_fit(judged: Judged) -> None:
    report = judged("D_ij = X_ij", "X_ij", "X_ip")
    assert (report.verdict, report.first_wrong_line) == ("wrong", 1)
    assert report.slip is not None
    assert report.slip.kind == "free-index mismatch"
    assert report.lines[1].status == "ill-typed"


@pytest.mark.parametrize("start", ["misfit", "x_i ?"])
def test_a_start_without_a_meaning_is_no_verdict(judged: Judged, start: str) -> None:
    report = judged(SQUARE, start, "x_i")
    assert (report.verdict, report.exit_code, report.first_wrong_line) == ("unreadable", 2, None)
    assert report.problem is not None
    assert report.problem.where.startswith("line 0")


def test_an_unreadable_line_before_the_first_wrong_one(judged: Judged) -> None:
    report = judged(SQUARE, "x_i", "x_i + ? + 2", "x_i", "x_i + 1")
    assert (report.verdict, report.first_wrong_line, report.counterexample) == ("unreadable", None, None)
    assert statuses(report)[:3] == ["start", "unreadable", "proved"]
    assert report.problem is not None
    assert (report.problem.where, report.problem.understood) == ("line 1, column 7", "x_i +")
    assert report.problem.excerpt.splitlines() == ["x_i + ? + 2", "      ^"]


def test_an_unreadable_line_after_the_first_wrong_one_leaves_the_verdict(judged: Judged) -> None:
    report = judged(SQUARE, "x_i", "x_i + 1", "?")
    assert (report.verdict, report.first_wrong_line) == ("wrong", 1)
    assert statuses(report) == ["start", "wrong", "unreadable"]


def test_out_of_time_is_no_verdict(judged: Judged) -> None:
    report = judged(SQUARE, "x_i", "x_i + 1", seconds=0.0)
    assert report.verdict == "unreadable"
    assert report.problem is not None
    assert "in time" in report.problem.message


def test_what_is_defined_nowhere_is_no_verdict(judged: Judged) -> None:
    report = judged(SQUARE, "log(-1 - x_i^2)", "x_i", seconds=3.0)
    assert report.verdict == "unreadable"


def test_a_difference_at_ties_alone_is_none(judged: Judged) -> None:
    report = judged("r_i = max(x_i, 0)", "if(x_i > 0, x_i, 1)", "if(x_i >= 0, x_i, 1)")
    assert report.verdict == "right"
    assert "special points" in report.lines[1].message


def test_a_difference_where_0_is_divided_by_0_is_none(judged: Judged) -> None:
    report = judged("D_ij = x_i - x_j", "(x_i - x_j) / (x_i - x_j)", "1 + 0 x_j x_i", "2 + 0 x_i x_j")
    assert report.first_wrong_line == 2
    assert report.lines[1].good


def test_where_0_is_divided_by_0_everywhere_a_difference_counts(judged: Judged) -> None:
    assert judged("s = sum_ij (x_i - x_j)", "sum_ij (x_i - x_j) / (x_i - x_j)", "n^2 - n + 1").first_wrong_line == 1


def test_a_difference_where_there_is_one_value_alone_is_none(judged: Judged) -> None:
    report = judged("s = sum_i x_i / (n - 1)", "sum_i x_i", "sum_i x_i (n - 1) / (n - 1)")
    assert report.verdict == "right"


def test_equations_are_judged_one_by_one(judged: Judged) -> None:
    report = judged(SQUARE, "x_i + x_i = 2 x_i", "x_i x_i = 2 x_i", "?=x_i", equations=True)
    assert (report.verdict, report.first_wrong_line) == ("wrong", 1)
    assert statuses(report) == ["proved", "wrong", "unreadable"]
    report = judged(SQUARE, "?=x_i", "x_i = 2 x_i", equations=True)
    assert (report.verdict, report.first_wrong_line) == ("unreadable", None)


def test_what_is_handed_to_explain(judged: Judged) -> None:
    seen: list[WrongStep] = []

    def explain(step: WrongStep) -> Explanation:
        seen.append(step)
        return Explanation("lost factor 2", "2 x_i became x_i", "x_i^2 + 2 x_i + 1", follows=True)

    report = judged(SQUARE, "(x_i + 1)^2", "x_i^2 + x_i + 1", "1 + x_i + x_i^2", explain=explain)
    (step,) = seen
    assert (step.number, step.text) == (1, "x_i^2 + x_i + 1")
    assert [step.before_node.name, step.node.name] == ["(x_i + 1)^2", "x_i^2 + x_i + 1"]  # type: ignore[attr-defined]
    assert step.meaning is not None
    assert step.counterexample == report.counterexample
    assert len(step.following_nodes) == 1
    assert report.suggestion == "x_i^2 + 2 x_i + 1"
    assert report.slip is not None
    assert (report.slip.kind, report.slip.follows) == ("lost factor 2", True)


def test_a_right_chain_needs_no_explanation(judged: Judged) -> None:
    def explain(step: WrongStep) -> Explanation:
        raise AssertionError(step)

    assert judged(SQUARE, "x_i", "x_i", explain=explain).verdict == "right"
