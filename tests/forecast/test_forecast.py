from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from dispersal.errors import InputError
from dispersal.forecast.by_fate import Kept
from dispersal.forecast.forecast import Forecast
from dispersal.forecast.quantities import PUBLISHED, QUANTITIES
from dispersal.model.states import ALL_FATES

if TYPE_CHECKING:
    from typing import Any


def test_counts_are_sums_of_the_ensemble_at_an_instant(forecast: Forecast) -> None:
    ensemble = forecast.ensemble
    at = ensemble.months.steps - 3
    day = ensemble.months.instant(at)
    home = [ALL_FATES.index(name) for name in QUANTITIES["returned"]]
    tunisia = ensemble.origins.index("TUN")
    men_and_women = ensemble.fates[:, tunisia, :2, :, at][:, :, home].sum(axis=(1, 2))
    assert (forecast.draws("returned", "TUN", day) == men_and_women).all()
    everyone = ensemble.fates[:, tunisia, :, :, at][:, :, home].sum(axis=(1, 2))
    assert (forecast.draws("returned", "TUN", day, "all") == everyone).all()
    minors = forecast.draws("minors_returned", "TUN", day)
    assert (minors == everyone - men_and_women).all()


def test_no_origin_means_everyone_from_abroad(forecast: Forecast) -> None:
    day = dt.date(2018, 5, 17)
    parts = sum(forecast.draws("killed", code, day) for code in ("TUN", "FRA", "BEL"))
    assert np.allclose(forecast.draws("killed", None, day), parts)
    everyone = forecast.draws("killed", "all", day)
    assert np.allclose(everyone, parts + forecast.draws("killed", "SYR", day))


def test_fates_add_up_to_those_who_ever_joined(forecast: Forecast) -> None:
    parts = [forecast.draws(fate, "FRA", "2018-06-20", "all") for fate in ALL_FATES[1:]]
    assert np.allclose(sum(parts), forecast.draws("departed", "FRA", "2018-06-20", "all"))


def test_true_counts_are_linear_between_instants(forecast: Forecast) -> None:
    first, last = (forecast.draws("moving", None, day) for day in ("2017-06-01", "2017-07-01"))
    middle = forecast.draws("moving", None, "2017-06-16")
    assert np.allclose(middle, (first + last) / 2)


def test_places_add_up_to_their_fate(forecast: Forecast) -> None:
    day = "2018-02-11"
    for fate in ("elsewhere", "third_country", "detained", "underground"):
        places = {
            name.split(":")[1] for name in forecast.ensemble.place_states if name.startswith(fate)
        }
        parts = sum(forecast.draws(fate, "all", day, place=place) for place in places)
        assert np.allclose(parts, forecast.draws(fate, "all", day, "all"))
    hosts = ("LBY:is_libya", "LBY:-")
    parts = sum(forecast.draws("elsewhere", "TUN", day, place=place) for place in hosts)
    assert np.allclose(parts, forecast.draws("elsewhere", "TUN", day, place="LBY"))


def test_strata_add_up_at_places(forecast: Forecast) -> None:
    day = "2018-05-20"

    def there(group: str, stratum: str | None = None) -> Any:
        return forecast.draws("elsewhere", group, day, stratum, place="LBY")

    for group in ("foreign", "local", "all"):
        men, women, minors = (there(group, name) for name in ("men", "women", "minors"))
        whole = there(group)
        np.testing.assert_allclose(men + women + minors, whole)
        np.testing.assert_allclose(men + women, there(group, "adults"))
        np.testing.assert_array_equal(there(group, "all"), whole)
    places = ("LBY", "YEM")
    parts: Any = sum(
        forecast.draws("elsewhere", None, day, "women", place=place) for place in places
    )
    np.testing.assert_allclose(parts, forecast.draws("elsewhere", None, day, "women"))


