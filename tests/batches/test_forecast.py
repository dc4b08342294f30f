"""Forecasts in batches: the draws of one process, whatever dies, and summaries of many."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from dispersal.batches import BatchError
from dispersal.case import load_case
from dispersal.errors import InputError
from dispersal.forecast import batched
from dispersal.forecast.labelled import whole_numbers
from dispersal.forecast.make import forecast
from dispersal.forecast.tally import Tally
from dispersal.inference.observation import QUANTITIES
from tests.case.small import write_small
from tests.forecast.prior import prior_posterior

if TYPE_CHECKING:
    from pathlib import Path

    from dispersal.forecast.ensemble_types import Ensemble
    from dispersal.forecast.forecast import Forecast
    from dispersal.inference.posterior import Posterior

UNTIL = dt.date(2018, 12, 31)


@pytest.fixture(scope="module")
def posterior(tmp_path_factory: pytest.TempPathFactory) -> Posterior:
    return prior_posterior(load_case(write_small(tmp_path_factory.mktemp("case"))), 48)


@pytest.fixture(scope="module")
def whole(posterior: Posterior) -> Forecast:
    return made(posterior)


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batched, "WHOLE", 20)
    monkeypatch.setattr(batched, "TALLIED", 30)


def made(posterior: Posterior, draws: int = 100, **how: Any) -> Forecast:
    return forecast(posterior, until=UNTIL, draws=draws, seed=7, **how)


def assert_same(found: Ensemble, wanted: Ensemble, draws: int) -> None:
    assert found.size == draws
    for name in ("months", "now", "origins", "strata", "place_states", "case", "cutoff", "seed"):
        assert getattr(found, name) == getattr(wanted, name)
    for name in batched.ROWS:
        one, other = getattr(found, name), getattr(wanted, name)
        assert one.dtype == other.dtype
        np.testing.assert_array_equal(one, other[:draws])
    for name in QUANTITIES:
        np.testing.assert_array_equal(found.bias[name], wanted.bias[name][:draws])
        np.testing.assert_array_equal(found.error[name], wanted.error[name][:draws])


def test_batches_in_this_process_are_the_same_draws(
    posterior: Posterior, whole: Forecast, tmp_path: Path
) -> None:
    told: list[tuple[int, int]] = []
    found = made(posterior, batches=tmp_path, threads=2, progress=lambda *now: told.append(now))
    assert_same(found.ensemble, whole.ensemble, 100)
    assert found.tally is None
    assert told[-1] == (100, 100)
    # More draws go on from those that are there.
    before = {file: file.stat().st_mtime_ns for file in tmp_path.iterdir()}
    more = made(posterior, draws=120, batches=tmp_path, threads=1)
    assert_same(whole.ensemble, more.ensemble, 100)
    assert all(file.stat().st_mtime_ns == then for file, then in before.items())
    samples = dict(posterior.samples)
    samples["members"] = samples["members"] + 1e-9
    with pytest.raises(BatchError, match="it was made with posterior"):
        made(replace(posterior, samples=samples), batches=tmp_path)


def test_what_is_not_kept_is_summarised(posterior: Posterior, whole: Forecast) -> None:
    found = made(posterior, keep=40, threads=2)
    assert_same(found.ensemble, whole.ensemble, 40)
    wanted = Tally.of([whole_numbers(whole.ensemble, slice(None))])
    assert found.tally is not None
    for name in ("draws", "starts", "bins", "counts", "sums"):
        np.testing.assert_array_equal(getattr(found.tally, name), getattr(wanted, name))
    exact, summary = whole.summary(), found.summary()
    labels = list(exact.columns[:5])
    pd.testing.assert_frame_equal(summary[labels], exact[labels])
    np.testing.assert_allclose(summary["mean"], exact["mean"], rtol=1e-12)
    np.testing.assert_allclose(summary["p90"], exact["p90"], rtol=0.01, atol=1e-9)


@pytest.mark.slow  # each worker compiles for itself
def test_workers_simulate_the_same_draws(
    posterior: Posterior, whole: Forecast, tmp_path: Path, address: str
) -> None:
    found = made(posterior, keep=40, scheduler=address, batches=tmp_path)
    assert_same(found.ensemble, whole.ensemble, 40)
    wanted = Tally.of([whole_numbers(whole.ensemble, slice(None))])
    assert found.tally is not None
    for name in ("draws", "starts", "bins", "counts", "sums"):
        np.testing.assert_array_equal(getattr(found.tally, name), getattr(wanted, name))


def test_something_has_to_be_kept(posterior: Posterior) -> None:
    with pytest.raises(InputError, match="found 0 draws to keep, expected 1 or more"):
        made(posterior, keep=0)
