"""levers.yaml: its grammar, its faults and notes, and the levers of the built-in case."""

from __future__ import annotations

import doctest
import re
from datetime import date
from pathlib import Path

import pytest
import yaml

from dispersal.case import (
    Case,
    Lever,
    apply_lever,
    check_case,
    load_case,
    policy_in_force,
    write_case,
)
from dispersal.case.levers import SETTABLE_OF_ORIGIN, TABLE_PATCHES
from dispersal.case.schema import Origin
from dispersal.case.subset import case_of_origins
from dispersal.errors import CaseError

from .broken_levers import BROKEN, HEAD, SEVERAL, BrokenLever, policy, write_patch

ROOT = Path(__file__).parents[2]
ASKED = date(2017, 3, 7)
BUILT_IN = load_case("isis_2017")
KNOWN = BUILT_IN.as_known_on(ASKED)

#: What the built-in case must be able to ask, by the lever that asks it.
ASKED_FOR = {
    "entry_bans_everywhere": "an entry ban",
    "no_entry_bans": "its repeal",
    "early_repatriation_of_minors": "early repatriation of minors",
    "early_repatriation": "and of women",
    "more_custody": "wider prosecution",
    "home_programmes": "a larger programme",
    "closed_turkish_border": "border control in a transit state",
    "libya_falls": "an affiliate that falls",
    "negotiated_end": "a settlement instead of a defeat",
    "quick_end": "an earlier end",
    "late_end": "a later end",
}


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: f"{broken.kind}{broken.where}")
def test_a_broken_lever_is_named_where_it_is(demo: Path, broken: BrokenLever) -> None:
    write_patch(demo, broken.patch)
    with pytest.raises(CaseError) as caught:
        load_case(demo)
    (fault,) = caught.value.faults
    assert (fault.kind, str(fault)) == (broken.kind, broken.message)
    assert check_case(demo).faults == (fault,)


def test_there_are_many_kinds_of_broken_lever() -> None:
    assert len({broken.kind for broken in BROKEN}) >= 20


def test_everything_that_a_lever_breaks_is_said(demo: Path) -> None:
    write_patch(demo, SEVERAL.patch)
    faults = check_case(demo).faults
    assert {fault.kind for fault in faults} == {"unknown_area", "unknown_place", "unknown_actor"}
    assert SEVERAL.message in map(str, faults)


def test_one_broken_lever_does_not_hide_the_next(demo: Path) -> None:
    second = HEAD.replace("what_if", "second") + f"    policies: {{add: [{policy(low=0.3)}]}}\n"
    third = HEAD.replace("what_if", "third") + "    policies: {}\n"
    write_patch(demo, "polices: {}")
    with (demo / "levers.yaml").open("a", encoding="utf-8") as stream:
        stream.write(second + third + third)
    faults = [(fault.kind, fault.column) for fault in check_case(demo).faults]
    assert sorted(faults) == [
        ("duplicate_id", "[4].name"),
        ("low_above_high", "[2].patch.policies.add[1].low"),
        ("unknown_table", "[1].patch.polices"),
    ]


def test_a_broken_case_is_not_blamed_on_its_levers(demo: Path) -> None:
    policies = demo / "policies.csv"
    policies.write_text(policies.read_text().replace("tun_custody,TUN", "tun_custody,TUX"))
    write_patch(demo, f"policies: {{add: [{policy(actor='FRX')}]}}")
    assert [fault.file for fault in check_case(demo).faults] == ["policies.csv"]


@pytest.mark.parametrize(
    ("patch", "message"),
    [
        (
            "policies: {remove: [{where: {actor: TUNN}}]}",
            ".policies.remove[1].where.actor: found 'TUNN', expected the actor of a row of "
            "policies.csv, else this changes nothing (lever what_if); did you mean 'TUN'?",
        ),
        (
            "hosts: {set: [{where: {from: 2014-10-04}, values: {affinity: 0}}]}",
            ".hosts.set[1].where.from: found '2014-10-04', expected the from of a row of "
            "hosts.csv, else this changes nothing (lever what_if); did you mean '2014-10-03'?",
        ),
        (
            "places: {set: [{where: {roles: custody;transit}, values: {governance: 0}}]}",
            ".places.set[1].where.roles: found 'custody;transit', expected the roles of a row of "
            "places.csv, else this changes nothing (lever what_if); did you mean 'transit'?",
        ),
        (
            "policies: {remove: [{where: {actor: TUN, policy: border_control}}]}",
            ".policies.remove[1].where: found 'actor TUN, policy border_control', expected a row "
            "of policies.csv with all of these, else this changes nothing (lever what_if)",
        ),
    ],
)
def test_a_where_without_a_row_is_noted(demo: Path, patch: str, message: str) -> None:
    case = load_case(write_patch(demo, patch))
    (note,) = check_case(demo).notes
    assert (note.kind, str(note)) == ("unmatched_lever", f"levers.yaml, [1].patch{message}")
    patched = apply_lever(case, "what_if")
    assert patched.case is case
    assert patched.changes == ()
    (words,) = patched.notes
    assert words == f"lever what_if, patch{message}".replace(" (lever what_if)", "")


