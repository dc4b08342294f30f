"""One table over several cases."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from dispersal.case import Case, load_case
from dispersal.errors import InputError
from dispersal.forecast.forecast import Forecast
from dispersal.record import across
from dispersal.record.across import AcrossCases, backtest_all
from tests.forecast.synthetic import make_ensemble, write_tiny

if TYPE_CHECKING:
    from pathlib import Path

AGGREGATES = """\
figure_id,quantity,place,host,low,high,qualifier,as_of,published,source,note
dead,killed_total,SYR,,1,1,point,2018-01-01,2018-02-01,s2,
many,detained_total,SYR,,1,,at_least,2018-01-01,2018-02-01,s2,
camps,camp_population,SYR,,1,1,point,2018-01-01,2018-02-01,s2,
"""


@pytest.fixture
def cases(tmp_path: Path) -> list[Case]:
    folder = write_tiny(tmp_path)
    (folder / "evidence" / "aggregates.csv").write_text(AGGREGATES, encoding="utf-8")
    other = write_tiny(tmp_path / "second")
    text = (other / "case.yaml").read_text(encoding="utf-8").replace("name: tiny", "name: tiny_2")
    (other / "case.yaml").write_text(text, encoding="utf-8")
    return [load_case(folder), load_case(other.rename(other.parent / "tiny_2"))]


@pytest.fixture
def found(cases: list[Case], monkeypatch: pytest.MonkeyPatch) -> AcrossCases:
    """Draws at random in the place of fits and simulations."""

    def fit(case: Case, **_: Any) -> SimpleNamespace:
        diagnosed = SimpleNamespace(problems=lambda: [f"{case.name} is odd"], warnings=list)
        return SimpleNamespace(case=case, diagnostics=diagnosed)

    def forecast(posterior: SimpleNamespace, **asked: Any) -> Forecast:
        return Forecast.of(make_ensemble(posterior.case, asked["draws"]))

    monkeypatch.setattr(across, "fit", fit)
    monkeypatch.setattr(across, "forecast", forecast)
    return backtest_all(cases, draws=40, seed=2)


def test_each_case_has_a_line_and_each_outcome_a_row(found: AcrossCases) -> None:
    table = found.table.set_index("case")
    assert list(table.index) == ["tiny", "tiny_2"]
    assert table["figures"].tolist() == [1, 1]  # "later", of France
    assert table["outcomes"].tolist() == [2, 0]
    assert (table["mode"] == "military_defeat").all()
    rows = found.outcomes.set_index("figure_id")
    assert set(rows.index) == {"dead", "many"}
    assert not rows.loc["dead", "inside95"]
    assert rows.loc["many", "inside95"]
    assert set(found.misses["figure_id"]) == {"dead"}
    assert table["outcomes_inside95"].tolist() == [1, 0]
    assert found.records[0].warnings == ("tiny is odd",)


def test_what_is_saved_says_what_the_object_says(found: AcrossCases, tmp_path: Path) -> None:
    folder = found.save(tmp_path / "out")
    assert pd.read_csv(folder / "outcomes.csv")["figure_id"].tolist() == ["dead", "many"]
    assert pd.read_csv(folder / "cases.csv")["case"].tolist() == ["tiny", "tiny_2"]
    record = json.loads(json.dumps(found.record()))
    assert record["left_out"]["tiny"] == {"not forecast": ["camps"]}
    with pytest.raises(InputError, match="new or an empty folder"):
        found.save(folder)


def test_a_case_stands_once(cases: list[Case]) -> None:
    with pytest.raises(InputError, match="expected each once"):
        backtest_all([cases[0], cases[0]])
    with pytest.raises(InputError, match="found the cases none"):
        backtest_all([])
