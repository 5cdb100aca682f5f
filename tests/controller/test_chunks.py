from __future__ import annotations

import time
from collections.abc import Iterator

import dask
import pytest
from distributed import Client, LocalCluster, wait

from jupyterlab_seasonal_monitor.controller.chunks import ChunkJudge, Work, read_work

MIB = 2**20
#: The whole process counts as the worker here, so that it must not pause.
CALM = {f"distributed.worker.memory.{name}": False for name in ("target", "spill", "pause")}


@pytest.fixture
def client() -> Iterator[Client]:
    """One worker of 256 MiB in this process."""
    with (
        dask.config.set(CALM),
        LocalCluster(
            n_workers=1,
            threads_per_worker=1,
            processes=False,
            memory_limit="256MiB",
            dashboard_address="127.0.0.1:0",
        ) as cluster,
        Client(cluster) as client,
    ):
        yield client


def test_tasks_that_are_too_small_or_too_large_are_told_once(client):
    scheduler, judge = client.cluster.scheduler, ChunkJudge()

    def look() -> object:
        judge.look(read_work(scheduler), time.monotonic())
        return judge.verdict

    assert look() is None
    few = client.map(lambda number: number + 1, range(100))
    wait(few)
    assert look() is None

    many = client.map(lambda number: number + 2, range(2000))
    wait(many)
    verdict = look()
    assert verdict["kind"] == "small"
    assert verdict["seconds"] < 0.02
    more = client.map(lambda number: number + 3, range(2000))
    wait(more)
    assert look() is verdict
    assert look() is verdict

    del few, many, more
    large = client.map(lambda number: bytes(60 * MIB + number), range(2))
    wait(large)
    assert look() == {"kind": "big", "bytes": pytest.approx(60 * MIB, rel=0.05)}


def test_work_of_another_kind_takes_a_verdict_back():
    judge = ChunkJudge()
    judge.look(Work(0, 0.0), 0.0)
    judge.look(Work(5000, 10.0), 1.0)
    assert judge.verdict == {"kind": "small", "seconds": 0.002}
    judge.look(Work(5000, 10.0), 50.0)
    assert judge.verdict == {"kind": "small", "seconds": 0.002}
    judge.look(Work(5200, 210.0), 51.0)
    assert judge.verdict is None


def test_a_single_result_and_unknown_memory_are_no_reason():
    judge = ChunkJudge()
    judge.look(Work(0, 0.0), 0.0)
    judge.look(Work(200, 100.0, largest=1e9), 1.0)
    assert judge.verdict is None


def test_a_scheduler_that_was_restarted_is_looked_at_anew():
    judge = ChunkJudge()
    judge.look(Work(9000, 9000.0), 0.0)
    judge.look(Work(10, 0.1), 1.0)
    judge.look(Work(2010, 1.1), 2.0)
    assert judge.verdict == {"kind": "small", "seconds": 0.0005}
