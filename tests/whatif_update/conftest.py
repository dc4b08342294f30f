"""A saved forecast of three home countries, from a fit that can be trusted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dispersal.case import Case, load_case
from dispersal.case.subset import case_of_origins
from dispersal.forecast.make import forecast
from dispersal.forecast.store import load_posterior
from dispersal.inference.fit import fit

if TYPE_CHECKING:
    from pathlib import Path

    from dispersal.inference.posterior import Posterior

CUTOFF = "2017-03-07"

SOURCES = """\
key,title,author_or_publisher,published,url
office_2017,A new figure,Office,2017-03-10,
"""

HEADER = "figure_id,quantity,origin,low,high,qualifier,as_of,published,source,quoted_by,note\n"

#: A figure much like those before, and three that agree on what nobody would have expected: one
#: alone would pass for an error.
USUAL = "new1,returned,NLD,46,46,point,2017-03-01,2017-03-10,office_2017,,\n"
SURPRISE = tuple(
    f"new{month},returned,NLD,150,150,point,2017-0{month}-01,2017-03-10,office_2017,,\n"
    for month in (1, 2, 3)
)


def write_rows(folder: Path, *rows: str, header: str = HEADER) -> tuple[Path, Path]:
    """Write a file of rows and one of their source; return both."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "rows.csv").write_text(header + "".join(rows), encoding="utf-8")
    (folder / "sources.csv").write_text(SOURCES, encoding="utf-8")
    return folder / "rows.csv", folder / "sources.csv"


@pytest.fixture(scope="session")
def three() -> Case:
    return case_of_origins(load_case("isis_2017"), ["BEL", "NLD", "TUN"])


@pytest.fixture(scope="session")
def saved(three: Case, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a saved run; to be read only."""
    posterior = fit(three, as_known_on=CUTOFF, seed=4)
    made = forecast(posterior, "2018-12-31", 200, 4)
    return made.save(tmp_path_factory.mktemp("runs") / "three")


@pytest.fixture(scope="session")
def posterior(saved: Path) -> Posterior:
    return load_posterior(saved)
