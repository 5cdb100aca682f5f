"""Check code that connects: reads [{code, address, pem}] from standard input.

IPython must leave each code as it is, and the values must come out of it as
they went in.
"""

import ast
import json
import sys

from IPython.core.inputtransformer2 import TransformerManager


def literals(tree: ast.Module) -> set[object]:
    """Return all constants of the code."""
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}


def main() -> None:
    """Raise on the first code that is not right."""
    manager = TransformerManager()
    for case in json.load(sys.stdin):
        code = case["code"]
        assert manager.transform_cell(code) == code + "\n", code
        tree = ast.parse(code)
        assert {case["address"], case["pem"]} <= literals(tree), code
        kinds = [type(node).__name__ for node in tree.body]
        assert kinds == ["ImportFrom", "Assign", "Assign", "If", "Assign", "Expr"], kinds


if __name__ == "__main__":
    main()
