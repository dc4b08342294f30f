"""A folder that has what pages name: saved runs, a case, figures, a conflict."""

from __future__ import annotations

import shutil
from importlib import resources
from typing import TYPE_CHECKING

import numpy as np
import pytest

import dispersal
from dispersal.case.locate import locate
from dispersal.pooling.pool import Pool
from dispersal.pooling.store import save_pool
from dispersal.pooling.study import Study
from tests.displacement_calibrated.conftest import write_weeks
from tests.forecast.synthetic import FILES, write_tiny

from .standin import replace_what_takes_long, small_cases

if TYPE_CHECKING:
    from pathlib import Path

#: The run that the pages ask.
RUN = "runs/isis_2017-2017-03-07"

#: A source that the case has not, for new rows, as docs/update.md invents them.
SOURCES = """\
key,title,author_or_publisher,published,url
aivd_2017,A new figure,Office,2017-03-20,
"""

#: An invented article, for docs/draft.md.
ARTICLE = """\
The Oro Front lost its last camps in Peru

LIMA, 14 May 2003. The Oro Front, some 900 strong, lost its last camps in Peru this week, officials
said. Most of its rebels will return to Bolivia; a hard core may hide in the forest.
"""


@pytest.fixture(scope="session")
def built_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built-in cases, made small."""
    return small_cases(tmp_path_factory.mktemp("built-in") / "cases")


@pytest.fixture(scope="session")
def saved(tmp_path_factory: pytest.TempPathFactory, built_in: Path) -> Path:
    """A folder with a saved run and a saved backtest of the small case."""
    folder = tmp_path_factory.mktemp("saved")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("dispersal.case.locate._BUILTIN", built_in)
        replace_what_takes_long(patched)
        posterior = dispersal.fit("isis_2017", seed=1)
        dispersal.forecast(posterior, seed=1).save(folder / RUN)
        backtest = dispersal.backtest("isis_2017", draws=20, reference=False)
        backtest.save(folder / "runs" / "backtest-isis_2017")
    return folder


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch, built_in: Path) -> None:
    """Small cases, and stand-ins for what takes long."""
    monkeypatch.setattr("dispersal.case.locate._BUILTIN", built_in)
    replace_what_takes_long(monkeypatch)


def study(case: str) -> Study:
    """Return a study of two parameters by one figure, as `dispersal learn` makes of a case."""
    names = ("displaced_home", "onward_hazard")
    return Study(
        case, "negotiated", names, ("f1",), np.array([[0.5], [0.1]]), np.ones(1), np.eye(1)
    )


def write_files(folder: Path) -> Path:
    """Write the files that pages name, but for saved runs."""
    for name in ("later.csv", "figures.csv"):
        shutil.copy(locate("isis_2017") / "evidence" / "figures.csv", folder / name)
    figures = (folder / "figures.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    known = next(line for line in figures if ",NLD," in line).split(",")
    row = ["new_returned_nld", "returned", "NLD", "55", "55", "point", "2017-03-01", "2017-03-20"]
    (folder / "rows.csv").write_text(figures[0] + ",".join([*row, known[8], "", "\n"]))
    (folder / "sources.csv").write_text(SOURCES, encoding="utf-8")
    for own in (folder / "path" / "to" / "case", folder / "my_case", folder / "article"):
        write_tiny(own.parent).rename(own)
        question = FILES["case.yaml"].replace("name: tiny", f"name: {own.name}")
        (own / "case.yaml").write_text(question, encoding="utf-8")
    (folder / "article.txt").write_text(ARTICLE, encoding="utf-8")
    save_pool(Pool(tuple(map(study, ("isis_2017", "farc_2016")))), folder / "learnt.npz", {})
    history = resources.files("dispersal.reference") / "data"
    (folder / "my").mkdir()
    for name in ("outcomes.csv", "cases.csv"):
        (folder / "my" / name).write_text((history / name).read_text(encoding="utf-8"))
    write_weeks(folder / "mali2012")
    for file in (folder / "mali2012").glob("*/*.csv"):
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace("Aville", "Mopti"), encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the files that pages name, to be copied."""
    return write_files(tmp_path_factory.mktemp("files"))


@pytest.fixture
def page_folder(tmp_path: Path, files: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory of a page, with all that it may name but saved runs."""
    folder = tmp_path / "work"
    shutil.copytree(files, folder)
    monkeypatch.chdir(folder)
    monkeypatch.syspath_prepend(folder)
    return folder


@pytest.fixture
def work(quick: None, saved: Path, page_folder: Path) -> Path:
    """The working directory of a page, with small cases and stand-ins for what takes long."""
    shutil.copytree(saved / "runs", page_folder / "runs")
    return page_folder
