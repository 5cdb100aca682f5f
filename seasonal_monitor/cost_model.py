"""The work of a template with given parameters, by the cost model in its metadata.

Pure functions. A cost model is the object ``cost`` in a template's metadata; its keys are those of
`CostModel`. Formulas are arithmetic over the template's parameters: numbers, names, ``+ - * / %``,
brackets, and ``abs``, ``ceil``, ``floor``, ``max``, ``min`` and ``where(condition, yes, no)``,
which takes `yes` unless the condition is 0. In them

- a dekad such as ``202403d1`` is the number of dekads since year 0, so that ``end - start + 1``
  counts them, and ``36 * 1991`` is the first dekad of 1991;
- a date such as ``2024-03-01`` is a number of days;
- yes is 1, no is 0; any other text is 1, and 0 when it is empty;
- a list is its length; what is not given is 0.

The page computes the same in ``src/cluster/costModel.ts``; a test compares the two.
"""

from __future__ import annotations

import ast
import math
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from functools import lru_cache
from typing import Any

from seasonal_monitor.advisor import WORKING_FACTOR, Workload

METRES_PER_DEGREE = 111_320.0
LONGEST_FORMULA = 500

_DEKAD = re.compile(r"(\d{4})(0[1-9]|1[0-2])d([123])")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_NUMBER = r"\d+(?:\.\d+)?(?:[eE][-+]?\d+)?(?![\w.])"
#: Python knows more than a formula may hold, such as ``1_000``, ``0x1`` and ``max(1,)``.
_TOKENS = re.compile(rf"(?:\s*(?:{_NUMBER}|[A-Za-z_]\w*|,(?!\s*\))|[-+*/%()]))*\s*", re.ASCII)


@dataclass(frozen=True)
class CostModel:
    """How a template's work follows from its parameters.

    Attributes
    ----------
    steps : str
        Formula: dates (times bands) that are computed for each pixel.
    seconds_per_pixel_step : str
        Formula: seconds of one core for each pixel and each of these steps, without reading.
    resolution : str
        Formula: side of a pixel, in `resolution_unit`.
    reads : str, optional
        Formula: dates (times bands) that are read for each pixel; `steps` when not given.
    bytes_per_pixel_step : float
        Of one value while it is worked on.
    working_factor : float
        How many chunks' worth of memory one chunk takes, see `advisor.WORKING_FACTOR`.
    layers : int
        Tasks per chunk besides reading.
    resolution_unit : str
        ``degree`` or ``metre``.
    area : str or None
        Name of the parameter with west, south, east and north in degrees; None when the area
        follows from something else, such as a file of polygons. Then it is asked for.
    chunk : str or None
        Name of the parameter with the side of a chunk in pixels.
    """

    steps: str
    seconds_per_pixel_step: str
    resolution: str
    reads: str | None = None
    bytes_per_pixel_step: float = 4
    working_factor: float = WORKING_FACTOR["elementwise"]
    layers: int = 4
    resolution_unit: str = "degree"
    area: str | None = "area"
    chunk: str | None = "chunk_px"


_FORMULAS = ("steps", "seconds_per_pixel_step", "resolution", "reads")
_AMOUNTS = ("bytes_per_pixel_step", "working_factor", "layers")


