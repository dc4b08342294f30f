"""The process of a case: what follows from its hazards, in expectation and by chance."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from dispersal.case.schema import END_MODES
from dispersal.model.build import HazardMaker, make_hazards
from dispersal.model.design import make_design
from dispersal.model.states import CLASSES
from dispersal.population import Totals, expected, sample_totals

from .cases import CUTOFF, at_medians, future, host, place, policy, with_end
from .outlook import Outlook

if TYPE_CHECKING:
    from dispersal.case import Case
    from dispersal.model.forward import Forward

SPLIT = "RUS-CAUCASUS"


@pytest.fixture(scope="module")
def outlook(small_forward: Forward) -> Outlook:
    return Outlook.of(small_forward)


def test_hazards_are_finite_and_fit_the_process(
    isis_forward: Forward, small_forward: Forward
) -> None:
    for forward in (isis_forward, small_forward):
        outlook = Outlook.of(forward)
        outlook.hazards.check(outlook.blueprint.process, forward.steps, forward.draws)
        by_step = np.asarray(outlook.hazards.by_step_group)
        before_end = forward.held[:, :-1] > 0
        assert before_end.any()
        leaving = by_step[..., 1:6].sum(axis=-1)
        assert (leaving[before_end] > 0).all()


def test_a_batch_has_the_hazards_of_the_whole(small_forward: Forward, outlook: Outlook) -> None:
    batch = HazardMaker(outlook.blueprint, small_forward, outlook.rules).of(5, 9)
    alone = make_hazards(outlook.blueprint, small_forward.part(5, 9))
    whole = outlook.hazards.of_draws(5, 9)
    for name in ("by_step_group", "by_group_flow", "by_step_flow"):
        np.testing.assert_allclose(getattr(batch, name), getattr(whole, name), rtol=1e-12)
        np.testing.assert_allclose(getattr(alone, name), getattr(whole, name), rtol=1e-12)


def test_demobilisation_is_open_after_a_settlement_and_only_then(
    small_forward: Forward, outlook: Outlook
) -> None:
    hazard = np.asarray(outlook.hazards.by_step_group)[..., CLASSES.index("demobilised")]
    settled = small_forward.mode == END_MODES.index("negotiated")
    assert settled.any()
    assert not settled.all()
    over = small_forward.held[:, 1:] <= 0
    opened = settled[:, None] & over
    # Until then the group keeps what it holds.
    kept = small_forward.held[settled]
    assert set(np.unique(kept)) <= {0.0, small_forward.design.held[-1]}
    assert (hazard[opened] > 0).all()
    assert (hazard[~opened] == 0).all()
    demobilised = outlook.fate(outlook.counts(), "demobilised").sum(axis=2)
    ever = opened.any(axis=1)
    assert (demobilised[~ever] == 0).all()
    assert (demobilised[ever, -1] > 0).all()


def test_a_settlement_in_force_opens_demobilisation_at_once(small: Case) -> None:
    end = small.end.model_copy(update={"agreed_on": CUTOFF})
    forward = future(with_end(small, end), draws=60)
    outlook = Outlook.of(forward)
    hazard = np.asarray(outlook.hazards.by_step_group)[..., CLASSES.index("demobilised")]
    settled = forward.mode == END_MODES.index("negotiated")
    assert 0 < settled.sum() < 60
    assert (hazard[settled] > 0).all()
    assert (hazard[~settled] == 0).all()
    # Nobody knows of it the day before.
    known = small.as_known_on(CUTOFF).end
    assert with_end(small, end).as_known_on(CUTOFF - dt.timedelta(1)).end.agreed_on is None
    assert known.agreed_on is None


def test_the_demobilised_die_rearm_and_leave_their_programme(small: Case) -> None:
    settled = small.end.model_copy(update={"modes": dict.fromkeys(END_MODES, 0.0)})
    settled.modes["negotiated"] = 1.0
    end = settled.model_copy(update={"agreed_on": CUTOFF})
    rates = {
        "demobilised_killed": "killed",
        "demobilised_rearmed": "underground",
        "demobilised_home": "home_at_large",
    }
    for name, fate in rates.items():
        quiet = dict.fromkeys(rates, 0.0)
        counts = {}
        for level in (0.0, 0.02):
            forward = at_medians(future(with_end(small, end)), **quiet | {name: level})
            outlook = Outlook.of(forward)
            totals = outlook.counts()
            counts[level] = [
                outlook.fate(totals, which).sum(axis=2)[0] for which in ("demobilised", fate)
            ]
        assert counts[0.02][0][-1] < counts[0.0][0][-1], name
        assert counts[0.02][1][-1] > counts[0.0][1][-1], name


def test_weekly_steps_lead_where_monthly_steps_lead(small: Case) -> None:
    """Hazards are per month whatever the step, so that only the error of a step differs."""
    weekly = replace(small, question_file=small.question_file.model_copy(update={"step": "week"}))
    found = {}
    for case in (small, weekly):
        forward = at_medians(future(case))
        assert forward.months.parts == (4 if case is weekly else 1)
        outlook = Outlook.of(forward)
        totals = outlook.counts()
        assert forward.months.instant(forward.months.steps) == dt.date(2020, 1, 1)
        found[case.step] = np.array(
            [outlook.fate(totals, fate).sum(axis=2)[0, -1] for fate in ("killed", "home_at_large")]
        )
    np.testing.assert_allclose(found["week"], found["month"], rtol=0.05)
    assert (found["week"] != found["month"]).all()


def test_nobody_stays_in_a_group_that_holds_nothing(
    small_forward: Forward, outlook: Outlook
) -> None:
    """At most 1 % of those in the group at the end are in it a year later."""
    in_group = outlook.fate(outlook.counts(), "in_group").sum(axis=2)
    checked = 0
    for draw, end in enumerate(small_forward.end):
        at = int(np.ceil(end)) - small_forward.now
        if at + 12 <= small_forward.steps:
            assert in_group[draw, at + 12] <= 0.01 * in_group[draw, at]
            checked += 1
    assert checked > 20


def test_nobody_joins_a_group_that_holds_nothing(small_forward: Forward, outlook: Outlook) -> None:
    joining = np.asarray(outlook.hazards.by_step_group)[..., CLASSES.index("joining")]
    gone = small_forward.held[:, 1:] <= 0
    assert (joining[gone] == 0).all()
    assert (joining[~gone] > 0).all()


def test_sampled_people_are_on_average_where_they_are_expected(outlook: Outlook) -> None:
    """One draw's hazards, crowding included, 2,000 times: within Monte Carlo error."""
    process, steps, draws = outlook.blueprint.process, outlook.forward.steps, 2_000
    hazards = outlook.crowded().of_draws(3, 1)
    start = np.rint(outlook.start[3]).astype(np.int64)
    table = Totals(np.zeros(process.n_groups, np.int64), outlook.blueprint.fate_index)
    run = sample_totals(process, hazards, start, steps, draws, 11, [table], threads=2)
    sampled = run.tables[0][:, 0].astype(float)  # draw, fate, step
    mean = np.asarray(expected(process, hazards, start, steps).counts).sum(axis=1)
    fates = range(sampled.shape[1])
    wanted = np.stack([mean[:, outlook.blueprint.fate_index == fate].sum(axis=1) for fate in fates])
    error = sampled.std(axis=0) / np.sqrt(draws)
    assert (abs(sampled.mean(axis=0) - wanted) <= 4.5 * error + 1e-6).all()
    assert (wanted[:, -1] > 1).sum() >= 8


