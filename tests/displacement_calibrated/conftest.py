"""A conflict of sixty days with counts a week apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dispersal.displacement import read_flee
from tests.displacement.folders import write_folder

if TYPE_CHECKING:
    from pathlib import Path

    from dispersal.displacement import FleeFolder

DAYS = 60
CLOSURES = """\
#closure_type,name1,name2,closure_start,closure_end
link,Pass,Camp Two,0,40
"""


def weekly(*counts: int) -> str:
    """Return a data file of counts on days 0, 7, 14, …"""
    months = [(1, 31), (2, 29), (3, 31)]
    dates = [f"2020-{month:02d}-{day:02d}" for month, days in months for day in range(1, days + 1)]
    rows = [f"{dates[7 * at]},{count}" for at, count in enumerate(counts)]
    return "\n".join(rows) + "\n"


def write_weeks(folder: Path, **changed: str | None) -> Path:
    """Write the conflict; Camp One grows steadily, Camp Two's border is closed until day 40."""
    files: dict[str, str | None] = {
        "sim_period": f"StartDate,2020-01-01\nLength,{DAYS}\n",
        "closures": CLOSURES,
        "conflicts": "#Day,Aville\n" + "".join(f"{day},1\n" for day in range(DAYS)),
        "registration_corrections": None,
        "data_layout": "total,refugees.csv\nCamp One,one.csv\nCamp Two,two.csv\n"
        "Shelter,shelter.csv\n",
        "refugees": weekly(0, 90, 210, 330, 420, 500, 620, 690, 780),
        "one": weekly(0, 70, 160, 250, 310, 360, 400, 440, 480),
        "two": weekly(0, 0, 0, 0, 0, 0, 60, 80, 120),
        "shelter": weekly(0, 20, 50, 80, 110, 140, 160, 170, 180),
    }
    return write_folder(folder, **{**files, **changed})


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> FleeFolder:
    """Return the conflict as read."""
    return read_flee(write_weeks(tmp_path_factory.mktemp("weeks") / "weeks"))
