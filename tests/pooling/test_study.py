"""A case as a study: what was published later, regressed on the parameters."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from dispersal.case import Case, load_case
from dispersal.errors import InputError
from dispersal.pooling import Pool, leave_one_case_out, study_of
from dispersal.reference import read_history
from tests.forecast.prior import prior_posterior
from tests.forecast.synthetic import write_tiny

if TYPE_CHECKING:
    from dispersal.inference.posterior import Posterior
    from dispersal.pooling import Study

AGGREGATES = """\
figure_id,quantity,place,host,low,high,qualifier,as_of,published,source,note
dead,killed_total,SYR,,30000,30000,point,2018-06-01,2018-07-01,s2,
held,detained_total,SYR,,900,1100,range,2018-06-01,2018-07-01,s2,
many,detained_total,SYR,,1,,at_least,2018-06-01,2018-07-01,s2,
"""


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    folder = write_tiny(tmp_path_factory.mktemp("case"))
    (folder / "evidence" / "aggregates.csv").write_text(AGGREGATES, encoding="utf-8")
    with (folder / "case.yaml").open("a", encoding="utf-8") as file:
        file.write("reference_cases: {isis_nld: FRA}\n")
    return load_case(folder)


@pytest.fixture(scope="module")
def posterior(case: Case) -> Posterior:
    return prior_posterior(case, 240)


@pytest.fixture(scope="module")
def study(case: Case, posterior: Posterior) -> Study:
    return study_of(case, posterior, read_history(), draws=240, seed=3)


def test_a_study_compares_figures_with_two_ends(study: Study) -> None:
    assert study.mode == "military_defeat"
    assert study.figures == ("dead", "held", "later")
    assert study.effect.shape == (len(study.names), 3)
    assert study.covariance.shape == (3, 3)
    assert np.linalg.eigvalsh(study.covariance).min() > 0


def test_effects_have_the_sign_that_the_parameters_say(study: Study) -> None:
    """More who are captured when dislodged means more detained."""
    effect = study.effect[study.names.index("displaced_detained"), study.figures.index("held")]
    strongest = study.names[int(np.argmax(study.effect[:, study.figures.index("held")]))]
    assert effect > 0.1
    assert strongest.startswith(("displaced_", "detained_", "interdicted_", "local_"))


def test_a_surprise_moves_what_it_speaks_of(study: Study) -> None:
    held = study.figures.index("held")
    more = replace(study, surprise=np.where(np.arange(3) == held, 2.0, 0.0))
    found = Pool((more,)).learnt({"military_defeat": 1.0})
    assert found.mean[found.names.index("displaced_detained")] > 0.05
    quiet = Pool((replace(study, surprise=np.zeros(3)),)).learnt({"military_defeat": 1.0})
    np.testing.assert_allclose(quiet.mean, 0.0, atol=1e-12)


def test_a_case_without_later_figures_is_refused(case: Case, posterior: Posterior) -> None:
    before = case.as_known_on(case.asked_on)
    with pytest.raises(InputError, match="found no later figure to compare in case tiny"):
        study_of(before, posterior, read_history(), draws=40)


@pytest.mark.slow
def test_a_case_left_out_is_scored_with_the_others(
    case: Case, posterior: Posterior, study: Study
) -> None:
    asked = {"asked_on": case.asked_on, "reference_cases": {"isis_nld": "FRA", "isis_gbr": ""}}
    case = replace(case, question_file=case.question_file.model_copy(update=asked))
    pool = Pool((study, replace(study, case="other")))
    left = leave_one_case_out([case], {case.name: posterior}, pool, read_history(), draws=120)
    assert left.rows.empty  # the Dutch ledger speaks of days after the tiny case's period
