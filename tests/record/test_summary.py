from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from dispersal.record.row import MEASURES
from dispersal.record.summary import skills, summarise


def table(countries: dict[str, list[float]], **columns: Any) -> pd.DataFrame:
    """Return rows of scores: by country, the forecast's; a baseline is twice as bad."""
    rows = []
    for at, (origin, scores) in enumerate(countries.items()):
        for own in scores:
            row: dict[str, Any] = {
                "quantity": "returned", "origin": origin, "departed": 100.0 * 4**at,
                "inside50": own < 1, "inside80": own < 2, "inside95": True,
                "rule_last_figure": "last figure", "rule_last_else_share": "last figure",
            }  # fmt: skip
            for measure in MEASURES:
                row[measure] = own
                row[f"{measure}_last_figure"] = row[f"{measure}_last_else_share"] = 2 * own
            rows.append(row | columns)
    return pd.DataFrame(rows)


def test_countries_count_equally_by_size_or_by_their_median() -> None:
    found = summarise(table({"TUN": [0.5, 1.5], "FRA": [2.0], "BEL": [9.0]})).loc["returned"]
    assert (found["rows"], found["origins"]) == (4, 3)
    assert found["crps"] == pytest.approx((1 + 2 + 9) / 3)
    assert found["crps_by_size"] == pytest.approx((1 + 4 * 2 + 16 * 9) / 21)
    assert found["crps_median"] == pytest.approx(2)
    assert found["covers50"] == pytest.approx(1 / 4)
    assert found["covers80"] == pytest.approx(2 / 4)


def test_standard_errors_are_those_of_a_mean_over_countries() -> None:
    rng = np.random.default_rng(3)
    scores = rng.gamma(2, 1, 40)
    rows = table({f"C{at:02}": [value] for at, value in enumerate(scores)}).assign(departed=1.0)
    found = summarise(rows, resamples=20_000).loc["returned"]
    assert found["crps_se"] == pytest.approx(scores.std() / np.sqrt(40), rel=0.02)
    assert found["crps_by_size_se"] == pytest.approx(found["crps_se"])
    share = (scores < 1).mean()
    assert found["covers50_se"] == pytest.approx(np.sqrt(share * (1 - share) / 40), rel=0.02)


def test_more_figures_of_the_same_countries_are_no_more_certain() -> None:
    once = table({"TUN": [0.5], "FRA": [2.0], "BEL": [9.0]})
    often = pd.concat([once] * 10, ignore_index=True)
    for column in ("crps_se", "crps_median_se", "covers50_se"):
        expected = summarise(once).loc["returned", column]
        assert summarise(often).loc["returned", column] == pytest.approx(expected)


def test_a_single_country_has_no_standard_error() -> None:
    rows = table({"TUN": [0.5, 2.0]})
    assert summarise(rows)["crps_se"].isna().all()
    found = skills(rows)
    assert found["skill"].tolist() == pytest.approx([0.5, 0.5])
    assert found[["skill_se", "skill_low", "skill_high"]].isna().to_numpy().all()


def test_the_same_seed_gives_the_same_errors() -> None:
    rows = table({"TUN": [0.5], "FRA": [2.0], "BEL": [9.0]})
    pd.testing.assert_frame_equal(summarise(rows, seed=4), summarise(rows, seed=4))
    one, other = (summarise(rows, seed=seed)["crps_se"].to_numpy(float)[0] for seed in (4, 5))
    assert other == pytest.approx(one, rel=0.1)
    assert other != one


def test_tables_of_several_cutoffs_can_be_taken_together() -> None:
    parts = [
        table({"TUN": [0.5], "FRA": [2.0]}, cutoff="2016-03-07"),
        table({"TUN": [1.5], "BEL": [3.0]}, cutoff="2017-03-07"),
    ]
    rows = pd.concat(parts, ignore_index=True)
    found = summarise(rows, ["cutoff", "quantity"])
    for part in parts:
        cutoff = part["cutoff"].iloc[0]
        alone = summarise(part).to_numpy()
        assert found.xs(cutoff).to_numpy() == pytest.approx(alone, nan_ok=True)
    whole = summarise(rows, [])
    assert whole["rows"].tolist() == [4]
    assert whole["crps"].tolist() == pytest.approx([(1 + 2 + 3) / 3])
    assert list(skills(rows, ["cutoff"])["cutoff"].unique()) == ["2016-03-07", "2017-03-07"]


def test_skill_is_against_every_baseline_on_its_own_rows() -> None:
    rows = table({"TUN": [1.0], "FRA": [2.0], "BEL": [3.0]})
    rows = rows.assign(
        rule_last_figure=["last figure", "last figure", ""],
        crps_last_figure=[2.0, 4.0, np.nan],
        rule_last_else_share=["last figure", "last figure", "pooled share"],
        crps_last_else_share=[2.0, 4.0, 3.5],
    )
    found = skills(rows).set_index("baseline")
    partial, whole = found.loc["last_figure"], found.loc["last_else_share"]
    assert (partial["rows"], partial["forecast"], partial["score"]) == (2, 1.5, 3.0)
    assert (partial["skill"], partial["own_rows"], partial["everywhere"]) == (0.5, 2, False)
    assert whole["own_rows"] == 3
    assert whole["skill"] == pytest.approx(1 - 6 / 9.5)
    assert whole["difference"] == pytest.approx(3.5 / 3)
    assert whole["skill_median"] == pytest.approx(1 - 2 / 3.5)
    assert whole["skill_by_size"] == pytest.approx(1 - 57 / (2 + 4 * 4 + 16 * 3.5))
    # The rows on which a baseline is silent may be the hard ones: it cannot be the best.
    assert list(found["best"]) == [False, True]


def test_the_best_baseline_is_the_one_with_the_lowest_score() -> None:
    rows = table({"TUN": [1.0], "FRA": [2.0]})
    rows = rows.assign(rule_last_changes="last changes", crps_last_changes=[0.5, 0.7])
    found = skills(rows).set_index("baseline")
    assert found.index[found["best"].astype(bool)].tolist() == ["last_changes"]
    assert found.loc["last_changes", "skill"] == pytest.approx(1 - 1.5 / 0.6)


def test_the_interval_of_a_skill_covers_it_as_often_as_it_says() -> None:
    """Countries drawn from a population of which the skill is known; 90 % intervals."""
    rng = np.random.default_rng(12)
    inside = []
    for _ in range(200):
        baseline = rng.gamma(4, 0.25, 40)
        own = baseline * rng.uniform(0.2, 1.2, 40)
        rows = table({f"C{at:02}": [value] for at, value in enumerate(own)})
        rows = rows.assign(crps_last_else_share=baseline, crps_last_figure=baseline)
        line = skills(rows, resamples=400).iloc[0]
        inside.append(line["skill_low"] <= 1 - 0.7 <= line["skill_high"])
    assert np.mean(inside) == pytest.approx(0.9, abs=0.07)


def test_log_scores_have_a_difference_and_no_skill() -> None:
    found = skills(table({"TUN": [1.0], "FRA": [2.0]}), measure="log_score")
    assert found["difference"].tolist() == pytest.approx([1.5, 1.5])
    assert found["skill"].isna().all()


def test_nothing_to_summarise_is_an_empty_table() -> None:
    rows = table({"TUN": [1.0]}).iloc[:0]
    assert summarise(rows).empty
    assert skills(rows).empty
    assert summarise(rows, []).empty
