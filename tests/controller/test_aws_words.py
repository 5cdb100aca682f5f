"""What Amazon's services refuse, and whether asking again is of use."""

from __future__ import annotations

import pytest

from jupyterlab_seasonal_monitor.controller.aws.words import is_final


@pytest.mark.parametrize(
    ("code", "said", "final"),
    [
        ("AccessDeniedException", "not authorized to perform: ecs:RunTask", True),
        ("LimitExceededException", "", True),
        ("InvalidParameterException", "You've reached the limit on the number of vCPUs", True),
        ("InvalidParameterException", "Unable to assume the service linked role.", False),
        ("ThrottlingException", "Rate exceeded", False),
        ("RequestLimitExceeded", "You have exceeded the limit of requests.", False),
    ],
)
def test_only_a_refusal_that_passes_by_itself_is_asked_for_again(
    code: str, said: str, final: bool
) -> None:
    assert is_final({"Error": {"Code": code, "Message": said}}) is final


def test_an_answer_that_refuses_nothing_is_not_final() -> None:
    assert not is_final({"tasks": []})
