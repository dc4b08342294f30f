"""The judgements of the built-in case: pooled, scored, compared, and without leakage."""

from __future__ import annotations

import ast
import datetime as dt
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import dispersal
from dispersal.errors import InputError
from dispersal.forecast.forecast import Forecast
from dispersal.inference.observation import observe
from dispersal.model.design import make_design
from dispersal.record.baselines import ReferenceShares
from dispersal.whatif.experts import Experts, experts, experts_of, with_expert_end
from dispersal.whatif.experts.judged import OTHERS
from tests.forecast.synthetic import make_ensemble

from .rows import CUT, built_in, case_with, judgement


@pytest.fixture(scope="module")
def alone() -> Experts:
    return experts_of(built_in())


@pytest.fixture(scope="module")
def forecast() -> Forecast:
    return Forecast.of(make_ensemble(built_in(), draws=8))


@pytest.fixture(scope="module")
def compared(forecast: Forecast) -> Experts:
    shares = ReferenceShares({"returned": np.linspace(0.2, 0.6, 50)})
    return experts(forecast, reference=shares)


def test_at_least_twenty_are_pooled_scored_and_listed_with_their_outcome(alone: Experts) -> None:
    counts = alone.counts()
    assert counts["judgements"] == 126
    assert counts["pooled_and_scored"] >= 20
    assert counts["scored"] >= 40
    rows = alone.judgements()
    scored = rows[rows["scored"]]
    assert len(scored) == counts["scored"]
    assert (scored["outcome"] != "").all()
    assert (scored["verdict"] != "").all()
    with_ids = scored[scored["verdict"].str.contains("right|wrong|took no side")]
    assert all(len(ids) > 0 for ids in with_ids["figure_ids"])


def test_those_that_are_not_scored_say_why(alone: Experts) -> None:
    rows = alone.judgements()
    unscored = rows[~rows["scored"].astype(bool)]
    said = unscored["verdict"].str
    assert (
        said.startswith("no claim: ")
        | said.startswith("not known: ")
        | said.contains("nothing known of")
    ).all()


def test_known_verdicts(alone: Experts) -> None:
    rows = alone.judgements().set_index("judgement_id")
    assert rows.loc["xj_046", "verdict"] == "right: inside the 80 % interval"
    assert rows.loc["xj_040", "verdict"] == "wrong: the end came 3 months later"
    assert rows.loc["xj_124", "verdict"] == "wrong: the end came 13 months later"
    assert rows.loc["xj_009", "right"] is True
    assert rows.loc["xj_014", "right"] is False
    assert rows.loc["xj_052", "right"] is True
    assert str(rows.loc["xj_070", "verdict"]).startswith("wrong: at most 8,200")


def test_later_judgements_are_marked_and_enter_no_pool(alone: Experts) -> None:
    rows = alone.judgements()
    assert (rows["later"] == (rows["published"] > CUT)).all()
    later = set(rows.loc[rows["later"], "judgement_id"])
    assert later
    for pool in alone.pooled.values():
        assert not {claim.judgement.judgement_id for claim in pool.claims} & later


def test_pools_do_not_change_with_what_is_published_later(alone: Experts) -> None:
    case = built_in()
    known = replace(case.as_known_on(CUT), experts=case.experts)
    blind = experts_of(known, CUT).pools()
    seen = alone.pools()
    columns = ["quantity", "area", "place", "kind", "method", "judgements", "says"]
    pd.testing.assert_frame_equal(blind[columns], seen[columns])
    for name in ("p10", "p50", "p90", "chance"):
        assert blind[name].to_numpy(float) == pytest.approx(seen[name].to_numpy(float), nan_ok=True)


def test_what_was_not_published_by_a_day_is_no_outcome_on_that_day() -> None:
    case = built_in()
    then = experts_of(case.as_known_on(CUT))
    assert then.counts()["judgements"] == 55
    rows = then.judgements()
    ends = rows[rows["quantity"].str.startswith("end_date")]
    assert len(ends)
    assert not ends["scored"].any()
    assert (rows["measured_to"].dropna() <= CUT).all()


def test_scores_of_all_stand_on_the_same_questions(compared: Experts) -> None:
    rows = compared.judgements()
    numbers = rows[rows["measure"].str.startswith("crps")]
    assert numbers["model"].notna().any()
    assert numbers["reference"].notna().any()
    table = compared.by_expert()
    for name in OTHERS:
        assert (table[f"n_{name}"] <= table["n"]).all()
        assert (table[name].notna() == (table[f"n_{name}"] > 0)).all()
    whole = compared.overall()
    assert whole["n"].sum() == (rows["measure"] != "").sum()


