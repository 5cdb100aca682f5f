from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from distributed import LocalCluster

# What runs templates.
sys.path.append(str(Path(__file__).parents[1] / "templates"))


@pytest.fixture(scope="session")
def cluster() -> Iterator[LocalCluster]:
    """A participant's cluster: one worker of a process."""
    with LocalCluster(
        n_workers=1, threads_per_worker=1, host="127.0.0.1", dashboard_address=None
    ) as cluster:
        yield cluster
