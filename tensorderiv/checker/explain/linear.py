"""Numbers in front of several terms at once: found by solving for them, not by trying."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import partial

import numpy as np

from tensorderiv.checker.explain.edits import exchange, places, scaled
from tensorderiv.checker.explain.repair import Repair
from tensorderiv.checker.explain.scene import Scene
from tensorderiv.checker.tree import Node, Sum

MOST_TERMS = 6
LIKELY = (Fraction(1), Fraction(2), Fraction(1, 2), Fraction(-1), Fraction(-2), Fraction(-1, 2))
"""The numbers by which terms are mistaken."""

CLOSE = 1e-6


def coefficients(scene: Scene) -> Iterator[Repair]:
    """For each sum in the line: the numbers by which its terms must be multiplied, if they are likely ones."""
    for place in places(scene.line):
        node = place.node
        if isinstance(node, Sum) and len(node.terms) <= MOST_TERMS and (found := _solved(scene, node)) is not None:
            if all(by == 1 for by in found):
                continue
            terms = tuple(scaled(term, by) for term, by in zip(node.terms, found, strict=True))
            wrong = [(term, by) for term, by in zip(node.terms, found, strict=True) if by != 1]
            kind = "wrong sign" if all(by == -1 for _, by in wrong) else _lost_twos(scene)
            yield Repair(exchange(scene.line, node, Sum(terms)), kind, partial(_several, scene, wrong))


def _lost_twos(scene: Scene) -> str:
    return "symmetric double sum" if scene.merges_pairs else "lost factor 2"


def _solved(scene: Scene, node: Sum) -> list[Fraction] | None:
    """The numbers, where the line is a linear function of the terms and they are told apart."""
    trial = scene.trial
    if trial is None:
        return None
    samples = [trial.sample(exchange(scene.line, node, term)) for term in node.terms]
    whole = trial.sample(scene.line)
    if whole is None or any(sample is None for sample in samples):
        return None
    entries = [entry for entry in trial.values if np.isfinite(trial.values[entry])]
    columns = np.array([[sample[entry] for sample in samples if sample is not None] for entry in entries])
    if not entries or not np.all(np.isfinite(columns)):
        return None
    if not np.allclose(columns.sum(axis=1), [whole[entry] for entry in entries], rtol=CLOSE, atol=CLOSE):
        return None
    if np.linalg.matrix_rank(columns) < len(samples):
        return None
    target = np.array([trial.values[entry] for entry in entries])
    found = np.linalg.lstsq(columns, target, rcond=None)[0]
    if not np.allclose(columns @ found, target, rtol=CLOSE, atol=CLOSE):
        return None
    exact = [next((by for by in LIKELY if abs(float(by) - value) < CLOSE), None) for value in found]
    return [by for by in exact if by is not None] if None not in exact else None


def _several(scene: Scene, wrong: list[tuple[Node, Fraction]]) -> str:
    if all(by == -1 for _, by in wrong):
        return f"{' and '.join(scene.write(term) for term, _ in wrong)} have the wrong sign"
    return "; ".join(f"{scene.write(term)} must be multiplied by {by}" for term, by in wrong)