def read_cost_model(cost: Mapping[str, Any], parameters: Mapping[str, Any]) -> CostModel:
    """Check a cost model as it stands in a template's metadata.

    Parameters
    ----------
    cost : mapping
        The object ``cost``.
    parameters : mapping
        The template's parameters, by name; only the names matter.

    Raises
    ------
    ValueError
        Names the key that is missing, unknown or wrong.
    """
    known = {field.name for field in fields(CostModel)}
    for key in cost:
        if key not in known:
            raise ValueError(f"cost.{key} is not known.")
    read: dict[str, Any] = {}
    for key in _FORMULAS:
        if key in cost:
            read[key] = _read_formula(key, cost[key], parameters)
        elif key != "reads":
            raise ValueError(f"cost.{key} is missing.")
    for key in _AMOUNTS:
        if key in cost:
            value = cost[key]
            if not _is_number(value) or not value > 0:
                raise ValueError(f"cost.{key} must be a number above 0.")
            read[key] = value
    unit = cost.get("resolution_unit", "degree")
    if unit not in ("degree", "metre"):
        raise ValueError("cost.resolution_unit must be degree or metre.")
    read["resolution_unit"] = unit
    for key, usual in (("area", "area"), ("chunk", "chunk_px")):
        name = cost.get(key, usual)
        if name is not None and name not in parameters:
            raise ValueError(f"cost.{key} must be the name of a parameter, or null.")
        read[key] = name
    return CostModel(**read)


def workload(
    model: CostModel,
    parameters: Mapping[str, Any],
    *,
    resolution: float | None = None,
    square_km: float | None = None,
) -> Workload:
    """Give the work that a template does with these parameters.

    Parameters
    ----------
    model : CostModel
        Of the template.
    parameters : mapping
        Its parameters and their values.
    resolution : float, optional
        Side of a pixel as the archive has it, in the model's unit, in place of the model's own.
    square_km : float, optional
        The area in square kilometres; needed where the model names no parameter for it.

    Raises
    ------
    ValueError
        Names the key whose formula gives no usable number, or says that the area is not known.
    """
    if model.area is None:
        if square_km is None or not square_km > 0:
            raise ValueError("area: give it in square kilometres.")
        side = math.sqrt(square_km) * 1000
        middle, width, height = 0.0, side / METRES_PER_DEGREE, side / METRES_PER_DEGREE
    else:
        box = parameters.get(model.area)
        if not isinstance(box, list | tuple) or len(box) != 4 or not all(map(_is_number, box)):
            raise ValueError(f"{model.area}: give west, south, east and north.")
        west, south, east, north = box
        middle, width, height = (south + north) / 2, east - west, north - south
        if not (width > 0 and height > 0):
            raise ValueError(f"{model.area}: west must be less than east, south than north.")
    values = {name: as_number(value) for name, value in parameters.items()}
    pixel = resolution if resolution is not None else _value("resolution", model.resolution, values)
    if not pixel > 0:
        raise ValueError("cost.resolution must be above 0.")
    if model.resolution_unit == "metre":
        width *= METRES_PER_DEGREE * math.cos(math.radians(middle))
        height *= METRES_PER_DEGREE
    steps = _value("steps", model.steps, values)
    reads = steps if model.reads is None else _value("reads", model.reads, values)
    if not (steps >= 1 and reads >= 1):
        raise ValueError("cost.steps: no date is left with these parameters.")
    return Workload(
        steps=round_up(steps),
        height=max(1, round_up(height / pixel)),
        width=max(1, round_up(width / pixel)),
        itemsize=model.bytes_per_pixel_step,
        factor=model.working_factor,
        seconds_per_pixel_step=max(
            0.0, _value("seconds_per_pixel_step", model.seconds_per_pixel_step, values)
        ),
        layers=model.layers,
        reads=round_up(reads),
    )


def as_number(value: object) -> float:
    """Give the number that stands for a parameter's value in formulas."""
    if value is None:
        return 0
    if isinstance(value, bool):
        return int(value)
    if _is_number(value):
        return value  # type: ignore[return-value]
    if isinstance(value, str):
        if dekad := _DEKAD.fullmatch(value):
            year, month, part = map(int, dekad.groups())
            return year * 36 + (month - 1) * 3 + part - 1
        if _DATE.fullmatch(value):
            try:
                return date.fromisoformat(value).toordinal() - date(1970, 1, 1).toordinal()
            except ValueError:
                return 1
        return 1 if value else 0
    return len(value) if isinstance(value, list | tuple) else 1


