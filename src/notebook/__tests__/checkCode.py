"""Check code that connects: reads [{code, values, kinds}] from standard input.

IPython must leave each code as it is, the values must come out of it as they
went in, and its statements must be of these kinds.
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
        assert set(case["values"]) <= literals(tree), code
        kinds = [type(node).__name__ for node in tree.body]
        assert kinds == case["kinds"], kinds


if __name__ == "__main__":
    main()
