"""Crowding: what pooling the groups neglects, and whom it holds back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from dispersal.model.crowd import Crowd
from dispersal.population import expected_many

from .cases import future
from .outlook import Outlook

if TYPE_CHECKING:
    from dispersal.case import Case
    from dispersal.model.crowd import FloatArray
    from dispersal.model.forward import Forward


def test_pooled_groups_crowd_the_hosts_as_all_groups_do(isis_forward: Forward) -> None:
    """Pooling costs at most 1.5 % of any host's expected number, in any of eight prior draws.

    Measured on ``isis_2017`` to the end of 2019 (16 prior draws): 0.9 % at worst of a host of ten
    or more, 0.03 of 1 at worst in a multiplier and 0.00015 on average, where crowding itself
    changes hosts by up to four times their number.
    """
    outlook = Outlook.of(isis_forward.part(0, 8))
    process, steps = outlook.blueprint.process, outlook.forward.steps
    whole = outlook.start.astype(np.int64)
    pooled, full = (Crowd(outlook.blueprint, outlook.forward) for _ in range(2))
    assert len(pooled.pools) < 10
    full.pools = [np.array([group]) for group in range(process.n_groups)]

    def hosts(crowd: Crowd) -> FloatArray:
        multipliers = crowd.multipliers(outlook.hazards, whole, steps)
        mean = expected_many(process, outlook.hazards.times(multipliers), whole, steps)
        return np.asarray(np.asarray(mean.counts).sum(axis=2)[..., crowd.states])

    approximate, exact = hosts(pooled), hosts(full)
    alone = np.asarray(expected_many(process, outlook.hazards, whole, steps).counts)
    uncrowded = alone.sum(axis=2)[..., full.states]
    scale = np.maximum(exact, 10.0)
    assert (abs(uncrowded - exact) / scale).max() > 0.5
    assert (abs(approximate - exact) / scale).max() < 0.015


def test_only_what_leads_to_a_host_is_held_back(isis_forward: Forward) -> None:
    outlook = Outlook.of(isis_forward.part(0, 4))
    crowd = Crowd(outlook.blueprint, outlook.forward)
    multipliers = crowd.multipliers(
        outlook.hazards, outlook.start.astype(np.int64), outlook.forward.steps
    )
    assert multipliers.shape == (4, outlook.forward.steps, outlook.blueprint.process.n_flows)
    assert multipliers.min() >= 0
    assert multipliers.max() <= 1
    limited = np.isin(outlook.blueprint.process.targets, crowd.states)
    assert (multipliers[..., ~limited] == 1).all()
    assert (multipliers[..., limited] < 1).any()


def test_hosts_without_a_limit_are_never_full(small: Case) -> None:
    hosts = tuple(
        host.model_copy(update={"capacity_low": None, "capacity_high": None})
        for host in small.hosts
    )
    outlook = Outlook.of(future(replace(small, hosts=hosts)))
    crowd = Crowd(outlook.blueprint, outlook.forward)
    assert crowd.states.size == 0
    multipliers = crowd.multipliers(
        outlook.hazards, outlook.start.astype(np.int64), outlook.forward.steps
    )
    assert (multipliers == 1).all()


@pytest.mark.parametrize(("name", "prefix"), [("is_libya", "elsewhere:LBY-FEZZAN:is_libya")])
def test_more_room_never_lowers_arrivals(small: Case, name: str, prefix: str) -> None:
    before = None
    for room in (5.0, 50.0, 500.0, 5_000.0):
        hosts = tuple(
            host.model_copy(update={"capacity_low": room, "capacity_high": room})
            if host.host == name
            else host
            for host in small.hosts
        )
        now = Outlook.of(future(replace(small, hosts=hosts))).arrivals(prefix, crowded=True)
        if before is not None:
            assert (now >= before - 1e-6).all()
            assert now[:, -1].sum() >= before[:, -1].sum()
        before = now
    assert before is not None
    assert before[:, -1].max() > 5.0
