"""What would change the answer most is read off the draws."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from dispersal.forecast import wording
from dispersal.forecast.by_fate import Kept
from dispersal.forecast.forecast import Forecast
from dispersal.model.parameters import table
from dispersal.report.changes import carried, changes, returns_carried

from .partial import make_contraction

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dispersal.forecast.ensemble_types import Ensemble


def with_ensemble(forecast: Forecast, ensemble: Ensemble) -> Forecast:
    return Forecast(ensemble, forecast.provenance)


def said(forecast: Forecast, start: str) -> str:
    found = [sentence for sentence in changes(forecast) if sentence.startswith(start)]
    return found[0] if found else ""


def estimated(values: NDArray[np.float64]) -> str:
    return wording.estimate(*np.quantile(values, [0.1, 0.5, 0.9]))


def test_an_early_end_is_compared_with_a_late_one(forecast: Forecast) -> None:
    end = forecast.ensemble.end
    sentence = said(forecast, "When it ends")
    early = end <= np.quantile(end, 0.25, method="inverted_cdf")
    late = end >= np.quantile(end, 0.75, method="inverted_cdf")
    home = forecast.draws("returned", stratum="all")
    holdouts = forecast.draws("holdouts")
    for chosen in (early, late):
        assert f"{estimated(home[chosen])} from abroad are home" in sentence
        assert f"{estimated(holdouts[chosen])} are holdouts" in sentence


def test_an_end_that_never_comes_is_late(forecast: Forecast) -> None:
    end = forecast.ensemble.end.copy()
    end[np.argsort(end)[len(end) // 2 :]] = np.inf
    one = with_ensemble(forecast, replace(forecast.ensemble, end=end))
    assert "after 2199 or never" in said(one, "When it ends")
    certain = replace(forecast.ensemble, end=np.full(end.size, 20.0))
    assert said(with_ensemble(forecast, certain), "When it ends") == ""


def test_modes_of_many_draws_are_compared(forecast: Forecast) -> None:
    mode = np.zeros(forecast.size, dtype=np.int64)
    assert said(with_ensemble(forecast, replace(forecast.ensemble, mode=mode)), "How it ends") == ""
    mode[:30] = 1
    mode[30:33] = 2
    sentence = said(with_ensemble(forecast, replace(forecast.ensemble, mode=mode)), "How it ends")
    assert "by military defeat (67 % of the draws)" in sentence
    assert "by a negotiated settlement (30 % of the draws)" in sentence
    assert "withdrawal" not in sentence
    assert estimated(forecast.draws("returned", stratum="all")[mode == 1]) in sentence


def test_shares_of_the_variance_add_up_to_one(forecast: Forecast) -> None:
    found = returns_carried(forecast)
    assert set(found) == {"TUN", "FRA", "BEL"}
    assert sum(found.values()) == pytest.approx(1.0)
    assert list(found.values()) == sorted(found.values(), reverse=True)
    home = {code: forecast.draws("returned", code, stratum="all") for code in found}
    total = forecast.draws("returned", stratum="all")
    covariance = np.cov(home["TUN"], total)
    assert found["TUN"] == pytest.approx(covariance[0, 1] / covariance[1, 1])
    assert f"Tunisia ({wording.percent(found['TUN'])})" in said(forecast, "Which home countries")


def test_parts_that_do_not_vary_carry_nothing() -> None:
    assert carried(np.ones((5, 3))).size == 0
    assert carried(np.array([[0.0, 1.0], [2.0, 1.0]])).tolist() == [1.0, 0.0]


def test_who_stays_near_is_told_by_kind(forecast: Forecast) -> None:
    kinds = [forecast.draws("holdouts", kind) for kind in ("local", "foreign")]
    share = carried(np.stack(kinds, axis=1))[0]
    assert wording.percent(float(share)) in said(forecast, "Who stays near")


def test_parameters_that_the_evidence_could_not_tell_are_named(forecast: Forecast) -> None:
    told = make_contraction()
    fitted = [name for name in told.index if table()[str(name)].stage == "fit"]
    low = next(name for name in fitted if not table()[str(name)].meaning.startswith("spread of"))
    told.loc[fitted, "contraction"] = 0.9
    told.loc[low, "contraction"] = 0.01
    one = Forecast(forecast.ensemble, forecast.provenance, None, told)
    sentence = said(one, "What the evidence leaves open")
    assert "it could hardly tell a parameter that it was asked about, such as: " in sentence
    assert table()[str(low)].meaning.split(";")[0].split(" (")[0] in sentence
    assert f"{len(told) - len(fitted)} more shape the forecast" in sentence
    told["contraction"] = 0.9
    assert said(Forecast(one.ensemble, one.provenance, None, told), "What the evidence") == ""


def test_too_few_draws_tell_nothing(forecast: Forecast) -> None:
    ensemble = forecast.ensemble
    few = replace(
        ensemble,
        by_fate=Kept(ensemble.fates[:10], ensemble.now),
        places=ensemble.places[:10], arrivals=ensemble.arrivals[:10],
        end=ensemble.end[:10], mode=ensemble.mode[:10], strata_places=None,
    )  # fmt: skip
    one = with_ensemble(forecast, few)
    assert said(one, "When it ends") == said(one, "How it ends") == ""
