"""Levers: paired draw by draw, exact where nothing changes, never of the wrong sign."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispersal.case import load_case
from dispersal.errors import InputError
from dispersal.forecast.ensemble import simulate
from dispersal.forecast.forecast import Forecast
from dispersal.forecast.world import World
from dispersal.model.states import ALL_FATES
from dispersal.population import Totals
from dispersal.whatif.carriers import carriers_of
from dispersal.whatif.compare import compare
from dispersal.whatif.compare_tables import differences, paired_table
from tests.case.small import write_small
from tests.forecast.prior import prior_posterior
from tests.model.cases import policy

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dispersal.case import Case
    from dispersal.case.schema import Policy
    from dispersal.inference.posterior import Posterior
    from dispersal.whatif.compare import Comparison

UNTIL = dt.date(2018, 12, 31)
SHARES = st.floats(0.0, 1.0)


@pytest.fixture(scope="module")
def posterior(tmp_path_factory: pytest.TempPathFactory) -> Posterior:
    return prior_posterior(load_case(write_small(tmp_path_factory.mktemp("case"))), 80)


def with_policies(case: Case, *rows: Policy) -> Case:
    return replace(case, policies=(*case.policies, *rows))


def banned(case: Case, share: float) -> Case:
    return with_policies(case, policy("TUN", "entry_ban", share, share, "2017-03-02"))


@pytest.fixture(scope="module")
def compared(posterior: Posterior) -> Comparison:
    case = posterior.design.case
    return compare(
        posterior,
        {"nothing": replace(case), "ban": banned(case, 0.8), "narrow": banned(case, 0.3)},
        draws=200,
        seed=7,
    )


def test_a_null_lever_changes_nothing_in_any_draw(compared: Comparison) -> None:
    base, nothing = compared.base, compared.levers["nothing"].outcomes
    np.testing.assert_array_equal(base.fates, nothing.fates)
    np.testing.assert_array_equal(base.monthly, nothing.monthly)
    np.testing.assert_array_equal(base.places, nothing.places)
    table = compared.table("nothing")
    assert not table[["mean", "p10", "p50", "p90", "up", "down"]].to_numpy().any()
    assert table["variance_cut"].isna().all()


def test_a_lever_that_matches_nothing_is_a_null_lever(posterior: Posterior) -> None:
    found = compare(posterior, ["no_custody"], draws=10, seed=3)
    assert found.levers["no_custody"].changes
    # Custody at home changes who is held there, and nobody's way home.
    assert not found.difference("no_custody", "killed").any()
    assert (found.difference("no_custody", "home_in_custody", origin="FRA") <= 0).all()


def test_the_base_is_the_forecast(posterior: Posterior, compared: Comparison) -> None:
    forecast = Forecast.of(simulate(posterior, draws=200, seed=7))
    for quantity in ("returned", "killed", "holdouts", "free_agents", "detained"):
        for origin in ("foreign", "local", "TUN", "all"):
            np.testing.assert_array_equal(
                compared.draws(None, quantity, origin=origin),
                forecast.draws(quantity, origin, compared.date, stratum="all"),
            )
    np.testing.assert_array_equal(
        compared.draws(None, "elsewhere", origin="all", place="LBY-FEZZAN"),
        forecast.draws("elsewhere", "all", compared.date, place="LBY-FEZZAN"),
    )


def test_people_are_conserved_in_every_world(compared: Comparison) -> None:
    everyone = compared.base.fates.sum(axis=3)
    for lever in compared.levers.values():
        np.testing.assert_array_equal(lever.outcomes.fates.sum(axis=3), everyone)
        months = lever.outcomes.monthly.sum(axis=2)
        assert (months == months[..., :1]).all()


def cut(found: Comparison, lever: str, by: str, quantity: str, origin: str) -> float:
    """Return by how much pairing cut the variance of one row of a lever's table."""
    for row in found.table(lever).to_dict("records"):
        if (row["by"], row["quantity"], row["origin"]) == (by, quantity, origin):
            return float(row["variance_cut"])
    raise LookupError(origin)


def test_pairing_cuts_the_variance_more_than_tenfold(compared: Comparison) -> None:
    """Wherever the lever does not rule the outcome itself."""
    assert cut(compared, "narrow", "country", "returned", "TUN") > 10
    assert cut(compared, "ban", "country", "returned", "IRQ") > 10
    assert cut(compared, "ban", "fate", "killed", "foreign") > 10


def test_the_variance_cut_is_that_of_independent_runs(compared: Comparison) -> None:
    before, after = compared.draws(None, origin="TUN"), compared.draws("ban", origin="TUN")
    rng = np.random.default_rng(1)
    apart = [float((rng.permutation(after) - before).var()) for _ in range(200)]
    told = cut(compared, "ban", "country", "returned", "TUN")
    assert told == pytest.approx(np.mean(apart) / (after - before).var(), rel=0.05)


def test_the_same_bits_whatever_the_threads_and_more_draws(posterior: Posterior) -> None:
    case = banned(posterior.design.case, 0.5)
    one = compare(posterior, {"ban": case}, draws=50, seed=5, threads=1)
    two = compare(posterior, {"ban": case}, draws=90, seed=5, threads=2)
    for quantity in ("returned", "free_agents"):
        np.testing.assert_array_equal(
            one.difference("ban", quantity), two.difference("ban", quantity)[:50]
        )


