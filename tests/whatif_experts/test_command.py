"""``dispersal experts``, for a case and for a saved run."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest
from click.testing import CliRunner

from dispersal.cli.experts import experts
from dispersal.forecast.forecast import Forecast
from dispersal.record.baselines import ReferenceShares
from dispersal.whatif.experts import result
from tests.forecast.synthetic import make_ensemble

from .rows import built_in

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def alone() -> str:
    done = CliRunner().invoke(experts, ["isis_2017"], catch_exceptions=False)
    assert done.exit_code == 0
    return " ".join(done.output.split())


def test_a_case_is_pooled_and_scored_without_a_forecast(alone: str) -> None:
    assert alone.startswith("126 published judgements, 55 of them known on 2017-03-07.")
    assert "wrong: the end came 13 months later" in alone
    assert "The account of 2017-03-07 by Clarke, C. & Amarasingam, A." in alone
    assert "no claim: a policy aim, no judgement of what will be: " in alone


def test_json_is_the_record() -> None:
    done = CliRunner().invoke(experts, ["isis_2017", "--json"], catch_exceptions=False)
    assert json.loads(done.output) == result.experts_of(built_in()).record()


def test_a_run_is_compared_and_keeps_the_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shares = ReferenceShares({"returned": np.linspace(0.2, 0.6, 20)})
    monkeypatch.setattr(result, "past_shares", lambda *_, **__: shares)
    run = Forecast.of(make_ensemble(built_in(), draws=4)).save(tmp_path / "run")
    done = CliRunner().invoke(experts, [str(run)], catch_exceptions=False)
    assert done.exit_code == 0
    kept = run / "whatif" / "experts.json"
    assert f"Saved: {kept}" in done.output
    record = json.loads(kept.read_text(encoding="utf-8"))
    assert record["counts"]["pooled_and_scored"] >= 20
    assert any("model" in row for row in record["judgements"])
    CliRunner().invoke(experts, [str(run)], catch_exceptions=False)
    assert (run / "whatif" / "experts-1.json").is_file()


def test_an_unknown_case_is_refused() -> None:
    done = CliRunner().invoke(experts, ["no_such_case"])
    assert done.exit_code != 0
    assert "no_such_case" in str(done.exception)
