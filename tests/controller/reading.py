"""Refusals as a person reads them."""

from __future__ import annotations

import re

from page import RefusedError

#: What is for developers only, in messages and hints.
_FOREIGN = re.compile(r"Traceback|File \"|object at 0x|\[object |<[a-z]+ object|b'|None: |\bNone\b")


def read(refused: RefusedError, *secrets: str) -> str:
    """Return the words of a refusal, which must have a cause and a next step.

    Parameters
    ----------
    secrets
        What must be in none of them, nor in the log lines.
    """
    causes = refused.data["cause"]
    words = [str(refused), refused.data["hint"] or ""]
    words += [part for cause in causes for part in (cause["message"], cause.get("hint") or "")]
    text = "\n".join(filter(None, words))
    assert refused.data["hint"], f"no next step: {text}"
    assert not _FOREIGN.search(text), text
    shown = "\n".join([text, *refused.data["log"]])
    assert not [secret for secret in secrets if secret in shown], shown
    return text