def test_the_experts_scores_do_not_depend_on_the_forecast(
    alone: Experts, compared: Experts
) -> None:
    one, other = alone.judgements(), compared.judgements()
    assert one["score"].to_numpy(float) == pytest.approx(
        other["score"].to_numpy(float), nan_ok=True
    )
    assert one["verdict"].tolist() == other["verdict"].tolist()


def test_account_of_the_question_has_every_place_with_a_verdict(compared: Experts) -> None:
    table = compared.claims()
    assert set(table["judgement_id"]) == {"xj_001", "xj_002", "xj_003", "xj_004"}
    places = set(table.loc[table["judgement_id"].isin(["xj_002", "xj_003"]), "name"])
    assert places == {"YEM", "LBY", "WAF", "AFG", "TUN", "SAU", "EUR", "ASI", "NAM"}
    assert set(table["verdict"]) <= {"came true", "partly", "no evidence", "did not"}
    assert table["p50"].notna().all()
    assert (table["p10"] <= table["p90"]).all()
    true = table[table["verdict"] == "came true"]
    assert all(len(ids) > 0 for ids in true["figure_ids"])


def test_record_is_plain_data(compared: Experts, alone: Experts) -> None:
    record = json.loads(json.dumps(compared.record(), allow_nan=False))
    assert list(record)[:4] == ["kind", "case", "case_hash", "cutoff"]
    assert record["kind"] == "experts"
    assert len(record["judgements"]) == 126
    assert record["counts"] == compared.counts()
    assert json.loads(json.dumps(alone.record(), allow_nan=False))["cutoff"] == "2017-03-07"


def test_a_case_without_judgements_has_empty_tables() -> None:
    found = experts_of(case_with())
    assert found.counts()["judgements"] == 0
    for table in (found.judgements(), found.by_expert(), found.pools(), found.claims()):
        assert table.empty
    assert found.record()["judgements"] == []


def test_rows_in_another_order_say_the_same() -> None:
    case = built_in()
    backward = experts_of(replace(case, experts=case.experts[::-1]))
    pd.testing.assert_frame_equal(backward.judgements(), experts_of(case).judgements())


def test_by_default_no_judgement_changes_what_a_model_is_fitted_to() -> None:
    case = built_in()
    other = tuple(
        row.model_copy(update={"low": 2030.0, "mode": None, "high": 2031.0})
        for row in case.experts
        if row.quantity == "end_date_of_territory"
    )
    assert len(other) > 3
    whole = observe(make_design(case, CUT))
    for judged in ((), other):
        changed = replace(case, experts=judged)
        assert changed.as_known_on(CUT).end == case.as_known_on(CUT).end
        seen = observe(make_design(changed, CUT))
        assert seen.figure_id == whole.figure_id
        assert seen.value.tolist() == whole.value.tolist()


@pytest.mark.parametrize("room", ["population", "model", "inference", "forecast"])
def test_nothing_that_makes_a_forecast_reads_the_experts(room: str) -> None:
    folder = Path(dispersal.__file__).parent / room
    for module in folder.rglob("*.py"):
        tree = ast.parse(module.read_text(encoding="utf-8"))
        read = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        assert "experts" not in read, module.name


def test_experts_inform_the_end_when_asked_to() -> None:
    case = built_in()
    informed = with_expert_end(case)
    end = informed.end.judgement_known_on(case.asked_on)
    assert end is not None
    assert end.note == "linear pool of the judgements xj_046"
    assert end.judged_on <= end.p10 < end.p50 < end.p90
    assert end.p10 == dt.date(2018, 12, 28)
    assert informed.content_hash != case.content_hash
    before = informed.end.judgement_known_on(dt.date(2016, 12, 31))
    assert before == case.end.judgement_known_on(dt.date(2016, 12, 31))
    assert case.end.judgement_known_on(case.asked_on) != end


def test_days_that_have_gone_by_are_taken_from_the_experts_end() -> None:
    row = judgement(
        quantity="end_date_of_territory", origin="", place="IRQ+SYR", published="2016-01-05",
        low=2016.0, mode=2016.5, high=2017.0,
    )  # fmt: skip
    end = with_expert_end(case_with(judgements=(row,))).end.judgement_known_on(CUT)
    assert end is not None
    assert CUT <= end.p10 <= end.p50 <= end.p90


def test_without_a_judgement_of_the_end_there_is_nothing_to_inform() -> None:
    with pytest.raises(InputError, match="found no expert's judgement of the end of territory"):
        with_expert_end(case_with())
    with pytest.raises(InputError, match="expected one of linear, log_linear, cooke"):
        with_expert_end(built_in(), method="median")
