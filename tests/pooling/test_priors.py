"""What is learnt as priors of a case."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from dispersal.case import load_case
from dispersal.case.question import ParameterOverride
from dispersal.case.schema import END_MODES
from dispersal.errors import InputError
from dispersal.model.parameters import case_table, table
from dispersal.pooling import Learnt, with_learnt_priors
from dispersal.pooling.priors import moved
from dispersal.pooling.study import as_it_ended
from dispersal.reference import read_history


@pytest.mark.parametrize("name", ["theatre_distance", "onward_hazard", "third_country_share"])
def test_a_moved_prior_is_the_normal_with_another_mean(name: str) -> None:
    parameter = table()[name]
    a, b = moved(parameter, 0.7, 0.5)
    other = replace(parameter, a=a, b=b)
    rng = np.random.default_rng(1)
    drawn = parameter.unconstrain(other.draw(rng, 40_000))
    centre = float(parameter.unconstrain(np.array([parameter.median]))[0])
    units = (drawn - centre) / float(parameter.b)
    assert units.mean() == pytest.approx(0.7, abs=0.01)
    assert units.std() == pytest.approx(0.5, abs=0.01)


def test_priors_move_the_case_s_own_and_leave_what_was_not_learnt() -> None:
    case = load_case("isis_2017")
    own = ParameterOverride(prior=(0.02, 0.5), source="the case's author")
    question = case.question_file.model_copy(update={"parameters": {"detained_home": own}})
    case = replace(case, question_file=question)
    names = ("detained_home", "onward_hazard", "journey_speed")
    learnt = Learnt(names, np.array([1.0, -1.0, 0.0]), np.array([0.8, 1.0, 1.0]), ("a", "b"))
    found = with_learnt_priors(case, learnt)
    assert set(found.parameters) == {"detained_home", "onward_hazard"}
    assert found.parameters["detained_home"].prior == pytest.approx((0.02 * np.exp(0.5), 0.4))
    assert found.parameters["detained_home"].source == "the case's author; learnt from a, b"
    assert case_table(found)["onward_hazard"].median == pytest.approx(0.0008 / np.e)


def test_a_past_case_is_studied_with_the_end_as_it_came() -> None:
    case = load_case("isis_2017")
    ended = as_it_ended(case, read_history())
    assert ended.end.modes == {mode: float(mode == "military_defeat") for mode in END_MODES}
    (judged,) = ended.end.judgements
    assert judged.judged_on == case.asked_on
    assert judged.p10 == judged.p50 == judged.p90 == dt.date(2019, 3, 23)
    unknown = case.question_file.model_copy(update={"reference_cases": {}})
    with pytest.raises(InputError, match="found no reference_cases in case isis_2017"):
        as_it_ended(replace(case, question_file=unknown), read_history())
