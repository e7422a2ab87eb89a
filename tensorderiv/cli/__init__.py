"""The command line: what stands in the contract, and nothing that does not work yet.

Each command calls the public verbs and prints. Exit codes: 0 done, 2 an error (one line, and the place in the text when there is
one), 3 a kernel could not be verified: `generate` wrote nothing, `bench` timed nothing; 1 `verify` found a kernel that fails,
`check` a line that is wrong, `audit` a function that is, `compare` different gradients, `stationary` a gradient that is not 0.
"""

from tensorderiv.cli import listing, deriving, generating, judging, comparing, timing  # noqa: F401, I001 (they register their commands)
from tensorderiv.cli.app import app
from tensorderiv.cli.running import main, run

__all__ = ["app", "main", "run"]
