"""From figures that overlap, repeat and disagree to one reading per case and fate."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from dispersal.model.fates import FATES
from dispersal.reference.history import read_history
from dispersal.reference.program import Data, arrays_of
from dispersal.reference.readings import Reading, Size, readings_of
from tests.reference.simulated import cases_table, outcome_rows, same


def read(outcomes: pd.DataFrame, cases: pd.DataFrame | None = None) -> dict[str, Reading]:
    readings, _ = readings_of(read_history(outcomes, cases_table(1) if cases is None else cases))
    return {reading.fate: reading for reading in readings}


def ends(reading: Reading) -> tuple[float | None, float | None]:
    return reading.low, reading.high


def data_of(outcomes: pd.DataFrame, cases: pd.DataFrame) -> Data:
    history = read_history(outcomes, cases)
    return arrays_of(history, *readings_of(history))


def test_the_order_of_rows_does_not_matter() -> None:
    history = read_history()
    rows = pd.DataFrame([row.model_dump() for row in history.outcomes])
    cases = pd.DataFrame([ending.model_dump() for ending in history.endings])
    shuffled = data_of(rows.sample(frac=1, random_state=1), cases.sample(frac=1, random_state=2))
    assert same(data_of(rows, cases), shuffled)
    assert same(arrays_of(history, *readings_of(history)), shuffled)


def test_snapshots_that_repeat_do_not_narrow() -> None:
    once = outcome_rows(("case_00", "killed", 200, 300), as_of="2005-01-01")
    earlier = outcome_rows(("case_00", "killed", 150, 150), as_of="2003-01-01")
    cases = cases_table(1)
    assert same(data_of(once, cases), data_of(pd.concat([once] * 5), cases))
    assert same(data_of(once, cases), data_of(pd.concat([earlier, once, earlier]), cases))


def test_figures_of_one_time_that_disagree_are_a_range() -> None:
    rows = outcome_rows(("case_00", "killed", 20, 20), ("case_00", "killed", 800, None))
    assert ends(read(rows)["killed"]) == (20, 800)
    assert read(rows)["killed"].spread > 1


def test_places_add_up_and_a_later_total_covers_them() -> None:
    parts = outcome_rows(("case_00", "home", 100, 100), ("case_00", "home", 50, 60))
    parts = parts.assign(place=["DZA", "EGY"])
    assert ends(read(parts)["home"]) == (150, 160)
    total = outcome_rows(("case_00", "home", 400, 400), as_of="2002-01-01", place="")
    assert ends(read(pd.concat([parts, total]))["home"]) == (400, 400)


def test_outcomes_of_one_fate_add_up() -> None:
    rows = outcome_rows(("case_00", "next_theatre", 5, 5), ("case_00", "third_country", 20, None))
    assert ends(read(rows)["onward"]) == (25, None)
    assert read(rows)["onward"].side == 1


def test_a_splinter_bounds_from_above() -> None:
    rows = outcome_rows(("case_00", "rejoined_splinter", 300, 400))
    assert ends(read(rows)["underground"]) == (None, 400)
    hidden = outcome_rows(("case_00", "underground", 100, 100))
    assert ends(read(pd.concat([rows, hidden]))["underground"]) == (100, 500)


def test_those_once_held_are_not_those_still_held() -> None:
    rows = outcome_rows(("case_00", "captured", 500, 500), ("case_00", "demobilised", 490, 490))
    assert ends(read(rows.assign(place="LKA"))["detained"]) == (None, 500)
    assert ends(read(rows.assign(place=["SYR", "NLD"]))["detained"]) == (500, 500)


def test_a_share_counts_before_a_count() -> None:
    counted = outcome_rows(("case_00", "home", 650, 650))
    share = outcome_rows(("case_00", "home", 0.6, 0.6), unit="fraction")
    reading = read(pd.concat([counted, share]))["home"]
    assert (reading.unit, *ends(reading)) == ("fraction", 0.6, 0.6)


@pytest.mark.parametrize(
    ("low", "high", "middle", "known"),
    [
        (1_000, 4_000, 2_000, True),
        (1_000, None, 1_492, True),
        (None, 1_000, 670, True),
        (None, None, 330, False),
    ],
)
def test_sizes(low: float | None, high: float | None, middle: float, known: bool) -> None:
    cases = cases_table(1).assign(members_low=low, members_high=high)
    rows = outcome_rows(("case_00", "killed", 200, 200))
    size = readings_of(read_history(rows, cases))[1]["case_00"]
    assert size.known == known
    assert size.middle == pytest.approx(middle, rel=0.01)
    assert size.width >= 0.1


def test_members_from_abroad_are_the_size_only_if_all_fit_among_them() -> None:
    cases = cases_table(1).assign(members_low=None, members_high=None, foreign_low=200)
    cases = cases.assign(foreign_high=300)

    def size(killed: float) -> Size:
        rows = outcome_rows(("case_00", "killed", killed, killed))
        return readings_of(read_history(rows, cases))[1]["case_00"]

    assert size(150).middle == pytest.approx(245, rel=0.01)
    assert not size(2_400).known


def test_traps_of_the_built_in_history() -> None:
    readings, sizes = readings_of(read_history())
    found: Any = {(reading.case_id, reading.fate): ends(reading) for reading in readings}
    assert found["ltte_2009", "detained"] == (None, 12_191)  # released since
    assert found["ltte_2009", "home"] == (12_190, 12_190)
    assert found["isis_nld", "onward"] == (30, 30)  # 5 + 15 + 10, not each snapshot
    assert found["liberia_2003", "home"] == (0.45, 0.45)  # not an intake of 2.7 times the strength
    assert found["unita_2002", "underground"] == (None, 5_000)
    assert not sizes["aqi_2008"].known  # more were held than its members from abroad
    assert len(found) == len(readings)
    assert {reading.fate for reading in readings} == set(FATES)


def test_contingents_of_one_ending_are_known_as_such() -> None:
    history = read_history()
    data = arrays_of(history, *readings_of(history))
    together = [name for name, at in zip(data.cases, data.ending, strict=True) if at >= 0]
    assert data.endings == ("military_defeat SYR 2019-03-23",)
    assert together == [name for name in data.cases if name.startswith("isis_")]
