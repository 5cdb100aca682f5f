"""The report in Markdown."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from .lab import OURS, PEER
from .machine import CACHE, ROOT, describe, now, versions
from .stats import Row, Section, median, ratio

PATH = ROOT / "docs" / "benchmarks.md"
#: Of a run with few repeats.
QUICK = CACHE / "quick.md"

_HEAD = ["What", "This project", "Peer", "Floor", "Ratio to the peer", "Goal", "Met"]


def put(section: Section, path: Path = PATH) -> None:
    """Write a section into the report, which is made when it is not there.

    The other sections stay as they are.
    """
    parts = path.read_text().rstrip("\n").split("\n## ")[2:] if path.exists() else []
    new = "\n".join(_section(section)).removeprefix("\n## ")
    titles = [_title(part) for part in parts]
    if section.title in titles:
        parts[titles.index(section.title)] = new
    else:
        parts.append(new)
    goals = [(title, *goal) for title, goal in _goals_in(parts)]
    text = "\n\n## ".join(["\n".join(_head(goals)), *(part.strip("\n") for part in parts)])
    path.write_text(text + "\n")


def summary(section: Section) -> str:
    """Return a section as text for a terminal."""
    return "\n".join([section.title, *_table(section.rows), *section.notes])


def _head(goals: list[tuple[str, str, bool]]) -> list[str]:
    """Return the lines before the sections: what is compared, and where."""
    return [
        "# Benchmarks",
        "",
        "Written by `make bench`. Do not edit: run it again.",
        "",
        "This project is compared with dask-labextension 7.0.0 (_the peer_) and with Dask",
        "without any interface (_the floor_). Each is installed in an environment of its own,",
        "from a lock file, and runs in a JupyterLab of its own. They take turns in one run.",
        "Cells give the median, then the smallest and the largest of n values.",
        "",
        *_score(goals),
        "",
        "## Where",
        "",
        *(f"- {line}" for line in describe()),
        f"- This project: {_list(versions(OURS))}",
        f"- Peer: {_list(versions(PEER))}",
        f"- Written {now()}; each section says when and at which commit it was measured",
    ]


def _title(part: str) -> str:
    return part.partition("\n")[0]


def _score(goals: list[tuple[str, str, bool]]) -> list[str]:
    """Return how many goals are met, by section, line and whether it is."""
    missed = [f"- {title}: {what}" for title, what, met in goals if not met]
    text = f"{len(goals) - len(missed)} of {len(goals)} goals are met."
    return [text, *(["", "Not met:", "", *missed] if missed else [])]


def _goals_in(parts: list[str]) -> Iterator[tuple[str, tuple[str, bool]]]:
    """Return the goals of written sections: title, line, and whether it is met."""
    for part in parts:
        for line in part.splitlines()[1:]:
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            if line.startswith("|") and cells[-1] in ("yes", "**no**"):
                yield _title(part), (cells[0], cells[-1] == "yes")


def _section(section: Section) -> list[str]:
    """Return the lines of one section, with an empty one before it."""
    quick = " Quick run: few repeats." if section.quick else ""
    of = f"commit {section.commit}" if section.commit else "an earlier commit"
    lines = [
        "",
        f"## {section.title}",
        "",
        *(line for text in section.how for line in (text, "")),
        f"Measured {section.started}, {of}; load average at the start {section.load}.{quick}",
        "",
        *_table(section.rows),
    ]
    if section.notes:
        lines += ["", *(f"- {note}" for note in section.notes)]
    return lines


def _list(found: dict[str, str]) -> str:
    return ", ".join(f"{name} {version}" for name, version in found.items())


def _table(rows: list[Row]) -> list[str]:
    cells = [_HEAD, *(_cells(row) for row in rows)]
    used = [
        index
        for index, title in enumerate(_HEAD)
        if any(line[index] for line in cells[1:]) or title == "What"
    ]
    cells = [[line[index] for index in used] for line in cells]
    widths = [max(len(line[index]) for line in cells) for index in range(len(used))]
    text = [
        "| "
        + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        + " |"
        for line in cells
    ]
    rule = "| " + " | ".join("-" * width for width in widths) + " |"
    return [text[0], rule, *text[1:]]


def _cells(row: Row) -> list[str]:
    quotient = ratio(row.ours, row.peer)
    shown = "" if quotient is None or quotient < 0 else f"{quotient:.2f}"
    met = "" if row.met is None else "yes" if row.met else "**no**"
    columns = {"ours": row.ours, "peer": row.peer, "floor": row.floor}
    values = [row.words.get(name) or _value(found, row.unit) for name, found in columns.items()]
    return [row.what, *values, shown, row.goal, met]


def _value(samples: list[float], unit: str) -> str:
    middle = median(samples)
    if middle is None:
        return ""
    if len(samples) == 1:
        return f"{_number(middle, unit)} {unit}"
    low, high = (_number(value, unit) for value in (min(samples), max(samples)))
    return f"{_number(middle, unit)} {unit} ({low} to {high}, n = {len(samples)})"


def _number(value: float, unit: str) -> str:
    if unit in ("requests", "messages", "files"):
        return f"{value:.0f}"
    digits = 2 if unit == "s" else 1
    text = f"{value:.{digits}f}"
    return text if float(text) else text.lstrip("-")
