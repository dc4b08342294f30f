"""Value of information: against closed forms, and on a forecast with one decisive figure."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from dispersal.errors import InputError
from dispersal.whatif.information import Information, information
from dispersal.whatif.information_cut import Yardstick
from dispersal.whatif.information_figures import Figure, figures_of
from dispersal.whatif.information_regression import explained
from dispersal.whatif.information_target import target_of
from dispersal.whatif.information_values import common_noise, drawn_values, values_of
from dispersal.whatif.weighing import effective_size, weighted_difference, without_twins
from tests.forecast.synthetic import make_forecast

from .synthetic import MIDDLE, SPREAD, correlated, cuts, decisive_forecast, figure_of

if TYPE_CHECKING:
    from pathlib import Path

    from dispersal.forecast.forecast import Forecast

#: 90 % quantile of a standard normal.
NORMAL_P90 = 1.2815515655446004


@pytest.fixture(scope="module")
def decisive(tmp_path_factory: pytest.TempPathFactory) -> Forecast:
    return decisive_forecast(tmp_path_factory.mktemp("decisive"))


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Forecast:
    return make_forecast(tmp_path_factory.mktemp("tiny"), draws=200)


def rows_of(found: Information) -> dict[str, dict[Any, Any]]:
    return {str(row["figure"]): row for row in found.figures.to_dict("records")}


@pytest.mark.parametrize("share", [0.0, 0.1, 0.4, 0.8])
def test_normal_target_and_figure_agree_with_the_closed_form(share: float) -> None:
    target, centre = correlated(share, draws=2_000, seed=11)
    figure = figure_of(centre, scale=0.04)
    width, crps, variance = cuts(target, figure)
    left = np.sqrt(1.0 - share)
    assert variance == pytest.approx(share, abs=0.03)
    assert crps.share == pytest.approx(1.0 - left, abs=4 * crps.error)
    # On the scale of persons, the interval's width is log-normal over the values of the figure.
    before = np.sinh(NORMAL_P90 * SPREAD)
    after = np.sinh(NORMAL_P90 * SPREAD * left) * np.exp(-(1 - share) * SPREAD**2 / 2)
    after *= np.exp(SPREAD**2 / 2 * (1 - share) + share * SPREAD**2 / 2)
    assert width.share == pytest.approx(1.0 - after / before, abs=4 * width.error)
    assert crps.error < width.error < 0.05


def test_a_normal_error_adds_to_what_a_figure_leaves_open() -> None:
    rng = np.random.default_rng(4)
    known = rng.normal(size=4_000)
    # What the figure says is the target with an error as large as the target's own spread.
    figure = figure_of(MIDDLE + known + rng.normal(size=4_000), scale=0.05)
    _, crps, variance = cuts(MIDDLE + SPREAD * known, figure)
    assert variance == pytest.approx(0.5, abs=0.04)
    assert crps.share == pytest.approx(1.0 - np.sqrt(0.5), abs=4 * crps.error)


def test_weights_and_regression_agree() -> None:
    for share in (0.0, 0.3, 0.9):
        target, centre = correlated(share, draws=2_000, seed=12)
        figure = figure_of(centre, scale=0.3)
        drawn = drawn_values(figure, common_noise(2_000, seed=1), seed=1)
        _, _, variance = cuts(target, figure)
        assert explained(drawn, target[None]) == pytest.approx(variance, abs=0.03)


def test_values_agree_with_nested_monte_carlo_that_leaves_out_the_draw_behind_each_value() -> None:
    target, centre = correlated(0.5, draws=600, seed=18)
    figure = figure_of(centre, scale=0.2)
    _, crps, _ = cuts(target, figure)
    drawn = centre + figure.scale * common_noise(600, seed=1)
    weights = (1.0 + ((drawn[:, None] - centre) / figure.scale) ** 2 / 4) ** -2.5
    np.fill_diagonal(weights, 0.0)
    left = without_twins(weighted_difference(target, weights), effective_size(weights))
    before = without_twins(weighted_difference(target, np.ones(600)), np.array(600.0))
    assert crps.share == pytest.approx(1.0 - left.mean() / before, abs=0.01)


def test_figures_that_tell_nothing_are_worth_about_nothing() -> None:
    target, _ = correlated(0.0, draws=600, seed=13)
    rng = np.random.default_rng(14)
    found = [cuts(target, figure_of(MIDDLE + rng.normal(size=600), 0.2)) for _ in range(40)]
    shares = np.array([crps.share for _, crps, _ in found])
    errors = np.array([crps.error for _, crps, _ in found])
    assert abs(shares.mean()) < 0.003
    assert abs(np.mean([width.share for width, _, _ in found])) < 0.01
    assert (np.abs(shares) < 2 * errors).sum() >= 34
    # The stated error is about what the figures really scatter by.
    assert 0.5 < np.median(errors) / shares.std() < 2.0


def test_a_more_precise_figure_is_worth_more() -> None:
    target, centre = correlated(0.8, draws=800, seed=15)
    shares = [cuts(target, figure_of(centre, scale))[1].share for scale in (0.05, 0.2, 0.6, 2.0)]
    assert shares == sorted(shares, reverse=True)
    assert shares[0] > 1.5 * shares[2] > 0.1


def test_a_figure_without_error_tells_all() -> None:
    target, _ = correlated(0.0, draws=300, seed=19)
    width, crps, _ = cuts(target, figure_of(target, 1e-9))
    assert width.share > 0.95
    assert crps.share > 0.95


def test_a_figure_that_is_mostly_told_again_is_worth_less() -> None:
    target, centre = correlated(0.8, draws=800, seed=16)
    new = figure_of(centre, 0.1)
    found = [
        cuts(target, replace(new, chance=chance, repeated=900.0))[1].share
        for chance in (0.0, 0.5, 0.9)
    ]
    # Nothing is learnt from a repeat.
    np.testing.assert_allclose(found, [found[0], 0.5 * found[0], 0.1 * found[0]], rtol=0.1)


def test_chances_of_values_are_those_of_the_predictive_distribution() -> None:
    rng = np.random.default_rng(17)
    centre = np.maximum(rng.normal(1.0, 1.0, 1_000), 0.0)
    figure = replace(figure_of(centre, 0.8), chance=0.2, repeated=0.0)
    found = values_of(figure, common_noise(1_000, seed=1), 100)
    drawn = drawn_values(figure, common_noise(1_000, seed=1), seed=1)
    assert (np.diff(found.value) >= 0).all()
    assert found.chance.sum() == pytest.approx(1.0)
    assert found.chance[found.value == 0.0].sum() == pytest.approx((drawn == 0).mean(), abs=0.03)
    mean = (found.chance * found.value).sum()
    assert mean == pytest.approx(drawn.mean(), abs=4 * drawn.std() / np.sqrt(1_000))


def test_the_decisive_figure_ranks_first(decisive: Forecast) -> None:
    found = information(decisive)
    rows = rows_of(found)
    name, first = next(iter(rows.items()))
    assert name == "returned:TUN"
    assert (first["rank"], first["rank_best"], first["rank_worst"]) == (1, 1, 1)
    assert first["width_cut"] > 0.7
    assert found.width * (1 - first["width_cut"]) == pytest.approx(first["width"], rel=1e-5)
    # The total counts the same people with a larger error; no other figure counts them.
    assert 0.0 < rows["returned_total"]["crps_cut"] < first["crps_cut"] / 2
    others = [row for each, row in rows.items() if each not in ("returned:TUN", "returned_total")]
    assert len(others) > 30
    for row in others:
        assert abs(row["crps_cut"]) < 4 * row["crps_cut_error"] + 0.005, row["figure"]
    assert abs(rows["killed:FRA"]["crps_cut"]) < 0.02


def test_the_last_figure_and_its_age_are_told(decisive: Forecast) -> None:
    rows = rows_of(information(decisive))
    assert rows["returned:TUN"]["last"] == pytest.approx(799)
    assert rows["returned:TUN"]["age_days"] == 66
    assert rows["killed:FRA"]["last_on"] is None


def test_names_and_order_of_figures_do_not_matter(tiny: Forecast) -> None:
    figures = figures_of(tiny, tiny.cutoff)
    renamed = [replace(each, name=f"x{at}", where="YEM") for at, each in enumerate(figures)]
    first = information(tiny, figures=figures).figures
    second = information(tiny, figures=renamed[::-1]).figures
    columns = ["width_cut", "crps_cut", "crps_cut_error", "variance_regression", "size"]
    # Equal figures may change places.
    for column in columns:
        np.testing.assert_allclose(
            np.sort(first[column]), np.sort(second[column]), rtol=1e-6, atol=1e-9
        )
    assert first["crps_cut"].is_monotonic_decreasing
    assert (first["rank_best"] <= first["rank"]).all()
    assert (first["rank"] <= first["rank_worst"]).all()


def test_numbers_are_the_same_each_time(tiny: Forecast) -> None:
    first, second = (information(tiny).record() for _ in range(2))
    assert first == second


def test_every_country_weighted_equally(decisive: Forecast) -> None:
    found = information(decisive, "returned:each")
    assert not found.target.single
    assert found.target.counts.shape == (3, 400)
    assert found.figures.iloc[0]["figure"] == "returned:TUN"
    # Two of the three countries are sure: the mean spread is a third of Tunisia's.
    alone = Yardstick(decisive.draws("returned", "TUN")[None], seed=3).now()
    assert found.crps == pytest.approx(float(alone.crps[0]) / 3, rel=0.01)
    assert found.record()["unit"] == "log(1 + n)"


def test_figures_of_a_case(tiny: Forecast) -> None:
    found = {figure.name: figure for figure in figures_of(tiny, tiny.cutoff)}
    national = {name for name, figure in found.items() if figure.kind == "national"}
    assert {"returned:TUN", "detained:BEL", "minors_returned:FRA"} <= national
    # No national series of locals is known.
    assert not any(name.endswith(":SYR") for name in national)
    assert {"theatre_foreigners:LBY", "arrived:YEM", "detained_at:TUR", "holdouts"} <= set(found)
    spread = found["arrived:YEM"].scale.min()
    assert spread >= 0.5
    np.testing.assert_allclose(
        found["detained_at:TUR"].centre,
        np.log1p(tiny.draws("detained", "all", tiny.cutoff, place="TUR")),
    )
    before = {figure.name for figure in figures_of(tiny, tiny.first_day)}
    assert "returned_total" in before
    assert "arrived:YEM" not in before


def test_record_is_plain_and_begins_as_all_do(tiny: Forecast) -> None:
    found = information(tiny, "holdouts:all@2018-06-30", as_of="2017-12-31")
    check = found.check()
    assert 0.0 < check["mean"] < check["largest"] < 0.2
    assert 1.0 < check["smallest_size"] < 200.0
    record = found.record(top=5)
    assert list(record)[:7] == [
        "kind", "case", "case_hash", "cutoff", "seed", "draws", "versions",
    ]  # fmt: skip
    assert record["kind"] == "information"
    assert record["target"] == "holdouts:all@2018-06-30"
    assert record["as_of"] == "2017-12-31"
    assert len(record["figures"]) == 5 < record["compared"]
    assert json.loads(json.dumps(record, allow_nan=False)) == record


def test_progress_is_told(tiny: Forecast) -> None:
    told: list[tuple[int, int]] = []
    figures = figures_of(tiny, tiny.cutoff)[:3]
    information(tiny, figures=figures, progress=lambda done, total: told.append((done, total)))
    assert told == [(1, 3), (2, 3), (3, 3)]


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("retuned_total", "did you mean 'returned'"),
        ("returned:TUNN", "did you mean 'TUN'"),
        ("returned@2031-01-01", "the nearest is 2018-12-31"),
        ("returned@soon", "found 'soon'"),
    ],
)
def test_slips_in_a_target_are_told(tiny: Forecast, target: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        information(tiny, target)


def test_what_cannot_be_compared_is_told(
    tiny: Forecast, decisive: Forecast, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match="same count of 'returned' for 'FRA'"):
        target_of(decisive, "returned:FRA")
    with pytest.raises(InputError, match="no figures"):
        information(tiny, figures=[])
    with pytest.raises(InputError, match="found 20 draws, expected 50 or more"):
        information(make_forecast(tmp_path, draws=20))


def test_figure_of_nobody_is_a_value_of_its_own() -> None:
    nobody = Figure("killed:BEL", "national", "killed", "BEL", np.zeros(100), np.full(100, 1e-3))
    found = values_of(nobody, -np.ones(100), 10)
    assert found.value.tolist() == [0.0]
    assert found.likelihood.shape == (1, 100)
