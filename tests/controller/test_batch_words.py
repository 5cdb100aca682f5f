"""What a batch system says, in words."""

from __future__ import annotations

import pytest

from jupyterlab_seasonal_monitor.controller.batch import QUEUES
from jupyterlab_seasonal_monitor.controller.batch.slurm import explain
from jupyterlab_seasonal_monitor.controller.batch.systems import SYSTEMS


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("Priority", "other jobs come first"),
        ("Resources", "the nodes are busy"),
        ("(QOSMaxJobsPerUserLimit)", "you have as many jobs as the queue allows"),
        ("QOSSomethingNew", "a limit of the queue (QOS)"),
        ("SomethingElse", "SLURM says SomethingElse"),
    ],
)
def test_a_reason_to_wait_is_told_in_words_with_its_name(reason: str, words: str) -> None:
    told = explain(reason)
    assert told.startswith(words)
    assert reason.strip("()") in told


def test_every_batch_system_is_known_by_its_name_before_it_is_loaded() -> None:
    assert tuple(SYSTEMS) == QUEUES


def test_a_walltime_is_written_as_each_system_wants_it() -> None:
    assert SYSTEMS["slurm"].walltime(90 * 60 + 5) == "01:30:05"
    assert SYSTEMS["lsf"].walltime(90 * 60 + 5) == "01:31"
