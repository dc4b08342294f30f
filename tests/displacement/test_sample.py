"""Sampled whole people: nobody lost, the mean and spread of exact chances, the same bits."""

from __future__ import annotations

import math
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispersal.displacement import flee_mean, read_flee
from dispersal.displacement.flee_sample import FleeSampled, flee_sample
from dispersal.displacement.flee_work import prepare_flee
from dispersal.errors import InputError
from tests.displacement.folders import simple_folder, write_folder
from tests.displacement.peer import peer_folder
from tests.displacement.test_conservation import conflicts
from tests.displacement.test_peer import FLEE, LEAST

ZONE, TOWN, CAMP = "Zone conflict 1000", "Town town", "Camp camp 0"


def same(one: FleeSampled, two: FleeSampled) -> bool:
    fields = ("at_places", "on_roads", "fled", "start", "debt")
    return all(np.array_equal(getattr(one, name), getattr(two, name)) for name in fields)


@settings(max_examples=60, deadline=None)
@given(content=conflicts(), parts=st.integers(1, 5), take=st.booleans())
def test_whole_people_are_conserved(content: dict[str, Any], parts: int, take: bool) -> None:
    content["settings"]["take_from_population"] = take
    content["places"][0] = "Zone conflict 9000"
    with tempfile.TemporaryDirectory() as folder:
        work = prepare_flee(read_flee(simple_folder(Path(folder), **content)))
    sampled = flee_sample(work, draws=3, seed=1, parts=parts)
    mean = flee_mean(work)
    for counts in (sampled.at_places, sampled.on_roads, sampled.fled):
        assert counts.dtype == np.int32
        assert (counts >= 0).all()
    everyone = sampled.start.sum() + np.cumsum(sampled.fled.sum(axis=1), axis=0)
    assert (sampled.at_places.sum(axis=1) + sampled.on_roads == everyone).all()
    # How many flee is no chance, and from where only where it may be.
    assert (sampled.fled.sum(axis=1) == np.rint(mean.fled.sum(axis=1))[:, None]).all()
    assert (sampled.fled[mean.fled == 0] == 0).all()
    assert (sampled.debt == mean.debt).all()


@pytest.mark.parametrize("variant", ["one_road_ahead", "three_roads_ahead_on_foot"])
def test_the_mean_over_draws_is_that_of_expected_counts(tmp_path: Path, variant: str) -> None:
    work = prepare_flee(read_flee(peer_folder(tmp_path, variant)))
    draws = 2000
    sampled, mean = flee_sample(work, draws=draws, seed=3), flee_mean(work)
    for counts, expected in ((sampled.at_places, mean.at_places), (sampled.fled, mean.fled)):
        error = np.maximum(counts.std(axis=-1, ddof=1) / math.sqrt(draws), 0.005)
        off = (counts.mean(axis=-1) - expected) / error
        assert np.abs(off).max() < 5
        assert np.sqrt((off**2).mean()) < 1.2
    assert sampled.at_places.std(axis=-1).max() > 8


KM = {("Zone", "Town"): 60, ("Town", "Camp"): 90, ("Zone", "Camp"): 150}
CHANCE = {"Zone": 1.0, "Town": 0.3, "Camp": 0.25}
SCORE = {"Zone": 0.25, "Town": 1.0, "Camp": 2.0}


def evenings(place: str, gone: int | None) -> dict[str, float]:
    """Enumerate where one person is in the evening, by all ways to get there."""
    found = {place: 1.0 - CHANCE[place]}
    ways = {(set(pair) - {place}).pop(): km for pair, km in KM.items() if place in pair}
    weights = {to: SCORE[to] / (10 + km) for to, km in ways.items()}
    for to, km in ways.items():
        chance = CHANCE[place] * weights[to] / sum(weights.values())
        # The first road of a day is not added up where it took no night: none is left of it.
        sofar = km + (gone or 0)
        later = evenings(to, sofar) if sofar < 200 else {to: 1.0}
        for end, share in later.items():
            found[end] = found.get(end, 0.0) + chance * share
    return found


def test_chances_are_those_of_all_ways_enumerated(tmp_path: Path) -> None:
    folder = simple_folder(
        tmp_path,
        places=[ZONE, TOWN, CAMP],
        routes=[f"{a} {b} {km}" for (a, b), km in KM.items()],
        arrivals=[0, 7, 7],
        settings={"camp_movechance": 0.25, "camp_weight": 2.0},
    )
    draws, work = 40_000, prepare_flee(read_flee(folder))
    sampled = flee_sample(work, draws=draws, seed=5)
    first = evenings("Zone", None)
    second: dict[str, float] = {}
    for place, chance in first.items():
        for end, share in evenings(place, None).items():
            second[end] = second.get(end, 0.0) + chance * share
    for day, chances in ((1, first), (2, second)):
        assert sum(chances.values()) == pytest.approx(1.0)
        names = list(chances)
        p = np.array([chances[name] for name in names])
        counts = np.stack([sampled.at(name)[day] for name in names])
        # Seven people go their ways alone: their counts are multinomial.
        covariance = 7 * (np.diag(p) - np.outer(p, p))
        np.testing.assert_allclose(np.cov(counts), covariance, atol=0.04)
        for name in names:
            chance = chances[name]
            k = np.arange(8)
            mass = np.array([math.comb(7, i) * chance**i * (1 - chance) ** (7 - i) for i in k])
            seen = np.bincount(sampled.at(name)[day], minlength=8) / draws
            error = np.sqrt(np.maximum(mass * (1 - mass), 1 / draws) / draws)
            assert np.abs((seen - mass) / error).max() < 5


