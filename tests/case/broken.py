"""Ways to break one cell or one line of a table, and what the reader must say."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

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
    cell("unknown_area", "evidence/outcomes.csv", 2, "place", "Turkey", "TUR"),
    cell("unknown_source", "evidence/outcomes.csv", 2, "source", "un_2015", "un_2016"),
    cell("duplicate_id", "evidence/outcomes.csv", 3, "outcome_id", "o1"),
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
    cell("low_above_high", "evidence/outcomes.csv", 2, "low", "1200"),
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
