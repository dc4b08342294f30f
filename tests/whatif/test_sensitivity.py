"""What a forecast hangs on: inputs that matter are found, and nothing is left out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from dispersal.batches import BatchError
from dispersal.case import load_case
from dispersal.errors import InputError
from dispersal.forecast.world import World
from dispersal.model.design import STRATA
from dispersal.model.states import ALL_FATES
from dispersal.population import Totals
from dispersal.whatif.sensitivity import REST, sensitivity
from dispersal.whatif.sensitivity_inputs import FITTED, POOL, Inputs
from dispersal.whatif.sensitivity_outputs import evaluate, read_output
from tests.case.small import write_small
from tests.forecast.prior import prior_posterior

if TYPE_CHECKING:
    from pathlib import Path

    from dispersal.inference.posterior import Posterior
    from dispersal.whatif.sensitivity import Sensitivity


@pytest.fixture(scope="module")
def posterior(tmp_path_factory: pytest.TempPathFactory) -> Posterior:
    return prior_posterior(load_case(write_small(tmp_path_factory.mktemp("case"))), 80)


@pytest.fixture(scope="module")
def found(posterior: Posterior) -> Sensitivity:
    outputs = ["returned_total", "home_in_programme:FRA", "elsewhere@LBY-FEZZAN"]
    return sensitivity(posterior, outputs, base=128, told=12, seed=4)


def test_every_input_is_told_or_among_the_rest(posterior: Posterior, found: Sensitivity) -> None:
    names = [one.name for one in found.inputs]
    assert FITTED in names
    assert "end" in names
    assert "policy:custody" in names
    assert "policy:programme" not in names
    assert {one.name for one in posterior.table.of_stage("forward")} <= set(names)
    table = found.table()
    assert len(table) == 13
    assert {FITTED, REST} <= set(table.index)
    assert found.evaluations == 1024 + 128 * 15


def rows(found: Sensitivity, output: str) -> dict[str, dict[str, Any]]:
    table = found.table(output).astype(object)
    columns = [str(name) for name in table]
    return {
        str(name): dict(zip(columns, row, strict=True))
        for name, row in zip(table.index, table.to_numpy().tolist(), strict=True)
    }


def test_what_rules_an_output_comes_first(found: Sensitivity) -> None:
    programme = rows(found, "home_in_programme:FRA")
    assert "programme_share" in list(programme)[:3]
    assert programme["programme_share"]["high"] > programme["programme_share"]["low"]
    onward = rows(found, "elsewhere@LBY-FEZZAN")["displaced_onward"]
    assert onward["high"] > onward["low"]


def test_shares_of_the_variance_are_shares(found: Sensitivity) -> None:
    for output in found.indices:
        for row in rows(found, output).values():
            assert row["total"] > -0.05
            assert row["first"] < 1.5
            assert row["first_low"] <= row["first"]
            assert row["total"] <= row["total_high"]


def test_points_are_quantiles_of_the_inputs(posterior: Posterior) -> None:
    inputs = Inputs(posterior, posterior.design.case.period.until, 3)
    names = [one.name for one in inputs.listed]
    points = np.full((3, len(names)), 0.5)
    at = names.index("journey_speed")
    points[:, at] = [0.1, 0.5, 0.9]
    forward = inputs.forward(points)
    one = inputs.listed[at]
    speed = forward.values["journey_speed"]
    assert one.p10 is not None
    assert one.p90 is not None
    assert speed[[0, 2]] == pytest.approx([one.p10, one.p90], rel=0.01)
    assert (np.diff(speed) > 0).all()
    # Everything else is the same at the three points.
    np.testing.assert_array_equal(forward.end, forward.end[:1].repeat(3))
    np.testing.assert_array_equal(forward.values["members"][0], forward.values["members"][2])


def test_outputs_are_expected_counts_of_the_forecast(posterior: Posterior) -> None:
    """One draw worked out through the inputs equals the same draw of the world's mean."""
    until = posterior.design.case.period.until
    inputs = Inputs(posterior, until, 3)
    output = read_output("killed_total", posterior.design.case)
    points = np.full((2, len(inputs.listed)), 0.25)
    points[1] = 0.75
    found = evaluate(inputs, points, [output], 20.5)[:, 0]
    world = World.of(inputs.forward(points), 3)
    design = world.blueprint.design
    adults = np.array([STRATA[at] != "minors" for at in world.blueprint.strata])
    rows = np.where(np.outer(~design.local, adults).ravel(), 0, -1)
    column = np.where(world.blueprint.fate_index == ALL_FATES.index("killed"), 0, -1)
    mean = world.mean(0, 2, Totals(rows, column), 20.5)[:, 0, 0]
    assert found == pytest.approx(mean, rel=1e-12)
    assert found[0] != found[1]


def test_the_pool_holds_what_the_forecast_draws(posterior: Posterior) -> None:
    until = posterior.design.case.period.until
    inputs = Inputs(posterior, until, 3)
    world = World.drawn(posterior, POOL, 3, until)
    for name in ("journey_speed", "displaced_home"):
        np.testing.assert_array_equal(inputs.chances.values[name], world.forward.values[name])


def test_the_record_is_plain(found: Sensitivity) -> None:
    record = json.loads(json.dumps(found.record(), allow_nan=False))
    assert record["kind"] == "sensitivity"
    assert [one["output"] for one in record["outputs"]] == list(found.indices)
    first = record["outputs"][0]
    assert {row["input"] for row in first["inputs"]} == set(found.table().index)
    rest = next(row for row in first["inputs"] if row["input"] == REST)
    assert rest["low"] is None


@pytest.mark.parametrize(
    ("output", "message"),
    [
        ("returnd_total", "did you mean 'returned'"),
        ("returned", "returned_total, returned:TUN"),
        ("returned:TNU", "did you mean 'TUN'"),
        ("elsewhere@LBY-FEZAN", "did you mean 'LBY-FEZZAN'"),
        ("returned@IRQ-ANBAR", "a place that the case lets members be in"),
    ],
)
def test_bad_outputs_are_named(posterior: Posterior, output: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        sensitivity(posterior, [output], base=2)


def test_a_base_that_is_no_power_of_two_is_refused(posterior: Posterior) -> None:
    with pytest.raises(InputError, match="power of two"):
        sensitivity(posterior, base=100)


def test_batches_are_the_same_points(
    posterior: Posterior, found: Sensitivity, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: dict[str, Any] = {"base": 128, "told": 12, "seed": 4, "batches": tmp_path}
    outputs = list(found.indices)
    kept = sensitivity(posterior, outputs, threads=2, **asked)
    with monkeypatch.context() as patched:
        patched.setattr(Inputs, "world", None)  # nothing is worked out again
        again = sensitivity(posterior, outputs, **asked)
    for other in (kept, again):
        np.testing.assert_array_equal(other.points, found.points)
        for name in outputs:
            np.testing.assert_array_equal(other.values[name], found.values[name])
        assert other.record() == found.record()
    with pytest.raises(BatchError, match="it was made with outputs"):
        sensitivity(posterior, outputs[:1], **asked)