def test_sources_of_a_lever_are_cited_and_stay(demo: Path) -> None:
    write_patch(demo, f"policies: {{add: [{policy(source='spare')}]}}")
    with (demo / "evidence" / "sources.csv").open("a", encoding="utf-8") as stream:
        stream.write("spare,Spare,UN,2016-01-01,\n")
    assert check_case(demo).notes == ()
    known = load_case(demo).as_known_on(ASKED)
    assert known.with_lever("what_if").policies[-1].source == "spare"
    assert known.ledger.source("spare").title == "Spare"


OLD = """\
- name: entry_bans_everywhere
  title: Every home country bars half of its citizens
  rationale: The opposite bound.
  patch:
    policies:
      set:
      - where:
          policy: custody
        values:
          low: 0.4
          high: 0.6
      add_for_each_origin:
      - policy: entry_ban
        from: '2017-03-07'
        low: 0.4
        high: 0.6
        published: '2017-03-07'
        note: lever
"""


def test_levers_of_earlier_runs_are_read_and_written_unchanged(demo: Path, tmp_path: Path) -> None:
    (demo / "levers.yaml").write_text(OLD, encoding="utf-8")
    case = load_case(demo)
    again = write_case(case, tmp_path / "again" / "demo")
    assert (again / "levers.yaml").read_text(encoding="utf-8") == OLD
    assert load_case(again) == case
    assert len(apply_lever(case, "entry_bans_everywhere").changes) == 8


def test_a_lever_is_checked_in_python_too() -> None:
    with pytest.raises(ValueError, match="Extra inputs are not permitted"):
        Lever.model_validate(
            {"name": "x", "title": "X", "rationale": "y", "patch": {"figures": {}}}
        )


def test_origins_keep_who_they_are() -> None:
    assert set(Origin.model_fields) - set(SETTABLE_OF_ORIGIN) == {
        "origin", "name", "region", "kind", "latitude", "longitude",
    }  # fmt: skip


def test_the_built_in_levers_ask_what_was_asked_for() -> None:
    names = [lever.name for lever in BUILT_IN.levers]
    assert set(ASKED_FOR) <= set(names)
    assert len(names) == len(set(names)) == 17


@pytest.mark.parametrize("lever", KNOWN.levers, ids=lambda lever: lever.name)
def test_a_built_in_lever_changes_the_case_as_known(lever: Lever) -> None:
    patched = apply_lever(KNOWN, lever)
    assert patched.changes
    assert patched.notes == ()
    assert patched.case != KNOWN
    assert patched.case.content_hash != KNOWN.content_hash
    assert patched.case.levers == KNOWN.levers
    assert apply_lever(patched.case, lever).changes == ()


@pytest.mark.parametrize("lever", BUILT_IN.levers, ids=lambda lever: lever.name)
def test_a_built_in_lever_has_a_reason_and_a_source_of_the_day(lever: Lever) -> None:
    assert len(lever.rationale) > 60
    cited = [key for _, key in lever.sources() if key]
    assert all(BUILT_IN.ledger.source(key).published <= ASKED for key in cited)
    assert lever.source or "bound made by us" in lever.rationale


def test_built_in_levers_pass_the_check() -> None:
    report = check_case("isis_2017")
    assert report.ok
    assert [note for note in report.notes if note.file == "levers.yaml"] == []


def of_policy(case: Case, policy: str) -> dict[tuple[str, str], tuple[float, float]]:
    """Return the range of what every foreign origin does on the day of the question."""
    rows = {
        (origin.origin, stratum): policy_in_force(
            case.policies, origin.origin, policy, ASKED, stratum
        )
        for origin in case.origins
        if origin.kind == "foreign"
        for stratum in case.strata
    }
    return {key: (row.low, row.high) for key, row in rows.items() if row is not None}


