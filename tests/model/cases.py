"""Cases with one thing changed, and their futures."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from dispersal.case.schema import Aggregate, Host, Origin, Place, Policy
from dispersal.model.design import make_design
from dispersal.model.forward import Forward, draw_forward
from dispersal.model.parameters import table

from .drawn import prior_values

if TYPE_CHECKING:
    from dispersal.case import Case
    from dispersal.case.question import End

CUTOFF = dt.date(2017, 3, 7)
UNTIL = dt.date(2019, 12, 31)


def future(case: Case, draws: int = 8, until: dt.date = UNTIL, seed: int = 3) -> Forward:
    """Return draws of a case's future as known on the day of the question."""
    design = make_design(case, CUTOFF)
    return draw_forward(design, table(), prior_values(design, draws, seed), until, seed)


def at_medians(forward: Forward, **changes: float) -> Forward:
    """Return one draw in which every scalar parameter has its prior's median, or another value."""
    values = {}
    for parameter in table().values():
        value = forward.values[parameter.name][:1].copy()
        values[parameter.name] = value if parameter.axis else np.full(1, parameter.median)
    for name, number in changes.items():
        assert values[name].shape == (1,), name
        values[name] = np.array([number])
    return replace(forward.part(0, 1), values=values)


def with_end(case: Case, end: End) -> Case:
    """Return a case that ends otherwise."""
    return replace(case, question_file=case.question_file.model_copy(update={"end": end}))


def policy(actor: str, kind: str, low: float, high: float, start: str, **more: Any) -> Policy:
    """Return a row of policies.csv, known from the day it begins."""
    row: dict[str, object] = {
        "policy_id": f"{actor}_{kind}_{start}",
        "actor": actor,
        "policy": kind,
    }
    row |= {"low": low, "high": high, "from": start, "published": start}
    return Policy.model_validate(row | {"note": "judgement"} | more)


def host(name: str, place: str, affinity: float, kind: str = "affiliate", **more: Any) -> Host:
    """Return a row of hosts.csv that was always known."""
    row: dict[str, object] = {
        "host": name,
        "name": name,
        "place": place,
        "kind": kind,
        "affinity": affinity,
    }
    return Host.model_validate(row | {"published": "2012-01-01"} | more)


def place(name: str, *roles: str, **more: Any) -> Place:
    """Return a row of places.csv."""
    return Place.model_validate({"place": name, "name": name, "roles": ";".join(roles)} | more)


def origin(name: str, kind: str = "foreign", region: str = "middle_east", **more: Any) -> Origin:
    """Return a row of origins.csv."""
    return Origin.model_validate(
        {"origin": name, "name": name, "kind": kind, "region": region} | more
    )


def territory_figure(
    number: int, where: str, quantity: str, low: float, high: float, as_of: str, **more: Any
) -> Aggregate:
    """Return a figure of the territory held or lost, published on the day it speaks of."""
    row: dict[str, object] = {
        "figure_id": f"t{number}",
        "quantity": quantity,
        "place": where,
        "low": low,
        "high": high,
    }
    row |= {"qualifier": "range", "as_of": as_of, "published": as_of, "source": "un_2016"}
    return Aggregate.model_validate(row | more)
