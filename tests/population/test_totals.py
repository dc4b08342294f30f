"""Sums kept while sampling are those of the whole trajectories."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from dispersal.population import Hazards, Process, ProcessError, Totals, sample, sample_totals
from dispersal.population.kernel_moves import CHUNK

from .helpers import chain, random_hazards

GROUPS = ("one", "two", "three")
STEPS, DRAWS = 7, 21
TABLES = (
    Totals(np.array([0, 0, 1]), np.array([1, 0, -1, 1])),
    Totals(np.array([-1, 1, 0]), np.array([0, 0, 0, 0])),
    Totals(np.arange(3), np.arange(4)),
)
FRACTIONS: Any = np.zeros(4)
COUNTERS = [0, 1, -1, 0, 2]


def summed(counts: np.ndarray[Any, Any], table: Totals) -> np.ndarray[Any, Any]:
    """Add up counts (T + 1, G, S, D) as a table asks, written plainly: (D, A, B, T + 1)."""
    out = np.zeros((counts.shape[-1], *table.shape, counts.shape[0]), dtype=np.int64)
    for group, row in enumerate(table.group_of):
        for state, column in enumerate(table.state_of):
            if row >= 0 and column >= 0:
                out[:, row, column] += counts[:, group, state].T
    return out


def setting(process: Process) -> tuple[Any, np.ndarray[Any, Any]]:
    initial = np.random.default_rng(3).integers(0, 400, (DRAWS, len(GROUPS), 4))
    return random_hazards(process, DRAWS, STEPS, seed=5), initial


def test_totals_are_sums_of_the_same_trajectories() -> None:
    process = chain(groups=GROUPS)
    hazards, initial = setting(process)
    whole = sample(process, hazards, initial, STEPS, DRAWS, seed=9, counters=COUNTERS)
    for threads in (1, 2):
        run = sample_totals(
            process, hazards, initial, STEPS, DRAWS, 9, TABLES, COUNTERS, threads=threads
        )
        for found, table in zip(run.tables, TABLES, strict=True):
            np.testing.assert_array_equal(found, summed(whole.counts, table))
        assert whole.counters is not None
        assert run.counters is not None
        pooled = np.moveaxis(whole.counters.sum(axis=1), (0, 2), (2, 0))
        np.testing.assert_array_equal(run.counters, pooled)


@pytest.mark.parametrize("scale", [0.0, 1e-9, 0.2, 0.69, 0.7, 3.0, 50.0])
def test_few_people_move_alike_whatever_their_hazards(scale: float) -> None:
    """Most decisions are settled by a bound over all steps, where ``sample`` works each out."""
    process = chain(groups=GROUPS)
    hazards = random_hazards(process, DRAWS, STEPS, seed=6, zeros=0.1).times(np.array([[scale]]))
    initial = np.random.default_rng(4).integers(0, 4, (DRAWS, len(GROUPS), 4))
    whole = sample(process, hazards, initial, STEPS, DRAWS, seed=2).counts
    run = sample_totals(process, hazards, initial, STEPS, DRAWS, 2, TABLES)
    for found, table in zip(run.tables, TABLES, strict=True):
        np.testing.assert_array_equal(found, summed(whole, table))
    assert (whole != whole[0]).any() == (scale > 0.1)


def test_a_batch_of_totals_is_a_part_of_the_run() -> None:
    process = chain(groups=GROUPS)
    hazards, initial = setting(process)
    whole = sample_totals(process, hazards, initial, STEPS, DRAWS, 9, TABLES)
    part = sample_totals(
        process, hazards.of_draws(8, 5), initial[8:13], STEPS, 5, 9, TABLES, first_draw=8
    )
    assert part.counters is None
    assert part.first_draw == 8
    for found, wanted in zip(part.tables, whole.tables, strict=True):
        np.testing.assert_array_equal(found, wanted[8:13])


def test_totals_are_written_into_a_part_of_a_larger_array() -> None:
    process = chain(groups=GROUPS)
    hazards, initial = setting(process)
    wanted = sample_totals(process, hazards, initial, STEPS, DRAWS, 9, TABLES[:1]).tables[0]
    larger = np.full((DRAWS, 2, 2, STEPS + 4), -7, dtype=np.int32)
    sample_totals(
        process, hazards, initial, STEPS, DRAWS, 9, TABLES[:1], out=[larger[..., 2 : STEPS + 3]]
    )
    np.testing.assert_array_equal(larger[..., 2 : STEPS + 3], wanted)
    assert (larger[..., :2] == -7).all()
    assert (larger[..., STEPS + 3 :] == -7).all()


@pytest.mark.parametrize(
    ("tables", "out", "message"),
    [
        ([Totals(np.zeros(2, np.int64), np.zeros(4, np.int64))], None, "group_of of table 0"),
        ([Totals(np.zeros(3, np.int64), FRACTIONS)], None, "state_of of table 0"),
        ([Totals(np.full(3, -2), np.zeros(4, np.int64))], None, "whole numbers of −1 or more"),
        (TABLES[:1], [np.zeros((DRAWS, 2, 2, STEPS), np.int32)], "expected int32 arrays"),
        (TABLES[:1], [np.zeros((DRAWS, 2, 2, STEPS + 1))], "float64"),
        (TABLES, [], "out has"),
    ],
)
def test_tables_that_do_not_fit_are_refused(tables: Any, out: Any, message: str) -> None:
    process = chain(groups=GROUPS)
    hazards, initial = setting(process)
    with pytest.raises(ProcessError, match=message):
        sample_totals(process, hazards, initial, STEPS, DRAWS, 9, tables, out=out)


def test_more_people_than_a_table_can_hold_are_refused() -> None:
    process = chain(groups=GROUPS)
    hazards, _ = setting(process)
    many = np.full((3, 4), 2**30)
    with pytest.raises(ProcessError, match="fewer than 2\\^31"):
        sample_totals(process, hazards, many, STEPS, DRAWS, 9, TABLES)


@pytest.mark.parametrize("varying", [False, True])
def test_many_states_in_stages_move_as_one_after_the_other(varying: bool) -> None:
    """More states than go through the stages together, empty, sparse and full, in both samplers."""
    rng = np.random.default_rng(3)
    states, steps, draws = 2 * CHUNK + 37, 6, 5
    pairs = {(s, int(t)) for s in range(states) for t in rng.integers(0, states, 9) if s != t}
    table = np.array(sorted(pairs))
    names = tuple(f"s{number}" for number in range(states))
    process = Process(("all",), names, table[:, 0], table[:, 1], step=1.0)
    by_flow = rng.gamma(1.0, 0.03, (1, 1, len(table))) * (rng.random(len(table)) > 0.1)
    by_step = rng.random((1, steps, len(table))) if varying else np.ones((1, 1, len(table)))
    hazards = Hazards(
        rng.gamma(20.0, 0.05, (draws, steps, 1, 1)),
        by_flow,
        by_step,
    )
    people = rng.choice([0, 3, 40, 2_000, 10**6], (1, states))
    counters = np.where(rng.random(len(table)) < 0.3, 0, -1)
    each = Totals(np.array([0]), np.arange(states))
    whole = sample(process, hazards, people, steps, draws, seed=7, counters=counters, threads=1)
    summed = sample_totals(
        process, hazards, people, steps, draws, seed=7, totals=[each], counters=counters, threads=1
    )
    np.testing.assert_array_equal(
        np.moveaxis(whole.counts[:, 0], 0, -1), np.moveaxis(summed.tables[0][:, 0], 0, 1)
    )
    assert whole.counters is not None
    assert summed.counters is not None
    np.testing.assert_array_equal(whole.counters[:, 0, 0].T, summed.counters[:, 0])
