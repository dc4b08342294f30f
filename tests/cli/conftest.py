from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

import dispersal
from tests.forecast.synthetic import make_posterior, replace_simulation, write_tiny

if TYPE_CHECKING:
    from pathlib import Path

    from dispersal.case import Case


@pytest.fixture
def runner() -> CliRunner:
    return CliRunner()


@pytest.fixture
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the tiny case; the working directory is an empty folder."""
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    return write_tiny(tmp_path)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Replace the fit and the simulation by quick ones; return what was asked of them."""
    asked: dict[str, Any] = {}

    def fit(case: Case, **settings: Any) -> Any:
        asked["fit"] = settings
        settings["progress"](1, 2)
        return make_posterior(case)

    monkeypatch.setattr(dispersal, "fit", fit)
    asked["simulate"] = replace_simulation(monkeypatch)
    return asked
