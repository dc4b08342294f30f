"""Plausible draws of the fitted parameters, from their priors: a stand-in for a posterior."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from dispersal.model.parameters import table

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dispersal.model.design import Design
    from dispersal.model.parameters import Parameter

#: Where the contingents of foreign origins are centred, persons.
TYPICAL_CONTINGENT = 100.0


def prior_values(design: Design, draws: int, seed: int) -> dict[str, NDArray[np.float64]]:
    """Draw every parameter of stage ``fit`` from its prior, hierarchies scaled by their parts.

    ``members`` is centred on the range that the case gives, and on log 100 for foreign origins
    without one, whatever their region's level. Each parameter has a stream of its own, so that the
    first draws do not change when more are asked for.

    Returns
    -------
    dict of float arrays, shape (draws,) or (draws, n)
    """
    values: dict[str, NDArray[np.float64]] = {}
    for number, parameter in enumerate(table().of_stage("fit")):
        rng = np.random.default_rng([seed, 100, number])
        shape = shape_of(parameter, design, draws)
        if parameter.name == "members":
            mean, deviation = design.local_members.T
            centre = np.where(design.sized, mean, math.log(TYPICAL_CONTINGENT))
            scale = np.where(design.sized, deviation[None], values["members_sd"][:, None])
            values["members"] = centre + scale * rng.standard_normal(shape)
        elif parameter.hierarchical:
            assert parameter.distribution == "normal", parameter.name
            scale = values[str(parameter.b).removeprefix("@")]
            values[parameter.name] = float(parameter.a) + scale[:, None] * rng.standard_normal(
                shape
            )
        else:
            values[parameter.name] = parameter.draw(rng, shape)
    return values


def shape_of(parameter: Parameter, design: Design, draws: int) -> tuple[int, ...]:
    """Return the shape of a fitted parameter's draws."""
    sizes = {
        "origin": len(design.origins),
        "region": len(design.regions),
        "knot": design.knots - 1,
    }
    return (draws,) if not parameter.axis else (draws, sizes[parameter.axis])
