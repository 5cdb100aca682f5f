from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seasonal_monitor.cost_model import as_number, evaluate, names_in, read_cost_model, workload

CASES = json.loads((Path(__file__).parent / "sizing_cases.json").read_text())

MODEL = {
    "steps": "end - start + 1",
    "seconds_per_pixel_step": 1e-7,
    "resolution": 0.05,
}
PARAMETERS = {"area": [35, -4, 45, 6], "start": "202403d1", "end": "202405d3", "chunk_px": 100}

numbers = st.integers(0, 50).map(str) | st.sampled_from(["a", "b", "2.5", "1e-7"])


def operations(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return (
        st.tuples(inner, st.sampled_from("+-*/%"), inner).map(" ".join)
        | inner.map("({})".format)
        | inner.map("-{}".format)
        | st.tuples(inner, inner).map(lambda pair: f"max({pair[0]}, min({pair[1]}, 3))")
        | st.tuples(inner, inner, inner).map(lambda three: f"where({', '.join(three)})")
    )


@given(st.recursive(numbers, operations, max_leaves=8), st.floats(-9, 9), st.floats(-9, 9))
def test_a_formula_gives_what_python_gives(formula, a, b):
    def choose(condition, yes, no):
        return no if condition == 0 else yes

    try:
        expected = eval(formula, {"a": a, "b": b, "where": choose})
    except ZeroDivisionError:
        expected = math.inf
    if math.isfinite(expected):
        assert evaluate(formula, {"a": a, "b": b}) == expected
    else:
        with pytest.raises(ValueError, match="no finite number"):
            evaluate(formula, {"a": a, "b": b})
    assert names_in(formula) <= {"a", "b"}


@pytest.mark.parametrize("text", CASES["noFormulas"])
def test_a_text_that_is_no_formula_is_refused(text):
    with pytest.raises(ValueError, match="formula"):
        names_in(text)


@pytest.mark.parametrize(("value", "number"), CASES["numbers"])
def test_a_parameter_counts_as_the_page_counts_it(value, number):
    assert as_number(value) == number


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"speed": 1}, "cost.speed is not known"),
        ({"steps": "begin"}, "cost.steps: begin is no parameter"),
        ({"steps": "end -"}, "cost.steps: Not a formula"),
        ({"steps": None}, "cost.steps must be a formula"),
        ({"working_factor": 0}, "cost.working_factor must be a number above 0"),
        ({"resolution_unit": "mile"}, "cost.resolution_unit must be"),
        ({"area": "box"}, "cost.area must be the name"),
    ],
)
def test_a_cost_model_that_is_wrong_names_its_key(change, message):
    with pytest.raises(ValueError, match=message):
        read_cost_model(MODEL | change, PARAMETERS)


def test_a_cost_model_without_its_steps_is_refused():
    with pytest.raises(ValueError, match=r"cost\.steps is missing"):
        read_cost_model({"resolution": 1}, PARAMETERS)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"area": [45, -4, 35, 6]}, "area: west must be less than east"),
        ({"area": None}, "area: give west"),
        ({"end": "202401d1"}, "no date is left"),
    ],
)
def test_parameters_that_give_no_work_are_refused_by_name(change, message):
    with pytest.raises(ValueError, match=message):
        workload(read_cost_model(MODEL, PARAMETERS), PARAMETERS | change)


def test_an_area_in_a_file_is_asked_for():
    model = read_cost_model(MODEL | {"area": None}, PARAMETERS)
    with pytest.raises(ValueError, match="square kilometres"):
        workload(model, PARAMETERS)
    work = workload(model, PARAMETERS, square_km=1_000_000)
    assert work.pixels * (0.05 * 111.32) ** 2 == pytest.approx(1e6, rel=0.02)


def test_metres_are_narrower_far_from_the_equator():
    model = read_cost_model(MODEL | {"resolution": 1000, "resolution_unit": "metre"}, PARAMETERS)
    north = workload(model, PARAMETERS | {"area": [0, 59, 1, 61]})
    assert north.height == pytest.approx(222.64, abs=1)
    assert north.width == pytest.approx(111.32 / 2, abs=1)


@given(
    st.floats(-170, 100),
    st.floats(-80, 50),
    st.floats(0.2, 20),
    st.floats(0.2, 20),
    st.floats(0.01, 1),
)
def test_a_larger_area_is_never_less_work(west, south, wide, high, pixel):
    model = read_cost_model(MODEL, PARAMETERS)

    def of(width: float) -> int:
        box = [west, south, west + width, south + high]
        return workload(model, PARAMETERS | {"area": box}, resolution=pixel).pixels

    assert of(wide) <= of(2 * wide)
    assert of(wide) * pixel * pixel >= wide * high * 0.99
