"""Countries and sources left out: what each fit sees, and how what it does not see is scored."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING, Any

import jax
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispersal.errors import InputError
from dispersal.inference.observation import observe
from dispersal.model.design import make_design
from dispersal.model.trajectory import trajectories
from dispersal.record.checks import CountriesLeftOut, leave_countries_out, leave_sources_out
from dispersal.record.checks.folds import METHODS, compared, deal
from dispersal.record.checks.rows import totals_expected
from dispersal.record.checks.sources import moves

from .conftest import SHORT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dispersal.case import Case
    from dispersal.inference.posterior import Posterior

OUTCOMES = {"FRA": {"g2", "g6", "f3"}, "RUS-CAUCASUS": {"g3", "g5"}, "TUN": {"f2", "g4"}}


def fit_at_once(
    monkeypatch: pytest.MonkeyPatch, posterior: Posterior
) -> tuple[list[set[str]], list[str]]:
    """Put the fit of all rows in the place of every other; return what each would have seen."""
    rows: list[set[str]] = []
    steps: list[str] = []

    def instant(case: Case, **settings: Any) -> Posterior:
        design = make_design(case, settings["as_known_on"])
        observations = observe(design)
        rows.append(set(observations.figure_id))
        assert settings["require"] is False
        settings["progress"](1, 1)
        return dataclasses.replace(posterior, design=design, observations=observations)

    monkeypatch.setattr("dispersal.record.checks.refit.fit", instant)
    return rows, steps


@pytest.fixture(scope="module")
def left(
    case: Case, posterior: Posterior
) -> Iterator[tuple[CountriesLeftOut, list[set[str]], list[str]]]:
    """Three folds of three countries, what each fit has seen, and the steps told of."""
    with pytest.MonkeyPatch.context() as patch:
        rows, steps = fit_at_once(patch, posterior)

        def progress(name: str) -> Callable[[int, int], None]:
            return lambda *_: steps.append(name)

        found = leave_countries_out(
            case, folds=3, posterior=posterior, draws=60, seed=5, progress=progress
        )
        yield found, rows, steps


#: What the fixture ``left`` gives.
Left = tuple[CountriesLeftOut, list[set[str]], list[str]]


@given(
    names=st.sets(st.text("ABCDEFG", min_size=3, max_size=3), min_size=2, max_size=30),
    seed=st.integers(0, 99),
    data=st.data(),
)
def test_every_country_is_in_one_fold(names: set[str], seed: int, data: st.DataObject) -> None:
    origins = sorted(names)
    folds = data.draw(st.integers(2, len(origins)))
    dealt = deal(origins, folds, seed)
    assert sorted(name for fold in dealt for name in fold) == origins
    sizes = [len(fold) for fold in dealt]
    assert len(sizes) == folds
    assert max(sizes) - min(sizes) <= 1
    assert deal(origins, folds, seed) == dealt


def test_each_fold_is_predicted_without_its_outcomes(left: Left, posterior: Posterior) -> None:
    found, seen, _ = left
    everything = set(posterior.observations.figure_id)
    assert sorted(name for fold in found.folds for name in fold) == sorted(OUTCOMES)
    assert len(seen) == 3
    for fold, rows in zip(found.folds, seen, strict=True):
        assert everything - rows == set().union(*(OUTCOMES[name] for name in fold))
        assert {"f1", "f5", "g1", "g7", "g8", "a4"} <= rows
    assert set(found.rows["figure_id"]) == set().union(*OUTCOMES.values()) - {"f3"}
    for row in found.rows.itertuples():
        assert row.origin in found.folds[int(str(row.fold)) - 1]
        assert row.figure_id in OUTCOMES[str(row.origin)]


def test_the_same_posterior_scores_the_same(left: Left) -> None:
    rows = left[0].rows
    np.testing.assert_array_equal(rows["crps_left_out"], rows["crps_in_fit"])
    np.testing.assert_array_equal(rows["inside80_left_out"], rows["inside80_in_fit"])


def test_share_is_that_of_the_other_countries(left: Left) -> None:
    row = left[0].rows.set_index("figure_id").loc["g3"]
    # France: 200 to 220 of 1,000 to 1,100; Tunisia: 800 of 6,000 to 6,500; geometric middles.
    middle = [np.sqrt(201 * 221) - 1, np.sqrt(1001 * 1101) - 1, np.sqrt(6001 * 6501) - 1]
    share = (middle[0] + 800) / (middle[1] + middle[2])
    assert row["p50_pooled_share"] == pytest.approx(share * 900, rel=0.01)


def test_folds_are_told_of(left: Left) -> None:
    found, _, steps = left
    names = [f"without fold {number}" for number in (1, 2, 3)]
    assert steps == [f"fitting {name}" for name in names]
    record = json.loads(json.dumps(found.record()))
    assert list(record["problems"]) == ["all rows", *names]
    assert record["problems"]["all rows"], "such short chains cannot be without fault"
    assert {row["method"] for row in record["table"]} == set(METHODS)


def test_countries_weigh_equally_and_only_common_rows_count() -> None:
    names = [f"{name}_{method}" for method in METHODS for name in ("crps", "inside50")]
    names += [f"{name}_{method}" for method in METHODS for name in ("p50", "inside80", "inside95")]
    cells = dict.fromkeys(names, 1.0)
    texts = {"quantity": "killed", "as_of": "", "fold": 1, "published": 1.0}
    rows = pd.DataFrame(
        [
            {**cells, **texts, "figure_id": "a", "origin": "AAA", "crps_left_out": 1.0},
            {**cells, **texts, "figure_id": "b", "origin": "AAA", "crps_left_out": 3.0},
            {**cells, **texts, "figure_id": "c", "origin": "BBB", "crps_left_out": 0.0},
            {**cells, **texts, "figure_id": "d", "origin": "CCC", "crps_pooled_share": np.nan},
        ]
    )
    table = compared(rows).set_index(["quantity", "method"])
    assert table.loc[("killed", "left_out"), "crps"] == pytest.approx(1.0)
    assert table.loc[("killed", "left_out"), "rows"] == 3
    assert table.loc[("all", "in_fit"), "skill"] == pytest.approx(0.0)


@pytest.mark.parametrize("folds", [1, 4])
def test_numbers_of_folds_that_make_no_sense_are_refused(
    case: Case, posterior: Posterior, folds: int
) -> None:
    with pytest.raises(InputError, match=f"found {folds} folds of 3 countries"):
        leave_countries_out(case, folds=folds, posterior=posterior, draws=60)


def test_a_fit_of_another_day_is_refused(case: Case, posterior: Posterior) -> None:
    with pytest.raises(InputError, match="as known on 2017-03-07, expected one of this demo as kn"):
        leave_countries_out(case, as_known_on="2017-03-01", folds=2, posterior=posterior)


def test_each_source_is_left_out_whole(
    case: Case, posterior: Posterior, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen, _ = fit_at_once(monkeypatch, posterior)
    found = leave_sources_out(
        case, sources=2, posterior=posterior, progress=lambda _: lambda *_: None
    )
    assert list(found.problems) == ["all rows", "without un_2016", "without late_2017"]
    assert seen[0] == {"g2", "g3", "g5"}
    assert seen[1] == set(posterior.observations.figure_id) - {"g2", "g3", "g5"}
    table = found.table.set_index("source")
    assert table.loc["late_2017", "rows"] == 3
    assert (table["effect"] == 0).all(), "the same posterior has the same totals"
    assert json.loads(json.dumps(found.record()))["totals"][0]["total"] == "returned"


def test_evidence_of_one_source_cannot_be_left_out(case: Case, posterior: Posterior) -> None:
    ledger = case.ledger
    rows = tuple(row for row in ledger.figure_rows if row.source == "late_2017")
    one = dataclasses.replace(
        case, ledger=dataclasses.replace(ledger, figure_rows=rows, aggregate_rows=())
    )
    design = make_design(one, one.asked_on)
    alone = dataclasses.replace(posterior, design=design, observations=observe(design))
    with pytest.raises(InputError, match="found evidence of 1 sources"):
        leave_sources_out(one, sources=1, posterior=alone)
    with pytest.raises(InputError, match="found 0 sources"):
        leave_sources_out(case, sources=0, posterior=posterior)


def test_totals_are_sums_over_foreign_origins(posterior: Posterior) -> None:
    totals = totals_expected(posterior)
    values = {name: draws[1, 7] for name, draws in posterior.samples.items()}
    states = jax.jit(lambda one: trajectories(one, posterior.design))(values)
    foreign = ~posterior.design.local
    adults = np.exp(values["members"])[foreign]
    killed = (np.asarray(states["killed"])[foreign, -1] * adults).sum()
    assert totals["killed"].shape == posterior.statistics["lp"].shape
    assert totals["killed"][1, 7] == pytest.approx(killed)
    parts = ("joined", "home", "killed", "onward")
    joined, home, dead, onward = (
        (np.asarray(states[name])[foreign, -1] * adults).sum() for name in parts
    )
    assert totals["remaining"][1, 7] == pytest.approx(joined - home - dead - onward)


def test_moves_are_in_deviations_of_the_fit_of_all_rows() -> None:
    rng = np.random.default_rng(1)
    before, after = np.exp(rng.normal(8.0, 0.5, (4, 500))), np.exp(rng.normal(8.5, 1.0, (4, 500)))
    found = moves("killed", before, after)
    assert found["shift_killed"] == pytest.approx(1.0, abs=0.15)
    assert found["width_killed"] == pytest.approx(1.0, abs=0.1)
    assert found["noise_killed"] == pytest.approx(np.sqrt(1 + 4) / np.sqrt(2000), rel=0.25)


@pytest.mark.slow
def test_real_fits_know_less_of_what_they_have_not_seen(case: Case) -> None:
    settings = {**SHORT, "warmup": 100, "draws": 100}
    found = leave_countries_out(case, folds=3, fit_settings=settings, draws=200, seed=5)
    seen_rows = found.rows[found.rows["quantity"] == "returned"]
    assert seen_rows["crps_left_out"].mean() > seen_rows["crps_in_fit"].mean()
    table = leave_sources_out(case, sources=1, fit_settings=settings, seed=5).table
    assert list(table["source"]) == ["un_2016"]
    assert (table["effect"] > 0).all()
    assert (table["width_returned"] > 0).all(), "less evidence, wider"
