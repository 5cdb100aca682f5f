"""A Node process that is asked over its standard input, one JSON line a request."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

_Self = TypeVar("_Self", bound="NodeProcess")


class NodeProcess:
    """Starts a script, and ends it.

    Parameters
    ----------
    script
        Answers each request by one line.
    what
        What errors call it.
    folder
        Where it runs.
    environment
        What it has besides this process's variables.
    """

    def __init__(
        self,
        script: Path,
        what: str,
        *,
        folder: Path | None = None,
        environment: dict[str, str] | None = None,
    ) -> None:
        self._what = what
        self._count = 0
        self._node = subprocess.Popen(
            ["node", script],
            cwd=folder,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def call(self, method: str, **params: object) -> Any:  # noqa: ANN401 - JSON
        """Ask it.

        Raises
        ------
        RuntimeError
            With its words, when it could not do it.
        """
        assert self._node.stdin is not None
        assert self._node.stdout is not None
        self._count += 1
        request = {"id": self._count, "method": method, "params": params}
        self._node.stdin.write(json.dumps(request) + "\n")
        self._node.stdin.flush()
        line = self._node.stdout.readline()
        if not line:
            raise RuntimeError(f"{self._what} ended with code {self._node.wait()}")
        answer = json.loads(line)
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']}")
        return answer["result"]

    def __enter__(self: _Self) -> _Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End it."""
        self._node.kill()
        self._node.wait()
