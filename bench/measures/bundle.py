"""JavaScript that is loaded before anybody uses the extension."""

from __future__ import annotations

from typing import Any

from bench.actions import open_sidebar
from bench.browser import Browser, Page
from bench.lab import Lab, Subject, ours, peer
from bench.processes import wait_for
from bench.stats import Row, Section, at_most, paragraphs

_BOUND = 10.0


def measure(quick: bool) -> Section:
    """Return the compressed size of what is loaded before and at the first use."""
    del quick  # a size is the same each time
    section = Section(
        name="bundle",
        title="JavaScript before the first use",
        how=paragraphs(
            """
            All scripts below `/lab/extensions/<name>/` that the page loads until
            JupyterLab is restored and nothing more comes, each compressed with `gzip
            -9`; kB is 1,000 bytes. This project is measured in a production build, as
            the wheel holds it.
            """
        ),
    )
    files: dict[str, list[dict[str, Any]]] = {}
    opened: dict[str, float] = {}
    with Browser() as browser:
        for subject in (ours(), peer()):
            files[subject.name], opened[subject.name] = load(browser, subject)
    before = {name: size(found) for name, found in files.items()}
    section.rows = [
        Row(
            "Before the first use",
            "kB gzip",
            [before["ours"]],
            [before["peer"]],
            goal=f"≤ {_BOUND:.0f} kB",
            met=at_most([before["ours"]], _BOUND),
        ),
        Row(
            "Files before the first use",
            "files",
            [len(files["ours"])],
            [len(files["peer"])],
        ),
        Row("With the sidebar open", "kB gzip", [opened["ours"]], [opened["peer"]]),
    ]
    return section


def load(browser: Browser, subject: Subject) -> tuple[list[dict[str, Any]], float]:
    """Return the scripts before the first use, and the size of all with the sidebar open."""
    with Lab(subject) as lab, browser.open(lab.url) as page:
        before = settled(page)
        open_sidebar(page, subject.name)
        return before, size(settled(page))


def settled(page: Page) -> list[dict[str, Any]]:
    """Return the scripts when no other came for two seconds."""
    found: list[dict[str, Any]] = []

    def is_same() -> bool:
        nonlocal found
        known, found = found, page.call("scripts")
        return len(known) == len(found) > 0

    wait_for(is_same, "the last script", every=2)
    return found


def size(files: list[dict[str, Any]]) -> float:
    """Return their compressed size in kB."""
    return float(sum(file["gzip"] for file in files)) / 1000
