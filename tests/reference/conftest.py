from __future__ import annotations

import pytest

from dispersal.reference import LeaveOneOut, Reference, fit_reference, leave_one_out
from tests.reference.simulated import QUICK


@pytest.fixture(scope="session")
def built_in() -> Reference:
    """The package's history, fitted with few draws."""
    return fit_reference(**QUICK)


@pytest.fixture(scope="session")
def scored(built_in: Reference) -> LeaveOneOut:
    """Its scores, without fits anew."""
    return leave_one_out(built_in, refit=False)
