"""The comparisons in peers/ need packages that the test environment has not: only `make test-peers` asks for them."""

from __future__ import annotations

import os

collect_ignore = [] if os.environ.get("CATALOGUE_PEERS") else ["peers"]
