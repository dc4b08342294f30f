"""The public face: these names, and no others, are promised to users."""

from __future__ import annotations

import importlib
import subprocess
import sys

import pytest

import dispersal

PUBLIC = [
    "Case",
    "Comparison",
    "Forecast",
    "Ledger",
    "Posterior",
    "__version__",
    "backtest",
    "builtin_cases",
    "check_case",
    "compare",
    "fit",
    "fit_reference",
    "forecast",
    "load_case",
    "load_forecast",
    "report",
    "score",
]


def test_the_public_names_are_these() -> None:
    assert sorted(dispersal.__all__) == PUBLIC
    assert dir(dispersal) == PUBLIC


@pytest.mark.parametrize("name", PUBLIC)
def test_every_public_name_exists_and_is_documented(name: str) -> None:
    found = getattr(dispersal, name)
    assert found is not None
    if name != "__version__":
        assert found.__doc__
        assert callable(found)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'forcast'"):
        _ = dispersal.forcast


def test_the_package_stays_callable_whatever_is_imported_from_it() -> None:
    """Importing a module of the package binds the package to ``dispersal.forecast``."""
    script = (
        "import dispersal\n"
        "from dispersal.forecast.store import load_forecast\n"
        "assert callable(dispersal.forecast)\n"
        "assert dispersal.forecast.store.load_forecast is load_forecast\n"
        "assert dispersal.load_forecast is load_forecast\n"
        "import dispersal.forecast as room\n"
        "assert room is dispersal.forecast\n"
        "from dispersal.report.page import report\n"
        "assert callable(dispersal.report)\n"
        "assert dispersal.report.page.report is report\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


def test_the_package_is_called_with_the_arguments_of_its_function() -> None:
    make = importlib.import_module("dispersal.forecast.make")
    with pytest.raises(TypeError, match="forecast\\(\\) missing 1 required positional argument"):
        dispersal.forecast()  # type: ignore[call-arg]
    assert make.forecast.__name__ == "forecast"
    with pytest.raises(TypeError, match="report\\(\\) missing 2 required positional arguments"):
        dispersal.report()  # type: ignore[call-arg]


def test_importing_the_package_imports_nothing_heavy() -> None:
    script = (
        "import sys, dispersal\n"
        "heavy = {'jax', 'matplotlib', 'numba', 'numpyro', 'pandas', 'xarray', 'scipy'}\n"
        "heavy |= {'pydantic'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
