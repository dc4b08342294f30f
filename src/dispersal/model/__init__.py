"""The dispersal model: fates, pressure, options, journeys, hosts and priors.

A public name is imported from its module when it is first used, so that what needs the table of
parameters or the calendar alone does not wait for JAX.

>>> from dispersal import model
>>> model.table()["killed_hazard"].median
0.008
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dispersal.model.build import Blueprint, make_blueprint, make_hazards
    from dispersal.model.calendar import Months
    from dispersal.model.crowd import Crowd
    from dispersal.model.design import STRATA, Design, make_design
    from dispersal.model.fates import FATES
    from dispersal.model.forward import Forward, draw_forward
    from dispersal.model.hosts import Welcome
    from dispersal.model.journeys import Stops
    from dispersal.model.options import Covariates
    from dispersal.model.parameters import (
        Parameter,
        ParameterTable,
        PriorError,
        UnknownParameterError,
        table,
    )
    from dispersal.model.past import history
    from dispersal.model.start import initial_counts
    from dispersal.model.states import ALL_FATES, Flow, StateSpace, make_states
    from dispersal.model.trajectory import trajectories

__all__ = [
    "ALL_FATES",
    "FATES",
    "STRATA",
    "Blueprint",
    "Covariates",
    "Crowd",
    "Design",
    "Flow",
    "Forward",
    "Months",
    "Parameter",
    "ParameterTable",
    "PriorError",
    "StateSpace",
    "Stops",
    "UnknownParameterError",
    "Welcome",
    "draw_forward",
    "history",
    "initial_counts",
    "make_blueprint",
    "make_design",
    "make_hazards",
    "make_states",
    "table",
    "trajectories",
]

_MODULES = {
    "build": ("Blueprint", "make_blueprint", "make_hazards"),
    "calendar": ("Months",),
    "crowd": ("Crowd",),
    "design": ("STRATA", "Design", "make_design"),
    "fates": ("FATES",),
    "forward": ("Forward", "draw_forward"),
    "hosts": ("Welcome",),
    "journeys": ("Stops",),
    "options": ("Covariates",),
    "parameters": ("Parameter", "ParameterTable", "PriorError", "UnknownParameterError", "table"),
    "past": ("history",),
    "start": ("initial_counts",),
    "states": ("ALL_FATES", "Flow", "StateSpace", "make_states"),
    "trajectory": ("trajectories",),
}
_HOMES = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
