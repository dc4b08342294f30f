"""Nobody is lost or made on random networks, whatever the rules; order and symmetry hold."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from dispersal.displacement import FleeMean, flee_mean, read_flee
from tests.displacement.folders import simple_folder, write_folder


@st.composite
def conflicts(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a network of a zone, a camp, and up to four other places, with closures and rules."""
    kinds = st.sampled_from(["town", "forwarding_hub", "marker", "conflict", "idpcamp"])
    others = [f"P{at}" for at, _ in enumerate(draw(st.lists(kinds, max_size=4)))]
    places = ["Zone conflict 1000", f"Camp camp {draw(st.integers(0, 300))} Abroad"]
    places += [f"{name} {draw(kinds)} 40" for name in others]
    names = ["Zone", "Camp", *others]
    pairs = [(a, b) for at, a in enumerate(names) for b in names[at + 1 :]]
    chosen = draw(st.lists(st.sampled_from(pairs), min_size=1, max_size=8))
    lengths = st.one_of(st.integers(1, 500), st.floats(0.5, 300.0).map(lambda x: round(x, 2)))
    routes = [f"{a} {b} {draw(lengths)}" for a, b in chosen]
    days = draw(st.integers(1, 12))
    arrivals = draw(st.lists(st.integers(0, 400), min_size=days, max_size=days))
    fights = st.lists(st.sampled_from([0.0, 0.5, 1.0]), min_size=days, max_size=days)
    kinds_closed = st.sampled_from(["link", "location", "camp", "country"])
    closures = []
    for kind in draw(st.lists(kinds_closed, max_size=4)):
        start, end = draw(st.integers(0, days)), draw(st.integers(-1, days))
        one = draw(st.sampled_from(["Home", "Abroad"] if kind == "country" else names))
        two = {"country": "Abroad", "link": "Zone"}.get(kind, "")
        closures.append(f"{kind},{'Camp' if kind == 'camp' else one},{two},{start},{end}")
    return {
        "places": places,
        "routes": routes,
        "arrivals": arrivals,
        "conflicts": {"Zone": [1.0] * days, **{name: draw(fights) for name in others}},
        "closures": tuple(closures),
        "settings": {
            "awareness_level": draw(st.integers(1, 3)),
            "start_on_foot": draw(st.booleans()),
            "capacity_buffer": draw(st.sampled_from([0.5, 0.9])),
            "weight_power": draw(st.sampled_from([0.5, 1.0, 2.0])),
            "insert_day0": draw(st.booleans()),
        },
    }


def run(content: dict[str, Any], parts: int = 4) -> FleeMean:
    with tempfile.TemporaryDirectory() as folder:
        return flee_mean(read_flee(simple_folder(Path(folder), **content)), parts=parts)


@settings(max_examples=60, deadline=None)
@given(content=conflicts(), parts=st.integers(1, 5))
def test_people_are_conserved(content: dict[str, Any], parts: int) -> None:
    mean = run(content, parts)
    everyone = mean.start.sum() + np.cumsum(mean.fled.sum(axis=1))
    here = mean.at_places.sum(axis=1) + mean.on_roads
    np.testing.assert_allclose(here, everyone, rtol=1e-12, atol=1e-9)
    assert (mean.at_places >= 0).all()
    assert (mean.on_roads >= 0).all()


@settings(max_examples=20, deadline=None)
@given(content=conflicts())
def test_twice_as_many_people_and_room_make_twice_the_counts(content: dict[str, Any]) -> None:
    once = run(content)
    content["arrivals"] = [2 * count for count in content["arrivals"]]
    kind, name, capacity, country = content["places"][1].split()
    content["places"][1] = f"{kind} {name} {2 * int(capacity)} {country}"
    content["places"] = [
        place.replace(" 40", " 80") if "idpcamp" in place else place for place in content["places"]
    ]
    np.testing.assert_allclose(run(content).at_places, 2 * once.at_places, rtol=1e-9, atol=1e-9)


def test_the_whole_folder_runs_and_conserves_people(tmp_path: Path) -> None:
    mean = flee_mean(read_flee(write_folder(tmp_path)))
    everyone = mean.start.sum() + np.cumsum(mean.fled.sum(axis=1))
    np.testing.assert_allclose(mean.at_places.sum(axis=1) + mean.on_roads, everyone, rtol=1e-12)
    # By hand: 60 + 0 + 0 on day 0, then changes of the camps, of Elsewhere too, and a debt.
    counts = np.array(
        [
            [60, 70, 80, 80, 80, 105, 130, 155, 180, 180],
            [0, 15, 30, 45, 60, 75, 75, 75, 75, 75],
            [0, 10, 20, 30, 40, 36, 32, 28, 24, 20],
            [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
        ]
    ).sum(axis=0)
    debt, flees = 0, [0]
    for change in np.diff(counts).tolist():
        flees.append(max(change - debt, 0))
        debt = max(debt - change, 0)
    assert mean.fled.sum(axis=1).tolist() == flees
    assert mean.start.tolist() == [0, 0, 0, 0, 0, 60, 0, 0]
