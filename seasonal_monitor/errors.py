"""Errors that end in words: what happened, with which parameter, and what to do."""

from __future__ import annotations


class ParameterError(ValueError):
    """A parameter, or the data that came with it, cannot be worked with.

    Parameters
    ----------
    parameter : str
        Its name, as the caller wrote it.
    message : str
        What is wrong and what to do about it.
    """

    def __init__(self, parameter: str, message: str) -> None:
        super().__init__(parameter, message)
        self.parameter = parameter
        self.message = message

    def __str__(self) -> str:
        return f"{self.parameter}: {self.message}"
