"""From the click to two workers on the card."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

from bench.actions import click_new, open_sidebar, stop_clusters
from bench.browser import Browser
from bench.lab import OURS, Lab, Subject, ours, peer, peer_by_module
from bench.stats import Row, Section, paragraphs, ratio_at_most

_FLOOR = Path(__file__).parents[1] / "floor.py"


def measure(quick: bool) -> Section:
    """Return the times from a click to two workers, against the peer and bare Dask."""
    section = Section(
        name="start",
        title="From the click to two workers on the card",
        how=paragraphs(
            """
            A real click in Chromium; the time is taken inside the page, from the press
            of the mouse (`event.timeStamp`) to the change of the document that makes a
            new card say that it has two workers. Two worker processes with one thread
            each on both sides; this project's with TLS, the peer's without, as both
            come. All kinds take turns in each round, each in a page with an empty
            cache, with nothing left of the last one.

            _Warm_: the sidebar was open until the stand-by controller was ready. _Cold_:
            `warmStart` is off and the sidebar is open, so that the click starts a kernel
            from nothing. _Hasty_: `warmStart` is on and the click comes as soon as the
            button is there. Each of these is the first click of its server or kernel,
            and is compared with the first click in a server of the peer's, which has
            imported Dask at its start. _Again_: the peer's clusters after the first, for
            which its server has imported Bokeh, too. _By module_: the peer's first click
            in a server that `python -m jupyterlab` started; all others start as people
            start them, by `jupyter lab`. No goal is compared with these two. The floor is
            `LocalCluster(n_workers=2)` in a plain Python that has imported Dask already;
            _with imports_ counts from the start of the process, which is what a cold
            start has to do. The environments of both are compiled to bytecode, as pip
            leaves them.
            """
        ),
    )
    times: dict[str, list[float]] = {}

    def note(kind: str, seconds: float) -> None:
        times.setdefault(kind, []).append(seconds)
        print(f"    {kind}: {seconds:.2f} s", flush=True)

    cold = ours(local={"warmStart": False})
    with Browser() as browser, Lab(ours()) as warm_lab, Lab(cold) as cold_lab:

        def click(lab: Lab, *kinds: str, ready: str = "") -> None:
            lab.clear()
            subject = lab.subject.name
            with browser.open(lab.url) as page:
                open_sidebar(page, subject)
                if ready:
                    page.evaluate(ready)
                for kind in kinds:
                    note(kind, click_new(page, subject)["ready"])
                    stop_clusters(page, subject)

        def click_peer(subject: Subject, *kinds: str) -> None:
            with Lab(subject) as lab:
                click(lab, *kinds)

        turns: list[Callable[[], None]] = [
            lambda: click_peer(peer(), "peer", "again"),
            lambda: click(warm_lab, "warm", ready="bench.warm()"),
            lambda: floor("plain", note),
            lambda: click(cold_lab, "cold"),
            lambda: click_peer(peer_by_module(), "module"),
            lambda: floor("tls", note),
            lambda: click(warm_lab, "hasty"),
        ]
        for _ in range(2 if quick else 5):
            for turn in turns:
                turn()
            turns = turns[1:] + turns[:1]
    slow = times["peer"]
    section.rows = [
        Row(
            "Warm",
            "s",
            times["warm"],
            slow,
            times["plain"],
            "≤ 0.15 of the peer",
            ratio_at_most(times["warm"], slow, 0.15),
        ),
        Row(
            "Cold",
            "s",
            times["cold"],
            slow,
            times["plain whole"],
            "≤ 0.8 of the peer",
            ratio_at_most(times["cold"], slow, 0.8),
        ),
        Row("Hasty", "s", times["hasty"], slow, times["plain whole"]),
        Row("Again", "s", peer=times["again"]),
        Row("By module", "s", peer=times["module"]),
        Row("Bare Dask", "s", floor=times["plain"]),
        Row("Bare Dask with TLS", "s", floor=times["tls"]),
        Row("Bare Dask with imports", "s", floor=times["plain whole"]),
        Row("Bare Dask with TLS and imports", "s", floor=times["tls whole"]),
    ]
    section.notes = paragraphs(
        """
        The peer's server imports Dask when it starts, whether or not anybody wants a
        cluster. A cold start here begins with a kernel, in the environment that one
        chooses: nothing of this project runs in the server.

        The peer's workers are spawned by the server, and Python's `spawn` runs the imports
        of the program's script again in each: those of `jupyter-lab`, or on a hub of
        `jupyterhub-singleuser`. `python -m jupyterlab` is what it leaves out. This project's
        workers come from a kernel or its fork server, which import Dask alone; how the server
        was started makes no difference to them. Until 2026-11-28 this table was measured by
        module, and the peer's times were those of _By module_.
        """
    )
    return section


def floor(kind: str, note: Callable[[str, float], None]) -> None:
    """Start one cluster in a process of its own and note both of its times."""
    done = subprocess.run(
        [OURS / "bin" / "python", _FLOOR, kind], capture_output=True, text=True, check=True
    )
    found = json.loads(done.stdout)
    note(kind, found["start"])
    note(f"{kind} whole", found["whole"])
