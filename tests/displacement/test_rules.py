"""Days of Flee's rules worked out by hand, one rule a test."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from dispersal.displacement import FleeMean, flee_mean, read_flee
from dispersal.displacement.kernel_weights import crowding
from dispersal.errors import InputError
from tests.displacement.folders import simple_folder

if TYPE_CHECKING:
    from pathlib import Path

ZONE = "Zone conflict 1000"
CAMP = "Camp camp 0 Abroad"


def run(folder: Path, arrivals: list[int], **content: Any) -> FleeMean:
    return flee_mean(read_flee(simple_folder(folder, arrivals=arrivals, **content)))


def close(found: object, expected: list[float]) -> None:
    np.testing.assert_allclose(np.asarray(found), expected, rtol=1e-12, atol=1e-12)


def test_all_leave_a_conflict_and_arrive_the_same_day(tmp_path: Path) -> None:
    mean = run(tmp_path, [0, 100, 100], places=[ZONE, CAMP], routes=["Zone Camp 50"])
    # After 50 km they are in the camp and 1 in 1,000 leaves; after 100 km these are in the zone and
    # leave; after 150 km in the camp, where 1 in 1,000 leaves; after 200 km the day is over.
    close(mean.at("Camp")[:2], [0, 100 * (0.999 + 0.001 * 0.999)])
    close(mean.at("Zone")[:2], [0, 100 * 0.001**2])
    close(mean.on_roads, [0, 0, 0])


def test_a_road_as_long_as_a_day_takes_two(tmp_path: Path) -> None:
    mean = run(tmp_path, [0, 100, 100, 100], places=[ZONE, CAMP], routes=["Zone Camp 200"])
    close(mean.on_roads[:2], [0, 100])
    # 0 km are left on the day of arrival: whoever arrives decides again, and 0.1 set out.
    close(mean.at("Camp")[2:], [99.9, 99.9 * 0.999])
    # A day later these are back in the zone, and set out again as 0.0999 others do.
    close(mean.on_roads[2:], [0.1, 0.1999])
    close(mean.at("Zone"), [0, 0, 0, 0])


def test_a_road_of_its_own_speed_takes_as_many_days(tmp_path: Path) -> None:
    mean = run(tmp_path, [0, 50, 50, 50, 50], places=[ZONE, CAMP], routes=["Zone Camp 59 20"])
    close(mean.on_roads[:3], [0, 50, 50])
    close(mean.at("Camp")[3:4], [50 * 0.999])


def test_the_first_road_is_walked(tmp_path: Path) -> None:
    places = [ZONE, "Town town", CAMP]
    routes = ["Zone Town 60", "Town Camp 150"]
    settings = {"start_on_foot": True, "default_movechance": 1.0, "camp_movechance": 0.005}
    mean = run(tmp_path, [0, 8, 8], places=places, routes=routes, settings=settings)
    # 60 km at 35 a day: one night. Then 25 km are gone, and the next road is driven.
    close(mean.on_roads[1:2], [8.0])
    choices = {"Zone": 0.25 / 70, "Camp": 1 / 160}
    to_camp = choices["Camp"] / sum(choices.values())
    # 25 + 150 km: who reaches the camp decides once more, and 1 in 200 is on the road at night.
    back = 8 * (1 - to_camp)
    assert mean.at("Camp")[2] > 8 * to_camp * 0.995 - 1e-9
    assert mean.at("Camp")[2] < 8 * to_camp * 0.995 + back


def test_weights_of_routes(tmp_path: Path) -> None:
    places = ["Zone conflict 10", "Town town", CAMP, "Far town 0 Abroad"]
    routes = ["Zone Town 300", "Zone Camp 390", "Zone Far 290"]
    settings = {"camp_weight": 5.0, "foreign_weight": 2.0, "weight_power": 2.0, "softening": 10.0}
    mean = run(tmp_path, [0, 100, 100, 100], places=places, routes=routes, settings=settings)
    weights = np.array([1 / 310, 2 * 5 / 400, 2 / 300]) ** 2
    share = weights / weights.sum()
    # 300 km take two days with 100 km left over, 390 two, 290 two: all arrive on the second.
    close(mean.on_roads[1:2], [100.0])
    # On arrival 3 in 10 leave towns again, 1 in 1,000 camps.
    close(mean.at("Town")[2:3], [100 * share[0] * 0.7])
    close(mean.at("Far")[2:3], [100 * share[2] * 0.7])
    close(mean.at("Camp")[2:3], [100 * share[1] * 0.999])


def test_softening_and_distance_power(tmp_path: Path) -> None:
    places = ["Zone conflict 10", "Town town", "Camp camp 0"]
    routes = ["Zone Town 300", "Zone Camp 380"]
    settings = {"weight_softening": 0.5, "distance_power": 2.0, "softening": 20.0}
    mean = run(tmp_path, [0, 100, 100], places=places, routes=routes, settings=settings)
    one, two = 1.5 / 320**2, 1.5 / 400**2
    close(mean.at("Town")[2:3], [100 * one / (one + two) * 0.7])


def test_a_place_in_conflict_is_avoided_and_less_so_with_age(tmp_path: Path) -> None:
    places = ["Zone conflict 10", "Other conflict 0", "Camp camp 0"]
    routes = ["Zone Other 300", "Zone Camp 300"]
    content: dict[str, Any] = {"places": places, "routes": routes}
    fights = {"Zone": [1.0] * 3, "Other": [0.5] * 3}
    settings = {"conflict_weight": 0.16}
    mean = run(tmp_path / "a", [0, 70, 70], conflicts=fights, settings=settings, **content)
    # 0.16 ^ 0.5 = 0.4, and who arrives there leaves at once.
    close(mean.at("Camp")[2:3], [70 / 1.4 * 0.999])
    settings |= {"conflict_spawn_decay": [0.0], "insert_day0": True}  # type: ignore[dict-item]
    with pytest.raises(InputError, match="70 people flee on day 1, expected an inhabited"):
        run(tmp_path / "b", [0, 70, 70], conflicts=fights, settings=settings, **content)


@pytest.mark.parametrize(
    ("present", "welcome"), [(0, 1), (75, 1), (80, 0.8), (87.5, 0.5), (100, 0), (500, 0)]
)
def test_crowding(present: float, welcome: float) -> None:
    assert crowding(present, 100.0, 0.75) == pytest.approx(welcome)
    assert crowding(present, 0.5, 0.75) == 1.0  # no capacity, no limit


def test_a_crowded_camp_weighs_less_and_then_refuses(tmp_path: Path) -> None:
    places = ["Zone conflict 10", "Town town", "Camp camp 100"]
    routes = ["Zone Town 300", "Zone Camp 300"]
    settings = {"capacity_buffer": 0.6, "camp_movechance": 0.0}
    # Eighty are there on day 0: half as welcome, and just not refused.
    mean = run(tmp_path, [80, 110, 110, 110, 110], places=places, routes=routes, settings=settings)
    close(mean.fled.sum(axis=1), [0, 30, 0, 0, 0])
    close(mean.at("Camp")[:3], [80, 80, 90])
    close(mean.at("Town")[2:3], [20 * 0.7])
    # Six return, arrive on day 3 and decide: at 90 of 100 the welcome is a quarter, the share of
    # the camp 1 in 5, and those who choose it stay where they are.
    close(mean.on_roads[2:4], [6, 20 * 0.7 * 0.3 + 6 * 0.8])
    close(mean.at("Zone")[3:4], [6 * 0.2])
    close(mean.at("Camp")[3:], [90, 90])


def test_without_capacities_no_camp_is_full(tmp_path: Path) -> None:
    places, routes = [ZONE, "Camp camp 10"], ["Zone Camp 250"]
    folder = simple_folder(tmp_path, places=places, routes=routes, arrivals=[50, 80, 80])
    content = read_flee(folder)
    assert flee_mean(content).at("Camp")[2] < 50
    assert flee_mean(content, capacities=False).at("Camp")[2] > 79


def test_capacity_scaling(tmp_path: Path) -> None:
    places, routes = [ZONE, "Camp camp 10"], ["Zone Camp 250"]
    settings = {"capacity_scaling": 100.0}
    mean = run(tmp_path, [50, 80, 80], places=places, routes=routes, settings=settings)
    assert mean.at("Camp")[2] > 79


def test_where_no_place_weighs_anything_all_weigh_the_same(tmp_path: Path) -> None:
    places = [ZONE, "Camp camp 10", "Camp2 camp 10"]
    routes = ["Zone Camp 250", "Zone Camp2 250"]
    settings = {"camp_movechance": 0.0}
    mean = run(tmp_path, [50, 80, 80], places=places, routes=routes, settings=settings)
    # The full camp has no weight, so all 30 go to the other; nobody returns.
    close(mean.at("Camp2")[2:], [30])
    mean = run(tmp_path, [50, 80, 80], places=places[:2], routes=routes[:1], settings=settings)
    close(mean.at("Zone"), [0, 30, 30])


def test_a_closed_road_turns_people_back(tmp_path: Path) -> None:
    content: dict[str, Any] = {"places": [ZONE, CAMP], "routes": ["Zone Camp 500"]}
    for name, row in [
        ("country", "country,Home,Abroad,2,4"),
        ("location", "location,Camp,,2,4"),
        ("link", "link,Camp,Zone,2,4"),
    ]:
        mean = run(tmp_path / name, [0, 9, 9, 9, 9, 9, 9], closures=(row,), **content)
        # They set out on day 1, complete the road on day 3, are back in the zone, and set out anew
        # when it opens on day 4.
        close(mean.on_roads, [0, 9, 9, 0, 9, 9, 0.009])
        close(mean.at("Zone")[:5], [0, 0, 0, 9, 0])
        close(mean.at("Camp")[5:], [0, 9 * 0.999])


def test_who_was_on_a_road_that_closed_goes_back_though_it_opens(tmp_path: Path) -> None:
    closures = ("link,Zone,Camp,2,2",)
    content: dict[str, Any] = {"places": [ZONE, CAMP], "routes": ["Zone Camp 500"]}
    mean = run(tmp_path, [0, 9, 9, 9, 9], closures=closures, **content)
    close(mean.at("Zone"), [0, 0, 0, 9, 0])


def test_the_first_end_opens_again(tmp_path: Path) -> None:
    closures = ("link,Zone,Camp,0,2", "link,Zone,Camp,0,9")
    content: dict[str, Any] = {"places": [ZONE, CAMP], "routes": ["Zone Camp 500"]}
    mean = run(tmp_path, [0, 9, 9], closures=closures, **content)
    close(mean.at("Zone"), [0, 9, 0])


def test_a_closed_camp_is_a_town(tmp_path: Path) -> None:
    content: dict[str, Any] = {"places": [ZONE, CAMP], "routes": ["Zone Camp 500"]}
    mean = run(tmp_path, [10, 10, 10, 10], closures=("camp,Camp,,0,2",), **content)
    close(mean.at("Camp"), [7, 4.9, 4.9 * 0.999, 4.9 * 0.999**2])
    mean = run(tmp_path, [10, 10, 10], closures=("idpcamp,Camp,,0,1",), **content)
    close(mean.at("Camp"), [7, 6.3, 5.67])


def test_conflicts_begin_and_end(tmp_path: Path) -> None:
    fights = {"Zone": [0, 0, 1, 0, 0], "Other": [1.0] * 5}
    content: dict[str, Any] = {
        "places": ["Zone town 30", "Other conflict 10", "Camp camp 0"],
        "routes": ["Zone Camp 950", "Other Camp 950"],
    }
    mean = run(tmp_path, [0, 8, 48, 88, 96], conflicts=fights, **content)
    # Three in four flee from the zone while it is in conflict: its people are three times as many.
    close(mean.fled[:, 0], [0, 0, 30, 0, 0])
    close(mean.fled[:, 1], [0, 8, 10, 40, 8])
    close(mean.at("Zone"), [0, 0, 0, 0, 0])


def test_weights_of_fleeing_decay_and_populations_fall(tmp_path: Path) -> None:
    fights = {"Zone": [1.0] * 4, "Other": [0, 0, 1.0, 1.0]}
    content: dict[str, Any] = {
        "places": ["Zone conflict 100", "Other town 100", "Camp camp 0"],
        "routes": ["Zone Camp 950", "Other Camp 950"],
        "conflicts": fights,
    }
    mean = run(tmp_path / "a", [0, 10, 30, 50], **content)
    close(mean.fled[2:, 0], [10, 10])
    mean = run(tmp_path / "b", [0, 10, 29, 48], settings={"take_from_population": True}, **content)
    # Ninety of a hundred are left when the other zone begins.
    close(mean.fled[2:, 0], [9, 9])


def test_who_is_counted_less_is_a_debt(tmp_path: Path) -> None:
    content: dict[str, Any] = {"places": [ZONE, CAMP], "routes": ["Zone Camp 950"]}
    mean = run(tmp_path, [5, 20, 12, 15, 30], **content)
    close(mean.start, [0, 5])
    close(mean.fled.sum(axis=1), [0, 15, 0, 0, 10])
    close(mean.debt, [0, 0, 8, 5, 0])


def test_without_day_0_the_first_counts_flee(tmp_path: Path) -> None:
    content: dict[str, Any] = {"places": [ZONE, CAMP], "routes": ["Zone Camp 950"]}
    mean = run(tmp_path, [5, 20], settings={"insert_day0": False}, **content)
    close(mean.start, [0, 0])
    close(mean.fled.sum(axis=1), [5, 15])


def test_the_total_can_say_who_flees(tmp_path: Path) -> None:
    content: dict[str, Any] = {"places": [ZONE, CAMP], "routes": ["Zone Camp 950"]}
    mean = run(tmp_path, [5, 20], settings={"sum_from_camps": False}, **content)
    close(mean.fled.sum(axis=1), [0, 0])


def test_people_look_two_roads_ahead_and_follow_their_plan(tmp_path: Path) -> None:
    places = [ZONE, "Town town", "Camp camp 0"]
    routes = ["Zone Town 350", "Town Camp 350"]
    settings = {"awareness_level": 2, "default_movechance": 0.5, "softening": 50.0}
    mean = run(tmp_path, [0, 30, 30, 30, 30], places=places, routes=routes, settings=settings)
    # 1/400 for the town and 1/750 for the camp behind it.
    onward = (1 / 750) / (1 / 400 + 1 / 750)
    close(mean.on_roads[1:2], [30])
    close(mean.at("Town")[2:3], [15])
    # Half go on: those with a plan to the camp, the others wherever they choose now.
    zone, camp = 0.25 / 400, 1 / 400
    to_camp = 15 * (onward + (1 - onward) * camp / (zone + camp))
    # They set out on the day of arrival, with 150 km behind them, and need one night more.
    close(mean.at("Camp")[3:4], [to_camp * 0.999])


def test_a_marker_is_passed_and_never_a_destination(tmp_path: Path) -> None:
    places = [ZONE, "Pass marker", "Camp camp 0"]
    content: dict[str, Any] = {"places": places, "routes": ["Zone Pass 150", "Pass Camp 210"]}
    mean = run(tmp_path, [0, 30, 30, 30], **content)
    close(mean.at("Pass")[:3], [0, 0, 0])
    # 150 km, then a day of 200 km on the next road, and 10 km on the day after.
    close(mean.on_roads[1:2], [30])
    assert mean.at("Camp")[2] == pytest.approx(30 * 0.999, rel=1e-3)


def test_a_plan_is_dropped_where_its_road_is_closed_or_its_camp_refuses(tmp_path: Path) -> None:
    places = [ZONE, "Town town", "Camp camp 100"]
    routes = ["Zone Town 250", "Town Camp 250"]
    settings = {
        "awareness_level": 2, "default_movechance": 1.0, "camp_movechance": 0.0, "softening": 0.0,
        "conflict_weight": 0.0,
    }  # fmt: skip
    content: dict[str, Any] = {"places": places, "routes": routes, "settings": settings}
    shut = ("link,Town,Camp,2,9",)
    mean = run(tmp_path / "a", [0, 30, 30, 30, 30], closures=shut, **content)
    onward = (1 / 500) / (1 / 250 + 1 / 500)
    # On arrival the plans fail; the others choose the only road, back to the zone without weight.
    close(mean.at("Town")[2:3], [30 * onward])
    mean = run(tmp_path / "b", [100, 130, 130, 130], **content)
    # The camp is full, so all go to the town. There nothing has any weight: half choose the zone,
    # half the camp, which refuses them.
    close(mean.at("Town")[2:3], [15])
    close(mean.at("Camp"), [100] * 4)


def test_who_had_a_plan_and_was_turned_back_loses_an_attempt(tmp_path: Path) -> None:
    places = [ZONE, "Town town", "Camp camp 0"]
    routes = ["Zone Town 250", "Town Camp 250"]
    settings = {"awareness_level": 2, "softening": 0.0}
    closures = ("link,Zone,Town,2,3",)
    content: dict[str, Any] = {"places": places, "routes": routes, "closures": closures}
    mean = run(tmp_path, [0, 30, 30, 30, 30], settings=settings, **content)
    close(mean.at("Zone")[2:], [30, 10, 0])


def test_two_roads_between_places_weigh_twice_and_the_first_is_travelled(tmp_path: Path) -> None:
    places = [ZONE, "Town town", "Camp camp 0"]
    routes = ["Zone Town 190", "Zone Town 590", "Zone Camp 390"]
    mean = run(tmp_path, [0, 100, 100], places=places, routes=routes)
    town = 1 / 200 + 1 / 600
    share = town / (town + 1 / 400)
    close(mean.on_roads[1:2], [100 * (1 - share)])
    # Who reaches the town on the road of 190 km decides again, and 3 in 10 are back at night.
    close(mean.at("Zone")[1:2], [30 * share])


def test_parts_must_be_one_at_least(tmp_path: Path) -> None:
    folder = read_flee(
        simple_folder(tmp_path, places=[ZONE, CAMP], routes=["Zone Camp 50"], arrivals=[0, 1])
    )
    with pytest.raises(InputError, match="parts is 0"):
        flee_mean(folder, parts=0)
