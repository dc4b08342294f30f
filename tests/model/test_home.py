from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from dispersal.model.design import STRATA
from dispersal.model.home import reception, repatriation

from .cases import at_medians, future, policy

if TYPE_CHECKING:
    from dispersal.case import Case
    from dispersal.model.forward import Forward

MEN, WOMEN, MINORS = range(3)
TUN, FRA = 0, 1


def test_nobody_is_received_twice(isis_forward: Forward) -> None:
    custody, programme = reception(isis_forward)
    shape = (isis_forward.draws, len(STRATA), len(isis_forward.design.origins))
    assert custody.shape == programme.shape == shape
    assert (custody >= 0).all()
    assert (programme >= 0).all()
    assert (custody + programme <= 1 + 1e-12).all()


def test_without_policies_the_parameters_count(small: Case) -> None:
    forward = at_medians(
        future(replace(small, policies=())),
        custody_share=0.4,
        women_custody=0.5,
        programme_share=0.25,
        repatriation_hazard=0.01,
    )
    custody, programme = reception(forward)
    assert custody[0] == pytest.approx(np.array([[0.4] * 4, [0.2] * 4, [0.0] * 4]))
    assert programme[0] == pytest.approx(np.array([[0.15] * 4, [0.2] * 4, [0.25] * 4]))
    assert repatriation(forward)[0] == pytest.approx(np.array([[0.0] * 4, [0.01] * 4, [0.01] * 4]))


def test_women_are_never_held_more_than_fully(small: Case) -> None:
    forward = at_medians(future(replace(small, policies=())), custody_share=0.8, women_custody=3.0)
    custody, programme = reception(forward)
    assert (custody[0, WOMEN] == 1.0).all()
    assert (programme[0, WOMEN] == 0.0).all()


def test_a_policy_counts_for_those_it_speaks_of(small: Case) -> None:
    forward = future(small)
    custody, _ = reception(forward)
    position = forward.position["custody"]
    # Tunisia's row is for all, France's for men.
    for stratum in range(3):
        assert custody[:, stratum, TUN] == pytest.approx(0.2 + 0.4 * position)
    assert custody[:, MEN, FRA] == pytest.approx(0.6 + 0.35 * position)
    usual = forward.values["custody_share"] * forward.values["women_custody"]
    assert custody[:, WOMEN, FRA] == pytest.approx(np.minimum(usual, 1.0))
    assert (custody[:, MINORS, FRA] == 0).all()


def test_repatriation_is_a_hazard_of_women_and_minors(isis_forward: Forward) -> None:
    hazard = repatriation(isis_forward)
    assert hazard.shape == (isis_forward.draws, 3, len(isis_forward.design.origins))
    assert (hazard >= 0).all()
    assert np.isfinite(hazard).all()
    assert (hazard[:, MEN] == 0).all()
    usual = isis_forward.values["repatriation_hazard"]
    assert hazard[:, WOMEN, 0] == pytest.approx(usual)


def test_men_are_brought_home_only_if_a_policy_names_them(small: Case) -> None:
    rows = (
        policy("TUN", "repatriation", 0.5, 0.5, "2016-01-01", policy_id="all"),
        policy("FRA", "repatriation", 0.5, 0.5, "2016-01-01", policy_id="for_all"),
        policy("FRA", "repatriation", 0.2, 0.2, "2016-01-01", stratum="men"),
        policy("IRQ", "repatriation", 0.5, 0.5, "2016-01-01", policy_id="others"),
        policy("IRQ", "repatriation", 0.2, 0.2, "2016-01-01", stratum="men", until="2016-12-31"),
    )
    hazard = repatriation(future(replace(small, policies=rows)))
    half, fifth = -np.log(0.5) / 12, -np.log(0.8) / 12
    assert pytest.approx(np.array([0, fifth, 0, 0])[:, None] + np.zeros((4, 8))) == hazard[:, MEN].T
    for origin in (TUN, FRA, 3):
        assert hazard[:, WOMEN, origin] == pytest.approx(np.full(8, half))
        assert hazard[:, MINORS, origin] == pytest.approx(np.full(8, half))


def test_bringing_everyone_home_is_a_finite_hazard(small: Case) -> None:
    row = policy("TUN", "repatriation", 1.0, 1.0, "2016-01-01")
    hazard = repatriation(future(replace(small, policies=(row,))))
    assert hazard[:, WOMEN, TUN] == pytest.approx(np.full(8, -np.log(0.001) / 12))


def test_the_last_day_of_the_forecast_shapes_no_policy(small: Case) -> None:
    rows = (
        policy("TUN", "repatriation", 0.5, 0.5, "2018-06-01", published="2017-01-01"),
        policy("FRA", "custody", 0.1, 0.2, "2018-06-01", published="2017-01-01"),
    )
    case = replace(small, policies=rows)
    short, long = (future(case, until=dt.date(year, 12, 31)) for year in (2017, 2019))
    assert np.array_equal(repatriation(short), repatriation(long))
    for one, other in zip(reception(short), reception(long), strict=True):
        assert np.array_equal(one, other)
