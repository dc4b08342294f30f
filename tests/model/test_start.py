"""The start: everyone is somewhere, once, before the cut-off and at it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import jax
import numpy as np
import pytest

from dispersal.model.design import FIT_STEP
from dispersal.model.past import PAST, history, joined, make_past
from dispersal.model.start import entries_of, initial_counts, shares_of_fates
from dispersal.model.states import ALL_FATES
from dispersal.model.strata import sizes
from dispersal.model.trajectory import trajectories

from .cases import future
from .outlook import Outlook, history_fates

if TYPE_CHECKING:
    from dispersal.case import Case
    from dispersal.model.forward import Forward


@pytest.fixture(scope="module", params=["isis_forward", "small_forward"])
def outlook(request: pytest.FixtureRequest) -> Outlook:
    forward: Forward = request.getfixturevalue(request.param)
    return Outlook.of(forward)


def test_history_counts_every_member_once(outlook: Outlook) -> None:
    forward = outlook.forward
    sized = jax.jit(jax.vmap(lambda values: sizes(values, forward.design)))
    people = sized(dict(forward.values))
    wanted = np.moveaxis(np.asarray(people), 1, 2)[:, :, outlook.blueprint.strata]
    total = sum(outlook.past[name] for name in PAST)
    np.testing.assert_allclose(
        total, np.broadcast_to(wanted[..., None], np.shape(total)), rtol=1e-9
    )
    assert all((counts >= 0).all() for counts in outlook.past.values())


def test_men_and_women_together_are_the_adults_of_the_fit(outlook: Outlook) -> None:
    """Wherever no stratum has run out of people, the fit's adults are met at every quarter."""
    forward, strata = outlook.forward, outlook.blueprint.strata
    followed = jax.jit(jax.vmap(lambda values: trajectories(values, forward.design)))
    shares = followed(dict(forward.values))
    adults = strata < 2
    members = np.exp(forward.values["members"])
    left = outlook.past["in_group"][:, :, adults].min(axis=2) > 1e-9
    for fate in ("killed", "home", "onward"):
        ours = outlook.past[fate][:, :, adults].sum(axis=2)[..., ::FIT_STEP]
        theirs = np.asarray(shares[fate]) * members[:, :, None]
        here = left[..., ::FIT_STEP]
        assert here.mean() > 0.5
        np.testing.assert_allclose(ours[here], theirs[here], rtol=1e-8, atol=1e-9)


def test_every_fate_of_the_past_goes_somewhere_once(outlook: Outlook) -> None:
    for past in PAST:
        shares = [one.share for one in outlook.shares if one.past == past]
        np.testing.assert_allclose(sum(shares), 1.0, rtol=1e-12)
        assert all((share >= 0).all() for share in shares), past


def test_fates_of_the_past_keep_everyone(outlook: Outlook) -> None:
    fates = history_fates(outlook.past, shares_of_fates(outlook.shares), 0)
    np.testing.assert_allclose(
        np.asarray(sum(fates.values())), np.asarray(sum(outlook.past.values())), rtol=1e-9
    )


def test_the_past_is_written_by_fate_as_its_means_are_rounded(outlook: Outlook) -> None:
    """Of the steps asked for, fate by fate; what is behind them stays."""
    forward, shares = outlook.forward, shares_of_fates(outlook.shares)
    wanted = history_fates(outlook.past, shares, 0)
    draws, origins, strata, instants = outlook.past["in_group"].shape
    steps = np.arange(0, instants, 2)
    fates = np.full((draws - 6, origins, strata, len(ALL_FATES), len(steps) + 2), -7, np.int32)
    past = make_past(outlook.blueprint, forward.part(3, draws - 6))
    rows = slice(3, draws - 3)
    entries = [
        (fate, at, share[rows] if len(share) > 1 else share)
        for fate, at, share in entries_of(shares)
    ]
    past.write(fates, entries, steps)
    assert (fates[..., len(steps) :] == -7).all()
    for fate in range(len(ALL_FATES)):
        mean = wanted.get(fate, np.zeros((draws, origins, strata, instants)))[rows]
        assert (abs(fates[:, :, :, fate, : len(steps)] - mean[..., steps]) <= 0.5 + 1e-6).all()


def test_pasts_are_joined_draw_by_draw(outlook: Outlook) -> None:
    whole = make_past(outlook.blueprint, outlook.forward)
    parts = [whole.rows(slice(2)), whole.rows(slice(2, None))]
    for name, counts in joined(parts).counts().items():
        np.testing.assert_array_equal(counts, outlook.past[name])


def test_the_past_ends_at_the_cutoff(outlook: Outlook) -> None:
    last = make_past(outlook.blueprint, outlook.forward).at_cutoff()
    for name, counts in outlook.past.items():
        np.testing.assert_array_equal(last[name][..., 0], counts[..., -1])


def test_between_two_quarters_shares_are_linear(outlook: Outlook) -> None:
    """Those who never joined are a linear share of the people, step by step."""
    parts = make_past(outlook.blueprint, outlook.forward).parts
    counts = outlook.past["not_joined"]
    assert parts > 1
    before, after = counts[..., :-1:parts], counts[..., parts::parts]
    for step in range(parts):
        here = counts[..., step : counts.shape[-1] - 1 : parts]
        wanted = before + (after - before) * step / parts
        np.testing.assert_allclose(here, wanted, rtol=1e-9, atol=1e-9)


def test_whole_people_are_within_one_of_the_mean(outlook: Outlook) -> None:
    whole = initial_counts(outlook.blueprint, outlook.past, outlook.shares, 5, 0)
    assert (whole >= 0).all()
    assert (abs(whole - outlook.start) < 1 + 1e-9).all()
    assert (abs(whole.sum(axis=2) - outlook.start.sum(axis=2)) < 1 + 1e-9).all()


def test_rounding_is_unbiased(small_forward: Forward) -> None:
    """Over many seeds the mean of the rounded counts is the count itself."""
    few = Outlook.of(small_forward.part(0, 2))
    seeds = 600
    total = sum(
        initial_counts(few.blueprint, few.past, few.shares, seed, 0) for seed in range(seeds)
    )
    fraction = few.start % 1.0
    error = np.sqrt(fraction * (1 - fraction) / seeds) + 1e-9
    score = (np.asarray(total) / seeds - few.start) / error
    assert abs(score).max() < 5.0
    assert 0.8 < np.sqrt((score[fraction > 0.05] ** 2).mean()) < 1.2


def test_a_draw_is_rounded_alike_in_any_batch(small_forward: Forward) -> None:
    whole = Outlook.of(small_forward)
    rounded = initial_counts(whole.blueprint, whole.past, whole.shares, 5, 0)
    part = history(whole.blueprint, small_forward.part(10, 20))
    batch = initial_counts(whole.blueprint, part, whole.shares, 5, 10)
    np.testing.assert_array_equal(batch, rounded[10:30])


def test_a_case_that_names_no_places_keeps_everyone(small: Case) -> None:
    """Without theatres and third countries nobody has moved on: they are still in the group."""
    bare = Outlook.of(future(replace(small, places=(), hosts=())))
    assert not bare.blueprint.space.theatres
    assert bare.past["onward"].max() > 0
    people = np.sum([bare.past[name][..., -1] for name in PAST], axis=0)
    total = people.reshape(bare.forward.draws, -1)
    np.testing.assert_allclose(bare.start.sum(axis=2), total, rtol=1e-9)
    counts = bare.counts(crowded=True)
    np.testing.assert_allclose(counts.sum(axis=3)[:, -1], total, rtol=1e-9)
