"""Python as the page holds it: the same program, without comments and docstrings."""

from __future__ import annotations

import ast
import gzip
import json
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "jupyterlab_seasonal_monitor"
PROGRAM = """
const { withoutComments } = require(process.argv[1]);
const texts = JSON.parse(require('fs').readFileSync(0, 'utf8'));
process.stdout.write(JSON.stringify(texts.map(withoutComments)));
"""
#: What must not be taken for a comment or a docstring.
TRAPS = r'''"""The module."""
a = "# no comment"  # a comment
b = ("""not a docstring"""
     "but the rest of one")
c = \
    """not one either"""
d = r"\\" + '\'# no"' + f"{a!r:#>9}"
class E(Exception):
    """All that is in it.

    Over lines.
    """  # and more


def g(h="""#"""):
    # nothing else
    """Words with an end."""

    return b"""#""", {"""key""": h}
'''


def shortened(texts: list[str]) -> list[str]:
    script = str(ROOT / "scripts" / "pythonSource.js")
    command = ["node", "-e", PROGRAM, script]
    done = subprocess.run(
        command, input=json.dumps(texts), capture_output=True, check=True, text=True
    )
    result: list[str] = json.loads(done.stdout)
    return result


def program(text: str) -> str:
    """All that a program does, with lines and columns, but not its docstrings."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            node.body = [  # type: ignore[attr-defined]
                item
                for item in body
                if not (
                    isinstance(item, ast.Expr)
                    and isinstance(item.value, ast.Constant)
                    and isinstance(item.value.value, str)
                )
            ]
        if isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            # It may have ended with its docstring.
            node.end_lineno = node.end_col_offset = None
    return ast.dump(tree, include_attributes=True)


def test_it_does_the_same_in_the_same_lines_and_is_a_good_deal_smaller() -> None:
    files = [*PACKAGE.glob("notebook_*.py"), *(PACKAGE / "controller").rglob("*.py")]
    assert len(files) > 50
    texts = [file.read_text() for file in files]
    short = shortened(texts)
    for file, text, other in zip(files, texts, short, strict=True):
        assert program(other) == program(text), file
        assert other.count("\n") == text.count("\n"), file
    sizes = [len(gzip.compress("".join(all_).encode())) for all_ in (texts, short)]
    assert sizes[1] < 0.8 * sizes[0]


def test_what_only_looks_like_a_comment_or_a_docstring_stays() -> None:
    [short] = shortened([TRAPS])
    assert program(short) == program(TRAPS)
    assert short.count('"""') == TRAPS.count('"""') - 6
    assert "a comment" not in short
    assert "Over lines" not in short