def test_arrivals_never_fall(forecast: Forecast) -> None:
    months = [forecast.arrived("LBY", f"2018-{month:02d}-01") for month in range(1, 13)]
    assert (np.diff(months, axis=0) >= 0).all()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"quantity": "retuned"}, "did you mean 'returned'"),
        ({"quantity": "returned", "origin": "TUM"}, "did you mean 'TUN'"),
        ({"quantity": "returned", "stratum": "womem"}, "did you mean 'women'"),
        ({"quantity": "women_returned", "stratum": "men"}, "expected 'women' or none"),
        ({"quantity": "returned", "date": "2019-06-01"}, "the nearest is 2018-12-31"),
        ({"quantity": "returned", "date": "2010-06-01"}, "the nearest is 2016-06-01"),
        ({"quantity": "returned", "date": "June"}, "YYYY-MM-DD"),
        ({"quantity": "elsewhere", "place": "LBX"}, "did you mean 'LBY'"),
        ({"quantity": "killed", "place": "LBY"}, "there are none"),
        ({"quantity": "elsewhere", "place": "LBY", "date": "2016-08-01"}, "from the cut-off on"),
        (
            {"quantity": "elsewhere", "origin": "TUN", "place": "LBY", "stratum": "men"},
            "expected one of foreign, local, all: places are counted by stratum for groups",
        ),
        ({"quantity": "women_returned", "place": "LBY"}, "a quantity of one stratum with a place"),
        ({"quantity": "elsewhere", "place": "LBY", "as_published": True}, "expected neither"),
        ({"quantity": "moving", "origin": "TUN", "as_published": True}, "no.* national series"),
        ({"quantity": "returned", "as_published": True}, "without an origin"),
    ],
)
def test_wrong_questions_are_answered_with_what_would_be_right(
    forecast: Forecast, arguments: dict[str, Any], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        forecast.draws(**arguments)


def test_published_figures_are_the_same_on_every_call(forecast: Forecast) -> None:
    first = forecast.draws("returned", "TUN", "2018-10-31", as_published=True)
    again = forecast.draws("returned", "TUN", "2018-10-31", as_published=True)
    assert first.tobytes() == again.tobytes()
    other_day = forecast.draws("returned", "TUN", "2018-11-30", as_published=True)
    assert not np.allclose(first, other_day)


def test_published_figures_carry_the_bias_of_their_series(forecast: Forecast) -> None:
    silent = {name: np.zeros(forecast.size) for name in PUBLISHED}
    biased = {
        name: np.full((forecast.size, len(forecast.ensemble.origins)), np.log(2))
        for name in PUBLISHED
    }
    huge = replace(
        forecast.ensemble,
        by_fate=Kept(np.full_like(forecast.ensemble.fates, 50_000_000), forecast.ensemble.now),
        bias=biased,
        error=silent,
    )
    known = Forecast.of(huge)
    # No figure of the dead is known that could be told again.
    true = known.draws("killed", "TUN", "2018-01-01")
    published = known.draws("killed", "TUN", "2018-01-01", as_published=True)
    assert np.allclose(published / true, 2, rtol=1e-2)


def test_the_noise_of_published_figures_is_as_declared(forecast: Forecast) -> None:
    """On log(1 + n) the residual over sqrt(error² + 1/(1 + n)) is a Student-t(4): variance 2."""
    ensemble = replace(
        forecast.ensemble,
        bias={name: np.zeros_like(values) for name, values in forecast.ensemble.bias.items()},
        by_fate=Kept(np.maximum(forecast.ensemble.fates, 1_000), forecast.ensemble.now),
    )
    known = Forecast.of(ensemble)
    residuals = []
    for month in range(1, 13):
        for year in (2017, 2018):
            day = dt.date(year, month, 1)
            for origin in ("TUN", "FRA", "BEL", "SYR"):
                true = known.draws("killed", origin, day)
                figure = known.draws("killed", origin, day, as_published=True)
                scale = np.sqrt(ensemble.error["killed"] ** 2 + 1 / (1 + true))
                residuals.append((np.log1p(figure) - np.log1p(true)) / scale)
    levels = np.quantile(np.concatenate(residuals), [0.1, 0.25, 0.5, 0.75, 0.9])
    assert levels == pytest.approx([-1.533, -0.741, 0.0, 0.741, 1.533], abs=0.08)


def test_the_summary_agrees_with_the_draws(forecast: Forecast) -> None:
    table = forecast.summary()
    assert not table.duplicated(["quantity", "origin", "place", "stratum", "date"]).any()
    assert table["date"].min().date() == forecast.cutoff
    assert table["date"].max().date() == forecast.last_day == dt.date(2018, 12, 31)
    picked = table.sample(60, random_state=1)
    for row in picked.to_dict("records"):
        draws = forecast.draws(
            row["quantity"],
            row["origin"],
            row["date"],
            stratum=None if row["place"] else row["stratum"],
            place=row["place"] or None,
        )
        quantiles = [row["p10"], row["p50"], row["p90"]]
        assert quantiles == pytest.approx(np.quantile(draws, [0.1, 0.5, 0.9]))
        assert row["mean"] == pytest.approx(draws.mean())


def test_cohorts_are_made_of_their_parts(forecast: Forecast) -> None:
    table = forecast.cohorts("2018-10-31")
    for cohort in ("holdouts", "free_agents", "returnees"):
        means = table.loc[cohort]["mean"]
        assert means["all"] == pytest.approx(means.drop("all").sum())
    fates = forecast.fates_table("2018-10-31")
    assert fates.loc["departed", "share_p50"] == 1
    assert fates["share_mean"].drop("departed").sum() == pytest.approx(1)


def test_home_countries_are_ranked_and_cut(forecast: Forecast) -> None:
    table = forecast.origins_table(top=2)
    assert list(table.index) == ["TUN", "FRA"]
    assert table.loc["TUN", "name"] == "Tunisia"
    draws = forecast.draws("returned", "TUN", stratum="all")
    assert table.loc["TUN", "returned_p90"] == pytest.approx(np.quantile(draws, 0.9))


def test_theatres_share_the_chance_of_being_first(forecast: Forecast) -> None:
    table = forecast.theatres_table()
    assert set(table.index) == {"LBY", "YEM"}
    assert table["arrived_p50"].is_monotonic_decreasing
    assert table["probability_first"].sum() == pytest.approx(1)
    nobody = replace(forecast.ensemble, arrivals=np.zeros_like(forecast.ensemble.arrivals))
    assert Forecast.of(nobody).theatres_table()["probability_first"].sum() == 0


def test_the_remnant_is_counted_in_the_home_theatre_only(forecast: Forecast) -> None:
    table = forecast.remnant(threshold=95)
    assert table.index[0] == np.datetime64("2017-04-01")
    assert table.index[-1] == np.datetime64("2018-12-01")
    last = table.iloc[-1]
    resurgent = forecast.draws("resurgent", "all", "2018-12-01", place="SYR-BADIA")
    assert last["resurgent_p50"] == np.median(resurgent)
    assert last["probability_above"] == (resurgent > 95).mean()
    strength = resurgent + forecast.draws("underground", "all", "2018-12-01", place="SYR-BADIA")
    assert last["strength_mean"] == pytest.approx(strength.mean())


def test_the_end_is_a_day_with_quantiles_and_modes(forecast: Forecast) -> None:
    end = forecast.end_date()
    assert end.p10
    assert end.p50
    assert end.p90
    assert forecast.cutoff < end.p10 < end.p50 < end.p90
    assert sum(end.modes.values()) == pytest.approx(1)
    never = replace(forecast.ensemble, end=np.full(forecast.size, np.inf))
    assert Forecast.of(never).end_date().p50 is None
    assert Forecast.of(never).end_date().within_period == 0
