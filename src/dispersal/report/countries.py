"""Home countries: fans of true and published counts, how uncertain and how surprising each is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from dispersal.forecast import lookup
from dispersal.forecast.published import DEGREES, MOVED_ON, centre_and_scale, noise_stream
from dispersal.forecast.quantities import PUBLISHED
from dispersal.forecast.tables import add_up
from dispersal.report.numbers import five, measure, three, three_and_mean

if TYPE_CHECKING:
    import pandas as pd

    from dispersal.report.people import FloatArray, People

#: Whom published figures count.
ADULTS: Final = "adults"


def countries(people: People, scored: pd.DataFrame | None) -> list[dict[str, Any]]:
    """Return the fans of every home country, in the order of the origins.

    Parameters
    ----------
    people : People
    scored : pandas.DataFrame, optional
        ``Scores.rows``, for how surprising the later figures were.
    """
    forecast = people.forecast
    adults = forecast.counts(forecast.last_day)[
        :, :, lookup.strata_of(people.ensemble, ADULTS)
    ].sum(axis=2)
    ends = {name: add_up(adults, name) for name in PUBLISHED}
    surprise = {} if scored is None else scored.groupby("origin")["crps"].mean().to_dict()
    found = []
    for at, origin in enumerate(people.ensemble.origins):
        returned = ends["returned"][:, at]
        low, high = np.quantile(returned, [0.1, 0.9])
        found.append(
            {
                "origin": origin,
                "counts": {name: five(people.of(name, ADULTS)[at]) for name in PUBLISHED},
                "published": {name: three(published(people, name, at)) for name in PUBLISHED},
                "end": {name: three_and_mean(ends[name][:, at]) for name in PUBLISHED},
                "width": measure(np.log((1 + high) / (1 + low))),
                "surprise": measure(surprise.get(origin)),
            }
        )
    return found


def published(people: People, quantity: str, origin: int) -> FloatArray:
    """Return draws of the figure that the national series would publish, from now on.

    Distributed as ``Forecast.draws(quantity, origin, day, as_published=True)``, with the noise of
    the last day, where they are the same numbers, on every day: so that bands have no jags.

    Parameters
    ----------
    people : People
    quantity : str
        A key of ``dispersal.forecast.quantities.PUBLISHED``.
    origin : int
        Index of the origin.

    Returns
    -------
    float array, shape (A, D)
    """
    ensemble = people.ensemble
    count = people.of(quantity, ADULTS)[origin, people.ahead :].copy()
    if quantity == "remaining":
        killed = people.of("killed", ADULTS)[origin, people.ahead :]
        count += killed * (1.0 - np.asarray(ensemble.reported, float))
        for fate in MOVED_ON:
            count += people.of(fate, ADULTS)[origin, people.ahead :]
    bias = np.asarray(ensemble.bias[quantity][:, origin], float)
    error = np.asarray(ensemble.error[quantity], float)
    centre, scale = centre_and_scale(count, bias, error)
    name, days = ensemble.origins[origin], people.instants[people.ahead :]

    def stream(purpose: str) -> np.random.Generator:
        return noise_stream(ensemble.seed, quantity, name, days[-1], purpose)

    noise = stream(ADULTS).standard_t(DEGREES, ensemble.size)
    figures = np.expm1(np.maximum(centre + scale * noise, 0.0))
    chances, told = zip(
        *(people.forecast.repeats.of(quantity, name, day) for day in days), strict=True
    )
    again = stream("again").random(ensemble.size) < np.array(chances)[:, None]
    return np.where(again, np.array(told)[:, None], figures)
