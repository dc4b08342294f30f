"""A small conflict of the project's own, in Flee's files, with everything that they can hold."""

from __future__ import annotations

import re
from pathlib import Path

LOCATIONS = """\
"#name",region,country,latitude,longitude,location_type,conflict_date,population,conflict_intensity
Aville,North,Home,10.0,20.0,conflict_zone,0,1000,0.5
Btown,North,Home,10.5,20.5,conflict_zone,3,500,
Ctown,South,Home,,,town,,,
Hub,West,Abroad,11.0,21.0,forwarding_hub,,,
Pass,West,Abroad,11.0,21.0,marker,,,
Camp One,West,Abroad,11.5,21.5,camp,,400,
Camp Two,East,Other,12.0,22.0,camp,,0,
Shelter,South,Home,12.0,22.0,IDPcamp,,50,
"""
ROUTES = """\
#name1,name2,distance,forced_redirection,max_move_speed

Aville,Btown,100,0,
Aville,Ctown,250,,
Btown,Hub,200,2,
Btown,Ctown,40,,20
Hub,Camp One,60,,
Hub,Pass,80,,
Pass,Camp Two,120,,
Ctown,Shelter,90,,
Ctown,Shelter,110,,
"""
CONFLICTS = """\
#Day, Aville, Btown, Ctown , Camp One,
0, 1, 0, 0, 0,
1, 1, 0, 0, 0,
2, 1, 0, 0, 0,
3, 1, 0.5, 0, 0,
4, 1, 1, 0, 0,
5, 0, 1, 0, 0,
6, 0, 1, 0, 0,
7, 0, 1, 0, 0,
8, 0, 1, 0, 0,
9, 0, 1, 0, 0,
"""
CLOSURES = """\
#closure_type,name1,name2,closure_start,closure_end
country,Home,Abroad,0,2
location,Ctown,,4,6
link,Hub,Camp One,5,-1
location,Aville,Btown,7,8
camp,Camp Two,,1,3
idpcamp,Shelter,,2,4
"""
PERIOD = "StartDate,2020-01-01\nLength,10\n"
CORRECTIONS = "Camp One,2020-01-05,normalize\n"
LAYOUT = """\
total,refugees.csv
Camp One,one.csv
Camp Two,two.csv,two-outside.csv
Shelter,shelter.csv
Elsewhere,elsewhere.csv
"""
DATA = {
    "refugees.csv": "Date,count\n2020-01-01,10\n2020-01-10,300\n",
    "one.csv": "# level 1\n2019-12-28,10\n2020-01-03,40\n2020-01-05,80\n2020-01-09,180\n",
    "two.csv": "2020-01-01,0\t\n2020-01-06,50,x\n\n",
    "two-outside.csv": "2020-01-01,0\n2020-01-04,\n2020-01-06,25\n",
    "shelter.csv": "2020-01-01,0\n2020-01-05,40\n2020-01-10,20\n",
    "elsewhere.csv": "2020-01-01,0\n2020-01-10,9\n",
}
SETTINGS = """\
log_levels:
  agent: 1
spawn_rules:
  take_from_population: False
  conflict_spawn_decay: [1.0, 0.5]
  insert_day0: True
move_rules:
  max_move_speed: 200
  max_walk_speed: 35.0
  foreign_weight: 2.0
  camp_weight: 5.0
  conflict_weight: 0.25
  conflict_movechance: 1.0
  camp_movechance: 0.001
  idpcamp_movechance: 0.1
  default_movechance: 0.3
  awareness_level: 1
  capacity_buffer: 0.75
  capacity_scaling: 1.0
  avoid_short_stints: False
  start_on_foot: False
  weight_power: 1.0
optimisations:
  hasten: 10
"""

