from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from dispersal.case import Case, load_case
from dispersal.model.design import make_design
from dispersal.model.forward import draw_forward
from dispersal.model.parameters import table
from tests.case.small import write_small

from .drawn import prior_values

if TYPE_CHECKING:
    from dispersal.model.design import Design
    from dispersal.model.forward import Forward

CUTOFF = dt.date(2017, 3, 7)
UNTIL = dt.date(2019, 12, 31)


@pytest.fixture(scope="session")
def isis() -> Case:
    """Return the built-in case, whole."""
    return load_case("isis_2017")


@pytest.fixture(scope="session")
def isis_design(isis: Case) -> Design:
    """Return the built-in case as known on the day of the question."""
    return make_design(isis, CUTOFF)


@pytest.fixture(scope="session")
def isis_forward(isis_design: Design) -> Forward:
    """Return a few draws of the built-in case's future."""
    return draw_forward(isis_design, table(), prior_values(isis_design, 16, 1), UNTIL, seed=1)


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Case:
    """Return the small invented case, whole; its table of priors names no parameter of ours."""
    return load_case(write_small(tmp_path_factory.mktemp("small")))


@pytest.fixture(scope="session")
def small_design(small: Case) -> Design:
    """Return the small case as known on the day of the question."""
    return make_design(small, CUTOFF)


@pytest.fixture(scope="session")
def small_forward(small_design: Design) -> Forward:
    """Return a few draws of the small case's future."""
    return draw_forward(small_design, table(), prior_values(small_design, 64, 2), UNTIL, seed=2)
