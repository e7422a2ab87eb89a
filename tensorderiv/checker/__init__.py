"""Judging a derivation by hand, line by line. Start at `checking.check`; the folders read in the order in which data flows."""
