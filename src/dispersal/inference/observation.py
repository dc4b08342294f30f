"""Evidence as arrays, and the modelled quantity that each row speaks of.

A figure is compared on the scale of log(1 + n) with the modelled count, shifted by the persistent
bias of its national series and by its definition's tags, with a Student-t error; ``at_least`` and
``at_most`` rows are censored. The traps of the evidence are handled by tags (docs/evidence.md).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dispersal.model.design import FIT_STEP, STRATA, Design
from dispersal.model.pressure import NORMAL_P90

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

#: Modelled states that make up each published quantity of a home country.
QUANTITIES: dict[str, tuple[str, ...]] = {
    "departed": ("joined",),
    "returned": ("home",),
    "killed": ("killed",),
    "remaining": ("in_group", "underground", "detained", "onward"),
    "detained": ("detained",),
}

#: The same for quantities of one stratum.
STRATUM_QUANTITIES: dict[str, tuple[str, str]] = {
    "women_departed": ("departed", "women"),
    "minors_departed": ("departed", "minors"),
    "women_returned": ("returned", "women"),
    "minors_returned": ("returned", "minors"),
}

#: Aggregates: modelled states, whether locals count, and the parameter of the bias.
AGGREGATES: dict[str, tuple[tuple[str, ...], bool, str]] = {
    "foreign_departed_total": (("joined",), False, "aggregate_departed"),
    "returned_total": (("home",), False, "aggregate_returned"),
    "foreign_killed": (("killed",), False, "aggregate_killed"),
    "killed_total": (("killed",), True, "aggregate_killed"),
    "strength": (("in_group",), True, "aggregate_strength"),
    "foreign_remaining": (("in_group", "underground", "detained"), False, "aggregate_remaining"),
}

STATES = ("joined", "in_group", "killed", "detained", "underground", "onward", "home")

#: Tags whose bias is a parameter ``tag_<name>``; the other tags act on the arrays below.
BIAS_TAGS = (
    "unofficial",
    "all_theatres",
    "would_be",
    "present",
    "identified",
    "wider_group",
    "redefined",
)

#: Those of them that tell how a series counts, and so hold for its next figure.
PERSISTENT_TAGS = frozenset({"unofficial", "all_theatres", "would_be", "identified"})

#: Tags that keep a row out of the likelihood.
IGNORED_TAGS = frozenset({"misprint", "overlap"})

#: Extra standard deviation, on the log scale, of a doubtful row.
DOUBTFUL = 1.0


@dataclass(frozen=True, eq=False)
class Observations:
    """Rows of evidence as arrays over N rows.

    Parameters
    ----------
    figure_id : tuple of str
    quantity : int array, shape (N,)
        Index into ``QUANTITIES``; for aggregates −1.
    origin : int array, shape (N,)
        Index of the origin; for aggregates −1.
    instant : float array, shape (N,)
        Position on the axis of the fit, in its steps.
    weights : float array, shape (N, 7 states, 3 strata)
        Which modelled counts add up to the row.
    value : float array, shape (N,)
        log(1 + n); a range's geometric middle.
    width : float array, shape (N,)
        Standard deviation that the row's own range or wording adds.
    side : int array, shape (N,)
        0 exact, 1 at least, −1 at most.
    tags : float array, shape (N, len(BIAS_TAGS))
    aggregate : int array, shape (N,)
        Index into ``AGGREGATES``; −1 for figures.
    """

    figure_id: tuple[str, ...]
    quantity: IntArray
    origin: IntArray
    instant: FloatArray
    weights: FloatArray
    value: FloatArray
    width: FloatArray
    side: IntArray
    tags: FloatArray
    aggregate: IntArray


def value_and_width(rows: pd.DataFrame) -> tuple[FloatArray, FloatArray, IntArray]:
    """Return log(1 + n), the standard deviation that a row's wording adds, and its side.

    A range is read as an 80 % interval of the log; ``about`` adds 5 %.

    Examples
    --------
    >>> frame = pd.DataFrame({"low": [9.0], "high": [99.0], "qualifier": ["range"]})
    >>> value, width, side = value_and_width(frame)
    >>> float(value[0].round(3)), float(width[0].round(3)), int(side[0])
    (3.454, 0.898, 0)
    """
    low, high = np.log1p(rows["low"].to_numpy(float)), np.log1p(rows["high"].to_numpy(float))
    qualifier = rows["qualifier"].to_numpy()
    side = np.where(qualifier == "at_least", 1, np.where(qualifier == "at_most", -1, 0))
    value = np.where(side == 1, low, np.where(side == -1, high, (low + high) / 2))
    width = np.where(side == 0, (high - low) / (2 * NORMAL_P90), 0.0)
    width = np.where(qualifier == "about", np.hypot(width, 0.05), width)
    return value, width, side.astype(np.int64)


def observe(design: Design) -> Observations:
    """Return the evidence of a case as known on the cut-off, as arrays.

    Rows of quantities that the model does not compare (repatriations: they overlap), rows tagged
    ``misprint`` or ``overlap``, and days outside the simulated months are left out.
    """
    ledger = design.case.ledger
    parts = [_figures(ledger.figures, design), _aggregates(ledger.aggregates, design)]
    told = [part for part in parts if not part.empty]
    if not told:
        return _no_observations()
    rows = pd.concat(told, ignore_index=True)
    value, width, side = value_and_width(rows)
    partial = np.array(["partial" in tags for tags in rows["tags"]])
    side = np.where(partial & (side == 0), 1, side)
    doubtful = np.array(["doubtful" in tags for tags in rows["tags"]])
    keep = np.isfinite(value) & ~(partial & (side < 0))
    width = np.hypot(width, DOUBTFUL * doubtful)
    tags = np.array([[tag in row for tag in BIAS_TAGS] for row in rows["tags"]], dtype=float)
    return Observations(
        figure_id=tuple(rows["figure_id"][keep]),
        quantity=rows["quantity_index"].to_numpy(np.int64)[keep],
        origin=rows["origin_index"].to_numpy(np.int64)[keep],
        instant=rows["instant"].to_numpy(float)[keep],
        weights=np.stack(rows["weights"].to_list())[keep],
        value=value[keep],
        width=width[keep],
        side=side[keep],
        tags=tags[keep],
        aggregate=rows["aggregate_index"].to_numpy(np.int64)[keep],
    )


def _weights(states: tuple[str, ...], strata: tuple[str, ...]) -> FloatArray:
    return np.outer(
        [float(state in states) for state in STATES], [float(name in strata) for name in STRATA]
    )


def _strata(tags: frozenset[str]) -> tuple[str, ...]:
    """Return whom a national figure counts: adults unless a tag says otherwise."""
    if "affiliates" in tags:
        return STRATA
    return ("men",) if "fighters" in tags else ("men", "women")


def _place_in_time(rows: pd.DataFrame, design: Design) -> pd.DataFrame:
    inside = (rows["as_of"] >= pd.Timestamp(design.months.start)) & (
        rows["as_of"] <= pd.Timestamp(design.cutoff)
    )
    ignored = np.array([bool(IGNORED_TAGS & tags) for tags in rows["tags"]], dtype=bool)
    rows = rows[inside & ~ignored].copy()
    position = [design.months.position(day.date()) / FIT_STEP for day in rows["as_of"]]
    rows["instant"] = np.clip(position, 0.0, design.steps)
    return rows


def _figures(figures: pd.DataFrame, design: Design) -> pd.DataFrame:
    rows = _place_in_time(figures, design)
    names = list(QUANTITIES)
    index, weights = [], []
    for quantity, tags in zip(rows["quantity"], rows["tags"], strict=True):
        base, stratum = STRATUM_QUANTITIES.get(quantity, (quantity, None))
        if base not in QUANTITIES:
            index.append(-1)
            weights.append(_weights((), ()))
            continue
        states = ("in_group", "underground") if "present" in tags else QUANTITIES[base]
        index.append(names.index(base))
        weights.append(_weights(states, (stratum,) if stratum else _strata(tags)))
    rows["quantity_index"], rows["weights"] = index, pd.Series(weights, index=rows.index)
    rows["origin_index"] = [design.origins.index(origin) for origin in rows["origin"]]
    rows["aggregate_index"] = -1
    return rows[rows["quantity_index"] >= 0]


def _aggregates(aggregates: pd.DataFrame, design: Design) -> pd.DataFrame:
    places = design.case.territory.places
    whole = {"WLD", "+".join(places), "+".join(reversed(places))}
    rows = aggregates[
        aggregates["quantity"].isin(AGGREGATES)
        & ~aggregates["note"].str.contains("origin=", regex=False)
        & ~aggregates["host"].astype(bool)
    ]
    in_part = rows["quantity"].eq("foreign_departed_total") & rows["place"].isin(places)
    rows = _place_in_time(rows[rows["place"].isin(whole) | in_part], design)
    names = list(AGGREGATES)
    rows["aggregate_index"] = [names.index(quantity) for quantity in rows["quantity"]]
    weights = [
        _weights(AGGREGATES[quantity][0], _strata(tags))
        for quantity, tags in zip(rows["quantity"], rows["tags"], strict=True)
    ]
    rows["weights"] = pd.Series(weights, index=rows.index)
    rows["quantity_index"] = rows["origin_index"] = -1
    return rows


def _no_observations() -> Observations:
    none = np.zeros(0, dtype=np.int64)
    empty = np.zeros(0)
    return Observations(
        (),
        none,
        none,
        empty,
        np.zeros((0, len(STATES), len(STRATA))),
        empty,
        empty,
        none,
        np.zeros((0, len(BIAS_TAGS))),
        none,
    )
