"""How far new evidence moved each output, and which row moved it most."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from dispersal.inference.extend import flat
from dispersal.inference.reweigh import only, row_likelihoods
from dispersal.inference.weights import LARGEST_KHAT
from dispersal.model.pressure import NORMAL_P90
from dispersal.whatif.update.leave import SURE, leave_out
from dispersal.whatif.update.outputs import compared, draws_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from dispersal.forecast.forecast import Forecast
    from dispersal.inference.posterior import Posterior

FloatArray = NDArray[np.float64]

#: How the movement of a mean is found.
BY_WEIGHTS: Final = "weights"
BY_DIFFERENCE: Final = "difference"


def moved(
    before: pd.DataFrame,
    after: pd.DataFrame,
    made: Forecast,
    likelihoods: Mapping[str, FloatArray],
    chains: int,
    *,
    same_time: bool,
) -> pd.DataFrame:
    """Return how far outputs moved, and the row that moved each most.

    What surely moved farthest stands first.

    By how much the evidence moved a mean is found from the new draws alone: the mean with the
    new rows, less the mean without them, by weights. Unlike the difference of two forecasts that
    is hardly noisy. Where the weights cannot be trusted, or where the new forecast begins later
    than the old one, which moves it, too, the difference is taken.

    Parameters
    ----------
    before, after : pandas.DataFrame
        As ``outputs.read_outputs`` gives them.
    made : Forecast
        The new one.
    likelihoods : mapping of float arrays, shape (draws of the posterior,)
        Log likelihood of each new row that the fit uses.
    chains : int
        Of the new posterior.
    same_time : bool
        Whether both forecasts begin at the same instant.

    Returns
    -------
    pandas.DataFrame
        Index: (quantity, origin). Columns: ``p10``, ``p50``, ``p90`` and ``<level>_before``;
        ``persons``, by which the mean moved, with its Monte Carlo standard error ``error``;
        ``shift``, the same in halves of the earlier 80 % interval; ``width``, the later
        interval's width over the earlier one's; ``found``, how; ``row``, the new row without
        which the mean would change most, ``by`` how many persons, and ``khat`` of that.
    """
    table = compared(before, after)
    deviation = table["half"] / NORMAL_P90 * np.hypot(1.0, table["width"].fillna(0.0))
    table["error"] = deviation / np.sqrt(made.size)
    table["found"] = BY_DIFFERENCE
    table = table.assign(row="", by=0.0, khat=np.nan)
    if likelihoods:
        names = [(str(quantity), str(origin)) for quantity, origin in table.index]
        rows, one_by_one = list(likelihoods), np.stack(list(likelihoods.values()), axis=1)
        together = one_by_one.sum(axis=1, keepdims=True)
        found = leave_out(np.hstack([one_by_one, together]), draws_of(made, names), chains)
        most = np.abs(found.shift[:-1]).argmax(axis=0)
        table["row"] = [rows[at] for at in most]
        table["by"] = found.shift[most, np.arange(len(names))]
        table["khat"] = found.khat[most]
        if same_time and found.khat[-1] <= LARGEST_KHAT:
            table["persons"], table["error"] = found.shift[-1], found.error[-1]
            table["found"] = BY_WEIGHTS
    elif same_time:
        # The draws are those of before.
        table["error"] = table["error"].where(table["persons"] != 0.0, 0.0)
    table["shift"] = (table["persons"] / table["half"]).where(table["half"] > 0, 0.0)
    # What is surely moved first: means of a few persons in a wide range are noisy.
    surely = (table["persons"].abs() - SURE * table["error"]).clip(lower=0.0)
    rank = (surely / table["half"]).where(table["half"] > 0, 0.0)
    order = np.lexsort((-table["shift"].abs(), -rank))
    return table.iloc[order]


def likelihoods_of(posterior: Posterior, rows: tuple[str, ...]) -> dict[str, FloatArray]:
    """Return the log likelihood of some rows at the draws of a posterior, shape (draws,) each."""
    observations = posterior.observations
    mine = np.isin(observations.figure_id, rows)
    if not mine.any():
        return {}
    chosen = only(observations, mine)
    found = row_likelihoods(flat(posterior.samples), posterior.design, chosen)
    return {row: found[:, at] for at, row in enumerate(chosen.figure_id)}
