"""The fixture `judged`."""

from tests.checker.judge.fakes import judged

__all__ = ["judged"]
