from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from dispersal.forecast.forecast import Forecast
from dispersal.report.document import document
from tests.forecast.synthetic import make_forecast

from .partial import make_contraction

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the tiny case, which ``forecast`` writes."""
    return tmp_path_factory.mktemp("case")


@pytest.fixture(scope="session")
def forecast(tiny: Path) -> Forecast:
    """A forecast of the tiny case from a random ensemble, with a table of contraction."""
    made = make_forecast(tiny, draws=101)
    return Forecast(made.ensemble, made.provenance, None, make_contraction())


@pytest.fixture(scope="session")
def made(forecast: Forecast, tiny: Path) -> dict[str, Any]:
    """Its document, with what was published later."""
    return document(forecast, later=tiny / "tiny")
