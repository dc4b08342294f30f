"""A small valid case, and ways to break it in one place."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

FILES = {
    "case.yaml": """\
schema_version: 1
name: demo
title: A demonstration
question: Where do the members go?
asked_on: 2017-03-07
group:
  name: The group
  description: An invented group.
  remnant: remnant_iraq
  members_low: 1000
  members_high: 3000
territory:
  places: [IRQ]
  peak_area_km2: 90000
  peak_date: 2014-12-31
period:
  start: 2012-01-01
  until: 2019-12-31
step: month
strata: [men, women, minors]
end:
  modes:
    military_defeat: 0.9
    negotiated: 0.1
  judgements:
    - {judged_on: 2016-06-30, p10: 2017-01-01, p50: 2017-12-31, p90: 2019-06-30, source: un_2016}
    - {judged_on: 2017-03-01, p10: 2017-04-01, p50: 2017-10-31, p90: 2018-12-31, source: ""}
parameters:
  return_hazard:
    prior: [-4.5, 0.5]
    source: reference class
notes: "Numbers are invented: all of them."
""",
    "origins.csv": """\
origin,name,region,kind,latitude,longitude,members_low,members_high,governance,population,\
gdp_per_capita_usd,source
TUN,Tunisia,north_africa,foreign,,,,,-0.2,11400000,3690,wdi_2016
FRA,France,europe_west,foreign,,,,,1.4,66700000,36800,wdi_2016
RUS-CAUCASUS,North Caucasus,former_soviet_union,foreign,43.3,45.7,500,2500,,,,
IRQ,Iraq,middle_east,local,,,,,,,,
""",
    "policies.csv": """\
policy_id,actor,policy,stratum,from,until,low,high,published,source,note
tun_custody,TUN,custody,,2015-08-07,,0.2,0.6,2015-08-08,,judgement: share of returnees held
fra_custody_2014,FRA,custody,men,2014-11-13,2016-05-31,0.3,0.8,2014-11-13,un_2016,
fra_custody_2016,FRA,custody,men,2016-06-01,,0.6,0.95,2016-06-03,un_2016,
lby_control,LBY-FEZZAN,border_control,,2017-06-01,,0,0.1,2017-06-05,,judgement
""",
    "places.csv": """\
place,name,country,latitude,longitude,roles,governance,conflict_deaths,source,note
IRQ,Iraq,,,,home_theatre;custody,-1.3,12000,wdi_2016,
IRQ-ANBAR,Anbar desert,IRQ,33,41,sanctuary,-2,,,judgement
LBY-FEZZAN,Fezzan,LBY,26.5,13.5,theatre;sanctuary,-2.1,,,judgement
TUR,Turkey,,,,transit;third_country,0.05,,wdi_2016,
""",
    "hosts.csv": """\
host,name,place,kind,from,until,published,affinity,thaw_months,capacity_low,capacity_high,\
aliases,source,note
remnant_iraq,"Remnant, Iraq",IRQ-ANBAR,remnant,,,2012-01-01,1,,500,5000,,,judgement
is_libya,ISIL Libya,LBY-FEZZAN,affiliate,2014-10-03,2018-12-31,2014-11-01,0.9,,200,2000,\
Wilayat Fezzan;IS Libya,un_2016,
old_rival,Old rival,IRQ-ANBAR,rival,,,2013-02-01,-0.8,36,,,,,judgement
late_host,Late host,LBY-FEZZAN,local,2017-09-01,,2017-10-01,0.2,,50,300,,,judgement
""",
    "experts.csv": """\
judgement_id,expert,published,quantity,origin,place,horizon,low,mode,high,probability_words,\
direction,ranking,source,note
x1,"Doe, J.",2016-12-01,returned_total,WLD,EUR,2018-12-31,500,1000,2500,likely,up,,un_2016,
x2,"Roe, R.",2017-05-01,end_date,,IRQ+LBY-FEZZAN,,2017.5,,2018.25,,down,,late_2017,
""",
    "levers.yaml": """\
- name: no_custody
  title: No custody
  rationale: What if nobody is held?
  source: un_2016
  patch:
    policies:
      remove:
        - where: {policy: custody}
""",
    "evidence/figures.csv": """\
figure_id,quantity,origin,low,high,qualifier,as_of,published,source,quoted_by,note
f1,departed,TUN,6000,6500,range,2015-12-01,2015-12-07,un_2016,,unofficial estimate
f2,returned,TUN,800,800,about,2016-12-31,2017-01-02,un_2016,late_2017,All theatres
f3,killed,FRA,250,,at_least,2017-02-28,2017-03-01,un_2016,,
f4,remaining,FRA,,700,at_most,2017-05-31,2017-06-02,late_2017,,known later
f5,departed,RUS-CAUCASUS,900,900,point,2016-01-31,2016-02-02,un_2016,,
f6,returned,FRA,271,271,point,2017-07-31,2017-08-02,late_2017,,"all theatres, later"
""",
    "evidence/aggregates.csv": """\
figure_id,quantity,place,host,low,high,qualifier,as_of,published,source,note
a1,theatre_strength,LBY-FEZZAN,ISIL Libya,2000,3000,range,2016-06-01,2016-06-05,un_2016,
a2,share_returned_percent,EUR,,30,30,about,2016-12-01,2016-12-05,un_2016,origin=EUR; share
a3,strength,IRQ+TUR,,12000,15000,range,2017-06-01,2017-06-05,late_2017,
""",
    "evidence/outcomes.csv": """\
outcome_id,quantity,origin,place,low,high,as_of,published,source,note
o1,returned_total,WLD,EUR,900,1100,2016-12-31,2017-01-05,un_2016,
o2,end_date,,IRQ+LBY-FEZZAN,,,2017-12-09,2017-12-10,late_2017,declared that day
""",
    "evidence/sources.csv": """\
key,title,author_or_publisher,published,url
un_2016,"Report, first part",UN,2015-12-07,https://example.org/1
late_2017,Later report,Institute,2017-05-01,
wdi_2016,Indicators,World Bank,2016-12-01,
""",
    "evidence/tags.csv": """\
tag,figure_id,note_contains,quantity,source,origin,reason
unofficial,f1,,,,,not confirmed by the government
all_theatres,,all theatres,returned,,,counts every conflict
doubtful,a1,,,,,disputed
""",
}


def write_small(folder: Path, files: dict[str, str] | None = None) -> Path:
    """Write the small case as ``demo`` in a folder and return its path."""
    case = folder / "demo"
    (case / "evidence").mkdir(parents=True)
    for name, text in (FILES if files is None else files).items():
        (case / name).write_text(text, encoding="utf-8", newline="")
    return case


def set_cell(case: Path, file: str, row: int, column: str, value: str) -> None:
    """Change one cell; rows are counted as a spreadsheet does."""
    path = case / file
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))
    rows[row - 1][rows[0].index(column)] = value
    stream = io.StringIO(newline="")
    csv.writer(stream, lineterminator="\n").writerows(rows)
    path.write_text(stream.getvalue(), encoding="utf-8", newline="")


def replace_text(case: Path, file: str, old: str, new: str) -> None:
    """Replace text that occurs exactly once."""
    path = case / file
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, (file, old, text.count(old))
    path.write_text(text.replace(old, new), encoding="utf-8", newline="")


def append_line(case: Path, file: str, line: str) -> None:
    """Add a line at the end of a file."""
    with (case / file).open("a", encoding="utf-8", newline="") as stream:
        stream.write(line + "\n")
