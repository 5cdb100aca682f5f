from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seasonal_monitor.advisor import (
    Workload,
    advise,
    chunk_side,
    count_chunks,
    count_tasks,
    duration,
    worker_memory,
    workers_for,
)

works = st.builds(
    Workload,
    steps=st.integers(1, 2000),
    height=st.integers(1, 5000),
    width=st.integers(1, 5000),
    itemsize=st.sampled_from([2, 4, 8]),
    factor=st.floats(1, 10),
)
threads = st.integers(1, 4)


@given(works, st.integers(800_000_000, 64_000_000_000), threads)
def test_should_only_advise_chunks_that_fit_the_worker(work, worker_bytes, threads):
    try:
        side = chunk_side(work, worker_bytes, threads)
    except ValueError:
        assert worker_memory(work, 16, threads) > worker_bytes
        return
    assert side % 16 == 0
    assert worker_memory(work, side, threads) <= worker_bytes + 1


@given(works, st.integers(1, 2000))
def test_should_cover_the_area_with_its_chunks(work, side):
    assert count_chunks(work, side) * side * side >= work.pixels
    assert count_tasks(work, side) > count_chunks(work, side)


@given(works, st.integers(16, 512), st.floats(0.1, 1e6), threads)
def test_should_meet_the_deadline_with_no_worker_to_spare(work, side, deadline, threads):
    try:
        workers = workers_for(work, side, deadline, threads)
    except ValueError:
        assert duration(work, side, count_chunks(work, side), threads) > deadline * (1 - 1e-9)
        return
    assert duration(work, side, workers, threads) <= deadline * (1 + 1e-9)
    assert workers == 1 or duration(work, side, workers - 1, threads) > deadline * (1 - 1e-9)


@given(works, st.integers(16, 512), st.integers(1, 200), threads)
def test_more_workers_never_take_longer(work, side, workers, threads):
    assert duration(work, side, workers + 1, threads) <= duration(work, side, workers, threads)


def test_should_agree_with_the_cluster_that_was_measured():
    work = Workload(360, 512, 512, 4, factor=6)
    assert worker_memory(work, 256) == pytest.approx(1.61e9, rel=0.01)


def test_should_refuse_a_graph_that_is_too_large():
    with pytest.raises(ValueError, match=r"^area: .* tasks are too many"):
        advise(Workload(2000, 40000, 40000), 1_000_000_000)


@pytest.mark.parametrize("name", ["steps", "height", "width", "itemsize", "factor"])
def test_should_refuse_a_workload_of_nothing(name):
    with pytest.raises(ValueError, match=f"^{name}: 0 must be more than 0"):
        Workload(**{"steps": 1, "height": 1, "width": 1, name: 0})
