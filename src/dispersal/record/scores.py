"""How close a forecast came to what was published afterwards (docs/scores.md)."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from dispersal.case.asking import Day, day_of
from dispersal.forecast.plain import plain, plain_rows
from dispersal.inference.observation import value_and_width
from dispersal.metrics import Histogram, pit_histogram
from dispersal.record.baselines import ReferenceShares, learn_baselines
from dispersal.record.baselines.known import DAYS_IN_YEAR, Known, known_on
from dispersal.record.fates import score_fates
from dispersal.record.misses import Miss, largest_misses
from dispersal.record.row import (
    HORIZONS,
    INTERVALS,
    MEASURES,
    baseline_scores,
    forecast_scores,
    horizon_of,
)
from dispersal.record.select import ledger_of, select_rows, stratum_of
from dispersal.record.summary import by_country, groups, skills, summarise

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from dispersal.case import Case, Ledger
    from dispersal.forecast.forecast import Forecast

_ROW: Final = ("figure_id", "quantity", "origin", "as_of", "published", "low", "high", "qualifier")
_SCORE: Final = (
    "cutoff", "years", "horizon", "departed", "observed", "p10", "p50", "p90", *MEASURES, "pit",
    *INTERVALS, "baseline", "crps_baseline_point", "crps_baseline",
)  # fmt: skip


@dataclass(frozen=True)
class Scores:
    """A forecast against figures published after its cut-off.

    Parameters
    ----------
    rows : pandas.DataFrame
        One scored figure a row, largest misses first: ``cutoff``, ``years`` from it and their
        ``horizon``; ``departed``, the country's size; ``observed`` (persons; a range's geometric
        middle), ``p10`` to ``p90`` as published; ``crps`` on log(1 + n), ``crps_count``,
        ``log_score``, ``interval_score``; ``pit`` (share of the draws below), ``inside50`` …
        ``inside95``; ``baseline`` (the rule of ``last_else_share``, empty if it had nothing to go
        by), ``crps_baseline_point`` and ``crps_baseline``; for every baseline the rule that spoke
        and its scores, as ``rule_last_changes`` and ``crps_last_changes``.
    bounds : pandas.DataFrame
        Figures that give one end: ``probability`` is the forecast's that they hold.
    left_out : dict of str to tuple of str
        Figures that were not scored, by reason.
    fates : pandas.DataFrame
        Shares of fates scored together: see ``dispersal.record.fates``.
    evidence : Ledger, optional
        What was known at the cut-off.
    """

    rows: pd.DataFrame
    bounds: pd.DataFrame
    left_out: dict[str, tuple[str, ...]]
    fates: pd.DataFrame = field(default_factory=pd.DataFrame)
    evidence: Ledger | None = field(default=None, repr=False)

    @property
    def by_quantity(self) -> pd.DataFrame:
        """Scores by quantity, countries weighted equally.

        Columns ``rows``, ``origins``, ``crps``, ``covers50`` … (share of rows inside), and on the
        rows for which the baseline has something: ``baseline_rows``, ``crps_there`` (of the
        forecast), ``crps_baseline_point``, ``crps_baseline``, ``skill_point`` and ``skill``, which
        are 1 − CRPS / CRPS of the baseline; and ``crps_elsewhere`` on the rows without. Then the
        same against the best of all baselines: ``best`` (its name), ``crps_best``, ``skill_best``,
        ``skill_best_low`` and ``skill_best_high`` (90 % interval).
        """
        parts = {str(key[0]): _scored(part) for key, part in groups(self.rows, ["quantity"])}
        table = pd.DataFrame.from_dict(parts, orient="index").rename_axis("quantity")
        found = self.skills()
        best = found[found["best"].astype(bool)].set_index("quantity")
        columns = {"baseline": "best", "score": "crps_best"} | {
            name: name.replace("skill", "skill_best")
            for name in ("skill", "skill_low", "skill_high")
        }
        return table.join(best[list(columns)].rename(columns=columns))

    @property
    def by_origin(self) -> pd.DataFrame:
        """Scores by quantity and country; columns as the first of :attr:`by_quantity`."""
        parts = {key: _scored(part) for key, part in groups(self.rows, ["quantity", "origin"])}
        index = pd.MultiIndex.from_tuples(parts, names=["quantity", "origin"]) if parts else None
        return pd.DataFrame(list(parts.values()), index=index)

    @property
    def by_horizon(self) -> pd.DataFrame:
        """Scores by quantity and years after the cut-off: see :meth:`summary`."""
        return self.summary(("quantity", "horizon"))

    @property
    def without_baseline(self) -> tuple[str, ...]:
        """Figures of which no baseline says anything."""
        return tuple(self.rows.loc[self.rows["baseline"] == "", "figure_id"])

    def summary(self, by: Sequence[str] = ("quantity",)) -> pd.DataFrame:
        """Return means with standard errors: see :func:`dispersal.record.summary.summarise`."""
        return summarise(self.rows, by)

    def skills(self, by: Sequence[str] = ("quantity",), measure: str = "crps") -> pd.DataFrame:
        """Return the forecast next to every baseline: see ``dispersal.record.summary.skills``."""
        return skills(self.rows, by, measure)

    def histogram(self, quantity: str | None = None, bins: int = 10) -> Histogram:
        """Return the PIT histogram of a quantity, or of all figures."""
        chosen = self.rows if quantity is None else self.rows[self.rows["quantity"] == quantity]
        return pit_histogram(chosen["pit"].to_numpy(float), bins)

    def misses(self, count: int = 10) -> tuple[Miss, ...]:
        """Return the largest misses, each with the figures that were known of it."""
        return () if self.evidence is None else largest_misses(self.rows, self.evidence, count)

    def record(self) -> dict[str, Any]:
        """Return the scores as plain data, ready for JSON: what is missing is None."""
        histogram = asdict(self.histogram())
        measured = [self.skills(measure=name).assign(measure=name) for name in MEASURES]
        return {
            "by_quantity": plain_rows(self.by_quantity.reset_index()),
            "summary": plain_rows(self.summary().reset_index()),
            "by_horizon": plain_rows(self.by_horizon.reset_index()),
            "by_origin": plain_rows(self.by_origin.reset_index()),
            "baselines": [line for table in measured for line in plain_rows(table)],
            "without_baseline": list(self.without_baseline),
            "fates": plain_rows(self.fates),
            "fates_baselines": plain_rows(skills(self.fates, (), "energy")),
            "pit": {
                name: list(value) if isinstance(value, tuple) else plain(value)
                for name, value in histogram.items()
            },
            "misses": [miss.record() for miss in self.misses()],
            "rows": plain_rows(self.rows),
            "bounds": plain_rows(self.bounds),
            "left_out": {reason: list(ids) for reason, ids in self.left_out.items()},
        }


def score(
    forecast: Forecast,
    figures: str | Path | Ledger | Case,
    until: Day | None = None,
    reference: ReferenceShares | None = None,
) -> Scores:
    """Score a forecast against a ledger, next to the baselines known at its cut-off.

    Parameters
    ----------
    forecast : Forecast
    figures : str, Path, Ledger or Case
        A file with the columns of figures.csv, a case folder or the name of a built-in case, or
        either of them read. Tags come with a case; a file alone gets those that the forecast's
        case puts on it.
    until : str, date or time stamp
        Figures that speak of later days are left out; default: the end of the case's period.
    reference : ReferenceShares, optional
        Shares of fates of past endings; without them there is no baseline ``reference_class``.

    Returns
    -------
    Scores
        Of the figures published after the cut-off; those left out are listed by reason.

    Raises
    ------
    InputError
        If the figures cannot be read.
    """
    ledger = ledger_of(figures, forecast)
    last = forecast.case.period.until if until is None else day_of(until)
    rows, left_out = select_rows(ledger.figures, forecast, last)
    value, _, side = value_and_width(rows)
    baselines = learn_baselines(forecast.case, forecast.cutoff, reference)
    known = known_on(forecast.case.ledger, forecast.cutoff)
    sizes = _sizes(forecast, known)
    scored: list[dict[str, Any]] = []
    bounds: list[dict[str, Any]] = []
    for at, row in enumerate(rows.to_dict("records")):
        figure = {name: row[name] for name in _ROW}
        quantity, origin, day = row["quantity"], row["origin"], row["as_of"].date()
        stratum = stratum_of(quantity, row["tags"])
        if side[at] == 0:
            years = (day - forecast.cutoff).days / DAYS_IN_YEAR
            place = {
                "cutoff": pd.Timestamp(forecast.cutoff), "years": years,
                "horizon": horizon_of(years), "departed": sizes[origin],
            }  # fmt: skip
            own = forecast_scores(forecast, figure, stratum, value[at], known.largest)
            others = baseline_scores(baselines, quantity, origin, day, value[at], known.largest)
            scored.append(figure | place | own | others)
        else:
            drawn = forecast.draws(quantity, origin, day, stratum, as_published=True)
            holds = np.sign(np.log1p(drawn) - value[at]) != -side[at]
            bounds.append(figure | {"probability": float(holds.mean())})
    of_baselines = [f"{column}_{name}" for name in baselines for column in ("rule", *MEASURES)]
    table = pd.DataFrame(scored, columns=[*_ROW, *_SCORE, *of_baselines])
    order = pd.CategoricalDtype([name for _, name in HORIZONS], ordered=True)
    table["horizon"] = table["horizon"].astype(order)
    table = table.sort_values(["crps", "figure_id"], ascending=[False, True], ignore_index=True)
    return Scores(
        table,
        pd.DataFrame(bounds, columns=[*_ROW, "probability"]),
        left_out,
        score_fates(forecast, rows.assign(value=value)[side == 0], baselines),
        forecast.case.ledger,
    )


def _sizes(forecast: Forecast, known: Known) -> dict[str, float]:
    """Return how many have departed from each country: last known, else as forecast."""
    found = {}
    for origin in forecast.ensemble.origins:
        departed = known.departed(origin)
        if departed is None:
            departed = float(np.median(forecast.draws("departed", origin)))
        found[origin] = departed
    return found


def _scored(rows: pd.DataFrame) -> dict[str, float]:
    there = rows[rows["baseline"] != ""]
    found: dict[str, float] = {
        "rows": len(rows),
        "origins": rows["origin"].nunique(),
        "crps": _mean(rows, "crps"),
    }
    for name in INTERVALS:
        found[name.replace("inside", "covers")] = float(rows[name].mean())
    found |= {
        "baseline_rows": len(there),
        "crps_there": _mean(there, "crps"),
        "crps_baseline_point": _mean(there, "crps_baseline_point"),
        "crps_baseline": _mean(there, "crps_baseline"),
    }
    found["skill_point"] = _skill(found["crps_there"], found["crps_baseline_point"])
    found["skill"] = _skill(found["crps_there"], found["crps_baseline"])
    found["crps_elsewhere"] = _mean(rows[rows["baseline"] == ""], "crps")
    return found


def _mean(rows: pd.DataFrame, column: str) -> float:
    return float(by_country(rows, [column])[0].mean()) if len(rows) else float("nan")


def _skill(own: float, other: float) -> float:
    return 1.0 - own / other if other > 0 else float("nan")
