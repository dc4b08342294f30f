"""What a fit needs to know of a case, as arrays: origins, covariates, months, territory, bans."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dispersal import world
from dispersal.model.calendar import PARTS, Months
from dispersal.model.parameters import table
from dispersal.model.policy import policy_middle
from dispersal.model.pressure import NORMAL_P90, share_held

if TYPE_CHECKING:
    import datetime as dt

    from dispersal.case import Case

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

#: Order of the strata in every array; a case uses some of them.
STRATA = ("men", "women", "minors")

#: Months in a step of the fit; the forecast takes months or weeks.
FIT_STEP = 3

#: Steps of the fit between the knots of the random walks of the hazards.
KNOT_STEPS = 2


#: Local members of a group of which nothing is known, persons: an 80 % range.
UNKNOWN_SIZE = (1_000.0, 100_000.0)


@dataclass(frozen=True, eq=False)
class Design:
    """A case as known on a day, as arrays over O origins and T quarters up to that day.

    Parameters
    ----------
    case : Case
        As known on the cut-off: nothing in it was published later.
    cutoff : datetime.date
    months : Months
        The axis of time: 3·T months that end at the instant nearest to the cut-off, and so
        begin up to two months before the period, three if that instant is its first.
    origins : tuple of str, length O
    regions : tuple of str, length R
    region : int array, shape (O,)
    local : bool array, shape (O,)
    population : float array, shape (O,)
        Log of the population over 10 million; 0 where not given.
    covariates : float array, shape (O, 3)
        Effects on return: log distance over 1,000 km, governance, land border with the theatre;
        foreign origins centred, zero for locals.
    local_members : float array, shape (O, 2)
        Mean and standard deviation of the log of adult members of the origins that are ``sized``.
    held : float array, shape (T + 1,)
        Share of the peak territory held.
    open_home : float array, shape (O, T)
        Share of those heading home whom no entry ban keeps out.
    strata : bool array, shape (3,)
        Which strata the case has.
    """

    case: Case
    cutoff: dt.date
    months: Months
    origins: tuple[str, ...]
    regions: tuple[str, ...]
    region: IntArray
    local: NDArray[np.bool_]
    population: FloatArray
    covariates: FloatArray
    local_members: FloatArray
    held: FloatArray
    open_home: FloatArray
    strata: NDArray[np.bool_]

    @property
    def steps(self) -> int:
        """Number of quarters, T."""
        return self.months.steps // FIT_STEP

    @property
    def knots(self) -> int:
        """Number of knots of the random walks up to the cut-off."""
        return math.ceil(self.steps / KNOT_STEPS) + 1

    @property
    def peak(self) -> float:
        """Position of the peak of territory, months."""
        return self.months.position(self.case.territory.peak_date)

    @property
    def parts(self) -> int:
        """Steps of the forecast a month."""
        return PARTS[self.case.step]

    @cached_property
    def sized(self) -> NDArray[np.bool_]:
        """Which origins have a range of members: local ones, and those to which the case gives one.

        The contingents of the others are centred on the level of their region. Shape (O,).
        """
        given = {row.origin for row in self.case.origins if row.members_high is not None}
        return np.asarray(self.local | np.array([origin in given for origin in self.origins]))

    @cached_property
    def medians(self) -> dict[str, float]:
        """Medians of the priors that hold for the case, by parameter; a fit refuses other names."""
        own = {name: row.prior for name, row in self.case.parameters.items() if name in table()}
        return {name: row.median for name, row in table().with_priors(own).items()}


def make_design(case: Case, cutoff: dt.date) -> Design:
    """Return the arrays of a case as known on a day.

    Parameters
    ----------
    case : Case
    cutoff : datetime.date
        Rows published later are not seen.

    Examples
    --------
    >>> import datetime as dt
    >>> from dispersal.case import load_case
    >>> design = make_design(load_case("isis_2017"), dt.date(2017, 3, 7))
    >>> bool(design.held[-1] < 0.7), len(design.origins) == design.region.size
    (True, True)
    """
    known = case.as_known_on(cutoff)
    origins = known.origins
    months = fit_months(known.period.start, cutoff)
    regions = tuple(sorted({row.region for row in origins}))
    local = np.array([row.kind == "local" for row in origins])
    return Design(
        case=known,
        cutoff=cutoff,
        months=months,
        origins=tuple(row.origin for row in origins),
        regions=regions,
        region=np.array([regions.index(row.region) for row in origins]),
        local=local,
        population=np.array([math.log((row.population or 1e7) / 1e7) for row in origins]),
        covariates=_covariates(known, local),
        local_members=_local_members(known),
        held=share_held(known, known.ledger, months, cutoff)[::FIT_STEP],
        open_home=1.0 - policy_middle(known, "entry_ban", months)[:, FIT_STEP // 2 :: FIT_STEP],
        strata=np.array([name in known.strata for name in STRATA]),
    )


def fit_months(start: dt.date, cutoff: dt.date) -> Months:
    """Return whole quarters that end at the instant nearest to the cut-off.

    Examples
    --------
    >>> import datetime as dt
    >>> months = fit_months(dt.date(2011, 12, 1), dt.date(2017, 3, 7))
    >>> str(months.start), months.steps, str(months.instant(months.steps))
    ('2011-12-01', 63, '2017-03-01')
    """
    last = Months.between(start, cutoff).nearest(cutoff)
    steps = max(-(-last // FIT_STEP), 1) * FIT_STEP
    return Months(Months(start, 0).instant(last - steps), steps)


def coordinates(case: Case, identifier: str) -> tuple[float, float]:
    """Return latitude and longitude (degrees) of an origin or place of a case.

    Raises
    ------
    UnknownCountryError
        If the identifier is neither a zone of the case nor a country.

    Examples
    --------
    >>> from dispersal.case import load_case
    >>> coordinates(load_case("isis_2017"), "IRQ-ANBAR")
    (33.0, 41.0)
    """
    zones = [(row.place, row.latitude, row.longitude) for row in case.places]
    zones += [(row.origin, row.latitude, row.longitude) for row in case.origins]
    for name, latitude, longitude in zones:
        if name == identifier and latitude is not None and longitude is not None:
            return latitude, longitude
    found = world.country(identifier)
    return found.latitude, found.longitude


def theatre_centre(case: Case) -> tuple[float, float]:
    """Return the mean latitude and longitude (degrees) of the home theatre's places."""
    points = np.array([coordinates(case, place) for place in case.territory.places])
    latitude, longitude = points.mean(axis=0)
    return float(latitude), float(longitude)


