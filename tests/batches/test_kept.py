"""Fits that are kept: the same posterior, without a second fit."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from dispersal.batches import BatchError
from dispersal.case import load_case
from dispersal.inference import kept
from tests.forecast.prior import CUTOFF, prior_posterior
from tests.forecast.synthetic import write_tiny

if TYPE_CHECKING:
    from pathlib import Path

    from dispersal.case import Case
    from dispersal.inference.posterior import Posterior


def test_a_fit_is_made_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case = load_case(write_tiny(tmp_path))
    made = prior_posterior(case, 12)
    calls: list[dict[str, Any]] = []

    def fit(case: Case, as_known_on: dt.date, **settings: Any) -> Posterior:
        assert as_known_on == CUTOFF
        calls.append(settings)
        return made

    monkeypatch.setattr(kept, "fit", fit)
    folder = tmp_path / "batches"
    settings: dict[str, Any] = {"chains": 2, "workers": 2, "progress": print}
    found = kept.fit_once(case, CUTOFF, 4, folder, settings)
    again = kept.fit_once(case, CUTOFF, 4, folder, settings | {"workers": 1})
    assert calls == [{"seed": 4, **settings}]
    for posterior in (found, again):
        assert posterior.samples.keys() == made.samples.keys()
        for name, values in made.samples.items():
            np.testing.assert_array_equal(posterior.samples[name], values)
        assert posterior.content_hash == made.content_hash
        assert posterior.design.case.content_hash == made.design.case.content_hash
        assert posterior.design.cutoff == CUTOFF
    with pytest.raises(BatchError, match="it was made with chains 2, not 3"):
        kept.fit_once(case, CUTOFF, 4, folder, settings | {"chains": 3})
    with pytest.raises(AssertionError):
        kept.fit_once(case, CUTOFF - dt.timedelta(1), 4, folder, settings)
