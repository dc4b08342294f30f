"""The posterior again, from what a saved forecast keeps of it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from dispersal.errors import InputError
from dispersal.inference.diagnostics import diagnose
from dispersal.inference.extend import design_on, start_of_quarters
from dispersal.inference.observation import observe
from dispersal.inference.posterior import Posterior, axis_labels
from dispersal.model.parameters import case_table

if TYPE_CHECKING:
    import datetime as dt

    import xarray as xr
    from numpy.typing import NDArray

    from dispersal.case import Case
    from dispersal.model.design import Design


def posterior_from(tree: xr.DataTree, case: Case, cutoff: dt.date, seed: int) -> Posterior:
    """Return the posterior whose ``to_arviz`` is given; its draws are the same, bit for bit.

    Parameters
    ----------
    tree : xarray.DataTree
        With the groups ``posterior`` and ``sample_stats``.
    case : Case
        The case of the fit, or one that is the same as known on the cut-off.
    cutoff : datetime.date
    seed : int
        Of the fit.

    Raises
    ------
    InputError
        If a parameter of this release is missing, or of another shape than the case has.
    """
    found = tree["posterior"].to_dataset()
    # A posterior that was carried to a later cut-off keeps the quarters that it was fitted on.
    knots = found["knot"].to_numpy().tolist() if "knot" in found.coords else []
    design = design_on(case, cutoff, start_of_quarters(knots))
    priors = case_table(design.case)
    labels = axis_labels(design)
    samples = {}
    for parameter in priors.of_stage("fit"):
        expected = [len(labels[parameter.axis])] if parameter.axis else []
        values = found[parameter.name].to_numpy() if parameter.name in found else None
        if values is None or list(values.shape[2:]) != expected:
            shape = "nothing" if values is None else f"values of shape {list(values.shape[2:])}"
            raise InputError(
                f"found {shape} for the parameter {parameter.name} in a saved posterior, expected "
                f"{expected or 'one number'} a draw: it was made by another release of Dispersal; "
                "forecast the case anew"
            )
        samples[parameter.name] = np.asarray(values, dtype=np.float64)
    statistics = {
        str(name): array.to_numpy()
        for name, array in tree["sample_stats"].to_dataset().data_vars.items()
    }
    return assembled(design, samples, statistics, seed, {})


def assembled(
    design: Design,
    samples: dict[str, NDArray[Any]],
    statistics: dict[str, NDArray[Any]],
    seed: int,
    timings: dict[str, float],
) -> Posterior:
    """Return the posterior of kept draws; all else follows from the case as known on the day."""
    priors, labels = case_table(design.case), axis_labels(design)
    names = {p.name: tuple(labels[p.axis]) for p in priors.of_stage("fit") if p.axis}
    return Posterior(
        design=design,
        table=priors,
        observations=observe(design),
        samples=samples,
        statistics=statistics,
        diagnosed=partial(diagnose, samples, statistics, names),
        seed=seed,
        timings=timings,
    )
