"""A lever applied to a case gives a case, and nothing that the lever does not name changes."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispersal.case import (
    Case,
    Change,
    Lever,
    apply_lever,
    apply_levers,
    check_case,
    load_case,
    policy_in_force,
    write_case,
)
from dispersal.case.checks import CheckReport
from dispersal.case.patch_changes import changes_between
from dispersal.case.schema import Policy
from dispersal.case.serialise import levers_text
from dispersal.case.vocabulary import STRATA
from dispersal.errors import CaseError, Fault, InputError

from .small import write_small
from .test_fuzz import SNIPPETS
from .test_known_on import CUT, SMALL

if TYPE_CHECKING:
    from collections.abc import Sequence

KNOWN = SMALL.as_known_on(CUT)


def lever(patch: dict[str, Any], name: str = "what_if") -> Lever:
    return Lever.model_validate(
        {"name": name, "title": "What if", "rationale": "To see", "patch": patch}
    )


def policy_row(**cells: object) -> dict[str, object]:
    row: dict[str, object] = {
        "policy_id": "p",
        "actor": "TUN",
        "policy": "custody",
        "from": "2017-03-07",
        "low": 0.1,
        "high": 0.2,
        "published": "2017-03-07",
    }
    return row | cells


def attempt(case: Case, asked: Lever) -> tuple[Case | None, tuple[Fault, ...]]:
    """Return the case after a lever or what is wrong with it; any other exception fails."""
    try:
        return apply_lever(case, asked).case, ()
    except CaseError as error:
        return None, error.faults


def new_host(**cells: object) -> dict[str, object]:
    row: dict[str, object] = {"host": "new", "name": "New", "place": "LBY-FEZZAN"}
    return row | {"kind": "local", "affinity": 0.1} | cells


def rows_of(case: Case) -> dict[str, Policy]:
    return {row.policy_id: row for row in case.policies}


NOTHING: list[dict[str, Any]] = [
    {},
    {"policies": {}, "case": {"end": {}}},
    {"policies": {"remove": [{"where": {"actor": "ITA"}}], "add": []}},
    {"hosts": {"set": [{"where": {"kind": "affiliate"}, "values": {"affinity": 0.9}}]}},
    {"case": {"end": {"modes": {"military_defeat": 0.9, "negotiated": 0.1}}}},
]


@pytest.mark.parametrize("patch", NOTHING, ids=str)
@pytest.mark.parametrize("case", [SMALL, KNOWN], ids=["whole", "known"])
def test_a_patch_that_changes_nothing_gives_the_same_case(
    case: Case, patch: dict[str, Any]
) -> None:
    patched = apply_lever(case, lever(patch))
    assert patched.case is case
    assert patched.case.content_hash == case.content_hash
    assert patched.changes == ()


def test_the_case_that_was_patched_stays_as_it_was() -> None:
    before = replace(SMALL)
    apply_lever(SMALL, "no_custody")
    assert before == SMALL


def test_changes_are_told_in_words() -> None:
    patch = {
        "policies": {"remove": [{"where": {"actor": "FRA"}}], "add": [policy_row(actor="TUR")]},
        "hosts": {"set": [{"where": {"host": "is_libya"}, "values": {"until": "2017-06-30"}}]},
        "places": {
            "set": [{"where": {"roles": "transit"}, "values": {"roles": "transit;custody"}}]
        },
        "origins": {
            "set": [
                {
                    "where": {"kind": "local"},
                    "values": {"population": 3.75e7, "source": "wdi_2016"},
                }
            ]
        },
        "case": {
            "end": {
                "modes": {"negotiated": 1},
                "judgements": [
                    {"judged_on": CUT, "p10": CUT, "p50": "2017-06-30", "p90": "2017-12-31"}
                ],
            },
            "parameters": {
                "return_hazard": {"prior": [-4, 0.5], "source": "x"},
                "other": {"prior": [1, 2], "source": "y"},
            },
        },
    }
    assert [str(change) for change in apply_lever(KNOWN, lever(patch)).changes] == [
        "case, end.modes.military_defeat: 0.9 → 0",
        "case, end.modes.negotiated: 0.1 → 1",
        "case, end.judgements: 2017-04-01 to 2018-12-31, median 2017-10-31, as judged on "
        "2017-03-01 and 1 earlier → 2017-03-07 to 2017-12-31, median 2017-06-30, as judged on "
        "2017-03-07",
        "case, parameters.other: added (1 2)",
        "case, parameters.return_hazard: -4.5 0.5 → -4 0.5",
        "policies, fra_custody_2014: removed (actor FRA, policy custody, stratum men, from "
        "2014-11-13, until 2016-05-31, low 0.3, high 0.8, published 2014-11-13, source un_2016)",
        "policies, fra_custody_2016: removed (actor FRA, policy custody, stratum men, from "
        "2016-06-01, low 0.6, high 0.95, published 2016-06-03, source un_2016)",
        "policies, p: added (actor TUR, policy custody, from 2017-03-07, low 0.1, high 0.2, "
        "published 2017-03-07, note lever what_if)",
        "hosts, is_libya, until: empty → 2017-06-30",
        "places, TUR, roles: transit;third_country → transit;custody",
        "origins, IRQ, population: empty → 37500000",
        "origins, IRQ, source: empty → wdi_2016",
    ]
    assert str(Change("case", "", "parameters.x", "1 2", None)) == (
        "case, parameters.x: removed (1 2)"
    )


def test_a_whole_end_can_be_taken_away() -> None:
    (change,) = apply_lever(KNOWN, lever({"case": {"end": {"judgements": []}}})).changes
    assert (change.row, change.column, change.after) == ("", "end.judgements", "")


def test_rows_are_removed_then_set_then_added_whatever_their_order() -> None:
    add = [policy_row(policy_id="new", actor="FRA", policy="programme")]
    change = [{"where": {"actor": "FRA"}, "values": {"high": 0.99}}]
    remove = [{"where": {"policy_id": "fra_custody_2014"}}, {"where": {"policy": "programme"}}]
    first = lever({"policies": {"add": add, "set": change, "remove": remove}})
    second = lever({"policies": {"remove": remove, "set": change, "add": add}})
    assert SMALL.with_lever(first) == SMALL.with_lever(second)
    rows = rows_of(SMALL.with_lever(first))
    assert rows["new"].high == 0.2
    assert rows["fra_custody_2016"].high == 0.99
    assert "fra_custody_2014" not in rows


def test_several_sets_follow_one_another() -> None:
    patch = {
        "policies": {
            "set": [
                {"where": {"actor": "TUN"}, "values": {"low": 0.3}},
                {"where": {"low": 0.3}, "values": {"low": 0.4, "stratum": "men"}},
            ]
        }
    }
    rows = rows_of(SMALL.with_lever(lever(patch)))
    assert (rows["tun_custody"].low, rows["tun_custody"].stratum) == (0.4, "men")
    assert rows["fra_custody_2014"].low == 0.4


def test_where_finds_empty_cells_and_names_that_are_joined() -> None:
    patch = {
        "policies": {"remove": [{"where": {"stratum": "", "policy": "custody"}}]},
        "places": {"set": [{"where": {"roles": "sanctuary"}, "values": {"governance": -1}}]},
        "hosts": {"set": [{"where": {"aliases": "IS Libya"}, "values": {"aliases": ""}}]},
    }
    changes = apply_lever(SMALL, lever(patch)).changes
    assert [(change.row, change.column) for change in changes] == [
        ("tun_custody", ""),
        ("is_libya", "aliases"),
        ("IRQ-ANBAR", "governance"),
        ("LBY-FEZZAN", "governance"),
    ]


def test_each_foreign_origin_gets_a_row_of_its_own() -> None:
    row = {key: cell for key, cell in policy_row().items() if key not in ("policy_id", "actor")}
    rows = [row | {"stratum": stratum, "policy": "programme"} for stratum in ("women", "minors")]
    patched = SMALL.with_lever(lever({"policies": {"add_for_each_origin": rows}}))
    new = [row for row in patched.policies if row.policy_id not in rows_of(SMALL)]
    assert [row.actor for row in new] == ["TUN", "FRA", "RUS-CAUCASUS"] * 2
    assert new[0].policy_id == "lever_what_if_programme_TUN"
    assert new[3].policy_id == "lever_what_if_programme_TUN_minors"
    assert {row.note for row in new} == {"lever what_if"}


def test_names_of_rows_do_not_clash() -> None:
    row = {key: cell for key, cell in policy_row().items() if key not in ("policy_id", "actor")}
    days = ["2017-04-01", "2017-05-01", "2017-06-01", "2017-07-01"]
    rows = [row | {"from": day} for day in days]
    patched = SMALL.with_lever(lever({"policies": {"add_for_each_origin": rows}}))
    names = [row.policy_id for row in patched.policies if row.actor == "TUN"]
    stem = "lever_what_if_custody_TUN"
    assert names[1:] == [stem, f"{stem}_all", f"{stem}_all_2", f"{stem}_all_3"]


def test_a_row_of_a_lever_takes_over() -> None:
    rows = [policy_row(actor="FRA", **{"from": "2015-01-01"})]
    patched = apply_lever(SMALL, lever({"policies": {"add": rows}}))
    assert [str(change).split(" (")[0] for change in patched.changes] == [
        "policies, fra_custody_2014, until: 2016-05-31 → 2014-12-31",
        "policies, fra_custody_2016: removed",
        "policies, p: added",
    ]
    for_a_year = lever({"policies": {"add": [rows[0] | {"until": "2015-12-31"}]}})
    rows_after = rows_of(SMALL.with_lever(for_a_year))
    assert rows_after["fra_custody_2014"].until == date(2014, 12, 31)
    assert rows_after["fra_custody_2016"] == rows_of(SMALL)["fra_custody_2016"]
    for_women = lever({"policies": {"add": [rows[0] | {"stratum": "women"}]}})
    assert len(apply_lever(SMALL, for_women).changes) == 1


DAYS = st.dates(date(2012, 1, 1), date(2016, 12, 31))


@st.composite
def series(draw: st.DrawFn, stratum: str | None) -> list[Policy]:
    """Return rows of one stratum as a case may have them: no two overlap."""
    begins = sorted(draw(st.sets(DAYS, max_size=4)))
    rows = []
    for number, begin in enumerate(begins):
        last = begins[number + 1] - timedelta(days=1) if number + 1 < len(begins) else CUT
        until = draw(st.none() | st.dates(begin, last))
        name = f"{stratum or 'all'}_{number}"
        cells = policy_row(policy_id=name, stratum=stratum, until=until, **{"from": begin})
        rows.append(Policy.model_validate(cells | {"low": 0.3, "high": 0.4, "note": "judgement"}))
    return rows


@settings(max_examples=80, deadline=None)
@given(
    st.tuples(series(None), series("men")),
    st.none() | st.sampled_from(STRATA),
    DAYS,
    st.none() | st.integers(0, 900),
    st.lists(DAYS, min_size=1, max_size=8),
)
def test_what_a_lever_adds_is_in_force_while_it_says(
    rows: tuple[list[Policy], list[Policy]],
    stratum: str | None,
    begin: date,
    length: int | None,
    days: list[date],
) -> None:
    before = replace(SMALL, policies=(*rows[0], *rows[1]))
    until = None if length is None else begin + timedelta(days=length)
    new = policy_row(stratum=stratum, until=until, **{"from": begin})
    after = before.with_lever(lever({"policies": {"add": [new]}}))
    moments = [begin, begin - timedelta(days=1), *days]
    moments += [until, until + timedelta(days=1)] if until else []
    for day in moments:
        for asked in STRATA:
            was = policy_in_force(before.policies, "TUN", "custody", day, asked)
            now = policy_in_force(after.policies, "TUN", "custody", day, asked)
            holds = begin <= day and (until is None or day <= until)
            if holds and stratum in (None, asked):
                assert now is not None
                assert now.policy_id == "p"
            elif day < begin or stratum not in (None, asked):
                assert (now and now.policy_id) == (was and was.policy_id)
            elif now is not None:
                # After the lever's end nothing comes back that it took over from.
                assert until is not None
                assert now.from_ > until or (stratum is not None and now.stratum is None)


shares = st.floats(0, 1).map(lambda share: round(share, 3))
ranges = st.tuples(shares, shares).map(sorted)


def one_policy(row: Policy, low: float, high: float) -> Lever:
    where = {"policy_id": row.policy_id}
    patch = {"policies": {"set": [{"where": where, "values": {"low": low, "high": high}}]}}
    return lever(patch, f"set_{row.policy_id}")


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(KNOWN.policies), ranges)
def test_a_lever_and_its_inverse_give_the_case_back(row: Policy, ends: list[float]) -> None:
    there, back = one_policy(row, *ends), one_policy(row, row.low, row.high)
    again = KNOWN.with_lever(there).with_lever(back)
    assert again == KNOWN
    assert again.content_hash == KNOWN.content_hash
    assert apply_levers(KNOWN, [there, back]).changes == ()


def test_what_is_added_can_be_removed_again() -> None:
    host = new_host(published="2017-01-01")
    there = KNOWN.with_lever(lever({"hosts": {"add": [host]}}))
    assert there.hosts[-1].note == "lever what_if"
    back = there.with_lever(lever({"hosts": {"remove": [{"where": {"host": "new"}}]}}, "back"))
    assert back == KNOWN
    assert back.content_hash == KNOWN.content_hash


DISJOINT: list[dict[str, Any]] = [
    {"policies": {"set": [{"where": {"actor": "TUN"}, "values": {"low": 0.5}}]}},
    {"policies": {"remove": [{"where": {"policy_id": "fra_custody_2014"}}]}},
    {"policies": {"set": [{"where": {"actor": "FRA"}, "values": {"high": 1}}]}},
    {"hosts": {"set": [{"where": {"kind": "rival"}, "values": {"thaw_months": 6}}]}},
    {"hosts": {"set": [{"where": {"kind": "affiliate"}, "values": {"until": "2017-03-07"}}]}},
    {"places": {"set": [{"where": {"place": "TUR"}, "values": {"governance": 1}}]}},
    {"origins": {"set": [{"where": {"origin": "FRA"}, "values": {"population": 6e7}}]}},
    {"case": {"end": {"modes": {"negotiated": 1}}}},
    {"case": {"end": {"judgements": []}}},
    {"case": {"parameters": {"return_hazard": {"prior": [0, 1], "source": "x"}}}},
]


@settings(max_examples=40, deadline=None)
@given(st.permutations(range(len(DISJOINT))), st.integers(2, len(DISJOINT)))
def test_levers_that_touch_different_cells_commute(order: Sequence[int], count: int) -> None:
    levers = [lever(DISJOINT[number], f"lever_{number}") for number in order[:count]]
    one, other = KNOWN.with_levers(levers), KNOWN.with_levers(levers[::-1])
    assert one == other
    assert one.content_hash == other.content_hash
    changes = apply_levers(KNOWN, levers).changes
    assert changes == changes_between(KNOWN, other)
    single = [set(apply_lever(KNOWN, chosen).changes) for chosen in levers]
    removed = {change.row for change in changes if change.after is None}
    assert set(changes) == {
        change
        for one_lever in single
        for change in one_lever
        if change.after is None or change.row not in removed
    }


DATES = ["2014-11-13", "2015-08-07", "2016-06-01", "2017-03-07", "2018-12-31"]
SOURCES = ["un_2016", "", "late_2017"]
#: Cells that one may well try, most of them possible, by table; identifiers come first.
TRIED: dict[str, dict[str, list[Any]]] = {
    "policies": {
        "policy_id": ["tun_custody", "fra_custody_2014", "lby_control", "new"],
        "actor": ["TUN", "FRA", "LBY-FEZZAN", "TUX"],
        "policy": ["custody", "border_control"],
        "stratum": ["men", ""],
        "from": DATES,
        "until": [*DATES, ""],
        "low": [0, 0.25, 0.5],
        "high": [0.5, 0.75, 1],
        "published": DATES,
        "source": SOURCES,
    },
    "hosts": {
        "host": ["is_libya", "old_rival", "remnant_iraq", "new"],
        "name": ["Old rival", "New"],
        "place": ["IRQ-ANBAR", "LBY-FEZZAN", "ITA"],
        "kind": ["remnant", "affiliate", "local"],
        "until": [*DATES, ""],
        "published": DATES,
        "affinity": [-0.5, 0.9],
        "thaw_months": ["", 0, 12],
        "capacity_low": ["", 0, 500],
        "capacity_high": ["", 200, 2000],
        "source": SOURCES,
    },
    "places": {
        "place": ["TUR", "LBY-FEZZAN", "IRQ", "ITA"],
        "name": ["Italy"],
        "country": ["", "LBY", "IRQ"],
        "latitude": ["", 30],
        "longitude": ["", 30],
        "roles": ["transit", "home_theatre", "sanctuary;theatre"],
        "governance": ["", -1],
        "source": SOURCES,
    },
    "origins": {
        "origin": ["TUN", "FRA", "RUS-CAUCASUS", "IRQ"],
        "members_low": ["", 100],
        "members_high": ["", 50, 5000],
        "governance": ["", 1],
        "source": SOURCES,
    },
}


def some_of(cells: dict[str, list[Any]], least: int, most: int) -> st.SearchStrategy[Any]:
    chosen = st.lists(st.sampled_from(sorted(cells)), min_size=least, max_size=most, unique=True)
    return chosen.flatmap(
        lambda names: st.fixed_dictionaries({name: st.sampled_from(cells[name]) for name in names})
    )


def operations_on(table: str) -> st.SearchStrategy[dict[str, Any]]:
    cells = TRIED[table]
    values = some_of({name: cells[name] for name in list(cells)[1:]}, 1, 2)
    where = some_of(cells, 1, 1)
    sets = st.lists(st.fixed_dictionaries({"where": where, "values": values}), max_size=2)
    operations = {"set": sets}
    if table != "origins":
        operations["remove"] = st.lists(st.fixed_dictionaries({"where": where}), max_size=1)
        whole = st.fixed_dictionaries({name: st.sampled_from(cells[name]) for name in cells})
        operations["add"] = st.lists(whole, max_size=1)
    return st.fixed_dictionaries({}, optional=operations)


patches = st.sets(st.sampled_from(sorted(TRIED)), min_size=1, max_size=2).flatmap(
    lambda tables: st.fixed_dictionaries({table: operations_on(table) for table in tables})
)


@settings(max_examples=150, deadline=None)
@given(patches, st.sampled_from([SMALL, KNOWN]))
def test_a_lever_makes_a_case_that_can_be_read_or_is_refused(
    patch: dict[str, Any], case: Case
) -> None:
    asked = lever(patch)
    patched, faults = attempt(replace(case, levers=(asked,)), asked)
    if patched is None:
        assert {fault.file for fault in faults} == {"levers.yaml"}
        return
    with tempfile.TemporaryDirectory() as folder:
        path = write_case(patched, Path(folder) / "demo")
        assert check_case(path).faults == ()
        again = load_case(path)
    assert again == replace(patched, known_on=None)
    if patched.content_hash != case.content_hash:
        assert again.content_hash == patched.content_hash


yaml_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 3) | st.floats() | st.sampled_from(DATES),
    lambda inner: st.lists(inner, max_size=2)
    | st.dictionaries(
        st.sampled_from(["policies", "hosts", "case", "end", "set", "add", "remove", "where",
            "values", "modes", "judgements", "parameters", "x", "policy", "from_"]),
        inner,
        max_size=3,
    ),
    max_leaves=12,
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(yaml_values)
def test_any_patch_is_one_or_is_refused(patch: Any) -> None:
    entry = {"name": "what_if", "title": "What if", "rationale": "To see", "patch": patch}
    try:
        asked = Lever.model_validate(entry)
    except ValueError:
        return
    patched, faults = attempt(KNOWN, asked)
    assert (patched is None) == bool(faults)


RICH = levers_text(
    [
        *(lever(patch, f"lever_{number}") for number, patch in enumerate(DISJOINT)),
        lever({"policies": {"add": [policy_row()]}, "hosts": {"add": [new_host(published=CUT)]}}),
    ]
).encode()


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 1), st.integers(0, 30), SNIPPETS), min_size=1, max_size=3))
def test_changed_bytes_of_levers_give_a_case_or_faults(
    edits: list[tuple[float, int, bytes]],
) -> None:
    content = RICH
    for where, length, snippet in edits:
        start = int(where * len(content))
        content = content[:start] + snippet + content[start + length :]
    with tempfile.TemporaryDirectory() as parent:
        folder = write_small(Path(parent))
        (folder / "levers.yaml").write_bytes(content)
        report = check_case(folder)
        assert {fault.file for fault in report.faults} <= {"levers.yaml"}
        if report.ok:
            assert apply_levers(load_case(folder), []).notes == ()


def test_rich_levers_are_levers() -> None:
    with tempfile.TemporaryDirectory() as parent:
        folder = write_small(Path(parent))
        (folder / "levers.yaml").write_bytes(RICH)
        assert check_case(folder) == CheckReport((), ())
        assert len(load_case(folder).levers) == len(DISJOINT) + 1


def test_rows_of_a_lever_are_known_on_the_day_of_the_case() -> None:
    later = lever({"policies": {"add": [policy_row(published="2018-01-01")]}})
    patched = KNOWN.with_lever(later)
    assert rows_of(patched)["p"].published == CUT
    assert rows_of(patched.as_known_on(CUT))["p"] == rows_of(patched)["p"]
    assert rows_of(SMALL.with_lever(later))["p"].published == date(2018, 1, 1)


def test_a_case_written_after_a_lever_can_be_read_with_it(tmp_path: Path) -> None:
    host = new_host(published="2018-01-01")
    asked = lever({"hosts": {"add": [host]}, "policies": {"add": [policy_row()]}})
    case = replace(KNOWN, levers=(asked,))
    patched = case.with_lever("what_if")
    again = load_case(write_case(patched, tmp_path / "demo"))
    assert again == replace(patched, known_on=None)
    assert apply_lever(again, "what_if").changes == ()


@pytest.mark.parametrize("name", ["entry_bans_everywhere", "home_programmes", "late_end"])
def test_a_run_of_a_built_in_lever_can_be_read(name: str, tmp_path: Path) -> None:
    patched = load_case("isis_2017").as_known_on(CUT).with_lever(name)
    again = load_case(write_case(patched, tmp_path / "isis_2017"))
    assert again == replace(patched, known_on=None)
    assert again.content_hash == patched.content_hash


def test_levers_are_found_by_their_name() -> None:
    assert SMALL.with_levers(["no_custody"]) == SMALL.with_lever(SMALL.levers[0])
    assert SMALL.with_levers([]) is SMALL
    with pytest.raises(InputError) as caught:
        SMALL.with_lever("no_custdy")
    assert str(caught.value) == (
        "found 'no_custdy', expected the name of a lever of the case (no_custody); "
        "did you mean 'no_custody'?"
    )
    with pytest.raises(InputError, match=r"of the case \(it has none\)"):
        replace(SMALL, levers=()).with_lever("x")


def test_two_levers_that_cannot_both_be_are_refused(tmp_path: Path) -> None:
    shut = lever({"policies": {"set": [{"where": {"actor": "TUN"}, "values": {"low": 0.6}}]}})
    low = lever(
        {"policies": {"set": [{"where": {"actor": "TUN"}, "values": {"high": 0.3}}]}}, "low"
    )
    assert SMALL.with_lever(shut)
    assert SMALL.with_lever(low)
    with pytest.raises(CaseError, match=r"lever low has 1 fault:\n.*'0.6', expected at most 0"):
        SMALL.with_levers([shut, low])
    # A case after the one does not carry the other, with which it could not be read.
    case = replace(SMALL, levers=(shut, low))
    assert case.with_lever(shut).levers == (shut,)
    assert load_case(write_case(case.with_lever(low), tmp_path / "demo")).levers == (low,)
