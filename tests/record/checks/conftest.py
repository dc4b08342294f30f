"""A small case with outcomes of three countries, a short fit of it and its forecast."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from dispersal.case import Case, load_case
from dispersal.forecast.make import forecast as make
from dispersal.inference.fit import fit
from tests.case.small import append_line, replace_text, write_small

if TYPE_CHECKING:
    from pathlib import Path

    from dispersal.forecast.forecast import Forecast
    from dispersal.inference.posterior import Posterior

#: Too short to be trusted, long enough to be looked at.
SHORT: Final[dict[str, Any]] = {"chains": 2, "warmup": 30, "draws": 40, "blocks": 1}

FIGURES: Final = (
    "g1,departed,FRA,1000,1100,range,2016-01-31,2016-02-02,un_2016,,",
    "g2,returned,FRA,200,220,range,2016-06-30,2016-07-02,late_2017,,",
    "g3,returned,RUS-CAUCASUS,90,90,point,2016-06-30,2016-07-02,late_2017,,",
    "g4,killed,TUN,900,900,about,2016-12-31,2017-01-02,un_2016,,",
    "g5,remaining,RUS-CAUCASUS,500,700,range,2016-12-31,2017-01-02,late_2017,,",
    "g6,killed,FRA,150,150,point,2016-06-30,2016-07-02,un_2016,,",
    "g7,women_departed,FRA,200,200,about,2016-06-30,2016-07-02,un_2016,,",
    "g8,returned,IRQ,5,5,point,2016-06-30,2016-07-02,un_2016,,",
)


def write_case(folder: Path) -> Path:
    """Write the small case with more figures of outcomes."""
    path = write_small(folder)
    replace_text(path, "case.yaml", "return_hazard", "home_hazard")
    replace_text(path, "case.yaml", "[-4.5, 0.5]", "[0.01, 0.5]")
    for line in FIGURES:
        append_line(path, "evidence/figures.csv", line)
    total = "a4,strength,IRQ,,2000,4000,range,2016-06-01,2016-06-05,un_2016,"
    append_line(path, "evidence/aggregates.csv", total)
    return path


@pytest.fixture(scope="package")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    return load_case(str(write_case(tmp_path_factory.mktemp("small"))))


@pytest.fixture(scope="package")
def posterior(case: Case) -> Posterior:
    return fit(case, seed=4, require=False, **SHORT)


@pytest.fixture(scope="package")
def forecast_of_posterior(posterior: Posterior) -> Forecast:
    return make(posterior, draws=50, seed=2, threads=1)
