"""The document of the built-in case is small and quickly made."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from dispersal.case import load_case
from dispersal.forecast.ensemble import simulate
from dispersal.forecast.forecast import Forecast
from dispersal.report.document import document, later_ledger
from dispersal.report.schema import check, unpacked
from tests.forecast.prior import prior_posterior

if TYPE_CHECKING:
    from dispersal.case import Case

#: Bytes of the whole document, as the page holds it.
LARGEST = 2_200_000

DRAWS = 40


@pytest.fixture(scope="module")
def case() -> Case:
    return load_case("isis_2017")


@pytest.fixture(scope="module")
def forecast(case: Case) -> Forecast:
    """A forecast from the priors alone, which spreads people most."""
    posterior = prior_posterior(case.as_known_on(case.asked_on), DRAWS)
    return Forecast.of(simulate(posterior, draws=DRAWS, seed=1))


@pytest.fixture(scope="module")
def made(forecast: Forecast) -> tuple[dict[str, Any], float]:
    began = time.process_time()
    found = document(forecast)
    return found, time.process_time() - began


def test_it_has_no_more_than_2_2_megabytes(made: tuple[dict[str, Any], float]) -> None:
    text = json.dumps(made[0], separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    assert len(text.encode()) <= LARGEST
    check(json.loads(text))


def test_it_is_made_in_a_few_seconds(made: tuple[dict[str, Any], float]) -> None:
    assert made[1] < 20.0


def test_the_later_evidence_is_that_of_the_case(
    forecast: Forecast, case: Case, made: tuple[dict[str, Any], float]
) -> None:
    rows = unpacked(made[0]["ledger"]["figures"])
    assert len(rows) == len(case.ledger.query())
    assert sum(row["known"] for row in rows) == len(forecast.case.ledger.query())
    scored = {row["figure"] for row in made[0]["record"]["rows"]}
    assert len(scored) > 200
    assert scored <= {row["id"] for row in rows if not row["known"]}
    known = {row["source"] for row in rows} - set(made[0]["ledger"]["sources"])
    assert known == set()


def test_areas_of_the_ledger_have_names(made: tuple[dict[str, Any], float]) -> None:
    named = {row["id"] for key in ("origins", "places", "areas") for row in made[0][key]}
    rows = unpacked(made[0]["ledger"]["figures"])
    used = {row[key] for row in rows for key in ("origin", "place")} - {""}
    assert used - named == set()


def test_a_case_that_was_changed_is_not_the_built_in_one(forecast: Forecast) -> None:
    assert later_ledger(forecast, None) is not None
    case = forecast.case.as_known_on("2016-01-01")
    other = Forecast.of(replace(forecast.ensemble, case=case))
    assert later_ledger(other, None) is None
