"""Every number of the summary, with its labels: of shares of months as floats, or whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dispersal.forecast import lookup
from dispersal.forecast.quantities import GROUPS, QUANTITIES, STRATUM_QUANTITIES, counted
from dispersal.forecast.tables import LEVELS, add_up

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator

    from dispersal.forecast.ensemble_types import Ensemble
    from dispersal.forecast.tally import Tally

#: Quantity, origin, place and stratum.
Label = tuple[str, str, str, str]
Block = tuple[list[Label], NDArray[Any]]


def labelled_fates(ensemble: Ensemble, counts: NDArray[Any]) -> Iterator[Block]:
    """Yield what counts by fate add up to.

    Parameters
    ----------
    ensemble : Ensemble
    counts : array, shape (n, O, S, F)
        Of a day.

    Yields
    ------
    labels : list of Label, length k
    values : array, shape (n, k)
    """
    strata = {
        name: lookup.strata_of(ensemble, name) for name in ("adults", "all", *ensemble.strata)
    }
    groups = {group: lookup.origins_of(ensemble, group) for group in GROUPS}
    for stratum, indices in strata.items():
        people = counts[:, :, indices].sum(axis=2)
        for quantity in QUANTITIES:
            values = add_up(people, quantity)
            for group, chosen in groups.items():
                yield [(quantity, group, "", stratum)], values[:, chosen].sum(axis=1)[:, None]
            if stratum in ("all", counted(quantity).stratum):
                yield [(quantity, code, "", stratum) for code in ensemble.origins], values
    for quantity, (series, stratum) in STRATUM_QUANTITIES.items():
        values = add_up(counts[:, :, lookup.strata_of(ensemble, stratum)].sum(axis=2), series)
        yield [(quantity, code, "", stratum) for code in ensemble.origins], values


def labelled_places(ensemble: Ensemble, counts: NDArray[Any]) -> Iterator[Block]:
    """Yield what counts at places, shape (n, O, P), add up to, as :func:`labelled_fates` does."""
    by_place: dict[tuple[str, str], list[int]] = {}
    for at, state in enumerate(ensemble.place_states):
        fate, place = state.split(":")[:2]
        by_place.setdefault((fate, place), []).append(at)
    for group in GROUPS:
        people = counts[:, lookup.origins_of(ensemble, group)].sum(axis=1)
        for (fate, place), states in by_place.items():
            yield [(fate, group, place, "all")], people[:, states].sum(axis=1)[:, None]


def whole_numbers(ensemble: Ensemble, rows: slice) -> NDArray[np.int64]:
    """Return every number of the summary for some draws, as whole multiples of its unit.

    Counts are linear between monthly instants: a day that is k of n days after one lies at
    ((n − k) · before + k · after) / n, so in units of 1/n persons it is whole.

    Parameters
    ----------
    ensemble : Ensemble
    rows : slice

    Returns
    -------
    int array, shape (n, L)
        In the order of :func:`layout`.
    """
    days = lookup.quarter_ends(ensemble)
    by_fate, places = ensemble.by_fate, ensemble.places[rows]
    fates = _on(lambda at: by_fate.at(at, rows), by_fate.shape[-1], ensemble, days)
    there = _on(lambda at: places[..., at], places.shape[-1], ensemble, days, ahead=True)
    parts = [
        values
        for blocks in (labelled_fates(ensemble, fates), labelled_places(ensemble, there))
        for _, values in blocks
    ]
    # All days at once, each as if it were draws of its own.
    found = np.concatenate(parts, axis=1)
    by_day = found.reshape(len(days), -1, found.shape[1])
    return by_day.transpose(1, 0, 2).reshape(by_day.shape[1], -1)


def layout(ensemble: Ensemble) -> tuple[pd.DataFrame, NDArray[np.int64]]:
    """Return the labels of every number of the summary, and how many units make a person.

    Returns
    -------
    pandas.DataFrame
        Columns ``quantity``, ``origin``, ``place``, ``stratum``, ``date``; L rows.
    int array, shape (L,)
    """
    frames, units = [], []
    nobody = np.zeros((0, *ensemble.by_fate.shape[1:-1]), np.int64)
    nowhere = np.zeros((0, *ensemble.places.shape[1:-1]), np.int64)
    for day in lookup.quarter_ends(ensemble):
        labels = []
        for blocks, ahead in (
            (labelled_fates(ensemble, nobody), False),
            (labelled_places(ensemble, nowhere), True),
        ):
            found = [label for some, _ in blocks for label in some]
            units += [_between(ensemble, day, ahead)[2]] * len(found)
            labels += found
        frame = pd.DataFrame(labels, columns=["quantity", "origin", "place", "stratum"])
        frames.append(frame.assign(date=pd.Timestamp(day)))
    return pd.concat(frames, ignore_index=True), np.array(units, dtype=np.int64)


def table_of(tally: Tally, ensemble: Ensemble) -> pd.DataFrame:
    """Return the summary of a tally of :func:`whole_numbers`: see ``dispersal.forecast.summary``.

    Parameters
    ----------
    tally : Tally
    ensemble : Ensemble
        Any draws of the same run: what it says of the case, not of the draws, is used.
    """
    table, units = layout(ensemble)
    quantiles = tally.quantiles(list(LEVELS.values())) / units[:, None]
    named = {name: quantiles[:, at] for at, name in enumerate(LEVELS)}
    return table.assign(**named, mean=tally.means() / units)


def _between(ensemble: Ensemble, day: dt.date, ahead: bool = False) -> tuple[int, int, int]:
    """Return where a day lies: instants before it, days after the last of them, and days a month.

    As ``lookup.position_ahead`` has it where ``ahead``: from the cut-off's instant on.
    """
    months = ensemble.months
    index, days, length = months.step_of(day)
    if not ahead:
        return index, days, length
    return (index - ensemble.now, days, length) if index >= ensemble.now else (0, 0, 1)


def _on(
    at: Callable[[int], NDArray[Any]],
    instants: int,
    ensemble: Ensemble,
    days: list[dt.date],
    *,
    ahead: bool = False,
) -> NDArray[np.int64]:
    """Return counts on some days, shape (days · n, ...), from those at each instant."""
    found = []
    for day in days:
        index, passed, length = _between(ensemble, day, ahead)
        after = min(index + 1, instants - 1)
        found.append(at(index) * np.int64(length - passed) + at(after) * np.int64(passed))
    return np.concatenate(found)
