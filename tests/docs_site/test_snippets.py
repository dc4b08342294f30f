"""Every piece of code on every page does what the page says: it runs."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import pytest

import dispersal
from dispersal.case.locate import _BUILTIN as BUILTIN

from .blocks import pages
from .runner import run_page
from .standin import calibrate_study

if TYPE_CHECKING:
    from pathlib import Path

#: Pages with something that runs.
PAGES = [
    name
    for name, blocks in pages().items()
    if any(block.kind in {"python", "commands", "data"} for block in blocks)
]

#: Pages that name more home countries than the small case has.
WHOLE_CASES = {"docs/calibration.md"}


@pytest.fixture(scope="session")
def done() -> set[str]:
    """Commands that ran already."""
    return set()


@pytest.mark.parametrize("page", PAGES)
def test_the_blocks_of_a_page_run(
    page: str, work: Path, done: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    if page in WHOLE_CASES:
        monkeypatch.setattr("dispersal.case.locate._BUILTIN", BUILTIN)
    try:
        run_page(pages()[page], work, done, everything=False)
    finally:
        plt.close("all")


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the forecast and the backtest of the built-in case that pages speak of."""
    folder = tmp_path_factory.mktemp("whole") / "runs"
    posterior = dispersal.fit("isis_2017", seed=1)
    dispersal.forecast(posterior, seed=1).save(folder / "isis_2017-2017-03-07")
    dispersal.backtest("isis_2017").save(folder / "backtest-isis_2017")
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES)
def test_the_blocks_of_a_page_run_whole(
    page: str, whole: Path, page_folder: Path, done: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every line runs, with its own settings; only the two hundred fits of a calibration do not."""
    monkeypatch.setattr("dispersal.inference.calibrate.calibrate_study", calibrate_study)
    shutil.copytree(whole, page_folder / "runs")
    try:
        run_page(pages()[page], page_folder, done, everything=True)
    finally:
        plt.close("all")
