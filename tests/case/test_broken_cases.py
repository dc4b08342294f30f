"""Every kind of broken case is named by file, row and column, and nothing else is blamed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from dispersal.case import check_case, load_case
from dispersal.errors import CaseError

from .small import append_line, replace_text, set_cell

if TYPE_CHECKING:
    from collections.abc import Callable

FIGURES = "evidence/figures.csv"
AGGREGATES = "evidence/aggregates.csv"
SOURCES = "evidence/sources.csv"
TAGS = "evidence/tags.csv"


@dataclass(frozen=True)
class Broken:
    name: str
    edit: Callable[[Path], object]
    kind: str
    file: str
    row: int | None
    column: str | None
    found: str
    nearest: str | None = None
    count: int = 1


def cell(
    kind: str,
    file: str,
    row: int,
    column: str,
    value: str,
    nearest: str | None = None,
    count: int = 1,
) -> Broken:
    name = f"{kind}-{Path(file).stem}-{column}-{value[:20]}"
    return Broken(
        name,
        lambda case: set_cell(case, file, row, column, value),
        kind,
        file,
        row,
        column,
        value,
        nearest,
        count,
    )


def text(
    kind: str,
    file: str,
    old: str,
    new: str,
    row: int | None,
    column: str | None,
    found: str,
    nearest: str | None = None,
    count: int = 1,
) -> Broken:
    name = f"{kind}-{Path(file).stem}-{new[:25]!r}"
    return Broken(
        name,
        lambda case: replace_text(case, file, old, new),
        kind,
        file,
        row,
        column,
        found,
        nearest,
        count,
    )


def line(
    kind: str, file: str, new: str, row: int, column: str | None, found: str, count: int = 1
) -> Broken:
    name = f"{kind}-{Path(file).stem}-{new[:25]!r}"
    return Broken(
        name,
        lambda case: append_line(case, file, new),
        kind,
        file,
        row,
        column,
        found,
        count=count,
    )


CELLS = [
    # Names that are not in their list.
    cell("unknown_quantity", FIGURES, 3, "quantity", "retuned", "returned"),
    cell("unknown_quantity", AGGREGATES, 2, "quantity", "theater_strength", "theatre_strength"),
    cell("unknown_qualifier", FIGURES, 4, "qualifier", "atleast", "at_least"),
    cell("unknown_region", "origins.csv", 2, "region", "north africa", "north_africa"),
    cell("unknown_kind", "origins.csv", 3, "kind", "foriegn", "foreign"),
    cell("unknown_policy", "policies.csv", 2, "policy", "entryban", "entry_ban"),
    cell("unknown_stratum", "policies.csv", 3, "stratum", "man", "men"),
    cell("unknown_kind", "hosts.csv", 3, "kind", "afiliate", "affiliate"),
    cell("unknown_tag", TAGS, 2, "tag", "un-official", "unofficial"),
    cell("unknown_direction", "experts.csv", 2, "direction", "upp", "up"),
    # References.
    cell("unknown_origin", FIGURES, 2, "origin", "TUX", "TUN"),
    cell("unknown_source", FIGURES, 2, "source", "un_2015", "un_2016"),
    cell("unknown_source", FIGURES, 3, "quoted_by", "lat_2017", "late_2017"),
    cell("unknown_actor", "policies.csv", 3, "actor", "FRE", "FRA"),
    cell("unknown_place", "hosts.csv", 3, "place", "LBY-FEZAN", "LBY-FEZZAN"),
    cell("unknown_area", AGGREGATES, 2, "place", "LBY-FEZZEN", "LBY-FEZZAN"),
    cell("unknown_area", "experts.csv", 2, "place", "Turkey", "TUR"),
    cell("unknown_tag_target", TAGS, 2, "figure_id", "f11", "f1"),
    cell("unknown_tag_target", TAGS, 3, "quantity", "retuned", "returned"),
    cell("unknown_country", "places.csv", 3, "country", "IRAQ", "IRQ"),
    # Numbers.
    cell("thousands_separator", FIGURES, 2, "low", "6,000", "6000"),
    cell("thousands_separator", FIGURES, 2, "low", "6 000", "6000"),
    cell("decimal_comma", "hosts.csv", 3, "affinity", "0,9", "0.9"),
    cell("not_finite", FIGURES, 2, "low", "NaN"),
    cell("not_finite", FIGURES, 2, "high", "inf"),
    cell("not_finite", FIGURES, 2, "high", "1e999"),
    cell("negative", FIGURES, 2, "low", "-6000"),
    cell("bad_number", FIGURES, 2, "low", "several hundred"),
    cell("bad_number", FIGURES, 2, "low", "#REF!"),
    cell("bad_number", FIGURES, 2, "low", "٦٠٠٠"),
    cell("bad_number", AGGREGATES, 3, "high", "30%"),
    cell("percent_out_of_range", AGGREGATES, 3, "high", "130"),
    cell("share_out_of_range", "policies.csv", 2, "high", "60"),
    cell("out_of_range", "hosts.csv", 2, "affinity", "1.5"),
    cell("coordinates_out_of_range", "places.csv", 3, "latitude", "133"),
    # Days.
    cell("bad_date", FIGURES, 2, "as_of", "03/07/2017"),
    cell("bad_date", FIGURES, 2, "published", "23/12/2015", "2015-12-23"),
    cell("bad_date", FIGURES, 2, "published", "42345", "2015-12-07"),
    cell("bad_date", FIGURES, 2, "as_of", "2015-12"),
    cell("impossible_date", FIGURES, 2, "as_of", "2015-11-31"),
    cell("date_out_of_range", FIGURES, 2, "as_of", "0215-12-01"),
    # Missing and surplus content of a cell.
    cell("missing_value", FIGURES, 2, "source", ""),
    cell("missing_value", FIGURES, 2, "published", ""),
    cell("missing_value", TAGS, 2, "reason", ""),
    cell("missing_value", "places.csv", 5, "roles", ""),
    cell("space_around", FIGURES, 2, "quantity", "departed ", "departed"),
    cell("bad_identifier", "hosts.csv", 4, "host", "Old Rival", "old_rival"),
    # What does not fit within a row.
    cell("low_above_high", FIGURES, 2, "low", "7000"),
    cell("low_above_high", "experts.csv", 2, "mode", "3000"),
    cell("low_above_high", "policies.csv", 2, "low", "0.7"),
    cell("qualifier_mismatch", FIGURES, 4, "high", "300"),
    cell("qualifier_mismatch", FIGURES, 5, "low", "100"),
    cell("qualifier_mismatch", FIGURES, 6, "high", "950"),
    cell("qualifier_mismatch", FIGURES, 2, "high", ""),
    cell("qualifier_mismatch", FIGURES, 4, "low", ""),
    cell("unknown_host", "hosts.csv", 2, "kind", "affiliate"),
    cell("half_range", "origins.csv", 4, "members_high", ""),
    cell("half_range", "hosts.csv", 3, "capacity_low", ""),
    cell("until_before_from", "hosts.csv", 3, "until", "2014-01-01"),
    cell("until_before_from", "policies.csv", 3, "until", "2013-01-01"),
    cell("overlapping_policies", "policies.csv", 3, "until", "2016-06-30"),
    cell("home_theatre_mismatch", "places.csv", 2, "roles", "custody"),
    cell("home_theatre_mismatch", "places.csv", 5, "roles", "home_theatre;transit"),
    cell("missing_thaw", "hosts.csv", 4, "thaw_months", ""),
    cell("missing_thaw", "hosts.csv", 4, "thaw_months", "0"),
    cell("missing_basis", "origins.csv", 2, "source", ""),
    cell("country_of_zone", "places.csv", 3, "country", ""),
    cell("country_of_zone", "places.csv", 5, "country", "IRQ"),
    cell("country_with_coordinates", "origins.csv", 2, "latitude", "34.0"),
    cell("zone_without_coordinates", "origins.csv", 4, "latitude", ""),
    cell("tag_target", TAGS, 2, "figure_id", ""),
    cell("tag_target", TAGS, 2, "quantity", "departed"),
    cell("duplicate_id", FIGURES, 3, "figure_id", "f1"),
    cell("duplicate_id", AGGREGATES, 3, "figure_id", "f2"),
    cell("duplicate_id", "policies.csv", 4, "policy_id", "tun_custody"),
]

STRUCTURE = [
    text("unknown_column", FIGURES, "quoted_by", "qouted_by", 1, None, "qouted_by", "quoted_by"),
    text("duplicate_column", SOURCES, "url\n", "title\n", 1, None, "title"),
    text("missing_column", SOURCES, "key,", "url,", 1, None, "url, title", count=2),
    text("space_around", SOURCES, "key,title", "key, title", 1, None, " title", "title"),
    text("unknown_column", SOURCES, "url\n", "\n", 1, None, ""),
    line("ragged_row", SOURCES, "wb,Report, part two,WB,2017-01-01,", 5, None, "6 cells"),
    line("ragged_row", SOURCES, "wb,Report", 5, None, "2 cells"),
    line("broken_quotes", SOURCES, 'wb,"Report,WB,2017-01-01,', 5, None, "unexpected end of data"),
    line(
        "duplicate_id", "origins.csv", "FRA,France,europe_west,foreign,,,,,,,,", 6, "origin", "FRA"
    ),
    line(
        "unknown_country",
        "origins.csv",
        "TNS,Tunisia,north_africa,foreign,,,,,,,,",
        6,
        "origin",
        "TNS",
    ),
    line("unknown_country", "places.csv", "XYZ,Nowhere,,,,transit,,,,", 6, "place", "XYZ"),
    line(
        "overlapping_policies",
        "policies.csv",
        "again,TUN,custody,,2015-08-07,,0.1,0.2,2015-09-01,,judgement",
        6,
        "from",
        "2015-08-07",
    ),
    line(
        "alias_clash",
        "hosts.csv",
        "other,Other,LBY-FEZZAN,local,,,2016-01-01,0,,,,is libya,un_2016,",
        6,
        "aliases",
        "is libya",
    ),
    line(
        "missing_basis",
        "policies.csv",
        "tur,TUR,border_control,,2016-01-01,,0.1,0.5,2016-01-01,,",
        6,
        "source",
        "",
    ),
    line("tag_target", TAGS, "doubtful,f1,later,,,,why", 5, "figure_id", "f1 and later"),
]

YAML = [
    text("unknown_key", "case.yaml", "peak_area_km2", "peak_area_km", None,
         "territory.peak_area_km", "peak_area_km", "peak_area_km2"),
    text("unknown_key", "case.yaml", "asked_on:", "askd_on:", None, "askd_on", "askd_on",
         "asked_on", count=2),
    text("missing_key", "case.yaml", "title: A demonstration\n", "", None, "title", "nothing"),
    text("unknown_mode", "case.yaml", "negotiated: 0.1", "negociated: 0.1", None,
         "end.modes.negociated", "negociated", "negotiated"),
    text("modes_sum", "case.yaml", "negotiated: 0.1", "negotiated: 0.2", None, "end.modes",
         "a sum of 1.1"),
    text("share_out_of_range", "case.yaml", "negotiated: 0.1", "negotiated: 10", None,
         "end.modes.negotiated", "10"),
    text("unknown_schema_version", "case.yaml", "schema_version: 1", "schema_version: 2", None,
         "schema_version", "2"),
    text("name_mismatch", "case.yaml", "name: demo", "name: demon", None, "name", "demon"),
    text("asked_outside_period", "case.yaml", "asked_on: 2017-03-07", "asked_on: 2011-03-07", None,
         "asked_on", "2011-03-07"),
    text("period_order", "case.yaml", "until: 2019-12-31", "until: 2011-12-31", None,
         "period.until", "2011-12-31"),
    text("end_order", "case.yaml", "p50: 2017-12-31", "p50: 2016-12-31", None,
         "end.judgements[1].p50", "2016-12-31"),
    text("end_order", "case.yaml", "p10: 2017-01-01", "p10: 2010-01-01", None,
         "end.judgements[1].p10", "2010-01-01"),
    text("end_order", "case.yaml", "judged_on: 2016-06-30", "judged_on: 2017-03-01", None,
         "end.judgements[2].judged_on", "2017-03-01"),
    text("impossible_date", "case.yaml", "asked_on: 2017-03-07", "asked_on: 2017-02-30", None,
         "asked_on", "2017-02-30"),
    text("unknown_stratum", "case.yaml", "strata: [men,", "strata: [mens,", None, "strata[1]",
         "mens", "men"),
    text("duplicate_id", "case.yaml", "[men, women, minors]", "[men, men]", None, "strata",
         "a list of 2"),
    text("unknown_step", "case.yaml", "step: month", "step: week", None, "step", "week"),
    text("unknown_host", "case.yaml", "remnant: remnant_iraq", "remnant: remnant_irak", None,
         "group.remnant", "remnant_irak", "remnant_iraq"),
    text("unknown_place", "case.yaml", "places: [IRQ]", "places: [IRQ, TUX]", None,
         "territory.places[2]", "TUX", "TUR"),
    text("unknown_source", "case.yaml", "source: un_2016}", "source: un_2061}", None,
         "end.judgements[1].source", "un_2061", "un_2016"),
    text("low_above_high", "case.yaml", "members_low: 1000", "members_low: 4000", None,
         "group.members_low", "4000"),
    text("half_range", "case.yaml", "  members_low: 1000\n", "", None, "group.members_low", ""),
    text("wrong_type", "case.yaml", "strata: [men, women, minors]", "strata: men", None, "strata",
         "men"),
    text("wrong_type", "case.yaml", "title: A demonstration", "title: [A]", None, "title",
         "a list of 1"),
    text("duplicate_key", "case.yaml", "step: month\n", "step: month\nstep: month\n", 20, None,
         "step"),
    text("broken_yaml", "case.yaml", "step: month", "step: [month", 20, None,
         "strata: [men, women, minors]"),
    text("broken_yaml", "case.yaml", "step: month", "step: mo\x07nth", 19, None, "step: mo\x07nth"),
    text("yaml_alias", "case.yaml", "step: month", "step: &a month", 19, None, "&a"),
    text("yaml_alias", "case.yaml", "step: month", "step: *a", 19, None, "*a"),
    text("yaml_tag", "case.yaml", "step: month", "step: !!python/name:os.system x", 19, None,
         "tag:yaml.org,2002:python/name:os.system"),
    text("several_documents", "case.yaml", "step: month\n", "step: month\n---\n", 20, None, "---"),
    text("too_deep", "case.yaml", "step: month", f"step: {'[' * 400}", 19, None, "deeper nesting"),
    text("wrong_type", "case.yaml", "step: month\n", "step: month\n? [a, b]\n: 1\n", 20, None,
         "a list"),
    text("unknown_key", "levers.yaml", "  rationale:", "  rational:", None, "[1].rational",
         "rational", "rationale", count=2),
    text("bad_number", "case.yaml", "members_low: 1000", "members_low: true", None,
         "group.members_low", "True"),
    text("wrong_type", "case.yaml", "asked_on: 2017-03-07", "asked_on: 20170307", None,
         "asked_on", "20170307"),
    text("missing_value", "case.yaml", "title: A demonstration", "title: ' '", None, "title", " "),
    text("unknown_key", "case.yaml", "{judged_on: 2016-06-30", "{judged: 1, judged_on: 2016-06-30",
         None, "end.judgements[1].judged", "judged", "judged_on"),
    text("unknown_key", "case.yaml", "    source: reference class", "    sorce: x", None,
         "parameters.return_hazard.sorce", "sorce", "source", count=2),
    text("wrong_type", "case.yaml", "prior: [-4.5, 0.5]", "prior: [-4.5, 0.5, 1]", None,
         "parameters.return_hazard.prior", "a list of 3"),
    text("missing_key", "case.yaml", "prior: [-4.5, 0.5]", "prior: [-4.5]", None,
         "parameters.return_hazard.prior[2]", "nothing"),
    text("duplicate_id", "levers.yaml", "- name: no_custody\n",
         "- {name: no_custody, title: x, rationale: y, patch: {}}\n- name: no_custody\n", None,
         "[2].name", "no_custody"),
    text("broken_yaml", "case.yaml", "title: A demonstration", "title: A: B", 3, None,
         "title: A: B"),
    text("wrong_type", "levers.yaml", "- name: no_custody", "name:", None, None, "a mapping"),
    text("unknown_source", "levers.yaml", "un_2016", "un_2026", None, "[1].source", "un_2026",
         "un_2016"),
]  # fmt: skip

FILES = [
    Broken("no-places", lambda case: (case / "places.csv").unlink(),
           "missing_file", "places.csv", None, None, "nothing"),
    Broken("no-case-yaml", lambda case: (case / "case.yaml").unlink(),
           "missing_file", "case.yaml", None, None, "nothing"),
    Broken("no-sources", lambda case: (case / SOURCES).unlink(),
           "missing_file", SOURCES, None, None, "nothing"),
    Broken("misnamed-file", lambda case: (case / "host.csv").write_text("host\n"),
           "unknown_file", "host.csv", None, None, "host.csv", "hosts.csv"),
    Broken("workbook", lambda case: (case / "evidence/figures.xlsx").write_bytes(b"PK"),
           "unknown_file", "evidence/figures.xlsx", None, None, "evidence/figures.xlsx", FIGURES),
    Broken("misplaced-file", lambda case: (case / "figures.csv").write_text("x\n"),
           "unknown_file", "figures.csv", None, None, "figures.csv", FIGURES),
    Broken("empty", lambda case: (case / SOURCES).write_text(" \n"),
           "empty_file", SOURCES, None, None, ""),
    Broken("header-only", lambda case: (case / "origins.csv").write_text(
        "origin,name,region,kind\n"), "no_rows", "origins.csv", None, None, "only a header"),
    Broken("folder-for-file", lambda case: _folder_instead(case / "hosts.csv"),
           "not_a_file", "hosts.csv", None, None, "a folder"),
    Broken("file-for-folder", lambda case: _file_instead_of_evidence(case),
           "unreadable", "evidence/", None, None, "not a directory", count=2),
    Broken("utf-16", lambda case: _recode(case / "hosts.csv", "utf-16"),
           "wrong_encoding", "hosts.csv", None, None, "text in UTF-16"),
    Broken("latin-1", lambda case: (case / SOURCES).write_bytes(
        b"key,title,author_or_publisher,published\nx,\xe9tude,UN,2016-01-01\n"),
           "wrong_encoding", SOURCES, 2, None, "x,étude"),
    Broken("nul", lambda case: _append_bytes(case / TAGS, b"x\0y"),
           "nul_byte", TAGS, 5, None, "a NUL byte"),
    Broken("too-large-table", lambda case: _grow(case / FIGURES, 200_000_000),
           "too_large", FIGURES, None, None, "200.0 MB"),
    Broken("too-large-yaml", lambda case: _grow(case / "case.yaml", 1_000_001),
           "too_large", "case.yaml", None, None, "1.0 MB"),
    Broken("link-out", lambda case: _link_out(case / TAGS),
           "outside_folder", TAGS, None, None, "a link to"),
    Broken("dangling-link", lambda case: _link(case / TAGS, case / "nothing"),
           "unreadable", TAGS, None, None, "no such file or directory"),
    Broken("link-to-itself", lambda case: _link(case / TAGS, case / TAGS),
           "unreadable", TAGS, None, None, ""),
    Broken("pipe", lambda case: _pipe(case / TAGS),
           "not_a_file", TAGS, None, None, "a device or pipe"),
    Broken("semicolons", lambda case: _separate(case / TAGS, ";"),
           "semicolons", TAGS, 1, None, "tag;figure_id"),
    Broken("tabs", lambda case: _separate(case / TAGS, "\t"),
           "tabs", TAGS, 1, None, "tag\tfigure_id"),
    Broken("long-cell", lambda case: append_line(case, TAGS, "doubtful,f1,,,,," + "x" * 200_000),
           "broken_quotes", TAGS, 5, None, "field larger"),
]  # fmt: skip


def _folder_instead(path: Path) -> None:
    path.unlink()
    path.mkdir()
    replace_text(path.parent, "case.yaml", "  remnant: remnant_iraq\n", "")


def _file_instead_of_evidence(case: Path) -> None:
    for path in (case / "evidence").iterdir():
        path.unlink()
    (case / "evidence").rmdir()
    (case / "evidence").write_text("x")


def _recode(path: Path, encoding: str) -> None:
    path.write_bytes(path.read_text(encoding="utf-8").encode(encoding))


def _append_bytes(path: Path, content: bytes) -> None:
    path.write_bytes(path.read_bytes() + content)


def _grow(path: Path, size: int) -> None:
    if path.name == "figures.csv":
        set_cell(path.parent.parent, TAGS, 2, "figure_id", "a1")
    with path.open("ab") as stream:
        stream.truncate(size)


def _link(path: Path, target: Path) -> None:
    path.unlink()
    path.symlink_to(target)


def _link_out(path: Path) -> None:
    outside = path.parent.parent.parent / "outside.csv"
    outside.write_bytes(path.read_bytes())
    _link(path, outside)


def _pipe(path: Path) -> None:
    import os

    path.unlink()
    os.mkfifo(path)


def _separate(path: Path, mark: str) -> None:
    path.write_text(path.read_text(encoding="utf-8").replace(",", mark), encoding="utf-8")


ALL = [*CELLS, *STRUCTURE, *YAML, *FILES]


def test_the_small_case_is_valid(demo: Path) -> None:
    report = check_case(demo)
    assert report.faults == ()
    assert report.notes == ()


def test_there_are_many_kinds() -> None:
    assert len({broken.kind for broken in ALL}) >= 60


@pytest.mark.parametrize("broken", ALL, ids=lambda broken: broken.name)
def test_a_fault_is_named_where_it_is(demo: Path, broken: Broken) -> None:
    broken.edit(demo)
    with pytest.raises(CaseError) as caught:
        load_case(demo)
    faults = caught.value.faults
    assert faults == check_case(demo).faults
    assert len(faults) == broken.count, "\n".join(f"{fault.kind}: {fault}" for fault in faults)
    fault = next((fault for fault in faults if fault.kind == broken.kind), faults[0])
    assert (fault.kind, fault.file, fault.row, fault.column) == (
        broken.kind,
        broken.file,
        broken.row,
        broken.column,
    )
    assert fault.found.startswith(broken.found)
    if broken.nearest is not None:
        assert fault.nearest == broken.nearest
    assert fault.expected
    assert str(fault) in str(caught.value)
