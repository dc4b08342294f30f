"""A small invented case and a random, consistent ensemble of it."""

from __future__ import annotations

import datetime as dt
import sys
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import xarray as xr

from dispersal.case import Case, load_case
from dispersal.case.schema import END_MODES
from dispersal.forecast.by_fate import Kept
from dispersal.forecast.ensemble_types import Ensemble
from dispersal.forecast.forecast import Forecast
from dispersal.forecast.quantities import PUBLISHED
from dispersal.model.calendar import Months
from dispersal.model.states import ALL_FATES, MOVES, fate_of, make_states

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

CUTOFF = dt.date(2017, 3, 7)

FILES = {
    "case.yaml": """\
schema_version: 1
name: tiny
title: A tiny case
question: Where do the members go?
asked_on: 2017-03-07
group: {name: The group, description: Invented., remnant: remnant_desert}
territory: {places: [SYR], peak_area_km2: 1000, peak_date: 2015-01-01}
period: {start: 2016-06-01, until: 2018-12-31}
step: month
strata: [men, women, minors]
end:
  modes: {military_defeat: 0.8, negotiated: 0.2}
""",
    "origins.csv": """\
origin,name,region,kind,latitude,longitude,members_low,members_high,governance,population,\
gdp_per_capita_usd,source
TUN,Tunisia,north_africa,foreign,,,,,,,,
FRA,France,europe_west,foreign,,,,,,,,
BEL,Belgium,europe_west,foreign,,,,,,,,
SYR,Syria,middle_east,local,,,,,,,,
""",
    "places.csv": """\
place,name,country,latitude,longitude,roles,governance,conflict_deaths,source,note
SYR,Syria,,,,home_theatre;custody,-1.8,,,judgement
SYR-BADIA,Syrian desert,SYR,34.7,38.6,sanctuary,-2.3,,,judgement
LBY,Libya,,,,theatre,-1.9,,,judgement
YEM,Yemen,,,,theatre,-1.8,,,judgement
TUR,Turkey,,,,transit;third_country;custody,0,,,judgement
""",
    "hosts.csv": """\
host,name,place,kind,from,until,published,affinity,thaw_months,capacity_low,capacity_high,\
aliases,source,note
remnant_desert,Remnant,SYR-BADIA,remnant,,,2014-01-01,1,,,,,,judgement
is_libya,Affiliate in Libya,LBY,affiliate,,,2014-01-01,0.9,,,,,,judgement
""",
    "evidence/figures.csv": """\
figure_id,quantity,origin,low,high,qualifier,as_of,published,source,quoted_by,note
t1,departed,TUN,5999,5999,point,2015-12-01,2016-01-01,s1,,
t2,returned,TUN,599,599,point,2015-12-31,2016-01-02,s1,,
t3,returned,TUN,799,799,about,2016-12-31,2017-01-02,s1,,
f1,departed,FRA,999,999,point,2016-06-01,2016-06-02,s1,,
f2,returned,FRA,199,199,point,2016-06-01,2016-06-02,s1,,
f3,returned,FRA,249,249,point,2017-02-01,2017-02-02,s1,,
b1,departed,BEL,399,499,range,2016-06-01,2016-06-02,s1,,
later,returned,FRA,300,300,point,2017-12-01,2017-12-02,s2,,
""",
    "evidence/sources.csv": """\
key,title,author_or_publisher,published,url
s1,A report,Institute,2016-01-01,https://example.org/report
s2,A later report,Institute,2017-12-01,
""",
}


def write_tiny(folder: Path) -> Path:
    """Write the case to ``folder / "tiny"``."""
    for name, text in FILES.items():
        file = folder / "tiny" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return folder / "tiny"


