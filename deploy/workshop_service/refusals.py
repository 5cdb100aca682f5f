"""What the service answers when it does not do what it was asked."""

from __future__ import annotations

from tornado.web import HTTPError


class RefusalError(HTTPError):
    """An answer in words, for a person, with a status of HTTP."""

    def __init__(self, status: int, words: str) -> None:
        # Not as tornado's message, which is a format and would be logged with its arguments.
        super().__init__(status)
        self.words = words
