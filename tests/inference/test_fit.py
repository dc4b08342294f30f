"""Whole fits of a small case: deterministic, blind to the future, and loud when they are poor."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import TYPE_CHECKING

import numpy as np
import pytest

from dispersal.case import Case, load_case
from dispersal.case.schema import Figure
from dispersal.errors import InferenceError
from dispersal.inference.fit import fit
from dispersal.inference.posterior import Posterior, spread
from dispersal.model.parameters import UnknownParameterError, case_table, table
from tests.case.small import replace_text, write_small

if TYPE_CHECKING:
    from pathlib import Path

SHORT = {"chains": 2, "warmup": 50, "draws": 50, "blocks": 1, "require": False}


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Case:
    folder: Path = write_small(tmp_path_factory.mktemp("small") / "demo")
    replace_text(folder, "case.yaml", "return_hazard", "home_hazard")
    replace_text(folder, "case.yaml", "[-4.5, 0.5]", "[0.01, 0.5]")
    return load_case(str(folder))


@pytest.fixture(scope="module")
def posterior(small: Case) -> Posterior:
    return fit(small, seed=4, **SHORT)  # type: ignore[arg-type]


def test_later_evidence_cannot_influence_a_fit(small: Case, posterior: Posterior) -> None:
    later = Figure.model_validate(
        {
            "figure_id": "later",
            "quantity": "returned",
            "origin": "FRA",
            "low": 9000,
            "high": 9000,
            "qualifier": "point",
            "as_of": "2016-12-31",
            "published": "2017-03-08",
            "source": "late_2017",
        }
    )
    ledger = dataclasses.replace(small.ledger, figure_rows=(*small.ledger.figure_rows, later))
    again = fit(dataclasses.replace(small, ledger=ledger), seed=4, **SHORT)  # type: ignore[arg-type]
    for name, draws in posterior.samples.items():
        np.testing.assert_array_equal(draws, again.samples[name], err_msg=name)


def test_every_fitted_parameter_is_there(posterior: Posterior) -> None:
    assert list(posterior.samples) == [p.name for p in table().of_stage("fit")]
    origins = len(posterior.design.origins)
    assert posterior.samples["home_origin"].shape == (2, 50, origins)
    assert posterior.samples["killed_hazard"].shape == (2, 50)
    assert all(np.isfinite(draws).all() for draws in posterior.samples.values())


def test_evidence_is_fitted(posterior: Posterior) -> None:
    """Tunisia's 6,000 to 6,500 (unofficial) and the Caucasus' 900 are near the members fitted."""
    at = posterior.design.origins.index("RUS-CAUCASUS")
    assert 500 < np.exp(np.median(posterior.samples["members"][..., at])) < 2000
    at = posterior.design.origins.index("TUN")
    assert 3000 < np.exp(np.median(posterior.samples["members"][..., at])) < 12000


def test_a_short_fit_is_refused(small: Case) -> None:
    with pytest.raises(InferenceError, match="the fit cannot be trusted"):
        fit(small, seed=4, chains=2, warmup=25, draws=25, blocks=1)


def test_contraction_has_every_scalar(posterior: Posterior) -> None:
    found = posterior.contraction()
    assert set(found.index) == {p.name for p in table().values() if not p.axis}
    assert (found["contraction"] <= 1).all()
    forward = [p.name for p in table().of_stage("forward")]
    assert (found.loc[forward, "contraction"] == 0).all()


def test_to_arviz_names_its_axes(posterior: Posterior) -> None:
    tree = posterior.to_arviz()
    assert tree["posterior"]["home_origin"].dims == ("chain", "draw", "origin")
    assert list(tree["posterior"].coords["origin"].values) == list(posterior.design.origins)
    assert "diverging" in tree["sample_stats"]


def test_draws_are_spread_over_the_chains(posterior: Posterior) -> None:
    few, more = posterior.draws(10), posterior.draws(60)
    for name, values in few.items():
        np.testing.assert_array_equal(values, more[name][:10])
    assert sorted(spread(100, 100).tolist()) == list(range(100))
    assert len(set((spread(100, 10) // 50).tolist())) == 2


def test_case_replaces_a_prior(small: Case) -> None:
    assert case_table(small)["home_hazard"].median == 0.01
    assert case_table(small)["home_hazard"].b == 0.5


def test_unknown_prior_is_named(tmp_path: Path) -> None:
    case = load_case(str(write_small(tmp_path / "demo")))
    with pytest.raises(UnknownParameterError, match="return_hazard"):
        fit(case, as_known_on=dt.date(2017, 3, 7))