def country_of(case: Case, identifier: str) -> str | None:
    """Return the country that a place or origin lies in, None for one that is not known.

    A local origin that is a zone lies in the country of the home theatre, if that is one.

    Examples
    --------
    >>> from dispersal.case import load_case
    >>> country_of(load_case("isis_2017"), "IRQ-ANBAR")
    'IRQ'
    """
    for place in case.places:
        if place.place == identifier and place.country:
            return place.country
    if identifier in world.countries():
        return identifier
    if any(row.origin == identifier and row.kind == "local" for row in case.origins):
        lands = {country_of(case, place) for place in case.territory.places}
        return lands.pop() if len(lands) == 1 else None
    return None


def _covariates(case: Case, local: NDArray[np.bool_]) -> FloatArray:
    latitude, longitude = theatre_centre(case)
    theatre = {country_of(case, place) for place in case.territory.places}
    rows = []
    for row in case.origins:
        at = coordinates(case, row.origin)
        km = float(world.great_circle_km(latitude, longitude, *at))
        country = country_of(case, row.origin)
        border = any(
            country and place and country != place and world.share_land_border(country, place)
            for place in theatre
        )
        rows.append([math.log(max(km, 100.0) / 1000.0), row.governance or 0.0, float(border)])
    values = np.array(rows)
    foreign = ~local
    if foreign.any():
        values = values - values[foreign].mean(axis=0)
    values[local] = 0.0
    return values


def _local_members(case: Case) -> FloatArray:
    """Return mean and deviation of log members: the origin's own range, else the group's share."""
    locals_ = [row for row in case.origins if row.kind == "local"]
    out = np.zeros((len(case.origins), 2))
    for index, row in enumerate(case.origins):
        low, high = row.members_low, row.members_high
        if row.kind == "local" and (low is None or high is None):
            low, high = (end / len(locals_) for end in _group_range(case))
        out[index] = _log_range(low, high)
    return out


def _group_range(case: Case) -> tuple[float, float]:
    low, high = case.group.members_low, case.group.members_high
    return UNKNOWN_SIZE if low is None or high is None else (low, high)


def _log_range(low: float | None, high: float | None) -> tuple[float, float]:
    if low is None or high is None:
        return 0.0, 1.0
    logs = math.log(max(low, 1.0)), math.log(max(high, 1.0))
    return (logs[0] + logs[1]) / 2, max((logs[1] - logs[0]) / (2 * NORMAL_P90), 0.05)
