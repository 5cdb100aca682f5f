"""Chromium, driven through Playwright by a small Node process."""

from __future__ import annotations

import subprocess
from pathlib import Path
from types import TracebackType
from typing import Any

from .machine import CHROMIUM, ROOT
from .node import NodeProcess

_DRIVER = Path(__file__).parent / "page" / "driver.mjs"


class Browser(NodeProcess):
    """Starts Chromium, and ends it with all its pages."""

    def __init__(self) -> None:
        super().__init__(
            _DRIVER,
            "The browser's driver",
            folder=ROOT / "ui-tests",
            environment={"PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD": "1"},
        )
        self.call("launch", executable=str(CHROMIUM))

    def open(self, url: str, traced: bool = False, quiet: bool = False) -> Page:
        """Open an address in a page with an empty cache.

        Parameters
        ----------
        url
            Of a JupyterLab.
        traced
            Whether requests are recorded with who made them.
        quiet
            Whether JupyterLab's own polls are marked as no activity.
        """
        return Page(self, self.call("open", url=url, traced=traced, quiet=quiet))

    def close(self) -> None:
        """End it."""
        if self._node.poll() is None:
            assert self._node.stdin is not None
            self._node.stdin.close()
            try:
                self._node.wait(20)
            except subprocess.TimeoutExpired:
                self._node.terminate()
                self._node.wait()


class Page:
    """One page with JupyterLab in it."""

    def __init__(self, browser: Browser, number: int) -> None:
        self._browser = browser
        self._number = number

    def call(self, method: str, **params: object) -> Any:  # noqa: ANN401 - JSON
        """Ask the driver to do something with this page."""
        return self._browser.call(method, page=self._number, **params)

    def evaluate(self, expression: str) -> Any:  # noqa: ANN401 - JSON
        """Return what a JavaScript expression, or the promise that it gives, comes to.

        Raises
        ------
        RuntimeError
            When that takes longer than two minutes.
        """
        return self.call("evaluate", expression=expression, timeout=120_000)

    def trace(self, expression: str, first: str) -> list[dict[str, float]]:
        """Return the main thread's processor time for each frame of an evaluation, in ms.

        Parameters
        ----------
        expression
            What is measured.
        first
            What is run before, after a collection of all garbage, and not measured.

        Returns
        -------
        list of dict
            ``work``: all of it; then its parts: ``script``, ``style``, ``layout``,
            ``paint``, ``collection`` (of young garbage), ``heap`` (of the whole heap)
            and ``other``.
        """
        frames: list[dict[str, float]] = self.call("trace", expression=expression, first=first)
        return frames

    def click(self, selector: str) -> None:
        """Click, as a person does."""
        self.call("click", selector=selector)

    def wait_for(self, selector: str, state: str = "visible") -> None:
        """Return when an element is in this state."""
        self.call("waitFor", selector=selector, state=state)

    def __enter__(self) -> Page:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the page."""
        self.call("close")
