"""What to fill in next: each rule finds what it says; a saved run ranks figures by their worth."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from dispersal.authoring import add_evidence, new_case, what_next
from dispersal.authoring.guide.finding import usual
from dispersal.authoring.guide.rules import RULES
from dispersal.case import load_case
from dispersal.case.schema import TABLES
from dispersal.errors import InputError
from dispersal.model.parameters import table
from dispersal.whatif.information import information
from dispersal.whatif.store import keep
from tests.case.small import replace_text, set_cell
from tests.forecast.synthetic import make_forecast

if TYPE_CHECKING:
    from dispersal.authoring.guide.finding import Finding

SOURCE = {"title": "T", "publisher": "P", "source": "t", "published": "2016-12-01"}


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    """A new case of which nothing is known but a place and home countries."""
    made = new_case(
        "mine", out=tmp_path, group="G", asked_on="2016-12-31", places=["COL"],
        origins=["ITA", "FRA"], modes="withdrawal",
    )  # fmt: skip
    return made.folder


def found(case: Path) -> dict[str, Finding]:
    return {one.rule: one for one in reversed(what_next(case).findings)}


def test_a_fresh_case_is_asked_for_everything_in_the_order_of_the_rules(fresh: Path) -> None:
    findings = what_next(fresh).findings
    order = [rule.name for rule in RULES]
    told = [one.rule for one in findings]
    assert told == sorted(told, key=order.index)
    assert set(order) - set(told) == {"fates", "links"}
    for one in findings:
        assert (fresh / one.file).exists() or one.file == "experts.csv"
        assert one.what
        assert one.why
        assert one.how
        if one.file in TABLES:
            assert one.column in TABLES[one.file].columns(), one
        else:
            assert one.column.split(".")[0] in (fresh / "case.yaml").read_text(encoding="utf-8")


def test_commands_of_the_guide_do_what_it_says(fresh: Path) -> None:
    """Every command that is proposed, with its capitals filled in, silences its own rule."""
    from click.testing import CliRunner

    from dispersal.cli import main

    done = set()
    for _ in range(9):
        mine = [one for one in what_next(fresh).findings if one.how.startswith("dispersal")]
        if not mine:
            break
        command = mine[0].how
        assert command not in done, "still asked for"
        done.add(command)
        for word, value in {"N": "50", "DATE": "2016-12-01", "KEY": "t"}.items():
            command = re.sub(rf"\b{word}\b", value, command)
        words = [*command.split()[1:], "--title", "T", "--publisher", "P"]
        result = CliRunner().invoke(main, words)
        assert result.exit_code == 0, result.output
    # Two contingents, two fates of them, strength, killed, territory.
    assert len(done) == 7
    assert len(load_case(fresh).ledger.figure_rows) == 4


def test_what_is_filled_in_is_not_asked_for_again(fresh: Path) -> None:
    replace_text(fresh, "case.yaml", "  # judgements: [", "  judgements: [")
    assert "end" not in found(fresh)
    replace_text(fresh, "case.yaml", "  # members_low: 1000\n", "  members_low: 1000\n")
    replace_text(fresh, "case.yaml", "  # members_high: 10000\n", "  members_high: 10000\n")
    assert "size" not in found(fresh)
    replace_text(fresh, "case.yaml", "{withdrawal: 1}", "{withdrawal: 0.5, negotiated: 0.5}")
    assert "modes" not in found(fresh)
    replace_text(fresh, "case.yaml", "Armed group that holds territory in", "An army of")
    assert "description" not in found(fresh)
    set_cell(fresh, "hosts.csv", 2, "note", "judgement of mine")
    set_cell(fresh, "hosts.csv", 2, "capacity_low", "5")
    set_cell(fresh, "hosts.csv", 2, "capacity_high", "50")
    assert "capacity" not in found(fresh)
    assert found(fresh)["defaults"].file == "places.csv"
    assert "ranges members_low to members_high" in found(fresh)["contingents"].why
    set_cell(fresh, "origins.csv", 3, "members_low", "")
    set_cell(fresh, "origins.csv", 3, "members_high", "")
    assert "region's usual size" in found(fresh)["contingents"].why
    row: dict[str, Any] = {"quantity": "departed", "origin": "ITA", "low": 5, **SOURCE}
    add_evidence(fresh, **row, as_of="2016-11-01")
    assert found(fresh)["contingents"].rows == ("FRA",)
    with (fresh / "policies.csv").open("a", encoding="utf-8") as stream:
        stream.write("p1,ITA,custody,,2012-01-01,,0.1,0.3,2012-01-01,,judgement\n")
    assert found(fresh)["home_policies"].rows == ("FRA",)
    with (fresh / "places.csv").open("a", encoding="utf-8") as stream:
        stream.write("COL-CATATUMBO,Catatumbo,COL,8.6,-72.9,sanctuary,-1,,,judgement\n")
    assert "sanctuaries" not in found(fresh)


def test_only_what_was_known_on_the_day_counts(fresh: Path) -> None:
    row: dict[str, Any] = {"quantity": "strength", "place": "COL", "low": 5, **SOURCE}
    late = {**row, "published": "2017-02-01"}
    assert found(fresh)["strength"].what.startswith("no figure of how many are in the group")
    add_evidence(fresh, **{**late, "as_of": "2016-12-01"})
    assert found(fresh)["strength"].what.startswith("no figure of how many are in the group")
    add_evidence(fresh, **{**row, "as_of": "2016-11-01"})
    assert found(fresh)["strength"].what.startswith("no figure of how many of the group are dead")


def test_the_largest_come_first() -> None:
    """Of those of whom nothing but the number who left is told, the one with most."""
    case = load_case("isis_2017")
    figures = case.as_known_on(case.asked_on).ledger.figure_rows
    asked = next(one for one in what_next("isis_2017").findings if one.rule == "fates")
    left = {
        origin: max(
            max(row.low or 0, row.high or 0)
            for row in figures
            if row.origin == origin and row.quantity == "departed"
        )
        for origin in asked.rows
    }
    assert list(left.values()) == sorted(left.values(), reverse=True)
    assert len(left) > 5


def test_a_complete_case_has_little_left() -> None:
    assert len(what_next("isis_2017").findings) < 8


def test_ranges_in_the_reasons_are_those_of_the_parameters() -> None:
    import numpy as np

    rng = np.random.default_rng(1)
    for name in ("end_delay", "custody_share", "killed_hazard", "theatre_distance"):
        low, high = (float(end.rstrip(" %")) for end in usual(name).split(" to "))
        scale = 100 if "%" in usual(name) else 1
        drawn = scale * np.quantile(table()[name].draw(rng, 40_000), (0.1, 0.9))
        assert [low, high] == pytest.approx(drawn, rel=0.08)


def test_every_rule_has_a_name_of_its_own_and_a_reason() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)
    assert all(rule.reason for rule in RULES)
    page = Path(__file__).parents[2] / "docs" / "new-case.md"
    rows = re.findall(r"^\| \d+ \| `(\w+)` \| ([^|]+) \|", page.read_text("utf-8"), re.MULTILINE)
    assert rows == [(rule.name, rule.reason) for rule in RULES]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A saved run of the tiny case, which has said what figures would be worth."""
    folder = tmp_path_factory.mktemp("run")
    forecast = make_forecast(folder, draws=100)
    saved = forecast.save(folder / "saved")
    keep(saved, information(forecast).record(top=None))
    return folder


