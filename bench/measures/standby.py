"""Memory of the controller that waits for a click."""

from __future__ import annotations

import contextlib
import time

import psutil

from bench.actions import click_new, open_sidebar
from bench.browser import Browser
from bench.lab import Lab, ours
from bench.processes import command, memory, of_folder, workers
from bench.stats import Row, Section, paragraphs


def measure(quick: bool) -> Section:
    """Return the memory of the stand-by controller, and of the cluster that it becomes."""
    section = Section(
        name="standby",
        title="Memory of the stand-by controller",
        how=paragraphs(
            """
            Proportional set size (PSS: shared pages are divided among those who share
            them) of all processes below one server that is otherwise idle, with the
            sidebar open and the stand-by ready; then of the same processes and the
            workers after a click on New cluster. An unused stand-by ends by itself;
            without it there is nothing.
            """
        ),
    )
    kernel: list[float] = []
    others: list[float] = []
    total: list[float] = []
    cluster: list[float] = []
    for _ in range(1 if quick else 3):
        with Browser() as browser, Lab(ours()) as lab, browser.open(lab.url) as page:
            open_sidebar(page, "ours")
            page.evaluate("bench.warm()")
            time.sleep(2)
            sizes = pss(lab)
            kernel.append(sum(size for is_kernel, size in sizes if is_kernel))
            others.append(sum(size for is_kernel, size in sizes if not is_kernel))
            total.append(kernel[-1] + others[-1])
            click_new(page, "ours")
            time.sleep(2)
            cluster.append(sum(memory(worker)["pss"] for worker in workers(lab.folder)) / 2)
    section.rows = [
        Row("Controller kernel", "MB PSS", kernel),
        Row("Fork server and resource tracker", "MB PSS", others),
        Row("Stand-by in all", "MB PSS", total, goal="stated", met=True),
        Row("Each worker of a cluster", "MB PSS", cluster),
    ]
    return section


def pss(lab: Lab) -> list[tuple[bool, float]]:
    """Return for each process below the server whether it is a kernel, and its PSS."""
    found = []
    for process in of_folder(lab.folder):
        with contextlib.suppress(psutil.NoSuchProcess, FileNotFoundError, ProcessLookupError):
            if process != lab.process:
                found.append(("ipykernel" in command(process), memory(process)["pss"]))
    return found
