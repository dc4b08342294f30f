"""What holds for any draws, any countries, any order."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dispersal.metrics import crps, energy_score, interval_score, log_score
from dispersal.record.summary import skills, summarise

from .test_summary import table

NUMBERS = st.floats(-50, 50, allow_nan=False, width=32)
DRAWS = arrays(float, st.integers(2, 30), elements=NUMBERS)


@given(DRAWS, NUMBERS, NUMBERS, st.floats(0.1, 10))
def test_crps_moves_and_stretches_with_its_unit(
    draws: np.ndarray, observed: float, shift: float, stretch: float
) -> None:
    found = crps(draws, observed)
    assert found >= -1e-12
    shuffled = np.random.default_rng(1).permutation(draws)
    moved = crps(stretch * shuffled + shift, stretch * observed + shift)
    assert moved == pytest.approx(stretch * found, rel=1e-6, abs=1e-6)
    # No worse than the draws are on average.
    mean = np.abs(draws - observed).mean()
    assert found <= mean + 1e-9


@given(arrays(float, st.tuples(st.integers(2, 12), st.just(3)), elements=st.floats(0, 1)))
def test_energy_score_does_not_mind_how_fates_are_ordered(draws: np.ndarray) -> None:
    truth = np.array([0.2, 0.3, 0.5])
    found = energy_score(draws, truth)
    assert found >= -1e-7
    assert energy_score(draws[:, [2, 0, 1]], truth[[2, 0, 1]]) == pytest.approx(found, abs=1e-6)
    assert energy_score(draws[::-1], truth) == pytest.approx(found, abs=1e-6)


@given(NUMBERS, st.floats(0, 10), NUMBERS)
def test_an_interval_costs_its_width_at_least(low: float, width: float, observed: float) -> None:
    high = low + width
    found = interval_score(np.asarray(low), np.asarray(high), np.asarray(observed))
    outside = max(low - observed, observed - high, 0.0)
    assert found == pytest.approx(high - low + 20.0 * outside)
    assert found >= high - low


@given(
    arrays(float, st.integers(1, 20), elements=st.floats(0, 10)),
    st.floats(0.01, 2),
    st.integers(0, 100_000),
)
def test_a_log_score_is_that_of_a_probability(
    centres: np.ndarray, scale: float, count: int
) -> None:
    found = log_score(centres, np.full(centres.size, scale), count)
    assert np.isfinite(found)
    assert found >= -1e-12


@settings(max_examples=20, deadline=None)
@given(st.permutations(["AUT", "BEL", "FRA", "TUN"]))
def test_names_and_order_of_countries_change_no_score(names: list[str]) -> None:
    scores = {"AUT": [0.4], "BEL": [0.9, 1.1], "FRA": [2.0], "TUN": [0.2, 3.0]}
    rows = table(scores)
    renamed = rows.assign(origin=rows["origin"].map(dict(zip(scores, names, strict=True))))
    columns = [
        f"{name}{way}" for name in ("crps", "log_score") for way in ("", "_by_size", "_median")
    ]
    shuffled = renamed.sample(frac=1, random_state=1)
    one, other = (summarise(part, resamples=50)[columns].to_numpy() for part in (rows, shuffled))
    assert other == pytest.approx(one)
    skill = [skills(part, resamples=50)["skill"].to_numpy(float) for part in (rows, shuffled)]
    assert skill[0] == pytest.approx(skill[1])
