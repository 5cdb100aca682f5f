"""The last lines that the scheduler, the workers and their tasks wrote."""

from __future__ import annotations

import logging
import os
import sys
import threading
from collections import deque

from .causes import clean_lines

_LOGGERS = ("", "distributed", "bokeh", "tornado", "asyncio", "dask", "py.warnings")
_KEPT = 500


class Output(logging.Handler):
    """Keeps lines in memory, so that none of them becomes a message to the page.

    The kernel would forward what the loggers and the child processes write to
    every open page, and the server would take that for activity.
    """

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        self._lines: deque[str] = deque(maxlen=_KEPT)
        self._installed = False

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a log record."""
        try:
            self._lines.extend(self.format(record).splitlines())
        except Exception:  # noqa: BLE001 - logging must not fail
            self.handleError(record)

    def tail(self, lines: int = 50) -> list[str]:
        """Return the newest lines, oldest first."""
        return list(self._lines)[-lines:]

    def clean(self, lines: int) -> list[str]:
        """Return the newest lines for a person: without secrets and control signs."""
        return clean_lines(self.tail(lines))

    def capture_processes(self) -> None:
        """Take what child processes will write to their standard streams.

        Does nothing on Windows, where they have none.
        """
        if self._installed or sys.platform == "win32":
            return
        reader, writer = os.pipe()
        thread = threading.Thread(
            target=self._read, args=(reader,), name="Controller output", daemon=True
        )
        try:
            thread.start()
        except RuntimeError:
            # Nobody may write to what nobody reads.
            os.close(reader)
            os.close(writer)
            raise
        self._installed = True
        for stream in (1, 2):
            os.dup2(writer, stream)
        os.close(writer)

    def capture_loggers(self) -> None:
        """Take the records of Dask's loggers, and take them away from the streams.

        To be called again after an import that configures logging.
        """
        logging.captureWarnings(True)
        for name in _LOGGERS:
            logger = logging.getLogger(name)
            for handler in list(logger.handlers):
                logger.removeHandler(handler)
            logger.addHandler(self)
            logger.propagate = False

    def _read(self, reader: int) -> None:
        rest = b""
        while chunk := os.read(reader, 65536):
            *lines, rest = (rest + chunk).split(b"\n")
            rest = rest[-4096:]
            self._lines.extend(line[:4096].decode("utf-8", "replace") for line in lines[-_KEPT:])