@pytest.mark.parametrize(
    ("name", "policy", "strata", "share"),
    [
        ("no_entry_bans", "entry_ban", ("men", "women", "minors"), (0.0, 0.0)),
        ("entry_bans_everywhere", "entry_ban", ("men", "women", "minors"), (0.5, 0.8)),
        ("early_repatriation", "repatriation", ("men", "women", "minors"), (0.3, 0.7)),
        ("early_repatriation_of_minors", "repatriation", ("minors",), (0.3, 0.7)),
        ("no_repatriation", "repatriation", ("men", "women", "minors"), (0.0, 0.0)),
        ("home_programmes", "programme", ("men", "women", "minors"), (0.4, 0.9)),
        ("more_custody", "custody", ("men",), (0.8, 1.0)),
    ],
)
@pytest.mark.parametrize("case", [KNOWN, BUILT_IN], ids=["known", "whole"])
def test_a_policy_of_a_lever_is_in_force_at_every_origin(
    case: Case, name: str, policy: str, strata: tuple[str, ...], share: tuple[float, float]
) -> None:
    before, after = of_policy(case, policy), of_policy(case.with_lever(name), policy)
    origins = [row.origin for row in case.origins if row.kind == "foreign"]
    assert {key for key in after if key[1] in strata} == {(o, s) for o in origins for s in strata}
    assert {after[key] for key in after if key[1] in strata} == {share}
    # The policy for other strata stays as it was.
    others = {key: value for key, value in after.items() if key[1] not in strata}
    assert others == {key: value for key, value in before.items() if key[1] not in strata}
    if share != (0.0, 0.0):
        # A wider policy is nowhere narrower than the one it takes over from.
        known = of_policy(KNOWN, policy).values()
        assert all(low <= share[0] and high <= share[1] for low, high in known)


def test_borders_close_as_the_levers_say() -> None:
    for name, actors in {
        "open_border": {"TUR"},
        "closed_turkish_border": {"TUR"},
        "sealed_border": {"TUR", "JOR", "LBN"},
    }.items():
        changes = apply_lever(KNOWN, name).changes
        assert {change.row.rsplit("_", 1)[1] for change in changes} == actors
        assert all(change.before is None for change in changes)


def test_ends_come_earlier_and_later() -> None:
    def median(case: Case) -> date:
        judgement = case.end.judgement_known_on(ASKED)
        assert judgement is not None
        return judgement.p50

    assert median(KNOWN.with_lever("quick_end")) < median(KNOWN)
    assert median(KNOWN) < median(KNOWN.with_lever("late_end"))
    assert median(KNOWN.with_lever("late_end")) <= KNOWN.period.until


def test_a_part_of_a_case_keeps_its_levers_readable(demo: Path, tmp_path: Path) -> None:
    rows = f"{policy(actor='FRA')}, {policy(policy_id='q')}"
    case = load_case(write_patch(demo, f"policies: {{add: [{rows}]}}"))
    part = case_of_origins(case, ["TUN", "IRQ"])
    again = load_case(write_case(part, tmp_path / "part" / "demo"))
    assert again == part
    assert [change.row for change in apply_lever(again, "what_if").changes] == ["q"]


def test_the_page_lists_the_built_in_levers() -> None:
    page = (ROOT / "docs" / "levers.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `(\w+)` \| ([^|]+) \| ([^|]+) \|$", page, flags=re.MULTILINE)
    assert [(name, title, source.strip("` ")) for name, title, source in listed] == [
        (lever.name, lever.title, lever.source or "a bound made by us") for lever in BUILT_IN.levers
    ]


@pytest.mark.parametrize("name", ["docs/levers.md", "docs/case-format.md"])
def test_examples_of_the_page_are_levers(name: str) -> None:
    page = (ROOT / name).read_text(encoding="utf-8")
    examples = re.findall(r"```yaml\n(- name:.*?)```", page, flags=re.DOTALL)
    assert examples
    for example in examples:
        for entry in yaml.load(example, Loader=yaml.BaseLoader):
            lever = Lever.model_validate(entry)
            assert apply_lever(KNOWN, lever).changes, lever.name


def test_the_page_shows_what_python_prints() -> None:
    found = doctest.testfile(str(ROOT / "docs" / "levers.md"), module_relative=False)
    assert found.failed == 0
    assert found.attempted == 3


def test_the_format_names_every_operation() -> None:
    page = (ROOT / "docs" / "case-format.md").read_text(encoding="utf-8")
    operations = {name for patch in TABLE_PATCHES.values() for name in patch.model_fields}
    assert operations == {"add", "set", "remove", "add_for_each_origin"}
    assert [name for name in (*operations, *TABLE_PATCHES) if f"`{name}`" not in page] == []
