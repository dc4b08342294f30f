"""The reference class as the prior of a new case's fates."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from dispersal.case import load_case
from dispersal.case.question import ParameterOverride
from dispersal.model.fates import FATES
from dispersal.model.parameters import case_table
from dispersal.reference.mixed import DISLODGED, mixed_shares, with_reference_fates

if TYPE_CHECKING:
    from dispersal.reference import Reference


class Known:
    """A reference class with shares that are told: ratios to the killed of 1, e, e² and e³."""

    def shares(self, _mode: str, draws: int, *, seed: int) -> object:
        rng = np.random.default_rng(seed)
        raw = np.exp(np.arange(len(FATES)) + 0.5 * rng.standard_normal((draws, len(FATES))))
        frame = pd.DataFrame(raw / raw.sum(axis=1, keepdims=True), columns=list(FATES))
        return type("Shares", (), {"draws": frame})()


def test_the_dislodged_go_where_those_of_past_groups_went() -> None:
    case = with_reference_fates(load_case("isis_2017"), reference=Known())  # type: ignore[arg-type]
    table = case_table(case)
    for name, fate in DISLODGED.items():
        mean = FATES.index(fate) - FATES.index("killed")
        assert float(table[name].a) == pytest.approx(mean, abs=0.05)
        assert float(table[name].b) == pytest.approx(np.sqrt(0.5), rel=0.05)
    assert "displaced_killed" not in DISLODGED


def test_what_the_case_says_itself_stays() -> None:
    case = load_case("isis_2017")
    own = ParameterOverride(prior=(-3.0, 0.1), source="judgement")
    question = case.question_file.model_copy(update={"parameters": {"displaced_home": own}})
    found = with_reference_fates(
        replace(case, question_file=question),
        reference=Known(),  # type: ignore[arg-type]
    )
    assert found.parameters["displaced_home"] == own
    assert set(found.parameters) == {*DISLODGED}


def test_the_built_in_history_gives_wide_priors(built_in: Reference) -> None:
    case = with_reference_fates(load_case("isis_2017"), reference=built_in)
    priors = {name: case.parameters[name].prior for name in DISLODGED}
    assert all(-3 < mean < 3 and 1 < deviation < 4 for mean, deviation in priors.values())
    assert priors["displaced_home"][0] > priors["displaced_detained"][0]


def test_modes_count_as_often_as_the_case_expects_them() -> None:
    shares = mixed_shares(Known(), load_case("isis_2017"), 400, 3)  # type: ignore[arg-type]
    assert {fate: values.shape for fate, values in shares.items()} == dict.fromkeys(FATES, (400,))
    assert sum(shares.values()) == pytest.approx(np.ones(400))
