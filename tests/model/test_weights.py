"""Weights of the flows: shares are shares, and nothing on a journey is lost or counted twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from dispersal.model.parameters import table
from dispersal.model.states import ARRIVING, HOMEWARD, make_states
from dispersal.model.weights import RECEPTION, Rules, weigh

if TYPE_CHECKING:
    from dispersal.model.forward import Forward


@pytest.fixture(scope="module", params=["isis_forward", "small_forward"])
def rules(request: pytest.FixtureRequest) -> Rules:
    forward: Forward = request.getfixturevalue(request.param)
    return Rules(make_states(forward.design.case), forward)


def test_every_rule_is_a_rule_or_a_parameter(rules: Rules) -> None:
    for flow in rules.space.flows:
        group, step = rules.of(flow)
        draws, origins, strata = np.broadcast_shapes(
            group.shape, (rules.forward.draws, len(rules.forward.design.origins), 3)
        )
        assert (draws, strata) == (rules.forward.draws, 3)
        assert origins == len(rules.forward.design.origins)
        assert step.shape[0] in {1, draws}
        assert step.shape[1] in {1, rules.forward.steps}
        if not hasattr(Rules, f"_{flow.rule}"):
            assert table()[flow.rule].unit == "per month", flow.rule
            assert (group == rules.forward.values[flow.rule][:, None, None]).all()


@pytest.mark.parametrize("kind", ["detained", "underground", "onward"])
def test_the_places_of_a_way_out_share_it(rules: Rules, kind: str) -> None:
    ways = [rules.of(flow)[0] for flow in rules.space.flows if flow.kind == kind]
    assert ways
    np.testing.assert_allclose(sum(ways), 1.0, rtol=1e-12)


def test_reception_at_home_takes_everybody(rules: Rules) -> None:
    received = [rules.of(flow)[0] for flow in rules.space.flows if flow.source == ARRIVING]
    assert len(received) == 3
    np.testing.assert_allclose(sum(received), 1.0 / RECEPTION, rtol=1e-12)
    assert all((share >= 0).all() for share in received)


def test_a_journey_ends_in_one_way(rules: Rules) -> None:
    """Whoever ends a journey arrives, is deported, is held or is turned back: no one twice."""
    slowest = rules.forward.values["journey_speed"] / 20_000.0
    for source in {flow.source for flow in rules.space.flows if flow.source.startswith("moving")}:
        if source != HOMEWARD and source.split(":")[1] in rules.space.theatre_places:
            continue  # hosts come and go, and with them those who arrive
        ends = [rules.of(flow) for flow in rules.space.flows if flow.source == source]
        pace = np.sum([group * step[:, None] for group, step in ends], axis=0)
        np.testing.assert_allclose(pace, pace[..., :1] + 0 * pace, rtol=1e-12)
        assert (pace <= 2.0 + 1e-9).all(), "no journey takes less than half a month"
        assert (pace >= np.minimum(slowest, 2.0)[:, None, None]).all(), "nor goes round the world"


def test_a_batch_is_a_part_of_the_whole(rules: Rules) -> None:
    weights = weigh(rules)
    forward, flows = rules.forward, len(rules.space.flows)
    origins, strata = len(forward.design.origins), np.array([0, 2])
    order = np.arange(flows)[::-1]
    whole = weights.by_group(slice(None), (forward.draws, origins), strata, order)
    part = weights.by_group(slice(3, 8), (5, origins), strata, order)
    np.testing.assert_array_equal(part, whole[3:8])
    by_step = weights.by_step(slice(0, forward.draws), (forward.draws, forward.steps), order)
    for at in (0, flows // 2, flows - 1):
        group, step = rules.of(rules.space.flows[order[at]])
        three = np.broadcast_to(group, (forward.draws, origins, 3))
        np.testing.assert_array_equal(whole[..., at], three[..., strata])
        np.testing.assert_array_equal(by_step[..., at], np.broadcast_to(step, by_step.shape[:2]))
