"""From a true count to the figure that would be published of it."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np

from dispersal.forecast.lookup import day_within
from dispersal.forecast.quantities import counted

if TYPE_CHECKING:
    import datetime as dt

    from numpy.typing import NDArray

    from dispersal.case.asking import Day
    from dispersal.forecast.forecast import Forecast

#: Fates of those who are abroad, but not in the home theatre.
MOVED_ON = ("moving", "elsewhere", "third_country")

#: Degrees of freedom of the error of a published figure, as in the observation model.
DEGREES = 4.0

#: Scale of a figure that is told again, on log(1 + n): it is rounded.
REPEATED = 0.01


def as_published(
    count: NDArray[np.float64],
    bias: NDArray[np.float64],
    error: NDArray[np.float64],
    rng: np.random.Generator,
) -> NDArray[np.float64]:
    """Draw the figure that a national series would publish of a count.

    Parameters
    ----------
    count : float array, shape (D,)
        Persons.
    bias : float array, shape (D,)
        Log bias of the series.
    error : float array, shape (D,)
        Scale of the Student-t(4) error on log(1 + n); to it comes the scatter of a small count,
        with variance 1 / (1 + n).
    rng : numpy.random.Generator

    Returns
    -------
    float array, shape (D,)
        Persons, 0 or more.

    Examples
    --------
    >>> nothing = np.zeros(3)
    >>> figure = as_published(np.full(3, 1e9), nothing, nothing, np.random.default_rng(1))
    >>> bool(np.allclose(figure, 1e9, rtol=1e-3))
    True
    """
    centre, scale = centre_and_scale(count, bias, error)
    value = centre + scale * rng.standard_t(DEGREES, count.size)
    return np.asarray(np.expm1(np.maximum(value, 0.0)))


def centre_and_scale(
    count: NDArray[np.float64], bias: NDArray[np.float64], error: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the Student-t(4) of the published figure on log(1 + n), for each draw.

    Parameters are those of :func:`as_published`; what lies below 0 is published as 0.

    Returns
    -------
    centre, scale : float array, shape (D,)

    Examples
    --------
    >>> centre, scale = centre_and_scale(np.array([3.0]), np.zeros(1), np.array([0.0]))
    >>> float(centre[0].round(3)), float(scale[0])
    (1.386, 0.5)
    """
    centre = np.log1p(count * np.exp(bias))
    return centre, np.sqrt(error**2 + 1.0 / (1.0 + count))


def published_draws(
    forecast: Forecast, quantity: str, origin: str, when: dt.date, stratum: str | None = None
) -> NDArray[np.float64]:
    """Draw the figure that a country would publish, or tell again.

    Parameters
    ----------
    forecast : Forecast
    quantity, origin, stratum
        As for ``Forecast.draws``.
    when : datetime.date
        Within the period.

    Returns
    -------
    float array, shape (D,)
        Persons.
    """
    what, ensemble = counted(quantity, stratum), forecast.ensemble
    count, bias, error = _counted(forecast, quantity, origin, when, stratum)
    figure = as_published(
        count, bias, error, noise_stream(ensemble.seed, quantity, origin, when, what.stratum)
    )
    chance, last = told_again(forecast, quantity, origin, when, stratum)
    again = noise_stream(ensemble.seed, quantity, origin, when, "again").random(count.size) < chance
    return np.where(again, last, figure)


def told_again(
    forecast: Forecast, quantity: str, origin: str, when: dt.date, stratum: str | None = None
) -> tuple[float, float]:
    """Return the chance that a country tells its last figure again, and that figure.

    The chance is 0 of figures that do not count whom the series counts as a rule.
    """
    if stratum not in (None, counted(quantity, None).stratum):
        return 0.0, 0.0
    return forecast.repeats.of(quantity, origin, when)


def published_distribution(
    forecast: Forecast, quantity: str, origin: str, date: Day, stratum: str | None = None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the distribution of which ``Forecast.draws(..., as_published=True)`` are draws.

    Parameters are those of ``Forecast.draws``.

    Returns
    -------
    centre, scale : float array, shape (D + R,)
        Of a Student-t(4) on log(1 + n), equally likely: one for each draw, and as many as make
        up the chance that the last figure is told again; what lies below 0 is published as 0.

    Raises
    ------
    InputError
        For an unknown name, or a day outside the period.
    """
    when = day_within(forecast.ensemble, date)
    centre, scale = centre_and_scale(*_counted(forecast, quantity, origin, when, stratum))
    chance, last = told_again(forecast, quantity, origin, when, stratum)
    repeats = round(chance / (1.0 - chance) * centre.size)
    return (
        np.concatenate([centre, np.full(repeats, np.log1p(last))]),
        np.concatenate([scale, np.full(repeats, REPEATED)]),
    )


def _counted(
    forecast: Forecast, quantity: str, origin: str, when: dt.date, stratum: str | None
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return whom a figure counts, and the log bias and error of its series, shape (D,) each."""
    series, ensemble = counted(quantity, stratum).series, forecast.ensemble
    count = forecast.draws(quantity, origin, when, stratum)
    if series == "remaining":
        count = count + unaccounted(forecast, origin, when, stratum)
    bias = ensemble.bias[series][:, ensemble.origins.index(origin)]
    return count, np.asarray(bias, float), np.asarray(ensemble.error[series], float)


def unaccounted(
    forecast: Forecast, origin: str, date: Day | None, stratum: str | None
) -> NDArray[np.float64]:
    """Return who counts as remaining in figures though they are not in the home theatre, (D,).

    Offices take those known to be dead or back from those who left: the dead who are not known
    to be stay in the count, and so do those who moved on to another place.
    """
    killed = forecast.draws("killed", origin, date, stratum)
    count = killed * (1.0 - forecast.ensemble.reported)
    for fate in MOVED_ON:
        count = count + forecast.draws(fate, origin, date, stratum or "adults")
    return np.asarray(count)


def noise_stream(
    seed: int, quantity: str, origin: str, day: dt.date, who: str
) -> np.random.Generator:
    """Return the stream of random numbers of one published figure.

    The same figure gets the same numbers in every process, and the first n draws do not
    change when more are asked for.

    Examples
    --------
    >>> import datetime
    >>> when = datetime.date(2018, 1, 1)
    >>> first = noise_stream(1, "returned", "TUN", when, "adults").random(2)
    >>> again = noise_stream(1, "returned", "TUN", when, "adults").random(3)
    >>> bool((first == again[:2]).all())
    True
    """
    key = f"{quantity}|{origin}|{day.isoformat()}|{who}".encode()
    words = np.frombuffer(hashlib.sha256(key).digest()[:16], dtype="<u4")
    return np.random.default_rng([seed, *(int(word) for word in words)])
