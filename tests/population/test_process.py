from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from dispersal.population import HazardError, Hazards, Process, ProcessError, expected, sample

from .helpers import CHAIN_RATES, chain


def make(sources: list[int], targets: list[int], **more: Any) -> Process:
    return Process(("g",), ("a", "b", "c"), np.array(sources), np.array(targets), 1.0, **more)


def test_from_names_sorts_flows_and_says_how() -> None:
    flows = [("c", "a", "back"), ("a", "c", "out"), ("a", "b", "out")]
    process, order = Process.from_names(["g"], ["a", "b", "c"], flows, 0.5)
    assert [process.flow_name(flow) for flow in range(3)] == ["a → b", "a → c", "c → a"]
    assert order.tolist() == [2, 1, 0]
    assert process.classes == ("back", "out")
    assert process.flow_class.tolist() == [1, 1, 0]
    assert process.busy_sources.tolist() == [0, 2]
    assert process.first_flow.tolist() == [0, 2, 3]


def test_from_names_does_not_depend_on_the_order_given() -> None:
    flows = [("c", "a"), ("a", "c"), ("a", "b")]
    one, _ = Process.from_names(["g"], ["a", "b", "c"], flows, 1.0)
    other, _ = Process.from_names(["g"], ["a", "b", "c"], flows[::-1], 1.0)
    np.testing.assert_array_equal(one.targets, other.targets)


def test_arrays_of_a_process_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="read-only"):
        chain().sources[0] = 3


@pytest.mark.parametrize(
    ("sources", "targets", "more", "message"),
    [
        (
            [1, 0],
            [0, 1],
            {},
            r"not sorted by source: flow 1 \(a → b\) comes after flow 0 \(b → a\)",
        ),
        ([0, 3], [1, 1], {}, r"sources\[1\] is 3, expected 0 to 2"),
        ([0, 0], [1, -1], {}, r"targets\[1\] is -1"),
        ([0, 1], [1, 1], {}, r"flow 1 \(b → b\) leads back"),
        ([0, 0, 0], [1, 2, 1], {}, r"flow 2 \(a → b\) is given twice"),
        ([0], [1, 2], {}, r"targets has shape \(2,\)"),
        ([0], [1], {"flow_class": np.array([2]), "classes": ("x",)}, r"flow_class\[0\] is 2"),
        ([0], [1], {"flow_class": np.array([0.5])}, "not whole numbers"),
    ],
)
def test_wrong_flows_are_refused_by_name(
    sources: list[int], targets: list[int], more: dict[str, Any], message: str
) -> None:
    with pytest.raises(ProcessError, match=message):
        make(sources, targets, **more)


def test_wrong_names_and_steps_are_refused() -> None:
    none = np.array([], dtype=int)
    with pytest.raises(ProcessError, match="state 'a' is given twice"):
        Process(("g",), ("a", "a"), none, none, 1.0)
    with pytest.raises(ProcessError, match="at least one group"):
        Process((), ("a",), none, none, 1.0)
    with pytest.raises(ProcessError, match="step is 0"):
        Process(("g",), ("a",), none, none, 0.0)
    with pytest.raises(
        ProcessError, match=r"unknown target state 'detaned'.*did you mean 'detained'"
    ):
        Process.from_names(["g"], ["in", "detained"], [("in", "detaned")], 1.0)


@pytest.mark.parametrize("bad", [-1.0, np.inf, np.nan])
@pytest.mark.parametrize("factor", ["by_step_group", "by_group_flow", "by_step_flow"])
def test_bad_hazards_are_named_before_anything_runs(bad: float, factor: str) -> None:
    process = chain(groups=("north", "south"))
    factors = {
        "by_step_group": np.ones((2, 3, 2, 1)),
        "by_group_flow": np.ones((2, 2, 5)),
        "by_step_flow": np.ones((2, 3, 5)),
    }
    at = {"by_step_group": (1, 2, 1, 0), "by_group_flow": (1, 1, 3), "by_step_flow": (1, 2, 3)}
    words = {
        "by_step_group": "draw 1, step 2, group 'south', class 'all' \\(flow a → b\\)",
        "by_group_flow": "draw 1, group 'south', flow b → c",
        "by_step_flow": "draw 1, step 2, flow b → c",
    }
    factors[factor][at[factor]] = bad
    initial = np.full((2, 4), 10)
    with pytest.raises(HazardError, match=f"{factor} is {bad} for {words[factor]}"):
        sample(process, Hazards(**factors), initial, 3, 2, seed=1)
    with pytest.raises(HazardError, match=f"{factor} is {bad}"):
        expected(process, Hazards(**factors).of_draw(1), initial, 3)


