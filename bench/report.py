"""The report in Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from .lab import OURS, PEER
from .machine import ROOT, describe, now, versions
from .stats import Row, Section, median, ratio

PATH = ROOT / "docs" / "benchmarks.md"

_HEAD = ["What", "This project", "Peer", "Floor", "Ratio to the peer", "Goal", "Met"]


def write(sections: list[Section], path: Path = PATH) -> None:
    """Write the report of these sections."""
    path.write_text("\n".join(_document(sections)) + "\n")


def put(section: Section, path: Path = PATH) -> None:
    """Write this section into a report that is there, and keep the others as they are."""
    head, *parts = path.read_text().rstrip("\n").split("\n## ")
    new = "\n".join(_section(section)).removeprefix("\n## ") + "\n"
    titles = [part.partition("\n")[0] for part in parts]
    if section.title in titles:
        parts[titles.index(section.title)] = new
    else:
        parts[-1] += "\n"
        parts.append(new)
    goals = [(title, *goal) for title, goal in _goals_in(parts)]
    start, *_ = re.split(r"\n\d+ of \d+ goals are met\.", head)
    head = "\n".join([start, *_score(goals)]) + "\n"
    path.write_text("\n## ".join([head, *parts]).rstrip("\n") + "\n")


def summary(section: Section) -> str:
    """Return a section as text for a terminal."""
    return "\n".join([section.title, *_table(section.rows), *section.notes])


def _document(sections: list[Section]) -> list[str]:
    goals = [
        (section.title, row.what, row.met)
        for section in sections
        for row in section.rows
        if row.met is not None
    ]
    lines = [
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
    for section in sections:
        lines += _section(section)
    return lines


def _score(goals: list[tuple[str, str, bool]]) -> list[str]:
    """Return how many goals are met, by section, line and whether it is."""
    missed = [f"- {title}: {what}" for title, what, met in goals if not met]
    text = f"{len(goals) - len(missed)} of {len(goals)} goals are met."
    return [text, *(["", "Not met:", "", *missed] if missed else [])]


def _goals_in(parts: list[str]) -> Iterator[tuple[str, tuple[str, bool]]]:
    """Return the goals of written sections: title, line, and whether it is met."""
    for part in parts:
        title, _, text = part.partition("\n")
        for line in text.splitlines():
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            if line.startswith("|") and cells[-1] in ("yes", "**no**"):
                yield title, (cells[0], cells[-1] == "yes")


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
