"""The ensemble: whole people, none lost, the same whatever the batches and threads."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from dispersal.case import load_case
from dispersal.forecast import ensemble as module
from dispersal.forecast.by_fate import Folded, Kept
from dispersal.forecast.ensemble import published_bias, simulate
from dispersal.forecast.ensemble_types import KINDS
from dispersal.inference.observation import BIAS_TAGS, PERSISTENT_TAGS, QUANTITIES
from dispersal.model.build import make_blueprint
from dispersal.model.forward import draw_forward
from dispersal.model.parameters import table
from dispersal.model.past import history
from dispersal.model.start import shares_of_fates, shares_of_states
from dispersal.model.states import ALL_FATES, fate_of
from dispersal.model.weights import Rules
from tests.case.small import write_small
from tests.model.outlook import history_fates

from .prior import prior_posterior

if TYPE_CHECKING:
    from dispersal.forecast.ensemble_types import Ensemble
    from dispersal.inference.posterior import Posterior

UNTIL = dt.date(2018, 12, 31)


@pytest.fixture(scope="module")
def posterior(tmp_path_factory: pytest.TempPathFactory) -> Posterior:
    return prior_posterior(load_case(write_small(tmp_path_factory.mktemp("case"))), 48)


@pytest.fixture(scope="module")
def whole(posterior: Posterior) -> Ensemble:
    return simulate(posterior, draws=25, seed=7, until=UNTIL)


def assert_same(found: Ensemble, wanted: Ensemble, draws: int) -> None:
    for name in ("fates", "places", "arrivals", "end", "mode", "strata_places"):
        np.testing.assert_array_equal(getattr(found, name), getattr(wanted, name)[:draws])
    for name in QUANTITIES:
        np.testing.assert_array_equal(found.bias[name], wanted.bias[name][:draws])
        np.testing.assert_array_equal(found.error[name], wanted.error[name][:draws])


def test_nobody_appears_or_vanishes(whole: Ensemble) -> None:
    after = whole.fates[..., whole.now :]
    assert after.min() >= 0
    assert (after.sum(axis=3) == after[..., :1].sum(axis=3)).all()
    assert after[..., 0].sum() > 1_000


def test_places_hold_those_in_their_fates(whole: Ensemble) -> None:
    fate_of_place = [fate_of(state) for state in whole.place_states]
    for fate in ("detained", "underground", "resurgent", "elsewhere", "third_country"):
        inside = np.array([name == fate for name in fate_of_place])
        by_place = whole.places[:, :, inside].sum(axis=2)
        by_stratum = whole.fates[:, :, :, ALL_FATES.index(fate), whole.now :].sum(axis=2)
        np.testing.assert_array_equal(by_place, by_stratum)
    assert set(fate_of_place) == {
        "detained", "underground", "resurgent", "elsewhere", "third_country"
    }  # fmt: skip


def test_strata_at_places_are_those_of_the_fates_and_add_up_to_the_places(whole: Ensemble) -> None:
    assert whole.strata_places is not None
    kinds = {row.origin: row.kind for row in whole.case.origins}
    fate_of_place = np.array([fate_of(state) for state in whole.place_states])
    for at, kind in enumerate(KINDS):
        chosen = [kinds[origin] == kind for origin in whole.origins]
        by_place = whole.places[:, chosen].sum(axis=1)
        np.testing.assert_array_equal(whole.strata_places[:, at].sum(axis=1), by_place)
        for fate in set(fate_of_place):
            found = whole.strata_places[:, at][:, :, fate_of_place == fate].sum(axis=2)
            in_fate = whole.fates[:, :, :, ALL_FATES.index(fate), whole.now :]
            in_fate = in_fate[:, chosen].sum(axis=1)
            np.testing.assert_array_equal(found, in_fate)


def test_arrivals_only_grow_and_cover_the_growth(whole: Ensemble) -> None:
    assert (np.diff(whole.arrivals, axis=-1) >= 0).all()
    assert (whole.arrivals[..., 0] == 0).all()
    grown = whole.places.sum(axis=1) - whole.places.sum(axis=1)[..., :1]
    assert (grown <= whole.arrivals).all()


def test_the_past_meets_the_future_at_the_cutoff(posterior: Posterior, whole: Ensemble) -> None:
    """The mean history at the cut-off and the first whole people differ by rounding only."""
    forward = draw_forward(posterior.design, table(), posterior.draws(25), UNTIL, 7)
    blueprint = make_blueprint(posterior.design)
    shares = shares_of_states(blueprint, Rules(blueprint.space, forward))
    past = history_fates(history(blueprint, forward), shares_of_fates(shares), 0)
    for fate in range(len(ALL_FATES)):
        states = max(int((blueprint.fate_index == fate).sum()), 1)
        first = whole.fates[:, :, :, fate, whole.now]
        if fate not in past:
            assert (first == 0).all()
            continue
        assert (abs(first - past[fate][..., -1]) < states).all()
        before = np.rint(past[fate][..., : whole.now])
        np.testing.assert_array_equal(whole.fates[:, :, :, fate, : whole.now], before)


def test_the_past_is_the_same_month_by_month_and_all_at_once(posterior: Posterior) -> None:
    """Of all draws and of some, a fate at a time, an instant at a time, and all together."""
    found = simulate(posterior, draws=27, seed=7, until=UNTIL)  # not a whole number of batches
    folded = found.by_fate
    assert isinstance(folded, Folded)
    kept = Kept(found.fates, found.now)
    assert kept.whole[..., : found.now].sum() > 1_000
    assert folded.shape == kept.shape
    np.testing.assert_array_equal(folded.ahead, kept.ahead)
    for rows in (slice(None), slice(3, 26), slice(26, None)):
        np.testing.assert_array_equal(folded.rows(rows), kept.rows(rows))
        for instant in range(found.months.steps + 1):
            np.testing.assert_array_equal(folded.at(instant, rows), kept.at(instant, rows))
    for stratum in range(len(found.strata)):
        for fate in range(len(ALL_FATES)):
            np.testing.assert_array_equal(folded.of(stratum, fate), kept.of(stratum, fate))
            some = range(1, found.months.steps + 1, 3)
            np.testing.assert_array_equal(
                folded.of(stratum, fate, some), kept.whole[:, :, stratum, fate, 1::3]
            )


def test_batches_do_not_matter(
    posterior: Posterior, whole: Ensemble, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BATCH", 7)
    assert_same(simulate(posterior, draws=25, seed=7, until=UNTIL), whole, 25)


def test_first_draws_and_threads_do_not_matter(posterior: Posterior, whole: Ensemble) -> None:
    assert_same(simulate(posterior, draws=10, seed=7, until=UNTIL, threads=1), whole, 10)
    assert_same(simulate(posterior, draws=25, seed=7, until=UNTIL, threads=2), whole, 25)


def test_another_seed_gives_another_future(posterior: Posterior, whole: Ensemble) -> None:
    other = simulate(posterior, draws=25, seed=8, until=UNTIL)
    assert (other.fates[..., -1] != whole.fates[..., -1]).any(axis=(1, 2, 3)).all()


def test_progress_counts_the_draws(posterior: Posterior, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BATCH", 7)
    told: list[tuple[int, int]] = []
    simulate(posterior, draws=10, until=UNTIL, progress=lambda *done: told.append(done))
    assert told == [(7, 10), (10, 10)]


def test_a_series_keeps_its_own_bias_and_its_way_of_counting(posterior: Posterior) -> None:
    """Of tags only those that tell how a series counts hold for its next figure."""
    case = load_case("isis_2017")
    wider = prior_posterior(case, 4)
    for one in (posterior, wider):
        forward = draw_forward(one.design, table(), one.draws(4), UNTIL, 1)
        drawn = dict(forward.values)
        values = drawn | {
            f"tag_{tag}": np.full(4, np.nan) for tag in set(BIAS_TAGS) - PERSISTENT_TAGS
        }
        values |= {f"tag_{tag}": np.full(4, 1_000.0) for tag in PERSISTENT_TAGS}
        bias = published_bias(one, replace(forward, values=values))
        assert all(np.isfinite(value).all() for value in bias.values())
        tagged = {name: (value > 500).all(axis=0) for name, value in bias.items()}
        figures = one.design.case.ledger.figures
        for name in QUANTITIES:
            own = drawn.get(f"bias_{name}", np.zeros((4, len(one.design.origins))))
            if name == "killed":  # only those who are reported
                own = own + np.log(drawn["killed_reported"])[:, None]
            np.testing.assert_array_equal(bias[name][:, ~tagged[name]], own[:, ~tagged[name]])
            rows = figures[(figures["quantity"] == name)]
            has = {origin for origin, tags in zip(rows["origin"], rows["tags"], strict=True)
                   if set(tags) & PERSISTENT_TAGS}  # fmt: skip
            assert {one.design.origins[at] for at in np.flatnonzero(tagged[name])} <= has
    tunisia = posterior.design.origins.index("TUN")
    forward = draw_forward(posterior.design, table(), posterior.draws(4), UNTIL, 1)
    bias = published_bias(posterior, forward)
    # Its last figure of departures is unofficial; departures have no bias of their own.
    wanted = dict(forward.values)["tag_unofficial"]
    np.testing.assert_array_equal(bias["departed"][:, tunisia], wanted)


@pytest.mark.parametrize(("first", "count"), [(0, 10), (7, 11), (24, 1)])
def test_any_draws_of_a_run_can_be_had_alone(
    posterior: Posterior, whole: Ensemble, first: int, count: int
) -> None:
    part = simulate(posterior, draws=count, seed=7, until=UNTIL, first_draw=first)
    rows = slice(first, first + count)
    for name in ("fates", "places", "arrivals", "end", "mode", "strata_places", "reported"):
        np.testing.assert_array_equal(getattr(part, name), getattr(whole, name)[rows])
    for name in QUANTITIES:
        np.testing.assert_array_equal(part.bias[name], whole.bias[name][rows])
        np.testing.assert_array_equal(part.error[name], whole.error[name][rows])
