from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from dispersal.forecast.answer import ROWS, answer
from dispersal.forecast.forecast import Forecast
from dispersal.forecast.wording import cell, estimate
from dispersal.model.states import ALL_FATES

if TYPE_CHECKING:
    import pytest


def test_the_answer_has_the_numbers_of_the_forecast(forecast: Forecast) -> None:
    text = answer(forecast).text
    assert "As known on 7 March 2017" in text
    assert "by 31 December 2018" in text
    for quantity in ("departed", "killed", "detained", "holdouts", "free_agents", "returned"):
        levels = np.quantile(forecast.draws(quantity, stratum="all"), [0.1, 0.5, 0.9])
        assert estimate(*levels) in text
    for quantity in ("departed", "killed", "detained", "returned"):
        local = forecast.draws(quantity, origin="local", stratum="all")
        assert estimate(*np.quantile(local, [0.1, 0.5, 0.9])) in text
    assert "Tunisia" in text
    assert "Libya" in text


def test_the_answer_is_four_to_six_sentences(forecast: Forecast) -> None:
    assert 4 <= len(answer(forecast).sentences) <= 6
    assert all(sentence.endswith(".") for sentence in answer(forecast).sentences)


def test_the_wording_is_neutral(forecast: Forecast) -> None:
    found = answer(forecast)
    words = found.text + " ".join(" ".join(row) for table in found.tables for row in table.rows)
    assert not re.search(r"terror|threat|jihad|dangerous|infiltrat", words, re.IGNORECASE)


def test_the_answer_says_what_the_evidence_could_not_tell(forecast: Forecast) -> None:
    contraction = pd.DataFrame(
        {"unit": ["a month", "a month", "1"], "contraction": [0.02, 0.9, -0.01]},
        index=["detained_home", "killed_hazard", "home_origin_sd"],
    )
    last = answer(replace(forecast, contraction=contraction)).sentences[-1]
    assert "2 of the model's 3 parameters" in last
    assert "how many leave custody abroad rests on judgement" in last
    moved = contraction.assign(contraction=[0.5, 0.9, 0.0])
    assert "judgement" not in answer(replace(forecast, contraction=moved)).sentences[-1]
    told = contraction.assign(contraction=0.5)
    assert "something to tell" in answer(replace(forecast, contraction=told)).sentences[-1]


def test_the_table_of_fates_adds_up_and_tells_foreign_from_local(forecast: Forecast) -> None:
    table = answer(forecast).tables[0]
    assert table.columns == ("fate or cohort", "from abroad", "share", "local")
    rows = {row[0].strip(): row[1:] for row in table.rows}
    assert set(ROWS) >= {fate for fate in ALL_FATES if fate != "not_joined"}
    for fate, name in ROWS.items():
        for origin, text in (("foreign", rows[name.strip()][0]), ("local", rows[name.strip()][2])):
            levels = np.quantile(forecast.draws(fate, origin, stratum="all"), [0.1, 0.5, 0.9])
            assert text == cell(*levels)


def test_an_end_that_never_comes_is_said(forecast: Forecast) -> None:
    never = replace(forecast.ensemble, end=np.full(forecast.size, np.inf))
    assert "leaves open" in answer(Forecast.of(never)).sentences[0]


def test_tables_have_as_many_cells_as_columns(forecast: Forecast) -> None:
    tables = answer(forecast, top=2).tables
    assert len(tables) == 3
    for table in tables:
        assert table.rows
        assert {len(row) for row in table.rows} == {len(table.columns)}
    assert len(tables[1].rows) == 2
    assert tables[1].rows[0][0] == "Tunisia"


def test_a_case_without_local_members_tells_of_the_remnant_alone(forecast: Forecast) -> None:
    case = forecast.case
    foreign = tuple(row.model_copy(update={"kind": "foreign"}) for row in case.origins)
    abroad = replace(forecast.ensemble, case=replace(case, origins=foreign))
    sentences = answer(Forecast.of(abroad)).sentences
    assert "local members about" not in " ".join(sentences)
    assert any(re.match("In .+ a remnant of", sentence) for sentence in sentences)


def test_a_case_without_other_theatres_or_countries_has_an_answer(
    forecast: Forecast, monkeypatch: pytest.MonkeyPatch
) -> None:
    ensemble = forecast.ensemble
    keep = [at for at, name in enumerate(ensemble.place_states) if "elsewhere" not in name]
    alone = replace(
        ensemble,
        place_states=tuple(ensemble.place_states[at] for at in keep),
        places=ensemble.places[:, :, keep],
        arrivals=ensemble.arrivals[:, keep],
    )
    found = answer(Forecast.of(alone))
    assert "other theatres" not in found.text
    assert len(found.tables) == 2
