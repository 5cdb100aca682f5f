"""Checks of JSON against the protocol's typed dictionaries."""

from __future__ import annotations

import math
import types
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

#: Longer text has no use in any parameter.
MAX_TEXT = 4096
_WORDS = {
    int: "a whole number",
    float: "a number",
    str: "text",
    dict: "an object",
    bool: "a yes or no",
    list: "a list",
}


def check(shape: Any, value: object) -> dict[str, str]:  # noqa: ANN401 - a TypedDict class
    """Compare a value with a ``TypedDict``.

    Parameters
    ----------
    shape
        The ``TypedDict`` class.
    value
        What came.

    Returns
    -------
    dict
        What is wrong, in words by member name; empty when nothing is.
    """
    if not isinstance(value, dict):
        return {"params": "This must be an object."}
    hints = get_type_hints(shape)
    wrong = {str(name)[:64]: "This is not known." for name in value if name not in hints}
    for name, kind in hints.items():
        if name not in value:
            if name in shape.__required_keys__:
                wrong[name] = "This is missing."
        elif text := _mismatch(kind, value[name]):
            wrong[name] = text
    return wrong


def _mismatch(kind: Any, value: object) -> str | None:  # noqa: ANN401 - a type expression
    origin = get_origin(kind)
    if origin is Literal:
        choices = get_args(kind)
        return None if value in choices else f"This must be one of {', '.join(choices)}."
    if origin in (Union, types.UnionType):
        texts = [_mismatch(part, value) for part in get_args(kind)]
        return None if None in texts else texts[0]
    if kind is type(None):
        return None if value is None else "This must be null."
    plain = origin or kind
    accepted = (int, float) if plain is float else plain
    if isinstance(value, bool) is not (plain is bool) or not isinstance(value, accepted):
        return f"This must be {_WORDS[plain]}."
    if isinstance(value, float) and not math.isfinite(value):
        return "This must be a finite number."
    if isinstance(value, str) and len(value) > MAX_TEXT:
        return f"This must be at most {MAX_TEXT} characters."
    return None