FILES = {
    "input_csv/locations.csv": LOCATIONS,
    "input_csv/routes.csv": ROUTES,
    "input_csv/conflicts.csv": CONFLICTS,
    "input_csv/closures.csv": CLOSURES,
    "input_csv/sim_period.csv": PERIOD,
    "input_csv/registration_corrections.csv": CORRECTIONS,
    "source_data/data_layout.csv": LAYOUT,
    "simsetting.yml": SETTINGS,
    **{f"source_data/{name}": text for name, text in DATA.items()},
}


def write_folder(folder: Path, **changed: str | None) -> Path:
    """Write the conflict; ``changed`` has files by the stem of their name, None for no file."""
    names = {re.sub(r"\W", "_", Path(name).stem): name for name in FILES}
    assert set(changed) <= set(names), set(changed) - set(names)
    for stem, name in names.items():
        text = changed.get(stem, FILES[name])
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if text is not None:
            path.write_text(text, encoding="utf-8")
    return folder


def simple_folder(
    folder: Path,
    *,
    places: list[str],
    routes: list[str],
    arrivals: list[int],
    conflicts: dict[str, list[float]] | None = None,
    closures: tuple[str, ...] = (),
    settings: dict[str, object] | None = None,
) -> Path:
    """Write a conflict with one camp's data: counts by day, from which those who flee follow.

    A place is "name type [people [country]]", a route "name1 name2 km [speed]"; Camp has the data.
    """
    days = len(arrivals)
    rows = ["#name,region,country,lat,lon,location_type,conflict_date,population"]
    for place in places:
        name, kind, *rest = place.split()
        people, country = (*rest, *("0", "Home")[len(rest) :])
        rows.append(f"{name},,{country},,,{kind},{0 if 'conflict' in kind else ''},{people}")
    names = [place.split()[0] for place in places]
    camps = [place.split()[0] for place in places if "camp" in place.split()[1]]
    fights = conflicts or {names[0]: [1.0] * days}
    header = ",".join(["#Day", *fights])
    lines = [",".join([str(d), *(str(f[d]) for f in fights.values())]) for d in range(days)]
    roads = ["#name1,name2,distance,forced_redirection,max_move_speed"]
    for route in routes:
        one, two, km, speed = (*route.split(), "")[:4]
        roads.append(f"{one},{two},{km},,{speed}")
    chosen = {"max_move_speed": 200, "conflict_weight": 0.25, **(settings or {})}
    spawn = ("take_from_population", "insert_day0", "sum_from_camps", "conflict_spawn_decay")
    yml = ["spawn_rules:", *(f"  {k}: {v}" for k, v in chosen.items() if k in spawn)]
    yml += ["move_rules:", *(f"  {k}: {v}" for k, v in chosen.items() if k not in spawn)]
    dates = [f"2020-{1 + d // 28:02d}-{1 + d % 28:02d}" for d in range(days)]
    assert days <= 28, "dates of one month"
    layout = ["total,refugees.csv", *(f"{camp},{camp.lower()}.csv" for camp in camps)]
    text = {
        "input_csv/locations.csv": "\n".join(rows),
        "input_csv/routes.csv": "\n".join(roads),
        "input_csv/conflicts.csv": "\n".join([header, *lines]),
        "input_csv/closures.csv": "\n".join(["#closure_type,name1,name2,start,end", *closures]),
        "input_csv/sim_period.csv": f"StartDate,2020-01-01\nLength,{days}",
        "source_data/data_layout.csv": "\n".join(layout),
        "source_data/refugees.csv": "2020-01-01,0",
        "simsetting.yml": "\n".join(yml).replace("spawn_rules:\nmove", "spawn_rules: {}\nmove"),
    }
    for camp in camps:
        text[f"source_data/{camp.lower()}.csv"] = "2020-01-01,0"
    counts = zip(dates, arrivals, strict=True)
    text["source_data/camp.csv"] = "\n".join(f"{date},{count}" for date, count in counts)
    for name, content in text.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content + "\n", encoding="utf-8")
    return folder