def test_figures_are_ranked_by_their_worth_where_a_run_tells_it(run: Path) -> None:
    guided = what_next(run / "tiny", run / "saved")
    worth = [one for one in guided.findings if one.rule == "information"]
    assert worth
    cuts = [one.worth or 0.0 for one in worth]
    assert cuts == sorted(cuts, reverse=True)
    assert not {"contingents", "strength", "fates"} & {one.rule for one in guided.findings}
    assert guided.findings.index(worth[0]) == len(
        [one for one in guided.findings if one.rule in ("end", "size")]
    )
    assert "returned" in guided.basis
    record = json.loads((run / "saved/whatif/information.json").read_text(encoding="utf-8"))
    known = {row["quantity"]: row for row in record["figures"]}
    assert worth[0].column == "quantity"
    assert f"{100 * cuts[0]:.0f} %" in worth[0].why
    # A figure that no fit is compared with would change nothing, whatever it is worth.
    assert "theatre_foreigners" in known
    assert not [one for one in worth if "theatre_strength" in one.how]


def test_a_figure_that_was_added_since_is_not_asked_for(run: Path, tmp_path: Path) -> None:
    import shutil

    case = tmp_path / "tiny"
    shutil.copytree(run / "tiny", case)
    first = next(one for one in what_next(case, run / "saved").findings if one.worth)
    quantity = re.search(r"--quantity (\w+)", first.how)
    about = re.search(r"--(origin|place) (\S+)", first.how)
    assert quantity
    assert about
    where: dict[str, Any] = {about[1]: about[2]}
    add_evidence(
        case, quantity=quantity[1], **where, low=5, high=9, as_of="2017-03-07",
        published="2017-03-20", source="s1",
    )  # fmt: skip
    after = [one for one in what_next(case, run / "saved").findings if one.worth]
    assert first.what not in [one.what for one in after]


def test_a_run_that_cannot_tell_is_named(run: Path, fresh: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="expected the folder of a saved forecast"):
        what_next(fresh, tmp_path)
    with pytest.raises(InputError, match="found a run of tiny, expected one of mine"):
        what_next(fresh, run / "saved")
    bare = tmp_path / "bare"
    bare.mkdir()
    (bare / "run.json").write_text("{}")
    with pytest.raises(InputError, match="ask for it with `dispersal information"):
        what_next(fresh, bare)