def expected(posterior: Posterior, case: Case, fates: tuple[str, ...]) -> NDArray[np.float64]:
    """Return the expected number of people in some fates by origin, shape (D, O)."""
    world = World.drawn(posterior, 8, 3, UNTIL, case)
    columns = np.where(
        np.isin(world.blueprint.fate_index, [ALL_FATES.index(f) for f in fates]), 0, -1
    )
    strata = len(world.blueprint.strata)
    rows = np.repeat(np.arange(len(world.blueprint.design.origins)), strata)
    return world.mean(0, 8, Totals(rows, columns), world.forward.steps)[:, :, 0]


HOME = ("home_at_large", "home_in_custody", "home_in_programme")


@settings(max_examples=15, deadline=None)
@given(share=SHARES, more=SHARES)
def test_a_wider_ban_never_brings_more_of_the_barred_home(
    posterior: Posterior, share: float, more: float
) -> None:
    case = posterior.design.case
    tunisia = [row.origin for row in case.origins].index("TUN")
    narrow, wide = (
        expected(posterior, banned(case, level), HOME)[:, tunisia]
        for level in sorted((share, more))
    )
    assert (wide <= narrow * (1 + 1e-9) + 1e-9).all()


@settings(max_examples=15, deadline=None)
@given(share=SHARES, more=SHARES)
def test_a_stronger_border_never_lets_more_through(
    posterior: Posterior, share: float, more: float
) -> None:
    case = posterior.design.case

    def there(level: float) -> NDArray[np.float64]:
        border = policy("TUR", "border_control", level, level, "2017-03-02")
        counts = expected(posterior, with_policies(case, border), ("elsewhere",))
        return np.asarray(counts.sum(axis=1))

    weak, strong = (there(level) for level in sorted((share, more)))
    assert (strong <= weak * (1 + 1e-9) + 1e-9).all()


@settings(max_examples=15, deadline=None)
@given(share=SHARES, more=SHARES)
def test_more_places_in_a_programme_never_leave_fewer_in_it(
    posterior: Posterior, share: float, more: float
) -> None:
    case = posterior.design.case

    def helped(level: float) -> NDArray[np.float64]:
        rows = [policy(o.origin, "programme", level, level, "2017-03-02") for o in case.origins]
        return expected(posterior, with_policies(case, *rows), ("home_in_programme",))

    few, many = (helped(level) for level in sorted((share, more)))
    assert (many >= few * (1 - 1e-9) - 1e-9).all()


def test_the_sign_holds_for_sampled_people_too(compared: Comparison) -> None:
    narrow = compared.difference("narrow", origin="TUN")
    wide = compared.difference("ban", origin="TUN")
    assert wide.mean() < narrow.mean() < 0
    assert (wide > 0).mean() < 0.05


def test_differences_say_how_often_they_go_up_and_down() -> None:
    base = np.zeros(10)
    found = differences(base, np.array([1.0] * 3 + [-1.0] * 5 + [0.0] * 2))
    assert found[6:8] == pytest.approx((0.3, 0.5))
    assert found[2] == pytest.approx(-0.2)


def test_a_table_names_every_origin_and_shared_place(compared: Comparison) -> None:
    table = paired_table(compared, "ban")
    countries = table[table["by"] == "country"]
    assert set(countries["origin"]) == set(compared.base.origins)
    assert "LBY-FEZZAN" in set(table.loc[table["by"] == "place", "place"])
    assert not table.duplicated(["by", "quantity", "origin", "place", "stratum"]).any()


def test_what_an_effect_rests_on(posterior: Posterior) -> None:
    case = posterior.design.case
    found = carriers_of(case, banned(case, 0.8), posterior)
    assert "home_ban_redirect" in found.parameters
    assert found.parameters["home_ban_redirect"] == 0
    assert "prior" in found.sentence
    assert (
        carriers_of(case, case, posterior).sentence == "The effect is what the lever itself sets."
    )


def test_the_record_is_plain_and_small(compared: Comparison) -> None:
    import json

    record = json.loads(json.dumps(compared.record(), allow_nan=False))
    assert record["kind"] == "levers"
    assert record["draws"] == 200
    assert [lever["name"] for lever in record["levers"]] == ["nothing", "ban", "narrow"]
    rows = record["levers"][1]["rows"]
    assert all(len(row) == len(record["columns"]) for row in rows)
    assert record["levers"][0]["variance_cut"] == {"least": None, "median": None}


@pytest.mark.parametrize(
    ("levers", "message"),
    [
        (["no_custdy"], "did you mean 'no_custody'"),
        ([], "found no lever"),
    ],
)
def test_bad_levers_are_named(posterior: Posterior, levers: list[str], message: str) -> None:
    with pytest.raises(InputError, match=message):
        compare(posterior, levers, draws=2)


def test_a_lever_cannot_change_what_was_fitted(posterior: Posterior) -> None:
    case = posterior.design.case
    with pytest.raises(InputError, match="other origins"):
        compare(posterior, {"fewer": replace(case, origins=case.origins[1:])}, draws=2)


def test_a_lever_cannot_remove_where_people_are(posterior: Posterior) -> None:
    case = posterior.design.case
    hosts = tuple(row for row in case.hosts if row.host != "is_libya")
    with pytest.raises(InputError, match="capacity of 0"):
        compare(posterior, {"gone": replace(case, hosts=hosts)}, draws=40)


def test_a_day_outside_the_forecast_is_refused(posterior: Posterior) -> None:
    with pytest.raises(InputError, match="expected a day from 2017-03-07"):
        compare(posterior, ["no_custody"], draws=2, date="2025-01-01")
