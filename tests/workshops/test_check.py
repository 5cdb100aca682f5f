"""Self-checks put out what the page of a workshop reads."""

from __future__ import annotations

from pathlib import Path

import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from seasonal_monitor.errors import SeasonalMonitorError
from seasonal_monitor.workshop import MIME, check, sample_archive


@pytest.fixture(autouse=True)
def shell() -> InteractiveShell:
    """A shell, without which nothing is displayed."""
    return InteractiveShell.instance()


def test_a_passed_check_names_its_step() -> None:
    with capture_output() as captured:
        assert check("load", [1])
    (output,) = captured.outputs
    assert output.data[MIME] == {"step": "load", "passed": True}
    assert output.data["text/plain"] == "Done: load"


def test_a_failed_check_gives_its_hint() -> None:
    with capture_output() as captured:
        assert not check("load", 0, "Open the archive first.")
    (output,) = captured.outputs
    assert output.data[MIME]["passed"] is False
    assert output.data["text/plain"] == "Not yet: load. Open the archive first."


def test_an_answer_that_cannot_be_looked_at_is_not_done() -> None:
    with capture_output() as captured:
        assert not check("mean", lambda: None.chunks, "Plan it.")  # type: ignore[attr-defined]
        assert check("sum", lambda: 1 + 1 == 2)
    first = captured.outputs[0].data["text/plain"]
    assert first.startswith("Not yet: mean. Plan it. (AttributeError: 'NoneType' object has no")


def test_sample_data_that_cannot_be_made_is_explained(tmp_path: Path) -> None:
    with pytest.raises(SeasonalMonitorError, match="The years are the wrong way round"):
        sample_archive(tmp_path, (2024, 2020), ["rfh_dekad"])


def test_a_name_that_no_step_can_have_is_refused_in_words() -> None:
    with pytest.raises(ValueError, match="Use the short name"):
        check("../x", True)
