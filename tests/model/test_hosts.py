from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispersal.model.calendar import Months
from dispersal.model.hosts import (
    NO_WELCOME,
    affinity_after,
    crowding,
    over_time,
    welcome_of,
)
from dispersal.model.states import ALONE

from .cases import at_medians, host

if TYPE_CHECKING:
    from dispersal.model.forward import Forward

AHEAD = Months(dt.date(2017, 3, 1), 24)
AT = "LBY-FEZZAN"


@given(st.floats(-1.0, -0.01), st.floats(0.5, 120.0))
def test_a_rift_halves_every_thaw_time(affinity: float, thaw: float) -> None:
    after = affinity_after(affinity, thaw, thaw * np.arange(6.0))
    assert after.tolist() == pytest.approx([affinity / 2**k for k in range(6)])


@given(st.floats(0.0, 1.0), st.none() | st.floats(0.5, 120.0))
def test_what_is_no_rift_does_not_change(affinity: float, thaw: float | None) -> None:
    assert (affinity_after(affinity, thaw, np.arange(5.0)) == affinity).all()


def test_a_host_welcomes_from_its_first_to_its_last_day() -> None:
    hosts = (
        host("late", AT, 0.5, **{"from": "2017-06-16"}),
        host("ending", AT, 0.5, until="2017-05-16"),
        host("gone", AT, 0.5, until="2017-03-10"),
        host("distant", AT, 0.5, **{"from": "2030-01-01"}),
        host("lasting", AT, 0.5),
    )
    welcome = welcome_of(tuple((AT, row.host) for row in hosts), hosts, AHEAD)
    # Months count as their middle does; mid-June 2017 is position 3.5.
    assert welcome.active[0].tolist() == [0.0] * 3 + [1.0] * 21
    assert welcome.active[1].tolist() == [1.0, 1.0] + [0.0] * 22
    assert not welcome.active[2].any()
    assert not welcome.active[3].any()
    assert welcome.active[4].all()
    assert welcome.available.tolist() == [True, True, False, True, True]


def test_welcome_grows_from_enemy_to_the_group_itself() -> None:
    hosts = tuple(
        host(f"h{number}", AT, affinity, thaw_months=12 if affinity < 0 else None)
        for number, affinity in enumerate((-1.0, -0.5, 0.0, 1.0))
    )
    options = (*((AT, row.host) for row in hosts), (AT, ALONE))
    welcome = welcome_of(options, hosts, AHEAD)
    assert welcome.at_start.tolist() == [0.0, 0.25, 0.5, 1.0, NO_WELCOME]
    # The rift of −1 has become −2^(−23.5/12) by the middle of the last month.
    assert welcome.gained[0, -1] == pytest.approx((1 - 2 ** (-23.5 / 12)) / 2)
    assert (np.diff(welcome.gained[:2], axis=1) > 0).all()
    assert (welcome.gained[2:] == 0).all()


def test_capacity_is_the_middle_of_its_range_on_the_log_scale() -> None:
    hosts = (
        host("both", AT, 0.5, capacity_low=200, capacity_high=1800),
        host("low", AT, 0.5, capacity_low=70),
        host("high", AT, 0.5, capacity_high=90),
        host("full", AT, 0.5, capacity_low=0, capacity_high=0),
        host("open", AT, 0.5, kind="remnant"),
    )
    welcome = welcome_of((*((AT, row.host) for row in hosts), (AT, ALONE)), hosts, AHEAD)
    assert welcome.capacity.tolist() == pytest.approx([600.0, 70.0, 90.0, 0.0, np.inf, np.inf])
    assert welcome.remnant.tolist() == [False] * 4 + [True, False]


def test_no_options_have_no_welcome() -> None:
    welcome = welcome_of((), (), AHEAD)
    assert welcome.at_start.shape == welcome.capacity.shape == welcome.available.shape == (0,)
    assert welcome.active.shape == welcome.gained.shape == (0, 24)


def test_experience_raises_the_welcome_of_all_but_the_remnant(small_forward: Forward) -> None:
    forward = at_medians(small_forward, experience_premium=0.4)
    hosts = (
        host("own", AT, 1.0, kind="remnant"),
        host("friend", AT, 0.6),
        host("rival", AT, -0.8, kind="rival", thaw_months=12),
        host("gone", AT, 0.6, until="2017-01-01"),
    )
    welcome = welcome_of(tuple((AT, row.host) for row in hosts), hosts, forward.ahead)
    factor = over_time(welcome, forward, np.array([2.0]))[0]
    lost = forward.held[0, 0] - forward.held[0, :-1]
    assert factor.shape == (forward.steps, 4)
    assert (factor[:, 0] == 1.0).all()
    assert factor[:, 1] == pytest.approx(np.exp(0.4 * lost))
    assert factor[:, 2] == pytest.approx(np.exp(0.4 * lost + 2.0 * welcome.gained[2]))
    assert (factor[:, 3] == 0.0).all()


# --- crowding: states 0 home, 1 and 2 hosts; flows 0→1, 0→2, 1→0 ----------------------------------

INTO = np.array([0, 1, -1])


def multipliers(first: float, second: float, capacities: tuple[float, float]) -> list[float]:
    environment = crowding(np.array([1, 2]), INTO, 3)
    counts = np.array([[5.0, first / 2, second], [7.0, first / 2, 0.0], [0.0, *capacities]])
    return [float(value) for value in environment(counts, 0)]


def test_crowding_by_hand() -> None:
    assert multipliers(30.0, 0.0, (40.0, 10.0)) == pytest.approx([0.25, 1.0, 1.0])


def test_a_host_without_capacity_takes_nobody() -> None:
    assert multipliers(0.0, 1e-9, (0.0, 0.0))[1:] == [0.0, 1.0]
    assert multipliers(1.0, 0.0, (0.0, 10.0)) == [0.0, 1.0, 1.0]


@given(st.floats(0.0, 1e6), st.floats(0.0, 1e6), st.floats(1.0, 1e6))
def test_the_fuller_the_fewer(present: float, more: float, capacity: float) -> None:
    before = multipliers(present, 0.0, (capacity, 1.0))
    after = multipliers(present + more, 0.0, (capacity, 1.0))
    assert 0.0 <= after[0] <= before[0] <= 1.0
    assert before[2] == after[2] == 1.0


def test_hosts_may_differ_between_forwards(small_forward: Forward) -> None:
    # A draw that has lost more by a month is welcomed more in it.
    held = small_forward.held.copy()
    held[0] = held[0, 0]
    held[1, 1:] = 0.0
    forward = replace(small_forward, held=held)
    friend = (host("friend", AT, 0.6),)
    welcome = welcome_of(((AT, "friend"),), friend, forward.ahead)
    factor = over_time(welcome, forward, np.ones(forward.draws))
    premium = forward.values["experience_premium"]
    assert (factor[0, :, 0] == 1.0).all()
    assert factor[1, 5, 0] == pytest.approx(np.exp(premium[1] * held[1, 0]))
