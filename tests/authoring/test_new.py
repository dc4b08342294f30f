"""A new case passes the checks whatever was asked for, and nothing that is there is lost."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dispersal import authoring
from dispersal.authoring.start.answers import read_answer
from dispersal.authoring.start.defaults import past_modes
from dispersal.authoring.start.regions import regions
from dispersal.authoring.start.sizes import contingent_range
from dispersal.case import Case, apply_lever, check_case, load_case, write_case
from dispersal.case.vocabulary import END_MODES, REGIONS, STRATA
from dispersal.errors import CaseError, InputError
from dispersal.model.states import make_states
from dispersal.world import countries, neighbours

ASKED: dict[str, Any] = {
    "group": "The group",
    "asked_on": "2016-12-01",
    "places": ["COL"],
    "modes": ["negotiated=0.9", "fragmentation"],
}


def make(folder: Path, name: str = "mine", **changes: Any) -> Case:
    made = authoring.new_case(name, out=folder, **{**ASKED, **changes})
    assert made.report.ok
    return load_case(made.folder)


codes = st.sampled_from(sorted(countries()))
days = st.dates(dt.date(1950, 1, 1), dt.date(2100, 1, 1))
texts = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=60).filter(
    str.strip
)
ranges = st.tuples(st.integers(0, 10**6), st.integers(1, 10**6)).map(sorted)
points = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


@st.composite
def asked(draw: st.DrawFn) -> dict[str, Any]:
    """Answers that go together, as odd as they may be."""
    day = draw(days)
    home = draw(st.lists(codes, min_size=1, max_size=3, unique=True))
    abroad = draw(st.lists(codes.filter(lambda code: code not in home), max_size=4, unique=True))
    found: dict[str, Any] = {"group": draw(texts), "asked_on": day.isoformat(), "places": home}
    found["origins"] = abroad
    local: bool = draw(st.booleans())
    found["local"] = local or not abroad
    names = st.sampled_from(END_MODES)
    modes: list[str] = draw(st.lists(names, min_size=1, unique=True))
    shares = [round(1 / (len(modes) + 1), 4)] * (len(modes) - 1)
    found["modes"] = [f"{mode}={share}" for mode, share in zip(modes[1:], shares, strict=True)]
    found["modes"] += modes[:1]
    if found["local"] and draw(st.booleans()):
        found["members"] = draw(ranges)
    sized: bool = draw(st.booleans())
    if abroad and sized:
        found["foreign_members"] = draw(ranges)
    agreed: bool = draw(st.booleans())
    if "negotiated" in modes and agreed:
        found["agreed_on"] = day.isoformat()
    if draw(st.booleans()):
        ahead = sorted(draw(st.lists(st.integers(0, 9_000), min_size=3, max_size=3)))
        found["end"] = [(day + dt.timedelta(days=days)).isoformat() for days in ahead]
    odd: dict[str, st.SearchStrategy[Any]] = {
        "strata": st.lists(st.sampled_from(STRATA), min_size=1, unique=True),
        "theatres": st.lists(codes, max_size=3, unique=True),
        "step": st.sampled_from(["month", "week"]),
        "title": texts,
        "question": texts,
        "description": texts,
    }
    for name, answers in odd.items():
        if draw(st.booleans()):
            found[name] = draw(answers)
    zones = draw(st.lists(st.tuples(texts, points), max_size=3))
    bare = [(name.replace("(", "").replace(")", "") or "x", at) for name, at in zones]
    found["zones"] = [(f"{name} ({draw(st.sampled_from(home))})", *at) for name, at in bare]
    return found


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(asked())
def test_whatever_is_asked_for_passes_the_checks(given_answers: dict[str, Any]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        case = make(Path(folder), **given_answers)
        assert case.asked_on.isoformat() == given_answers["asked_on"]
        assert {row.origin for row in case.origins if row.kind == "foreign"} == set(
            given_answers["origins"]
        )
        assert any(row.kind == "local" for row in case.origins) == given_answers["local"]
        space = make_states(case.as_known_on(case.asked_on))
        assert space.custody
        assert space.sanctuaries
        assert space.third_countries or space.theatres
        assert authoring.what_next(case.path or "").findings
        apply_lever(case, "closed_border")
        again = Path(folder) / "again" / case.name
        assert load_case(write_case(case, again)) == case


def test_every_key_has_a_comment(tmp_path: Path) -> None:
    made = authoring.new_case("mine", out=tmp_path, **ASKED, origins=["Italien"], end=THREE)
    lines = (made.folder / "case.yaml").read_text(encoding="utf-8").splitlines()
    keys = [at for at, line in enumerate(lines) if line and not line.lstrip().startswith("#")]
    assert len(keys) > 25
    for at in keys:
        above = lines[at - 1].strip()
        assert above.startswith("# "), lines[at]
        assert len(above) > 10
        assert not above.startswith("# peak_area"), lines[at]


THREE = ("2017-01-01", "2017-08-01", "2018-12-01")


def test_a_new_case_says_what_it_was_asked(tmp_path: Path) -> None:
    case = make(
        tmp_path,
        group="FARC: the 'people’s army'",
        members=(8_000, 12_000),
        end=THREE,
        agreed_on="2016-11-24",
        step="week",
        strata=["women", "men"],
        since="2010-05-17",
        peak="2012-02-03",
        until="2019-02-11",
    )
    assert case.group.name == "FARC: the 'people’s army'"
    assert (case.group.members_low, case.group.members_high) == (8_000, 12_000)
    assert case.end.modes["negotiated"] == 0.9
    assert case.end.modes["fragmentation"] == pytest.approx(0.1)
    assert str(case.end.agreed_on) == "2016-11-24"
    assert [str(day) for day in case.end.judgements[0].model_dump().values()][1:4] == [*THREE]
    assert (case.step, case.strata) == ("week", ("men", "women"))
    assert (str(case.period.start), str(case.period.until)) == ("2010-05-01", "2019-02-28")
    assert str(case.territory.peak_date) == "2012-02-03"
    assert [row.origin for row in case.origins] == ["COL"]
    assert "Defaults of case.yaml" not in case.notes
    assert "Defaults of case.yaml" in make(tmp_path, "other").notes


def test_places_are_neighbours_and_say_that_they_are_defaults(tmp_path: Path) -> None:
    case = make(tmp_path)
    around = [row for row in case.places if row.place != "COL"]
    assert {row.place for row in around} == set(neighbours("COL"))
    assert sum("theatre" in row.roles for row in around) == 3
    assert all(row.note.startswith("default: ") for row in case.places)
    assert case.group.remnant in {row.host for row in case.hosts}
    named = make(tmp_path, "named", theatres=["Sudan"], zones=[("Catatumbo", 8.6, -72.9)])
    assert [row.place for row in named.places if "theatre" in row.roles] == ["SDN"]
    zone = next(row for row in named.places if row.country)
    assert (zone.place, zone.roles) == ("COL-CATATUMBO", ("home_theatre", "sanctuary"))
    assert named.hosts[0].place == "COL-CATATUMBO"
    none = make(tmp_path, "none", theatres=[])
    assert not [row for row in none.places if "theatre" in row.roles]


def test_an_island_has_the_countries_across_the_water(tmp_path: Path) -> None:
    case = make(tmp_path, places=["Sri Lanka"])
    assert "IND" in {row.place for row in case.places if "third_country" in row.roles}
    assert not [row for row in case.places if "theatre" in row.roles]


@pytest.mark.parametrize(
    ("said", "code"),
    [("Kolumbien", "COL"), ("كولومبيا", "COL"), ("哥伦比亚", "COL"), ("Côte d’Ivoire", "CIV")],
)
def test_countries_in_several_languages(said: str, code: str) -> None:
    assert read_answer("places", [said]) == (code,)


def test_zones_find_their_country(tmp_path: Path) -> None:
    places = make(
        tmp_path,
        places=[],
        zones=[("صحراء", 33.0, 41.0), ("Vanni (Ceylan)".replace("Ceylan", "Sri Lanka"), 9.3, 80.5)],
    ).places
    zones = {row.place: row.country for row in places if row.country}
    assert zones == {"IRQ-ZONE": "IRQ", "LKA-VANNI": "LKA"}
    with pytest.raises(CaseError, match="in brackets behind its name"):
        make(tmp_path, "sea", places=[], zones=[("Atlantis", 0.0, -30.0)])


def test_modes_are_those_of_past_endings_where_nobody_says(tmp_path: Path) -> None:
    shares, endings = past_modes(dt.date(2016, 12, 1))
    assert sum(shares.values()) == pytest.approx(1.0)
    assert min(shares.values()) > 0
    case = make(tmp_path, modes=None)
    assert case.end.modes == shares
    text = (tmp_path / "mine" / "case.yaml").read_text(encoding="utf-8")
    assert f"how {endings} past groups" in " ".join(text.replace("#", "").split())
    # The contingents of one ending count once, and later endings not at all.
    assert endings < past_modes(dt.date(2025, 12, 31))[1] < 27


@pytest.mark.parametrize(
    ("low", "high", "number"),
    [(900, 1_100, 1), (1_000, 10_000, 2), (20_000, 40_000, 10), (90, 4_000, 4), (1, 2, 1)],
)
def test_contingents_together_have_the_size_that_was_given(
    low: int, high: int, number: int
) -> None:
    logs = np.log(contingent_range(low, high, number))
    deviation = (logs[1] - logs[0]) / (2 * 1.2815515655446004)
    drawn = np.random.default_rng(5).normal(logs.sum() / 2, deviation, (40_000, number))
    ends = np.quantile(np.exp(drawn).sum(axis=1), (0.1, 0.9))
    assert ends == pytest.approx([low, high], rel=0.06)


def test_a_size_from_abroad_is_split_between_the_home_countries(tmp_path: Path) -> None:
    case = make(tmp_path, origins=["Italy", "France"], local=False, foreign_members=(500, 900))
    ranges = {(row.members_low, row.members_high) for row in case.origins}
    assert ranges == {contingent_range(500, 900, 2)}
    assert "split 500 to 900 members from abroad" in case.notes
    assert case.group.members_low is None
    unknown = make(tmp_path, "unknown", origins=["Italy"])
    sizes = {row.origin: (row.members_low, row.members_high) for row in unknown.origins}
    assert sizes == {"COL": (None, None), "ITA": (10, 1_000)}
    assert "nothing is known of the home countries" in unknown.notes


@pytest.mark.parametrize(
    ("changes", "column", "words"),
    [
        ({"places": ["Kolumbienn"]}, "places[1]", "near are Kolumbien (COL, German)"),
        ({"places": ["Kongo"]}, "places[1]", "not each of COD, COG"),
        ({"places": []}, "places", "at least one country or zone"),
        ({"group": " "}, "group", "text"),
        ({"group": "a\0b"}, "group", "without control characters"),
        ({"zones": [("\x07", 1, 0)]}, "zones[1].name", "without control characters"),
        ({"asked_on": "1.2.2016"}, "asked_on", "cannot be told apart"),
        ({"members": (9, 8)}, "members", "the smaller or earlier one first"),
        ({"members": ("8,000", 9000)}, "members[1]", "without thousands separators"),
        ({"members": (8,)}, "members[2]", "one more entry"),
        ({"end": THREE[::-1]}, "end", "the smaller or earlier one first"),
        ({"modes": ["negotiatd"]}, "modes.negotiatd", "did you mean 'negotiated'?"),
        ({"modes": ["negotiated=0.6"]}, "modes", "sum to 1, not to 0.6"),
        ({"modes": ["negotiated=1.2", "withdrawal"]}, "modes", "leave something"),
        ({"modes": ["negotiated", "negotiated"]}, "modes", "each mode once"),
        ({"modes": ["withdrawal"], "agreed_on": "2016-11-24"}, "agreed_on", "negotiated above 0"),
        ({"local": False}, "origins", "since none of them are local"),
        ({"local": False, "origins": ["COL", "ITA"]}, "origins", "outside the home theatre"),
        ({"local": False, "origins": ["ITA"], "members": (1, 2)}, "members", "foreign_members"),
        ({"foreign_members": (1, 2)}, "foreign_members", "home countries in origins"),
        ({"origins": ["ITA"], "foreign_members": (0, 0)}, "foreign_members", "one person"),
        ({"strata": ["boys"]}, "strata[1]", "men, women or minors"),
        ({"zones": [("x", 91, 0)]}, "zones[1].latitude", "from -90 to 90"),
        ({"zones": [("x (Nowhere)", 1, 0)]}, "zones[1]", "name or code of a country"),
        ({"wether": 1}, "wether", "one of the keys"),
        ({"since": "2017-01-01"}, "asked_on", "a day of the period"),
        ({"until": "2016-01-01"}, "asked_on", "a day of the period"),
    ],
)
def test_wrong_answers_are_told_and_nothing_is_written(
    tmp_path: Path, changes: dict[str, Any], column: str, words: str
) -> None:
    with pytest.raises(CaseError) as raised:
        authoring.new_case("mine", out=tmp_path, **{**ASKED, **changes})
    told = {fault.column: str(fault) for fault in raised.value.faults}
    assert words in told[column]
    assert list(tmp_path.iterdir()) == []


def test_all_wrong_answers_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(CaseError) as raised:
        authoring.new_case("Mine!", out=tmp_path, group="", asked_on="soon", places=["Nowhere"])
    assert {fault.column for fault in raised.value.faults} == {
        "name", "group", "asked_on", "places[1]"
    }  # fmt: skip


def test_nothing_is_ever_overwritten(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    with pytest.raises(InputError, match="there already"):
        make(tmp_path)
    assert list(folder.iterdir()) == []
    folder.rmdir()
    folder.symlink_to(tmp_path / "nowhere")
    with pytest.raises(InputError, match="there already"):
        make(tmp_path)
    folder.unlink()
    folder.write_text("mine")
    with pytest.raises(InputError, match="there already"):
        make(tmp_path)
    assert folder.read_text() == "mine"


def test_a_folder_that_cannot_be_made_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "rename", fails)
    with pytest.raises(InputError, match="expected a folder that can be made: Permission denied"):
        make(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_files_of_a_new_case_are_noted_where_they_are_empty_only(tmp_path: Path) -> None:
    made = authoring.new_case("mine", out=tmp_path, **ASKED, members=(1, 2))
    assert {note.kind for note in made.report.notes} == {"empty_table"}
    assert check_case(made.folder) == made.report
    assert set(made.record()["files"]) >= {"README.txt", ".schema/case.json", "levers.yaml"}
    readme = (made.folder / "README.txt").read_text(encoding="utf-8")
    assert all(command in readme for command in made.commands)


def test_yaml_of_a_new_case_reads_the_same_elsewhere(tmp_path: Path) -> None:
    """Another reader of YAML sees the same question: nothing hangs on our own."""
    case = make(tmp_path, group="no: \"yes\" # 'x'", title="12", description="- a\n- b")
    data = yaml.safe_load((tmp_path / "mine" / "case.yaml").read_text(encoding="utf-8"))
    assert data["group"]["name"] == case.group.name == "no: \"yes\" # 'x'"
    assert data["title"] == case.title == "12"
    assert data["group"]["description"] == case.group.description == "- a - b"


def test_every_country_has_a_region_as_the_built_in_cases_have_it() -> None:
    assert set(regions()) == set(countries())
    assert set(regions().values()) == set(REGIONS)
    for row in load_case("isis_2017").origins:
        assert regions()[row.origin] == row.region, row.origin
