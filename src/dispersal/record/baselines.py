"""What to beat: the last figure stands, else the pooled share of the departed."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, stats

from dispersal.inference.observation import value_and_width

if TYPE_CHECKING:
    import datetime as dt

    import pandas as pd

    from dispersal.case import Ledger

FloatArray = NDArray[np.float64]

#: Degrees of freedom of the predictive distribution, as in the observation model.
DEGREES = 4.0

#: Quantiles by which a predictive distribution is handed on.
LEVELS = (np.arange(400) + 0.5) / 400

DAYS_IN_YEAR = 365.25


@dataclass(frozen=True, slots=True)
class Spread:
    """Scale of a change of log(1 + n): sqrt(at_once² + a_year² · years).

    Parameters
    ----------
    at_once : float
        Between two figures of the same day.
    a_year : float
        What a year adds.

    Examples
    --------
    >>> Spread(0.3, 0.4).after(1.0)
    0.5
    """

    at_once: float
    a_year: float

    def after(self, years: float) -> float:
        """Return the scale after some years."""
        return math.sqrt(self.at_once**2 + self.a_year**2 * years)


#: What the spread is if nothing was ever revised: medians, with a deviation of 1 on the log.
PRIOR = Spread(0.1, 0.3)

#: The same for the shares of different countries around the pooled one.
SHARE_PRIOR = Spread(0.7, 0.3)


def learn_spread(changes: FloatArray, years: FloatArray, prior: Spread = PRIOR) -> Spread:
    """Return the most probable spread of changes that follow a Student-t(4).

    Parameters
    ----------
    changes : float array, shape (N,)
        Of log(1 + n).
    years : float array, shape (N,)
        Time between the two figures.
    prior : Spread
        Medians of the log-normal priors of both scales; what is returned if N is 0.

    Examples
    --------
    >>> learn_spread(np.zeros(0), np.zeros(0))
    Spread(at_once=0.1, a_year=0.3)
    >>> rng = np.random.default_rng(1)
    >>> years = rng.uniform(0, 4, 4_000)
    >>> spread = learn_spread(np.sqrt(0.2**2 + 0.5**2 * years) * rng.standard_t(4, 4_000), years)
    >>> abs(spread.at_once - 0.2) < 0.05, abs(spread.a_year - 0.5) < 0.05
    (True, True)
    """
    if changes.size == 0:
        return prior
    start = np.log([prior.at_once, prior.a_year])

    def loss(logs: FloatArray) -> float:
        at_once, a_year = np.exp(logs)
        scale = np.sqrt(at_once**2 + a_year**2 * years)
        density = stats.t.logpdf(changes / scale, DEGREES) - np.log(scale)
        return float(((logs - start) ** 2).sum() / 2 - density.sum())

    found = optimize.minimize(loss, start, method="Nelder-Mead", options={"xatol": 1e-6})
    return Spread(*(float(value) for value in np.exp(found.x)))


@dataclass(frozen=True, slots=True)
class Prediction:
    """A baseline's prediction of one figure, on log(1 + n).

    Parameters
    ----------
    rule : str
        ``last figure`` or ``pooled share``.
    centre, scale : float
        Of a Student-t(4).
    """

    rule: str
    centre: float
    scale: float

    def draws(self) -> FloatArray:
        """Return evenly spaced quantiles of the predictive distribution, no figure below 0."""
        return np.asarray(np.maximum(self.centre + self.scale * stats.t.ppf(LEVELS, DEGREES), 0.0))


@dataclass(frozen=True)
class Baseline:
    """The last figure stands; where there is none, the pooled share of those who departed.

    Parameters
    ----------
    cutoff : datetime.date
    last : dict
        By quantity and origin: log(1 + n) of the last figure, and the day it speaks of.
    shares : dict of str to float
        By quantity: persons over persons departed, pooled over the countries that have both.
    revisions : dict of str to Spread
        By quantity: how far a figure is from the one before it.
    between : dict of str to float
        By quantity: scale of the countries' shares around the pooled one.
    """

    cutoff: dt.date
    last: dict[tuple[str, str], tuple[float, pd.Timestamp]]
    shares: dict[str, float]
    revisions: dict[str, Spread]
    between: dict[str, float]

    def predict(self, quantity: str, origin: str, as_of: dt.date) -> Prediction | None:
        """Return the prediction of a figure, or None if neither rule has anything to go by."""
        spread = self.revisions.get(quantity, PRIOR)
        if known := self.last.get((quantity, origin)):
            value, day = known
            return Prediction("last figure", value, spread.after(_years(as_of, day.date())))
        departed = self.last.get(("departed", origin))
        if departed is None or quantity not in self.shares:
            return None
        centre = math.log1p(self.shares[quantity] * math.expm1(departed[0]))
        grown = Spread(self.between[quantity], spread.a_year)
        return Prediction("pooled share", centre, grown.after(_years(as_of, self.cutoff)))


def learn_baseline(ledger: Ledger, cutoff: dt.date) -> Baseline:
    """Return the baseline that could have been made on a day.

    Parameters
    ----------
    ledger : Ledger
        May hold rows published later; they are not seen.
    cutoff : datetime.date
        The last day that counts.

    Returns
    -------
    Baseline
        Made of the figures with two ends (``point``, ``about``, ``range``), except misprints. A
        range counts as its geometric middle. Of several last figures of one day, the last
        published counts; of several of those, their geometric mean.
    """
    rows = ledger.as_known_on(cutoff).figures
    value, _, side = value_and_width(rows)
    misprint = np.array(["misprint" in tags for tags in rows["tags"]], dtype=bool)
    rows = rows.assign(value=value)[(side == 0) & ~misprint & np.isfinite(value)]
    rows = rows.sort_values(["as_of", "published", "figure_id"], kind="stable")
    last: dict[tuple[str, str], tuple[float, pd.Timestamp]] = {}
    changes: dict[str, list[tuple[float, float]]] = {}
    for (quantity, origin), series in rows.groupby(["quantity", "origin"], sort=True):
        days = series["as_of"]
        final = series[days == days.max()]
        final = final[final["published"] == final["published"].max()]
        last[str(quantity), str(origin)] = (float(final["value"].mean()), days.max())
        steps = series["value"].diff().to_numpy()[1:]
        years = days.diff().dt.days.to_numpy(float)[1:] / DAYS_IN_YEAR
        changes.setdefault(str(quantity), []).extend(zip(steps, years, strict=True))
    shares, between = {}, {}
    for quantity in changes:
        pairs = [
            (known[0], last["departed", origin][0])
            for (name, origin), known in last.items()
            if name == quantity != "departed" and ("departed", origin) in last
        ]
        if pairs:
            own, departed = np.array(pairs).T
            if np.expm1(departed).sum() > 0:
                shares[quantity] = float(np.expm1(own).sum() / np.expm1(departed).sum())
                residual = own - np.log1p(shares[quantity] * np.expm1(departed))
                at_once = learn_spread(residual, np.zeros(residual.size), SHARE_PRIOR)
                between[quantity] = at_once.at_once
    revisions = {
        quantity: learn_spread(*np.array(pairs).reshape(-1, 2).T)
        for quantity, pairs in changes.items()
    }
    return Baseline(cutoff, last, shares, revisions, between)


def _years(first: dt.date, second: dt.date) -> float:
    return abs((first - second).days) / DAYS_IN_YEAR
