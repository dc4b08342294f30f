"""Forecasts that lack something, or have something that is hard to show."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from dispersal.case import load_case
from dispersal.forecast.by_fate import Kept
from dispersal.forecast.forecast import Forecast
from dispersal.forecast.quantities import HOME
from dispersal.model.parameters import table
from dispersal.model.states import ALL_FATES
from tests.forecast.synthetic import CUTOFF, FILES, make_ensemble

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from dispersal.forecast.ensemble_types import Ensemble

HEADS: Final = {name: text.splitlines()[0] + "\n" for name, text in FILES.items()}
LONG: Final = (
    "A name that is so long that no figure, table or map has room for it on one line, " * 4
)

#: Files to replace, None for one that is left out; by what is wrong.
REPLACED: Final[dict[str, dict[str, str | None]]] = {
    "whole": {},
    "no_evidence": {"evidence/figures.csv": None, "evidence/sources.csv": None},
    "no_figures_but_a_file": {"evidence/figures.csv": HEADS["evidence/figures.csv"]},
    "one_country": {
        "origins.csv": HEADS["origins.csv"] + "TUN,Tunisia,north_africa,foreign,,,,,,,,\n",
        "evidence/figures.csv": None,
    },
    "only_local": {
        "origins.csv": HEADS["origins.csv"] + "SYR,Syria,middle_east,local,,,,,,,,\n",
        "evidence/figures.csv": None,
    },
    "few_places": {
        "places.csv": HEADS["places.csv"] + "SYR,Syria,,,,home_theatre,,,,judgement\n",
        "hosts.csv": None,
        "case.yaml": FILES["case.yaml"].replace(", remnant: remnant_desert", ""),
    },
    "long_names": {
        "origins.csv": FILES["origins.csv"].replace("Tunisia", LONG.replace(",", " ")),
        "places.csv": FILES["places.csv"].replace("Libya", "L" * 250),
        "hosts.csv": FILES["hosts.csv"].replace("Affiliate in Libya", "Groupsof" * 40),
        "case.yaml": FILES["case.yaml"].replace("A tiny case", f'"{LONG.strip()}"'),
    },
    "right_to_left": {
        "origins.csv": FILES["origins.csv"]
        .replace("Tunisia", "تونس")
        .replace("France", "צרפת (France)"),
        "places.csv": FILES["places.csv"].replace("Libya", "ليبيا"),
        "case.yaml": FILES["case.yaml"]
        .replace("A tiny case", "قضية صغيرة")
        .replace("Where do the members go?", "إلى أين يذهب الأعضاء؟"),
    },
    "only_men": {
        "case.yaml": FILES["case.yaml"].replace("[men, women, minors]", "[men]"),
    },
}

#: What is wrong with the draws, by how the ensemble is changed.
CHANGED: Final[dict[str, Callable[[Ensemble], Ensemble]]] = {
    "no_positions": lambda ensemble: _nowhere(ensemble),
    "zero_returns": lambda ensemble: _nobody_home(ensemble),
    "nobody_at_all": lambda ensemble: _nobody(ensemble),
    "no_strata_at_places": lambda ensemble: replace(ensemble, strata_places=None),
    "no_end": lambda ensemble: replace(ensemble, end=np.full(ensemble.size, np.inf)),
}

#: Cut-offs other than the usual one.
CUTOFFS: Final = {
    "cutoff_at_the_end": dt.date(2018, 12, 10),
    "cutoff_near_the_start": dt.date(2016, 6, 12),
}

SINGLE: Final = "single_draw"
WITH_CONTRACTION: Final = "with_contraction"
NAMES: Final = (*REPLACED, *CHANGED, *CUTOFFS, SINGLE, WITH_CONTRACTION)


def make_partial(name: str, folder: Path) -> Forecast:
    """Return the forecast of a name of ``NAMES``, its case written below a folder."""
    files = {**FILES, **REPLACED.get(name, {})}
    for file, text in files.items():
        if text is not None:
            path = folder / "tiny" / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    draws = 1 if name == SINGLE else 60
    case = load_case(folder / "tiny")
    ensemble = make_ensemble(case, draws, cutoff=CUTOFFS.get(name, CUTOFF))
    contraction = make_contraction() if name == WITH_CONTRACTION else None
    return Forecast.of(CHANGED.get(name, _same)(ensemble), None, contraction)


def make_contraction() -> pd.DataFrame:
    """Return a table as ``Posterior.contraction`` makes it, with invented numbers."""
    rng = np.random.default_rng(5)
    rows = {}
    for parameter in table().values():
        if parameter.hierarchical or parameter.axis:
            continue
        low, middle, high = np.quantile(parameter.draw(rng, 500), [0.1, 0.5, 0.9])
        rows[parameter.name] = {
            "unit": parameter.unit,
            "prior_p10": low, "prior_p50": middle, "prior_p90": high,
            "p10": (low + middle) / 2, "p50": middle, "p90": (high + middle) / 2,
            "contraction": rng.uniform(0, 0.9) if parameter.stage == "fit" else 0.0,
        }  # fmt: skip
    return pd.DataFrame.from_dict(rows, orient="index")


def _same(ensemble: Ensemble) -> Ensemble:
    return ensemble


def _nowhere(ensemble: Ensemble) -> Ensemble:
    """Return an ensemble of a case with places of which nobody knows where they lie."""
    places = tuple(
        row.model_copy(update={"latitude": None, "longitude": None, "country": ""})
        for row in ensemble.case.places
    )
    return replace(ensemble, case=replace(ensemble.case, places=places))


def _nobody_home(ensemble: Ensemble) -> Ensemble:
    """Return an ensemble in which those at home are with the group instead."""
    fates = ensemble.fates.copy()
    for fate in HOME:
        fates[:, :, :, ALL_FATES.index("in_group")] += fates[:, :, :, ALL_FATES.index(fate)]
        fates[:, :, :, ALL_FATES.index(fate)] = 0
    return replace(ensemble, by_fate=Kept(fates, ensemble.now))


def _nobody(ensemble: Ensemble) -> Ensemble:
    assert ensemble.strata_places is not None
    return replace(
        ensemble,
        by_fate=Kept(np.zeros_like(ensemble.fates), ensemble.now),
        places=np.zeros_like(ensemble.places),
        arrivals=np.zeros_like(ensemble.arrivals),
        strata_places=np.zeros_like(ensemble.strata_places),
    )
