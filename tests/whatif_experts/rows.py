"""Judgements, claims and small cases for the tests of experts."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import cache
from typing import Any

from dispersal.case import Case, Ledger, load_case
from dispersal.case.schema import Aggregate, Figure, Judgement, Outcome
from dispersal.whatif.experts.reading import Claim, read

CUT = dt.date(2017, 3, 7)
LAST = dt.date(2020, 12, 31)


@cache
def built_in() -> Case:
    return load_case("isis_2017")


def judgement(name: str = "x1", **given: Any) -> Judgement:
    row: dict[str, Any] = {
        "judgement_id": name,
        "expert": f"Expert {name}",
        "published": "2016-12-01",
        "quantity": "returned_total_additional",
        "origin": "TUN",
        "place": "TUN",
        "direction": "up",
        "probability_words": "likely",
        "source": "somewhere",
    }
    return Judgement.model_validate(row | given)


def claim(name: str = "x1", **given: Any) -> Claim:
    return read(judgement(name, **given), LAST)


def figure(name: str, quantity: str, origin: str, count: float, as_of: str, **given: Any) -> Figure:
    row: dict[str, Any] = {
        "figure_id": name,
        "quantity": quantity,
        "origin": origin,
        "low": count,
        "high": count,
        "qualifier": "point",
        "as_of": as_of,
        "published": as_of,
        "source": "somewhere",
    }
    return Figure.model_validate(row | given)


def aggregate(
    name: str, quantity: str, place: str, low: float, high: float, as_of: str, **given: Any
) -> Aggregate:
    row: dict[str, Any] = {
        "figure_id": name,
        "quantity": quantity,
        "place": place,
        "low": low,
        "high": high,
        "qualifier": "range",
        "as_of": as_of,
        "published": as_of,
        "source": "somewhere",
    }
    return Aggregate.model_validate(row | given)


def case_with(
    figures: tuple[Figure, ...] = (),
    aggregates: tuple[Aggregate, ...] = (),
    judgements: tuple[Judgement, ...] = (),
    outcomes: tuple[Outcome, ...] = (),
) -> Case:
    """Return the built-in question with other evidence."""
    return replace(
        built_in(),
        ledger=Ledger(figures, aggregates),
        experts=judgements,
        outcomes=outcomes,
    )
