"""A forecast made as known on a day sees nothing that was published later."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import TypeVar

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispersal.case import Case, Ledger, load_case
from dispersal.case.schema import Aggregate, Figure, Host, Judgement, Outcome, Policy, Source
from dispersal.errors import InputError

from .small import append_line, write_small

RowT = TypeVar("RowT")

CUT = date(2017, 3, 7)
LATER = st.dates(min_value=CUT + timedelta(days=1), max_value=date(2030, 1, 1))
EARLIER = st.dates(min_value=date(2012, 1, 1), max_value=CUT)


def small_case() -> Case:
    with tempfile.TemporaryDirectory() as folder:
        return load_case(write_small(Path(folder)))


SMALL = small_case()


def test_rows_published_by_the_day_are_seen() -> None:
    known = SMALL.as_known_on(CUT)
    assert known.known_on == CUT
    assert [row.figure_id for row in known.ledger.figure_rows] == ["f1", "f2", "f3", "f5"]
    assert [row.figure_id for row in known.ledger.aggregate_rows] == ["a1", "a2"]
    assert [row.judgement_id for row in known.experts] == ["x1"]
    assert [row.outcome_id for row in known.outcomes] == ["o1"]
    assert [row.host for row in known.hosts] == ["remnant_iraq", "is_libya", "old_rival"]
    assert [row.policy_id for row in known.policies] == [
        "tun_custody",
        "fra_custody_2014",
        "fra_custody_2016",
    ]


def test_the_day_itself_counts() -> None:
    assert len(SMALL.ledger.as_known_on("2017-06-01").figures) == 4
    assert len(SMALL.ledger.as_known_on("2017-06-02").figures) == 5


def test_judgements_of_the_end_stand_latest_first() -> None:
    known = SMALL.as_known_on("2017-03-07")
    assert [end.judged_on for end in known.end.judgements] == [date(2017, 3, 1), date(2016, 6, 30)]
    before = SMALL.as_known_on("2016-12-31")
    assert [end.judged_on for end in before.end.judgements] == [date(2016, 6, 30)]
    assert SMALL.as_known_on("2016-01-01").end.judgements == ()
    latest = SMALL.end.judgement_known_on(CUT)
    assert latest is not None
    assert latest.judged_on == date(2017, 3, 1)
    assert SMALL.end.judgement_known_on(date(2010, 1, 1)) is None


def test_an_end_that_lies_ahead_is_not_known() -> None:
    hosts = {host.host: host for host in SMALL.as_known_on(CUT).hosts}
    assert hosts["is_libya"].until is None
    assert {host.host: host for host in SMALL.hosts}["is_libya"].until == date(2018, 12, 31)
    policies = {row.policy_id: row for row in SMALL.as_known_on("2016-05-30").policies}
    assert policies["fra_custody_2014"].until is None
    policies = {row.policy_id: row for row in SMALL.as_known_on("2016-05-31").policies}
    assert policies["fra_custody_2014"].until == date(2016, 5, 31)


def test_a_remnant_that_is_not_known_yet_is_not_named() -> None:
    assert SMALL.as_known_on(CUT).group.remnant == "remnant_iraq"
    assert SMALL.as_known_on("2011-01-01").group.remnant == ""


def test_only_sources_that_are_still_cited_are_left() -> None:
    assert {source.key for source in SMALL.as_known_on("2016-06-30").ledger.source_rows} == {
        "un_2016",
        "wdi_2016",
    }
    # f2 was published in January and is quoted by a later source: its key stays resolvable.
    assert "late_2017" in {source.key for source in SMALL.as_known_on(CUT).ledger.source_rows}
    assert [row.key for row in SMALL.ledger.as_known_on("2016-06-30").source_rows] == ["un_2016"]


def test_filtering_twice_is_filtering_once() -> None:
    once = SMALL.as_known_on("2016-06-30")
    assert SMALL.as_known_on(CUT).as_known_on("2016-06-30") == once
    assert once.as_known_on(CUT).known_on == date(2016, 6, 30)


@pytest.mark.parametrize("day", [CUT, "2017-03-07", pd.Timestamp("2017-03-07 12:00")])
def test_a_day_may_be_given_in_any_form(day: date | str) -> None:
    assert SMALL.as_known_on(day).content_hash == SMALL.as_known_on(CUT).content_hash


@pytest.mark.parametrize("day", ["7 March 2017", "2017-02-30", "", pd.NaT])
def test_what_is_no_day_is_refused(day: str) -> None:
    with pytest.raises(InputError, match="expected"):
        SMALL.as_known_on(day)


figures = st.builds(
    lambda number, published, as_of, low, quantity: Figure(
        figure_id=f"later{number}",
        quantity=quantity,
        origin="TUN",
        low=low,
        high=low,
        qualifier="point",
        as_of=as_of,
        published=published,
        source="later_source",
        note="all theatres",
    ),
    st.integers(0, 99),
    LATER,
    EARLIER,
    st.integers(0, 10_000),
    st.sampled_from(["departed", "returned"]),
)
aggregates = st.builds(
    lambda number, published: Aggregate(
        figure_id=f"later_a{number}",
        quantity="strength",
        low=1,
        high=2,
        qualifier="range",
        as_of=CUT,
        published=published,
        source="un_2016",
    ),
    st.integers(0, 99),
    LATER,
)
policies = st.builds(
    lambda number, published, begin: Policy.model_validate(
        {
            "policy_id": f"later_p{number}",
            "actor": "TUN",
            "policy": "entry_ban",
            "from": begin,
            "low": 0,
            "high": 1,
            "published": published,
            "source": "later_source",
        }
    ),
    st.integers(0, 99),
    LATER,
    EARLIER,
)
hosts = st.builds(
    lambda number, published: Host(
        host=f"later_h{number}",
        name="Later",
        place="LBY-FEZZAN",
        kind="local",
        published=published,
        affinity=0.5,
    ),
    st.integers(0, 99),
    LATER,
)
judgements = st.builds(
    lambda number, published: Judgement(
        judgement_id=f"later_x{number}",
        expert="Later",
        published=published,
        quantity="returned",
        direction="up",
        source="later_source",
    ),
    st.integers(0, 99),
    LATER,
)
outcomes = st.builds(
    lambda number, published: Outcome(
        outcome_id=f"later_o{number}",
        quantity="end_date",
        as_of=date(2017, 1, 1),
        published=published,
        source="later_source",
    ),
    st.integers(0, 99),
    LATER,
)
LATER_SOURCE = Source(
    key="later_source", title="Later", author_or_publisher="X", published=date(2018, 1, 1)
)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(figures, max_size=4),
    st.lists(aggregates, max_size=3),
    st.lists(policies, max_size=3),
    st.lists(hosts, max_size=3),
    st.lists(judgements, max_size=3),
    st.lists(outcomes, max_size=2),
    st.booleans(),
)
def test_what_is_published_later_changes_nothing(
    more_figures: list[Figure],
    more_aggregates: list[Aggregate],
    more_policies: list[Policy],
    more_hosts: list[Host],
    more_judgements: list[Judgement],
    more_outcomes: list[Outcome],
    first: bool,
) -> None:
    def joined(rows: tuple[RowT, ...], more: list[RowT]) -> tuple[RowT, ...]:
        return (*more, *rows) if first else (*rows, *more)

    ledger = SMALL.ledger
    grown = replace(
        SMALL,
        policies=joined(SMALL.policies, more_policies),
        hosts=joined(SMALL.hosts, more_hosts),
        experts=joined(SMALL.experts, more_judgements),
        outcomes=joined(SMALL.outcomes, more_outcomes),
        ledger=Ledger(
            joined(ledger.figure_rows, more_figures),
            joined(ledger.aggregate_rows, more_aggregates),
            joined(ledger.source_rows, [LATER_SOURCE]),
            ledger.tag_rules,
        ),
    )
    known, expected = grown.as_known_on(CUT), SMALL.as_known_on(CUT)
    assert known == expected
    assert known.content_hash == expected.content_hash
    assert known.ledger.content_hash() == expected.ledger.content_hash()
    pd.testing.assert_frame_equal(known.ledger.query(), expected.ledger.query())


@settings(max_examples=30, deadline=None)
@given(LATER, st.one_of(st.none(), LATER))
def test_a_later_end_of_a_policy_changes_nothing(end: date, other: date | None) -> None:
    def ending(day: date | None) -> Case:
        rows = tuple(
            row.model_copy(update={"until": day}) if row.policy_id == "tun_custody" else row
            for row in SMALL.policies
        )
        return replace(SMALL, policies=rows)

    assert ending(end).as_known_on(CUT) == ending(other).as_known_on(CUT)


def test_a_later_row_in_the_file_changes_nothing(demo: Path, tmp_path: Path) -> None:
    known = load_case(demo).as_known_on(CUT)
    append_line(
        demo,
        "evidence/figures.csv",
        "f9,returned,TUN,1,1,point,2017-03-01,2017-03-08,un_2016,,all theatres",
    )
    assert load_case(demo).as_known_on(CUT).content_hash == known.content_hash
    assert load_case(demo).content_hash != SMALL.content_hash