@pytest.mark.parametrize(
    "variant", ["one_road_ahead", "two_roads_ahead", "three_roads_ahead_on_foot", "crowded"]
)
def test_mean_and_spread_are_those_of_runs_of_flee(tmp_path: Path, variant: str) -> None:
    sampled = flee_sample(read_flee(peer_folder(tmp_path, variant)), draws=1000, seed=7)
    flee = FLEE[FLEE["variant"] == variant]
    ours = np.stack(
        [
            sampled.at(str(place))[int(day)]
            for day, place in zip(flee["day"], flee["place"], strict=True)
        ]
    )
    error = flee["standard_error"].to_numpy()
    off = (ours.mean(axis=1) - flee["mean"].to_numpy()) / np.maximum(error, LEAST)
    assert np.sqrt((off**2).mean()) < 1.3
    assert np.abs(off).max() < 4
    # Forty runs know their standard deviation to 11 %; few people more coarsely.
    spread, wide = error * math.sqrt(40), error > LEAST
    ratio = ours.std(axis=1, ddof=1)[wide] / spread[wide]
    assert wide.sum() > 25
    assert np.exp(np.log(ratio).mean()) == pytest.approx(1.0, abs=0.1)
    assert np.sqrt((np.log(ratio) ** 2).mean()) < 0.2


@pytest.mark.parametrize("variant", ["crowded", "three_roads_ahead_on_foot"])
def test_a_draw_is_the_same_whatever_runs_beside_it(tmp_path: Path, variant: str) -> None:
    folder = read_flee(peer_folder(tmp_path, variant))
    whole = flee_sample(folder, draws=40, seed=11, threads=1)
    assert same(whole, flee_sample(prepare_flee(folder), draws=40, seed=11, threads=2))
    some = flee_sample(folder, draws=7, seed=11)
    assert np.array_equal(some.at_places, whole.at_places[..., :7])
    later = flee_sample(folder, draws=9, seed=11, first_draw=31)
    assert np.array_equal(later.at_places, whole.at_places[..., 31:])
    assert later.first_draw == 31
    assert not np.array_equal(whole.at_places[..., 0], whole.at_places[..., 1])
    assert not same(whole, flee_sample(folder, draws=40, seed=12))


def test_a_camp_is_as_crowded_as_its_own_draw_has_it(tmp_path: Path) -> None:
    folder = simple_folder(
        tmp_path,
        places=[ZONE, TOWN, "Camp camp 100"],
        routes=["Zone Town 300", "Zone Camp 300"],
        arrivals=[0, 90, 90, 180, 180],
        settings={"capacity_buffer": 0.4, "camp_movechance": 0.0, "default_movechance": 0.005},
    )
    camp = flee_sample(read_flee(folder), draws=20_000, seed=2).at("Camp").astype(float)
    # Of the first 90 about half are in the camp when the other 90 choose, who arrive on day 4.
    assert 40 < camp[2].mean() < 50
    welcome = np.clip(1 - (camp[2] - 40) / 60, 0, 1)
    share = welcome / (1 + welcome)
    gained = (camp[4] - camp[3])[welcome >= 0.5]
    expected = (90 * share)[welcome >= 0.5]
    assert np.polyfit(expected, gained, 1)[0] == pytest.approx(1.0, abs=0.1)
    # A few of those in the town come back to the zone and choose, too.
    assert (gained - expected).mean() == pytest.approx(0.0, abs=0.3)
    assert (gained - expected).var() == pytest.approx((90 * share * (1 - share)).mean(), rel=0.05)


def test_the_whole_folder_is_sampled(tmp_path: Path) -> None:
    folder = read_flee(write_folder(tmp_path))
    sampled = flee_sample(folder, draws=2, seed=0)
    assert sampled.at_places.shape == (10, 8, 2)
    assert sampled.on_roads.shape == (10, 2)
    assert (sampled.start == flee_mean(folder).start).all()


def test_what_cannot_be_sampled_is_said(tmp_path: Path) -> None:
    folder = read_flee(
        simple_folder(
            tmp_path,
            places=[ZONE, CAMP],
            routes=["Zone Camp 50"],
            arrivals=[0, 5, 9],
            conflicts={"Zone": [1.0, 1.0, 0.0]},
        )
    )
    with pytest.raises(InputError, match="4 people flee on day 2, expected an inhabited"):
        flee_sample(folder, draws=1, seed=1)
    with pytest.raises(InputError, match="parts is 0"):
        flee_sample(folder, draws=1, seed=1, parts=0)
    with pytest.raises(InputError, match="draws is -1, expected a whole number of 0 or more"):
        flee_sample(folder, draws=-1, seed=1)
    assert flee_sample(folder, draws=0, seed=1).at_places.shape == (3, 2, 0)