def test_hazards_that_overflow_are_named() -> None:
    process = chain()
    hazards = Hazards.of_flows(process, CHAIN_RATES)
    rates = np.ones((1, 1, 5))
    rates[0, 0, 3] = 1e200
    huge = Hazards(hazards.by_step_group, rates, rates)
    with pytest.raises(HazardError, match=r"overflow for .*flow b → c"):
        sample(process, huge, [[1, 1, 1, 1]], 1, 1, seed=1)


def test_wrong_shapes_are_refused_in_words() -> None:
    process = chain()
    hazards = Hazards.of_flows(process, CHAIN_RATES)
    wrong = Hazards(hazards.by_step_group, np.ones((1, 1, 4)), hazards.by_step_flow)
    message = (
        r"by_group_flow has shape \(1, 1, 4\), expected 7 or 1 \(draws\), 1 or 1 \(groups\), 5"
    )
    with pytest.raises(HazardError, match=message):
        sample(process, wrong, [[1, 0, 0, 0]], 1, 7, seed=1)
    longer = Hazards(np.ones((1, 4, 1, 1)), hazards.by_group_flow, hazards.by_step_flow)
    with pytest.raises(HazardError, match="by_step_group has shape"):
        sample(process, longer, [[1, 0, 0, 0]], 3, 1, seed=1)


def test_slices_of_hazards() -> None:
    hazards = Hazards(np.arange(4.0).reshape(4, 1, 1, 1), np.ones((1, 1, 5)), np.ones((1, 2, 5)))
    assert hazards.draws == 4
    assert hazards.of_draws(1, 2).by_step_group.ravel().tolist() == [1, 2]
    assert hazards.of_draws(1, 2).by_step_flow.shape == (1, 2, 5)
    assert hazards.of_draw(3).by_step_group.item() == 3
    doubled = hazards.times(np.full((2, 5), 2.0))
    assert doubled.by_step_flow.shape == (1, 2, 5)
    assert (np.asarray(doubled.by_step_flow) == 2).all()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"initial": [[1, -1, 0, 0]]}, "holds -1 for group 'all' in state 'b'"),
        ({"initial": [[1, 0.5, 0, 0]]}, r"holds 0.5"),
        ({"initial": [[2**41, 0, 0, 0]]}, "holds 2199023255552"),
        ({"initial": [[2**40, 1, 0, 0]]}, "group 'all' has 1099511627777 people"),
        ({"initial": [[1, 0, 0]]}, r"initial has shape \(1, 3\), expected \(1, 4\)"),
        ({"steps": -1}, "steps is -1"),
        ({"draws": 1.5}, "draws is 1.5"),
        ({"seed": -1}, "seed is -1"),
        ({"threads": 0}, "threads is 0"),
        ({"first_draw": -1}, "first_draw is -1"),
        ({"record": [0, 3]}, r"record is \[0, 3\], expected ascending steps of 0 to 2"),
        ({"record": [1, 1]}, "record is"),
        ({"counters": [0, 1]}, r"counters has shape \(2,\)"),
        ({"counters": [0, 0, 0, 0, -2]}, "counters holds -2"),
    ],
)
def test_wrong_requests_are_refused(change: dict[str, Any], message: str) -> None:
    process = chain()
    request: dict[str, Any] = {"initial": [[1, 0, 0, 0]], "steps": 2, "draws": 1, "seed": 1}
    with pytest.raises(ProcessError, match=message):
        sample(process, Hazards.of_flows(process, CHAIN_RATES), **(request | change))
