"""Leave one case out: the score, what it is compared with, and what it comes to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from dispersal.model.fates import FATES
from dispersal.reference.history import read_history
from dispersal.reference.leave_out import energy_score, known_shares, published
from dispersal.reference.readings import readings_of
from tests.reference.simulated import cases_table, outcome_rows

if TYPE_CHECKING:
    from dispersal.reference import LeaveOneOut, Reference


def test_energy_score_is_that_of_its_definition() -> None:
    rng = np.random.default_rng(1)
    draws, truth = rng.dirichlet([1, 2, 3], size=60), np.array([0.2, 0.3, 0.5])
    near = np.linalg.norm(draws - truth, axis=1).mean()
    apart = np.linalg.norm(draws[:, None] - draws[None], axis=2).mean()
    assert energy_score(draws, truth) == pytest.approx(near - apart / 2)
    assert energy_score(truth[None], truth) == 0


def test_known_shares_are_those_published() -> None:
    rows = outcome_rows(
        ("case_00", "killed", 250, 250),
        ("case_00", "home", 300, None),
        ("case_01", "killed", 1_500, 1_500),
        ("case_01", "home", 500, 500),
    )
    history = read_history(rows, cases_table(3))
    known: Any = known_shares(*readings_of(history))
    assert known.loc["case_00", "killed"] == pytest.approx(0.25)
    assert np.isnan(known.loc["case_00", "home"])  # one end only
    assert known.loc["case_01", ["killed", "home"]].tolist() == pytest.approx([0.75, 0.25])


def test_published_shares_scatter_around_the_true_ones() -> None:
    rng = np.random.default_rng(1)
    drawn = published(np.full(20_000, 0.3), rng)
    assert np.median(drawn) == pytest.approx(0.3, abs=0.01)
    assert 0.05 < drawn.std() < 0.12


def test_the_pooled_mean_is_that_of_the_other_cases(
    built_in: Reference, scored: LeaveOneOut
) -> None:
    known: Any = known_shares(built_in.readings, built_in.sizes)
    others = known["home"].drop("milf_2014").dropna()
    row: Any = scored.cases.loc["milf_2014"]
    truth = known.loc["milf_2014", "home"]
    assert row["fates"] == "home"
    assert row["pooled_point"] == pytest.approx(abs(others.mean() - truth))
    spread = (
        np.abs(others - truth).mean()
        - np.abs(others.to_numpy()[:, None] - others.to_numpy()).mean() / 2
    )
    assert row["pooled_spread"] == pytest.approx(spread, abs=0.01)


def test_every_case_with_a_share_is_scored(built_in: Reference, scored: LeaveOneOut) -> None:
    known: Any = known_shares(built_in.readings, built_in.sizes)
    assert sorted(scored.cases.index) == sorted(known.index)
    row: Any
    for name, row in scored.cases.iterrows():
        assert row["fates"].split(";") == [f for f in FATES if not np.isnan(known.loc[name, f])]
    assert ((scored.cases["inside80"] >= 0) & (scored.cases["inside80"] <= 1)).all()


def test_it_beats_the_pooled_mean_and_is_about_as_certain_as_it_should_be(
    scored: LeaveOneOut,
) -> None:
    gain: Any = scored.gains.loc["pooled_point"]
    assert gain["gain"] >= 0.15
    assert gain["low"] < gain["gain"] < gain["high"]
    means = scored.cases[["reference", "pooled_point"]].mean()
    assert gain["gain"] == pytest.approx(1 - means["reference"] / means["pooled_point"])
    assert 0.6 <= scored.cases["inside80"].mean() <= 0.95
