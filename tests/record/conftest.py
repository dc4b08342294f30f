from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.forecast.synthetic import make_forecast

if TYPE_CHECKING:
    from dispersal.forecast.forecast import Forecast


@pytest.fixture(scope="session")
def forecast(tmp_path_factory: pytest.TempPathFactory) -> Forecast:
    """A forecast of the tiny case from a random ensemble of 60 draws."""
    return make_forecast(tmp_path_factory.mktemp("case"))
