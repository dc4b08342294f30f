"""Other theatres, the remnant in the home theatre, the hosts, and the end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dispersal.forecast import lookup
from dispersal.forecast.answer import MODES
from dispersal.forecast.plain import plain
from dispersal.forecast.theatre import home_places, telling_size
from dispersal.model.states import fate_of, place_of
from dispersal.report.numbers import counts, measure, shares, three, three_and_mean

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from dispersal.case.schema import Host
    from dispersal.report.people import People


def theatres(people: People) -> dict[str, Any]:
    """Return arrivals, the remnant's strength, the hosts and the end of the territory."""
    return {
        "table": _table(people),
        "remnant": _remnant(people),
        "hosts": [_host(people, row) for row in people.forecast.case.hosts],
        "end": _end(people),
    }


def _table(people: People) -> list[dict[str, Any]]:
    ensemble = people.ensemble
    found = []
    for place, row in people.forecast.theatres_table().iterrows():
        states = lookup.states_at(ensemble, ("elsewhere",), str(place))
        arrived = ensemble.arrivals[:, states].sum(axis=1, dtype=np.int64)
        present = ensemble.places[:, :, states].sum(axis=(1, 2), dtype=np.int64)
        found.append(
            {
                "place": str(place),
                "name": str(row["name"]),
                "arrived": _spread(row, "arrived_"),
                "present": _spread(row, "present_"),
                "probability_first": shares(row["probability_first"]),
                "series": {
                    "arrived": three(people.at_days(arrived)),
                    "present": three(people.at_days(present)),
                },
            }
        )
    return found


def _remnant(people: People) -> dict[str, Any]:
    """Return the strength near the lost territory, as ``Forecast.remnant`` counts it."""
    ensemble, near = people.ensemble, home_places(people.forecast)
    threshold = telling_size(people.forecast)
    strength = {}
    for fate in ("underground", "resurgent"):
        states = [
            at
            for at in lookup.states_of(ensemble, (fate,))
            if place_of(ensemble.place_states[at]) in near
        ]
        strength[fate] = people.at_days(
            ensemble.places[:, :, states].sum(axis=(1, 2), dtype=np.int64)
        )
    strength["strength"] = strength["underground"] + strength["resurgent"]
    return {
        "threshold": threshold,
        **{name: three(drawn) for name, drawn in strength.items()},
        "probability_above": shares((strength["resurgent"] > threshold).mean(axis=-1)),
    }


def _host(people: People, host: Host) -> dict[str, Any]:
    present, arrived = _with_host(people, host)
    return {
        "id": host.host,
        "name": host.name,
        "place": host.place,
        "kind": host.kind,
        "from": plain(host.from_),
        "until": plain(host.until),
        "affinity": measure(host.affinity),
        "thaw_months": measure(host.thaw_months),
        "capacity_low": measure(host.capacity_low, 6),
        "capacity_high": measure(host.capacity_high, 6),
        "note": host.note,
        "source": host.source,
        "present": None if present is None else three_and_mean(present),
        "arrived": None if arrived is None else three_and_mean(arrived),
    }


def _with_host(
    people: People, host: Host
) -> tuple[NDArray[np.float64] | None, NDArray[np.float64] | None]:
    """Return draws of who is with a host on the last day, and of who ever arrived there."""
    forecast, ensemble = people.forecast, people.ensemble
    with_host = [
        at
        for at, state in enumerate(ensemble.place_states)
        if place_of(state) == host.place and state.split(":")[2:] == [host.host]
    ]
    if not with_host:
        return None, None
    place = f"{host.place}:{host.host}"
    fate = fate_of(ensemble.place_states[with_host[0]])
    present = forecast.draws(fate, "all", place=place)
    return present, forecast.arrived(place) if fate == "elsewhere" else None


def _end(people: People) -> dict[str, Any]:
    end = people.forecast.end_date()
    return {
        "p10": plain(end.p10),
        "p50": plain(end.p50),
        "p90": plain(end.p90),
        "within_period": shares(end.within_period),
        "modes": [
            {"id": mode, "name": MODES[mode], "probability": shares(chance)}
            for mode, chance in end.modes.items()
        ],
    }


def _spread(row: pd.Series[Any], prefix: str) -> dict[str, Any]:
    return {level: counts(row[f"{prefix}{level}"]) for level in ("p10", "p50", "p90", "mean")}
