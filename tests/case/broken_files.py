"""Ways to break a YAML file or a file as a whole, and what the reader must say."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from .broken import FIGURES, SOURCES, TAGS, Broken, text
from .small import append_line, replace_text, set_cell

if TYPE_CHECKING:
    from pathlib import Path

YAML = [
    text("unknown_key", "case.yaml", "peak_area_km2", "peak_area_km", None,
         "territory.peak_area_km", "peak_area_km", "peak_area_km2"),
    text("unknown_key", "case.yaml", "asked_on:", "askd_on:", None, "askd_on", "askd_on",
         "asked_on", count=2),
    text("missing_key", "case.yaml", "title: A demonstration\n", "", None, "title", "nothing"),
    text("unknown_mode", "case.yaml", "negotiated: 0.1", "negociated: 0.1", None,
         "end.modes.negociated", "negociated", "negotiated"),
    text("agreed_without_mode", "case.yaml", "negotiated: 0.1",
         "fragmentation: 0.1\n  agreed_on: 2016-01-31", None, "end.agreed_on", "2016-01-31"),
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
    text("unknown_step", "case.yaml", "step: month", "step: day", None, "step", "day"),
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
    path.unlink()
    os.mkfifo(path)


def _separate(path: Path, mark: str) -> None:
    path.write_text(path.read_text(encoding="utf-8").replace(",", mark), encoding="utf-8")
