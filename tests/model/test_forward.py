from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from dispersal.case.schema import END_MODES, POLICIES
from dispersal.errors import InputError
from dispersal.model.design import make_design
from dispersal.model.forward import Forward, draw_forward
from dispersal.model.parameters import table
from dispersal.model.profile import log_profile

from .cases import CUTOFF, UNTIL, future
from .drawn import prior_values

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dispersal.case import Case
    from dispersal.model.design import Design


def flat(forward: Forward) -> dict[str, NDArray[np.float64]]:
    """Return every array of draws by a name."""
    parts = {"values": forward.values, "profile": forward.profiles, "position": forward.position}
    arrays = {f"{part} {name}": array for part, of in parts.items() for name, array in of.items()}
    mode = forward.mode.astype(np.float64)
    return arrays | {"end": forward.end, "mode": mode, "held": forward.held}


def draw(design: Design, draws: int, until: dt.date = UNTIL, seed: int = 5) -> Forward:
    return draw_forward(design, table(), prior_values(design, draws, 4), until, seed)


def test_shapes(small_forward: Forward) -> None:
    forward = small_forward
    draws, months = 64, 34
    assert (forward.draws, forward.steps) == (draws, months)
    assert forward.end.shape == forward.mode.shape == (draws,)
    assert forward.held.shape == (draws, months + 1)
    assert {array.shape for array in forward.profiles.values()} == {(draws, months)}
    assert set(forward.position) == set(POLICIES)
    assert {array.shape for array in forward.position.values()} == {(draws,)}
    assert set(forward.values) == set(table())
    assert str(forward.ahead.start) == "2017-03-01"
    assert forward.ahead.steps == months
    assert all(np.isfinite(array).all() for array in flat(forward).values())


def test_the_first_draws_stay_when_more_are_asked_for(small_design: Design) -> None:
    few, many = flat(draw(small_design, 5)), flat(draw(small_design, 40))
    assert few.keys() == many.keys()
    for name, array in few.items():
        assert np.array_equal(array, many[name][:5]), name


def test_a_longer_forecast_starts_like_a_shorter_one(small_design: Design) -> None:
    short = flat(draw(small_design, 6, dt.date(2017, 9, 30)))
    long = flat(draw(small_design, 6))
    for name, array in short.items():
        begun = long[name][:, : array.shape[1]] if array.ndim > 1 else long[name]
        assert np.array_equal(array, begun), name


def test_a_seed_gives_the_same_draws_and_another_gives_others(small_design: Design) -> None:
    one, again, other = (flat(draw(small_design, 8, seed=seed)) for seed in (5, 5, 6))
    fitted = {p.name for p in table().of_stage("fit")}
    for name, array in one.items():
        assert np.array_equal(array, again[name]), name
        kept = name.removeprefix("values ") in fitted or name == "mode"
        assert kept or not np.array_equal(array, other[name]), name


def test_streams_are_apart(small_design: Design) -> None:
    forward = draw(small_design, 400)
    names = ["killed_pressure", "displaced_detained", "theatre_distance", "local_home"]
    columns = [forward.values[name] for name in names]
    columns += [forward.position[name] for name in POLICIES]
    columns += [forward.profiles["home"][:, -1], forward.profiles["killed"][:, -1], forward.end]
    between = np.corrcoef(columns) - np.eye(len(columns))
    # Four standard errors of a correlation of 400 draws.
    assert np.abs(between).max() < 4 / np.sqrt(400)


def test_a_parameter_at_the_end_of_the_table_changes_no_draw(small_design: Design) -> None:
    last = table().of_stage("forward")[-1].name
    changed = table().with_priors({last: (0.3, 0.2)})
    fitted = prior_values(small_design, 6, 4)
    one = flat(draw_forward(small_design, table(), fitted, UNTIL, 5))
    other = flat(draw_forward(small_design, changed, fitted, UNTIL, 5))
    assert [name for name in one if not np.array_equal(one[name], other[name])] == [
        f"values {last}"
    ]


