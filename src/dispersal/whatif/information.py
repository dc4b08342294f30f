"""Value of information: which figure, if it were published, would narrow the forecast most.

Preposterior analysis [1]_: a figure has not been published, but the forecast says which values
it may have, and each of them gives weights to the draws, by how likely each draw makes it. The
spread of the target under those weights, averaged over the values, is what is expected to be
left once the figure is known.

.. [1] Raiffa and Schlaifer (1961), Applied statistical decision theory, chapter 4.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from dispersal.errors import InputError
from dispersal.forecast import lookup
from dispersal.forecast.plain import plain_rows
from dispersal.whatif.information_cut import Cut, Yardstick, cut_of, mean_size, ranks_of
from dispersal.whatif.information_figures import Figure, figures_of, phrase, place_name
from dispersal.whatif.information_regression import explained
from dispersal.whatif.information_target import Target, target_of
from dispersal.whatif.information_values import common_noise, drawn_values, values_of
from dispersal.whatif.store import head

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Sequence

    from dispersal.case.asking import Day
    from dispersal.forecast.forecast import Forecast

#: Hypothetical values of each figure, for one target and for every country.
VALUES: Final = (100, 40)

#: Figures that a record has.
RECORDED: Final = 60

#: Fewer draws than this say too little about spreads.
FEWEST: Final = 50


@dataclass(frozen=True, eq=False)
class Information:
    """What each figure would be worth.

    Parameters
    ----------
    forecast : Forecast
    target : Target
    when : datetime.date
        The day that the figures speak of.
    width, crps : float
        Of the target now: the width of the 80 % interval (one count: persons; every country: mean
        on log(1 + n)), and the expected CRPS on log(1 + n).
    figures : pandas.DataFrame
        A line a figure, the one that cuts the expected CRPS most first: ``figure``, ``kind``,
        ``quantity``, ``label``, ``words``, ``where``, ``name``; ``width`` expected to be left,
        ``width_cut`` and ``crps_cut`` as shares, each with ``…_error``; ``variance_cut`` and
        ``variance_regression``, the same share by weights and by regression; ``size``, the
        effective number of draws; ``rank``, ``rank_best``, ``rank_worst``; ``repeat``, the chance
        that the last figure is told again; ``last``, ``last_on`` and ``age_days`` of the last
        figure known.
    """

    forecast: Forecast
    target: Target
    when: dt.date
    width: float
    crps: float
    figures: pd.DataFrame

    def table(self, top: int | None = None) -> pd.DataFrame:
        """Return the figures worth most, by name."""
        found = self.figures if top is None else self.figures.head(top)
        return found.set_index("figure")

    def check(self) -> dict[str, float]:
        """Return how far weights and regression lie apart, over all figures.

        ``mean`` and ``largest`` difference of the shares of the variance that they say a figure
        would cut, and ``smallest_size``, the least effective number of draws of a figure.
        """
        apart = (self.figures["variance_cut"] - self.figures["variance_regression"]).abs()
        return {
            "mean": round(float(apart.mean()), 6),
            "largest": round(float(apart.max()), 6),
            "smallest_size": round(float(self.figures["size"].min()), 1),
        }

    def record(self, top: int | None = RECORDED) -> dict[str, Any]:
        """Return the answer as plain data: see docs/information.md."""
        rows = self.figures.head(len(self.figures) if top is None else top)
        return {
            **head("information", self.forecast),
            "target": self.target.name,
            "target_words": self.target.words,
            "unit": "persons" if self.target.single else "log(1 + n)",
            "as_of": self.when.isoformat(),
            "width": self.width,
            "crps": self.crps,
            "compared": len(self.figures),
            "figures": plain_rows(rows.drop(columns="label").round(6)),
        }


def information(
    forecast: Forecast,
    target: str = "returned_total",
    *,
    as_of: Day | None = None,
    figures: Sequence[Figure] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Information:
    """Rank figures by how much each would be expected to narrow a forecast.

    Parameters
    ----------
    forecast : Forecast
    target : str
        As :func:`dispersal.whatif.information_target.target_of` reads it.
    as_of : str, date or time stamp, optional
        The day that the figures speak of; default: the cut-off.
    figures : sequence of Figure, optional
        Default: those of :func:`dispersal.whatif.information_figures.figures_of`.
    progress : callable, optional
        Called with (done, in all).

    Raises
    ------
    InputError
        For an unknown target, a day outside the forecast, no figures, or fewer than 50 draws.
    """
    wanted = target_of(forecast, target)
    when = lookup.day_within(forecast.ensemble, forecast.cutoff if as_of is None else as_of)
    if forecast.size < FEWEST:
        raise InputError(f"found {forecast.size} draws, expected {FEWEST} or more")
    asked = figures_of(forecast, when) if figures is None else list(figures)
    if not asked:
        raise InputError("found no figures to compare, expected one or more")
    seed = forecast.ensemble.seed
    yardstick = Yardstick(wanted.counts, seed)
    now = yardstick.now()
    noise = common_noise(forecast.size, seed)
    logs = np.log1p(wanted.counts)
    rows: list[dict[str, object]] = []
    cuts: list[Cut] = []
    for done, figure in enumerate(asked, 1):
        values = values_of(figure, noise, VALUES[not wanted.single])
        then = yardstick.expected(values)
        width, crps = cut_of(now.width, then.width), cut_of(now.crps, then.crps)
        cuts.append(crps)
        atoms = (0.0, np.log1p(figure.repeated)) if figure.chance else (0.0,)
        rows.append(
            {
                "figure": figure.name, "kind": figure.kind, "quantity": figure.quantity,
                "label": phrase(forecast, figure), "words": figure.words, "where": figure.where,
                "name": place_name(forecast, figure), "width": float(then.width[0]),
                "width_cut": width.share, "width_cut_error": width.error,
                "crps_cut": crps.share, "crps_cut_error": crps.error,
                "variance_cut": 1.0 - then.variance / now.variance,
                "variance_regression": explained(drawn_values(figure, noise, seed), logs, atoms),
                "size": mean_size(values), "repeat": figure.chance, "last": figure.last,
                "last_on": figure.last_on,
                "age_days": None if figure.last_on is None else (when - figure.last_on).days,
            }
        )  # fmt: skip
        if progress is not None:
            progress(done, len(asked))
    table = pd.DataFrame(rows)
    table[["rank_best", "rank_worst"]] = ranks_of(cuts)
    table = table.sort_values("crps_cut", ascending=False, kind="stable", ignore_index=True)
    table.insert(0, "rank", table.index + 1)
    table["age_days"] = table["age_days"].astype("Int64")
    return Information(forecast, wanted, when, float(now.width[0]), float(now.crps[0]), table)