def make_ensemble(case: Case, draws: int = 60, seed: int = 3, cutoff: dt.date = CUTOFF) -> Ensemble:
    """Return an ensemble in which people move at random and nobody is lost."""
    known = case.as_known_on(cutoff)
    rng = np.random.default_rng(seed)
    months = Months.between(known.period.start, known.period.until)
    now = months.nearest(cutoff)
    states = make_states(known).states
    origins = tuple(row.origin for row in known.origins)
    strata = known.strata
    placed = tuple(name for name in states if ":" in name and not name.startswith("moving:"))
    fate = np.array([ALL_FATES.index(fate_of(name)) for name in states])
    shape = (draws, len(origins), len(strata))
    sizes = np.resize([6000, 1000, 450, 20000], len(origins))
    scale = sizes[:, None] * np.array([1.0, 0.2, 0.3])[: len(strata)]
    people = rng.poisson(scale * rng.lognormal(0, 0.1, (draws, 1, 1)))
    fates = np.zeros((*shape, len(ALL_FATES), months.steps + 1), dtype=np.int32)
    places = np.zeros((draws, len(origins), len(placed), months.steps + 1 - now), dtype=np.uint16)
    arrivals = np.zeros((draws, len(placed), months.steps + 1 - now), dtype=np.int32)
    by_stratum = np.zeros((draws, 2, len(strata), *places.shape[2:]), dtype=np.int32)
    local = np.array([row.kind == "local" for row in known.origins])
    start, finish = rng.dirichlet(np.ones(len(states)), 2)
    previous = np.zeros((draws, len(placed)), dtype=np.int64)
    at_place = [states.index(name) for name in placed]
    for t in range(months.steps + 1):
        weight = t / months.steps
        where = rng.multinomial(people, (1 - weight) * start + weight * finish)
        for at in range(len(states)):
            fates[..., fate[at], t] += where[..., at].astype(np.int32)
        if t >= now:
            here = where[..., at_place].sum(axis=2)
            places[..., t - now] = here
            for kind in (0, 1):
                there = where[:, local == bool(kind)][..., at_place].sum(axis=1)
                by_stratum[:, kind, ..., t - now] = there
            grown = np.maximum(here.sum(axis=1) - previous, 0) if t > now else 0
            arrivals[..., t - now] = (arrivals[..., t - now - 1] if t > now else 0) + grown
            previous = here.sum(axis=1)
    moves = (
        np.random.default_rng(seed + 1)
        .poisson(3.0, (draws, len(MOVES), months.steps + 1 - now))
        .cumsum(axis=-1)
    )
    return Ensemble(
        case=known,
        cutoff=cutoff,
        seed=seed,
        months=months,
        now=now,
        origins=origins,
        strata=strata,
        by_fate=Kept(fates, now),
        place_states=placed,
        places=places,
        arrivals=arrivals,
        end=rng.normal(now + 12, 4, draws),
        mode=rng.choice(len(END_MODES), draws, p=[0.8, 0.2, 0, 0]),
        bias={name: rng.normal(0, 0.2, (draws, len(origins))) for name in PUBLISHED},
        error={name: rng.lognormal(-2, 0.2, draws) for name in PUBLISHED},
        timings={"simulate": 0.01},
        reported=np.full(draws, 0.8),
        strata_places=by_stratum,
        moves=moves.astype(np.int32),
    )


def make_forecast(folder: Path, draws: int = 60, seed: int = 3) -> Forecast:
    """Return a forecast of the tiny case, written below ``folder``."""
    return Forecast.of(make_ensemble(load_case(write_tiny(folder)), draws, seed))


def make_posterior(case: Case) -> Any:
    """Return what a forecast needs of a posterior, without a fit."""
    return SimpleNamespace(
        design=SimpleNamespace(case=case.as_known_on(CUTOFF), cutoff=CUTOFF),
        timings={"fit": 12.34567},
        diagnostics=SimpleNamespace(warnings=lambda: ["1 of 100 trajectories diverged"]),
        to_arviz=lambda: xr.DataTree.from_dict({"posterior": xr.Dataset({"x": ("draw", [1.0])})}),
        contraction=lambda: pd.DataFrame({"unit": ["1"], "contraction": [0.5]}, index=["x"]),
    )


def replace_simulation(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Put a random ensemble in the place of the simulation; return what will be asked of it."""
    asked: dict[str, Any] = {}

    def simulate(posterior: Any, **settings: Any) -> Ensemble:
        asked.update(settings)
        if settings["progress"] is not None:
            settings["progress"](1, 1)
        return make_ensemble(posterior.design.case, settings["draws"], settings["seed"])

    module = ModuleType("dispersal.forecast.ensemble")
    module.simulate = simulate  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "dispersal.forecast.ensemble", module)
    return asked