def test_a_part_is_a_part(small_forward: Forward) -> None:
    part = small_forward.part(3, 4)
    assert (part.draws, part.steps) == (4, small_forward.steps)
    whole = flat(small_forward)
    for name, array in flat(part).items():
        assert np.array_equal(array, whole[name][3:7]), name


def test_territory_falls_from_what_is_held_to_none(small_forward: Forward) -> None:
    held, now = small_forward.held, small_forward.now
    assert (held[:, 0] == small_forward.design.held[-1]).all()
    assert (np.diff(held, axis=1) <= 0).all()
    instants = now + np.arange(held.shape[1])
    assert (held[instants[None] >= small_forward.end[:, None]] == 0).all()
    assert (held[:, 1:][(instants[None] < small_forward.end[:, None] - 1)[:, 1:]] > 0).all()


def test_modes_come_as_often_as_the_case_says(small: Case) -> None:
    forward = future(small, draws=4_000, until=dt.date(2017, 6, 30))
    often = np.bincount(forward.mode, minlength=len(END_MODES)) / forward.draws
    expected = [small.end.modes[mode] for mode in END_MODES]
    assert often == pytest.approx(expected, abs=4 * np.sqrt(0.25 / 4_000))
    assert often[[at for at, share in enumerate(expected) if share == 0]].sum() == 0


def test_the_walks_go_on_where_they_stand_and_return_to_their_mean(small_design: Design) -> None:
    fitted = prior_values(small_design, 3, 4)
    for name in ("home", "killed"):
        # All increments up: the profile ends above its mean of one.
        fitted[f"{name}_profile"] = np.ones_like(fitted[f"{name}_profile"])
        fitted[f"{name}_profile_sd"] = np.array([1e-9, 0.2, 0.2])
    forward = draw_forward(small_design, table(), fitted, UNTIL, 5)
    last = float(log_profile(fitted, "home", small_design)[1][1])
    assert 0.2 < last < 0.1 * small_design.steps
    assert np.abs(forward.profiles["home"][0]).max() < 1e-6
    # Half a month after the cut-off, a twelfth of the way to the next knot.
    damping = forward.values["home_profile_damping"][1:]
    first = forward.profiles["home"][1:, 0]
    step = (first - last * 11 / 12) * 12 - damping * last
    assert np.abs(step).max() < 0.2 * 5
    assert first == pytest.approx(np.full(2, last), abs=0.2)
    assert not np.allclose(forward.profiles["home"][1:], forward.profiles["killed"][1:])


def test_without_a_judgement_the_end_follows_its_prior(small: Case) -> None:
    question = small.question_file
    end = question.end.model_copy(update={"judgements": ()})
    case = replace(small, question_file=question.model_copy(update={"end": end}))
    forward = future(case, draws=16)
    delay = forward.end - forward.months.position(CUTOFF)
    assert delay == pytest.approx(forward.values["end_delay"])


@pytest.mark.parametrize("day", [dt.date(2016, 6, 16), dt.date(2016, 12, 20), dt.date(2017, 2, 15)])
def test_any_day_may_be_the_cutoff(small: Case, day: dt.date) -> None:
    design = make_design(small, day)
    forward = draw_forward(design, table(), prior_values(design, 200, 1), UNTIL, 1)
    assert all(np.isfinite(array).all() for array in flat(forward).values())
    assert (forward.held[:, -1] <= forward.held[:, 0]).all()
    assert abs(forward.now - forward.months.position(day)) <= 0.5


def test_a_forecast_has_a_month_at_least(small: Case) -> None:
    design = make_design(small, dt.date(2017, 3, 30))
    fitted = prior_values(design, 2, 1)
    with pytest.raises(InputError, match=r"found 2017-03-31 .* expected 2017-04-01 or later"):
        draw_forward(design, table(), fitted, dt.date(2017, 3, 31), 1)
    assert draw_forward(design, table(), fitted, dt.date(2017, 4, 1), 1).steps == 1
