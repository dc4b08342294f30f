"""People at places: everyone by home country, or one stratum by kind of origin."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dispersal.errors import InputError
from dispersal.forecast import lookup
from dispersal.forecast.ensemble_types import KINDS
from dispersal.forecast.quantities import GROUPS, WHO

if TYPE_CHECKING:
    import datetime as dt

    from dispersal.forecast.ensemble_types import Ensemble
    from dispersal.forecast.quantities import Counted


def at_place(
    ensemble: Ensemble,
    what: Counted,
    origin: str | None,
    when: dt.date,
    place: str,
    stratum: str,
) -> lookup.FloatArray:
    """Return who is at a place on a day, one value a draw.

    Parameters
    ----------
    ensemble : Ensemble
    what : Counted
        The fates that count.
    origin : str or None
        As for ``Forecast.draws``.
    when : datetime.date
        From the cut-off on.
    place : str
        A code, or a code and a host.
    stratum : str
        A key of ``dispersal.forecast.quantities.WHO``.

    Returns
    -------
    float array, shape (D,)
        Persons.

    Raises
    ------
    InputError
        For an unknown origin or place, or a stratum of a single origin.
    """
    states = lookup.states_at(ensemble, what.fates, place)
    ahead = lookup.position_ahead(ensemble, when)
    origins = lookup.origins_of(ensemble, origin)
    if set(ensemble.strata) <= set(WHO[stratum]):
        chosen = np.ix_(range(ensemble.size), origins, states)
        whole = ensemble.places[chosen].sum(axis=(1, 2), dtype=np.int64)
    else:
        kinds = kinds_of(ensemble, origin, stratum)
        assert ensemble.strata_places is not None
        strata = lookup.strata_of(ensemble, stratum)
        chosen = np.ix_(range(ensemble.size), kinds, strata, states)
        whole = ensemble.strata_places[chosen].sum(axis=(1, 2, 3), dtype=np.int64)
    return lookup.at_position(whole, ahead)


def kinds_of(ensemble: Ensemble, origin: str | None, stratum: str) -> list[int]:
    """Return the indices of a group of origins among the kinds that strata are kept by.

    Raises
    ------
    InputError
        For a single origin, or if the run was saved without strata at places.
    """
    group = "foreign" if origin is None else origin
    if group not in GROUPS:
        raise InputError(
            f"found stratum {stratum!r} of {group} at a place, expected one of "
            f"{', '.join(GROUPS)}: places are counted by stratum for groups of origins only"
        )
    if ensemble.strata_places is None:
        raise InputError(
            f"found stratum {stratum!r} at a place in a forecast of format 2, expected a later "
            "one: forecast again"
        )
    return [at for at, kind in enumerate(KINDS) if group in ("all", kind)]