def test_a_place_that_nobody_can_reach_changes_nothing(small: Case) -> None:
    more = replace(
        small,
        places=(*small.places, place("IRQ-DESERT", "sanctuary", country="IRQ", latitude=32,
                                     longitude=42, governance=-1.0, note="judgement")),
        hosts=(*small.hosts, host("gone", "IRQ-DESERT", 0.9, until="2016-12-31",
                                  note="judgement")),
    )  # fmt: skip
    before, after = Outlook.of(future(small)), Outlook.of(future(more))
    counts, with_place = before.counts(crowded=True), after.counts(crowded=True)
    ours, theirs = before.blueprint.process.states, after.blueprint.process.states
    assert set(theirs) - set(ours) == {"underground:IRQ-DESERT:gone"}
    assert with_place[..., theirs.index("underground:IRQ-DESERT:gone")].max() == 0
    same = with_place[..., [theirs.index(state) for state in ours]]
    np.testing.assert_allclose(same, counts, rtol=1e-8, atol=1e-8)


def test_splitting_an_origin_changes_no_total(small: Case) -> None:
    """Two halves with the parameters of the whole, together, go where the whole went."""
    whole = future(small)
    twin = next(row for row in small.origins if row.origin == SPLIT)
    half = {"origin": f"{SPLIT}-2", "name": "The other half"}
    split = replace(small, origins=(*small.origins, twin.model_copy(update=half)))
    at = [*range(len(small.origins)), whole.design.origins.index(SPLIT)]
    halved = np.where(np.array(at) == at[-1], np.log(0.5), 0.0)
    # Covariates are centred over origins, so that a twin would shift everyone's a little.
    design = replace(make_design(split, CUTOFF), covariates=whole.design.covariates[at])
    size = len(small.origins)
    by_origin = {"members", *(name for name in whole.values if name.endswith("_origin"))}
    values = {
        name: value[:, at] if value.ndim == 2 and value.shape[1] == size and name in by_origin
        else value
        for name, value in whole.values.items()
    }  # fmt: skip
    values["members"] = values["members"] + halved
    for name in by_origin:
        assert values[name].shape[1] == size + 1, name
    parts = Outlook.of(replace(whole, design=design, values=values))
    counts = Outlook.of(whole).counts(crowded=True).sum(axis=2)
    # Crowding is worked out from whole people, whom halves round otherwise.
    np.testing.assert_allclose(parts.counts(crowded=True).sum(axis=2), counts, rtol=2e-3, atol=1e-2)
    free = Outlook.of(whole).counts().sum(axis=2)
    np.testing.assert_allclose(parts.counts().sum(axis=2), free, rtol=1e-9, atol=1e-9)


def test_a_wider_entry_ban_never_raises_returns(small: Case) -> None:
    before = None
    for share in (0.0, 0.4, 0.9):
        ban = policy("TUN", "entry_ban", share, share, "2017-03-02")
        outlook = Outlook.of(future(replace(small, policies=(*small.policies, ban))))
        counts = outlook.counts()
        home = sum(
            outlook.fate(counts, f"home_{kind}")
            for kind in ("at_large", "in_custody", "in_programme")
        )
        tunisians = [name.startswith("TUN") for name in outlook.blueprint.process.groups]
        returned = np.asarray(home)[..., tunisians].sum(axis=-1)
        if before is not None:
            assert (returned <= before * (1 + 1e-9)).all()
            assert (returned[:, -1] < before[:, -1]).all()
        before = returned


def test_a_stronger_border_never_raises_arrivals_elsewhere(small: Case) -> None:
    before = None
    for share in (0.0, 0.4, 0.9):
        control = policy("TUR", "border_control", share, share, "2017-03-02")
        outlook = Outlook.of(future(replace(small, policies=(*small.policies, control))))
        arrived = outlook.arrivals("elsewhere:")
        if before is not None:
            assert (arrived <= before * (1 + 1e-9)).all()
            assert (arrived[:, -1] < before[:, -1]).all()
        before = arrived