def round_up(value: float) -> int:
    """Round up; what is a whole number but for the last digits stays it."""
    return math.ceil(value - 1e-6)


def evaluate(formula: str, values: Mapping[str, float]) -> float:
    """Give the value of a formula.

    Raises
    ------
    ValueError
        When it is no formula, a name in it is not known, or its value is no finite number.
    """
    for name in sorted(names_in(formula)):
        if name not in values:
            raise ValueError(f"{name} is not given.")
    try:
        value = _evaluate(_parse(formula), values)
    except (ZeroDivisionError, OverflowError):
        value = math.inf
    if not math.isfinite(value):
        raise ValueError(f"{formula} gives no finite number.")
    return value


def names_in(formula: str) -> set[str]:
    """Give the names of the parameters in a formula."""
    tree = _parse(formula)
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    return {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and id(n) not in called}


_OPERATORS: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Mod: operator.mod,
}
_FUNCTIONS: dict[str, Callable[..., float]] = {
    "abs": abs,
    "ceil": math.ceil,
    "floor": math.floor,
    "max": lambda *values: max(values),
    "min": lambda *values: min(values),
    "where": lambda condition, yes, no: no if condition == 0 else yes,
}
_COUNTS = {"abs": 1, "ceil": 1, "floor": 1, "where": 3}


@lru_cache(maxsize=256)
def _parse(formula: str) -> ast.expr:
    if len(formula) > LONGEST_FORMULA:
        raise ValueError(f"A formula may have {LONGEST_FORMULA} characters, not {len(formula)}.")
    if not _TOKENS.fullmatch(formula):
        raise ValueError(f"Not a formula: {formula}")
    try:
        tree = ast.parse(" ".join(formula.split()), mode="eval").body
    except (SyntaxError, RecursionError) as error:
        raise ValueError(f"Not a formula: {formula}") from error
    _check(tree, formula)
    return tree


def _check(node: ast.expr, formula: str) -> None:
    match node:
        case ast.Constant(value=value) if _is_number(value):
            return
        case ast.Name():
            return
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            _check(operand, formula)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
            _check(left, formula)
            _check(right, formula)
        case ast.Call(func=ast.Name(id=name), args=[_, *_] as args, keywords=[]) if (
            name in _FUNCTIONS and _COUNTS.get(name, len(args)) == len(args)
        ):
            for argument in args:
                _check(argument, formula)
        case _:
            raise ValueError(f"Not a formula: {formula}")


def _evaluate(node: ast.expr, values: Mapping[str, float]) -> float:
    match node:
        case ast.Constant(value=value):
            return value  # type: ignore[return-value]
        case ast.Name(id=name):
            return values[name]
        case ast.UnaryOp(operand=operand):
            return -_evaluate(operand, values)
        case ast.BinOp(left=left, op=op, right=right):
            return _OPERATORS[type(op)](_evaluate(left, values), _evaluate(right, values))
        case ast.Call(func=ast.Name(id=name), args=args):
            return _FUNCTIONS[name](*(_evaluate(argument, values) for argument in args))
    raise AssertionError(ast.dump(node))


def _read_formula(key: str, value: object, parameters: Mapping[str, Any]) -> str:
    formula = repr(value) if _is_number(value) else value
    if not isinstance(formula, str):
        raise ValueError(f"cost.{key} must be a formula or a number.")
    try:
        names = names_in(formula)
    except ValueError as error:
        raise ValueError(f"cost.{key}: {error}") from error
    for name in sorted(names):
        if name not in parameters:
            raise ValueError(f"cost.{key}: {name} is no parameter of the template.")
    return formula


def _value(key: str, formula: str, values: Mapping[str, float]) -> float:
    try:
        return evaluate(formula, values)
    except ValueError as error:
        raise ValueError(f"cost.{key}: {error}") from error


def _is_number(value: object) -> bool:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:
        return False
