"""What a figure would narrow: one count of the forecast, or that of every home country alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from dispersal.case.asking import day_of
from dispersal.errors import InputError
from dispersal.forecast import lookup, wording
from dispersal.forecast.quantities import QUANTITIES, STRATUM_QUANTITIES, require_name

if TYPE_CHECKING:
    import datetime as dt

    from dispersal.forecast.forecast import Forecast

FloatArray = NDArray[np.float64]

#: Every origin from abroad, weighted equally.
EACH: Final = "each"

#: Names of aggregates that stand for a quantity of all from abroad.
TOTAL: Final = "_total"


@dataclass(frozen=True, eq=False)
class Target:
    """One count, or one for each home country.

    Parameters
    ----------
    name : str
        ``quantity:origin@day``, complete.
    words : str
        The same in words.
    quantity, origin : str
    when : datetime.date
    counts : float array, shape (T, D)
        Persons; T is 1, or the number of origins from abroad.
    """

    name: str
    words: str
    quantity: str
    origin: str
    when: dt.date
    counts: FloatArray

    @property
    def single(self) -> bool:
        """Whether it is one count, the width of whose interval is told in persons."""
        return self.origin != EACH


def target_of(forecast: Forecast, asked: str = "returned_total") -> Target:
    """Return the target of a name.

    Parameters
    ----------
    forecast : Forecast
    asked : str
        ``quantity[:origin][@day]``: a quantity of the forecast, or one with ``_total`` for all
        from abroad; a code of origins.csv, ``foreign`` (the default), ``local``, ``all``, or
        ``each`` for every origin from abroad, weighted equally; a day of the forecast, by default
        the last.

    Raises
    ------
    InputError
        For an unknown name, a day outside the forecast, or a count that is the same in every
        draw.
    """
    quantity, origin, day = parse_target(asked)
    when = lookup.day_within(forecast.ensemble, day)
    if origin == EACH:
        codes = [forecast.ensemble.origins[at] for at in lookup.origins_of(forecast.ensemble, None)]
    else:
        codes = [origin]
    counts = np.stack([forecast.draws(quantity, code, when) for code in codes])
    if (counts == counts[:, :1]).all():
        raise InputError(
            f"found the same count of {quantity!r} for {origin!r} on {when} in every draw, "
            "expected a target that is uncertain"
        )
    groups = {"foreign": "all from abroad", "local": "all locals", "all": "everyone"}
    whom = groups | {EACH: "every country from abroad, weighted equally"}
    words = f"{quantity.replace('_', ' ')}, {whom.get(origin) or forecast.names[origin]}"
    return Target(
        f"{quantity}:{origin}@{when}", f"{words}, on {wording.day(when)}", quantity, origin, when,
        counts,
    )  # fmt: skip


def parse_target(asked: str) -> tuple[str, str, dt.date | None]:
    """Return the quantity, the origin and the day of a target's name.

    Raises
    ------
    InputError
        For an unknown quantity, or what is no day.

    Examples
    --------
    >>> parse_target("returned_total"), parse_target("killed:TUN@2018-12-31")
    (('returned', 'foreign', None), ('killed', 'TUN', datetime.date(2018, 12, 31)))
    """
    rest, _, day = asked.partition("@")
    quantity, _, origin = rest.partition(":")
    quantity = quantity.removesuffix(TOTAL)
    require_name("quantity", quantity, (*QUANTITIES, *STRATUM_QUANTITIES))
    return quantity, origin or "foreign", day_of(day) if day else None
