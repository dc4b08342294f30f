"""The fit on histories whose truth is known, and what it gives for a new case."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from dispersal.case.schema import END_MODES
from dispersal.errors import InputError
from dispersal.model.fates import FATES
from dispersal.reference import Reference, fit_reference
from dispersal.reference.history import read_history
from dispersal.reference.leave_out import weights_without
from dispersal.reference.program import (
    ERROR,
    LEAST_REST,
    arrays_of,
    log_likelihood_given,
    shares_of,
)
from dispersal.reference.readings import RESOLUTION, readings_of
from dispersal.reference.reference import new_case
from tests.reference.simulated import QUICK, cases_table, outcome_rows, same, simulate


@pytest.fixture(scope="module")
def recovered() -> Reference:
    outcomes, cases, _ = simulate(1)
    return fit_reference(outcomes, cases, **QUICK)


def test_intervals_cover_the_truth_at_their_rate(recovered: Reference) -> None:
    _, _, truth = simulate(1)
    table = recovered.cases.sort_index()
    inside, missed = [], []
    for at, fate in enumerate(FATES):
        low, middle, high = (table[f"{fate}_{q}"].to_numpy() for q in ("p10", "p50", "p90"))
        inside.append((low <= truth[:, at]) & (truth[:, at] <= high))
        missed.append(middle - truth[:, at])
    # 120 shares, five of a case together: a standard error of about 0.05.
    assert 0.68 <= np.mean(inside) <= 0.92
    assert abs(np.mean(missed)) < 0.02
    assert np.mean(np.abs(missed)) < 0.06


def test_weights_give_what_a_fit_without_the_case_gives(recovered: Reference) -> None:
    outcomes, cases, _ = simulate(1)
    without = fit_reference(outcomes, cases, leave_out="case_01", **QUICK)
    rng = np.random.default_rng(1)
    every = np.arange(len(recovered.scales))
    weights, k = weights_without(recovered, 1, every, rng)
    assert weights.sum() == pytest.approx(1)
    assert k < 0.7
    chosen = rng.choice(every, size=4_000, p=weights)
    weighted = new_case(recovered, 1, chosen, rng).mean(axis=0)
    exact = without.shares(END_MODES[1], 4_000).mean.to_numpy()
    plain = recovered.shares(END_MODES[1], 4_000).mean.to_numpy()
    assert np.abs(weighted - exact).max() < 0.05
    assert np.abs(weighted - exact).sum() < np.abs(plain - exact).sum() + 0.05


def test_shares_of_a_new_case(built_in: Reference) -> None:
    shares = built_in.shares("negotiated", 500)
    assert list(shares.draws.columns) == list(FATES)
    np.testing.assert_allclose(shares.draws.sum(axis=1), 1.0)
    assert shares.mean.sum() == pytest.approx(1)
    summary = shares.summary()
    assert (summary["p10"] < summary["p90"]).all()
    np.testing.assert_allclose(shares.interval(0.8)["low"], summary["p10"])
    # More draws keep the first ones; another seed gives others.
    more = built_in.shares("negotiated", 900).draws
    np.testing.assert_allclose(more.iloc[:500], shares.draws, rtol=1e-12)
    assert not more.equals(built_in.shares("negotiated", 900, seed=2).draws)
    with pytest.raises(InputError, match="did you mean 'negotiated'"):
        built_in.shares("negociated")


def test_settlements_bring_more_people_home(built_in: Reference) -> None:
    means = {mode: built_in.shares(mode).mean for mode in END_MODES}
    assert means["negotiated"]["home"] > means["military_defeat"]["home"] + 0.1
    assert means["negotiated"]["killed"] < means["military_defeat"]["killed"]


def test_a_new_case_is_less_certain_than_the_mean_of_its_mode(built_in: Reference) -> None:
    centre = np.asarray(shares_of(built_in.centres[:, 0]))
    drawn = built_in.shares(END_MODES[0], 2_000).draws.to_numpy()
    assert (drawn.std(axis=0) > centre.std(axis=0)).all()


def test_the_cases_behind_it(built_in: Reference) -> None:
    table = built_in.cases
    assert sorted(table.index) == sorted(read_history().names)
    np.testing.assert_allclose(table[list(FATES)].sum(axis=1), 1.0)
    known = {source.key for source in built_in.history.sources}
    assert all(set(cell.split(";")) <= known for cell in table["sources"])
    farc: Any = table.loc["farc_2017"]
    assert farc["tells_of"] == "killed;underground;home"
    assert farc["home"] > 0.6
    assert farc["killed"] == pytest.approx(465 / 13_300, abs=0.03)


def test_one_sided_figures_give_the_probability_of_their_side() -> None:
    rows = outcome_rows(
        ("case_00", "killed", 500, None),
        ("case_01", "killed", None, 500),
        ("case_02", "home", 500, 500),
    )
    history = read_history(rows, cases_table(3))
    data = arrays_of(history, *readings_of(history))
    shares = np.linspace(0.01, 0.99, 50)[:, None] * np.ones(3)
    found = np.asarray(log_likelihood_given(data, np.arange(3), shares, np.full(3, 1_000.0)))
    least, most, exact = found.T
    assert (np.diff(least) > 0).all()
    assert (np.diff(most) < 0).all()
    assert 0.4 < shares[exact.argmax(), 0] < 0.6
    scale = ERROR * np.maximum(1 - shares[:, 0], LEAST_REST)
    above = np.log((shares[:, 0] + RESOLUTION) / (0.5 + RESOLUTION)) / scale
    np.testing.assert_allclose(least, stats.norm.logcdf(above), rtol=1e-3, atol=1e-9)
    np.testing.assert_allclose(np.exp(least) + np.exp(most), 1.0)


def test_bounds_move_a_case_to_their_side_and_later_rows_move_nothing() -> None:
    rows = outcome_rows(
        ("case_00", "killed", 600, None),
        ("case_01", "killed", None, 50),
        ("case_02", "home", 300, 300),
    )
    cases = cases_table(3, end_mode="withdrawal", source="a")
    sources = pd.DataFrame(
        {"key": ["a"], "title": "b", "author_or_publisher": "c", "published": "2001-02-01"}
    )
    day: dict[str, Any] = {"sources": sources, "as_known_on": "2003-01-01"}
    fitted = fit_reference(rows, cases, **day, **QUICK)
    table: Any = fitted.cases
    assert table.loc["case_00", "killed_p10"] > 0.4
    assert table.loc["case_01", "killed_p90"] < 0.12
    # A bound tells less than a figure, and nothing of what is beyond it.
    assert table.loc["case_00", "killed_p90"] > 0.7
    assert table.loc["case_02", "killed"] > table.loc["case_01", "killed"]

    # Draws depend on nothing but these arrays and the seed (tests/inference/test_chains.py).
    later = outcome_rows(("case_00", "home", 700, 700), published="2005-01-01")
    more = read_history(pd.concat([later, rows[::-1]]), cases[::-1], sources)
    known = more.as_known_on("2003-01-01")
    assert len(more.outcomes) == 4
    assert same(fitted.data, arrays_of(known, *readings_of(known)))
    assert str(fitted.cutoff) == "2003-01-01"
    with pytest.raises(InputError, match="no past ending"):
        fit_reference(rows, cases, as_known_on="1999-01-01")
