"""What would change the answer most, read off the draws."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from dispersal.case.schema import END_MODES
from dispersal.forecast import wording
from dispersal.forecast.answer import MODES, UNTOLD
from dispersal.forecast.answer_tables import kinds_of
from dispersal.forecast.lookup import origins_of
from dispersal.forecast.tables import add_up, spread_of
from dispersal.forecast.theatre import day_at
from dispersal.model.parameters import table as parameter_table

if TYPE_CHECKING:
    from dispersal.forecast.forecast import Forecast

FloatArray = NDArray[np.float64]

#: Modes of ending are compared if at least this share of the draws ends so.
OFTEN: Final = 0.05

#: Fewest draws from which a median is told.
FEWEST: Final = 20

#: How many home countries, and how many parameters, a sentence names.
NAMED: Final = 3


def changes(forecast: Forecast) -> list[str]:
    """Return sentences on what the answer depends on most, with numbers from the draws.

    An early against a late end, the manner of the end, the home countries that carry most of the
    variance of total returns, the part of the remnant's variance that local members carry, and
    what the evidence could not tell. What the draws are too few for, or do not differ in, is
    left out.
    """
    told = (_by_end(forecast), _by_mode(forecast), _by_country(forecast), _by_kind(forecast))
    return [sentence for sentence in (*told, _untold(forecast)) if sentence]


def _by_end(forecast: Forecast) -> str:
    end = forecast.ensemble.end
    early, late = (float(np.quantile(end, level, method="inverted_cdf")) for level in (0.25, 0.75))
    first, last = end <= early, end >= late
    if early >= late or min(first.sum(), last.sum()) < FEWEST:
        return ""
    months = forecast.ensemble.months
    by, after = day_at(months, early), day_at(months, late)
    if by is None:
        return ""
    later = f"in {wording.month(after)} or later" if after else "after 2199 or never"
    return (
        f"When it ends: if the last territory is lost by {wording.month(by)}, as in the earliest "
        f"quarter of the draws, {_outcome(forecast, first)} by "
        f"{wording.day(forecast.last_day)}; if it is lost {later}, as in the latest quarter, "
        f"{_outcome(forecast, last)}."
    )


def _by_mode(forecast: Forecast) -> str:
    mode = forecast.ensemble.mode
    parts = []
    for at, name in enumerate(END_MODES):
        chosen = mode == at
        if chosen.mean() > OFTEN and chosen.sum() >= FEWEST:
            share = wording.percent(float(chosen.mean()))
            parts.append(f"by {MODES[name]} ({share} of the draws), {_outcome(forecast, chosen)}")
    return f"How it ends: if {'; if '.join(parts)}." if len(parts) > 1 else ""


def _by_country(forecast: Forecast) -> str:
    found = returns_carried(forecast)
    if len(found) < 2:
        return ""
    parts = [
        f"{forecast.names[code]} ({wording.percent(share)})"
        for code, share in list(found.items())[:NAMED]
        if share > 0
    ]
    return (
        "Which home countries: of the uncertainty about all who come home from abroad, the largest "
        f"parts are about {wording.listed(parts)}; no others' next figures tell more."
    )


def returns_carried(forecast: Forecast) -> dict[str, float]:
    """Return the share of the variance of total returns that each home country carries.

    The covariance of a country's returns with the total, over the variance of the total: the
    shares add up to one, and are below zero for a country that runs against the others.

    Returns
    -------
    dict of str to float
        By origin, of those from abroad on the last day, the largest first; empty if the total
        does not vary.
    """
    home = _returned(forecast)[:, origins_of(forecast.ensemble, "foreign")]
    shares = carried(home)
    codes = [forecast.ensemble.origins[at] for at in origins_of(forecast.ensemble, "foreign")]
    found = dict(zip(codes, shares.tolist(), strict=True)) if shares.size else {}
    return dict(sorted(found.items(), key=lambda item: -item[1]))


def carried(parts: FloatArray) -> FloatArray:
    """Return the share of the variance of a sum that each part carries, empty without any.

    Parameters
    ----------
    parts : float array, shape (D, K)

    Examples
    --------
    >>> carried(np.array([[0.0, 1.0], [3.0, 2.0]])).tolist()
    [0.75, 0.25]
    """
    away = parts - parts.mean(axis=0)
    whole = away.sum(axis=1)
    variance = float((whole**2).mean())
    if variance <= 0.0:
        return np.zeros(0)
    return np.asarray((away * whole[:, None]).mean(axis=0) / variance)


def _by_kind(forecast: Forecast) -> str:
    left = np.stack([forecast.draws("holdouts", kind) for kind in ("local", "foreign")], axis=1)
    shares = carried(left)
    if not shares.size or not (left > 0).any(axis=0).all():
        return ""
    return (
        "Who stays near: of the uncertainty about all holdouts, "
        f"{wording.percent(float(shares[0]))} is about local members, of whom hardly any figures "
        "are published by origin."
        if shares[0] > shares[1]
        else "Who stays near: of the uncertainty about all holdouts, "
        f"{wording.percent(float(shares[1]))} is about members from abroad."
    )


def _untold(forecast: Forecast) -> str:
    told = forecast.contraction
    if told is None or told.empty:
        return ""
    known = parameter_table()
    low = told[told["contraction"] < UNTOLD]["contraction"].sort_values()
    asked = [str(name) for name in low.index if name in known and known[str(name)].stage == "fit"]
    kept = [str(name) for name in low.index if name in known and known[str(name)].stage != "fit"]
    if not asked and not kept:
        return ""
    parts = []
    if asked:
        meanings = [known[name].meaning for name in asked]
        plain = [_short(meaning) for meaning in meanings if not meaning.startswith("spread of")]
        count = f"{len(asked)} parameters" if len(asked) > 1 else "a parameter"
        such = f", such as: {'; '.join(plain[:NAMED])}" if plain else ""
        parts.append(f"it could hardly tell {count} that it was asked about{such}")
    if kept:
        parts.append(
            f"{len(kept)} more shape the forecast, are not asked of it and stay as assumed"
        )
    return f"What the evidence leaves open: {'; '.join(parts)}."


def _outcome(forecast: Forecast, chosen: NDArray[np.bool_]) -> str:
    """Return the median of those home and of holdouts in some of the draws.

    Of those from abroad, if the case has any.
    """
    kind = kinds_of(forecast)[0]
    home = _estimated(forecast.draws("returned", kind, stratum="all")[chosen])
    left = _estimated(forecast.draws("holdouts", kind)[chosen])
    who = "from abroad are" if kind == "foreign" else "local members are back"
    return f"{home} {who} home and {left} are holdouts"


def _estimated(values: FloatArray) -> str:
    spread = spread_of(values)
    return wording.estimate(spread["p10"], spread["p50"], spread["p90"])


def _returned(forecast: Forecast) -> FloatArray:
    return add_up(forecast.counts(forecast.last_day).sum(axis=2), "returned")


def _short(meaning: str) -> str:
    return meaning.split(";")[0].split(" (")[0].strip()
