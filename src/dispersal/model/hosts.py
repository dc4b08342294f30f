"""Hosts: whom they welcome, when, and how many they can take in (lines S3, S5 and S9)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from dispersal.model.states import ALONE

if TYPE_CHECKING:
    from collections.abc import Callable

    from dispersal.case.schema import Host
    from dispersal.model.calendar import Months
    from dispersal.model.forward import Forward

FloatArray = NDArray[np.float64]

#: Host a newcomer could do without, where hosts are compared: neither friend nor enemy.
NO_WELCOME = 0.3

#: Middle of the first month, months from the cut-off: a month counts as its middle does.
FIRST_MIDDLE = 0.5


@dataclass(frozen=True, eq=False)
class Welcome:
    """How hosts receive newcomers, for D draws and H months.

    Parameters
    ----------
    at_start : float array, shape (n,)
        Welcome at the cut-off: (1 + affinity)/2, 0 for an enemy and 1 for the group itself.
    gained : float array, shape (n, H)
        Rise of the welcome since, as a rift thaws.
    active : float array, shape (n, H)
        1 while the host exists, else 0.
    available : bool array, shape (n,)
        Whether the host exists at any time from the cut-off on, be it beyond the last month.
    capacity : float array, shape (n,)
        How many newcomers it can hold; infinite where the case does not say.
    remnant : bool array, shape (n,)
        Whether the host is the group's own remnant.
    """

    at_start: FloatArray
    gained: FloatArray
    active: FloatArray
    available: NDArray[np.bool_]
    capacity: FloatArray
    remnant: NDArray[np.bool_]


def affinity_after(affinity: float, thaw_months: float | None, months: FloatArray) -> FloatArray:
    """Return a host's affinity after some months: a rift halves every ``thaw_months``.

    Parameters
    ----------
    affinity : float
        −1 (enemy) to 1 (the group itself); what is not negative does not change.
    thaw_months : float or None
        Half-life of a rift; None where it does not thaw.
    months : float array, shape (n,)
        Months since the affinity was judged, taken to be at the cut-off.

    Returns
    -------
    float array, shape (n,)

    Examples
    --------
    >>> affinity_after(-0.8, 12.0, np.array([0.0, 12.0, 24.0])).tolist()
    [-0.8, -0.4, -0.2]
    >>> affinity_after(0.5, None, np.array([24.0])).tolist()
    [0.5]
    """
    if affinity >= 0 or not thaw_months:
        return np.full(months.shape, affinity)
    return np.asarray(affinity * 2.0 ** (-months / thaw_months))


def welcome_of(
    options: tuple[tuple[str, str], ...], hosts: tuple[Host, ...], ahead: Months
) -> Welcome:
    """Return how the hosts of some options (place, host) receive newcomers.

    Parameters
    ----------
    options : tuple of (place, host)
        A host is ``ALONE`` or a name of ``hosts``.
    ahead : Months
        The months of the forecast; the first is that of the cut-off.

    Examples
    --------
    >>> import datetime as dt
    >>> from dispersal.model.calendar import Months
    >>> welcome_of((("LBY", ALONE),), (), Months(dt.date(2017, 3, 1), 2)).at_start.tolist()
    [0.3]
    """
    by_name = {host.host: host for host in hosts}
    steps = np.arange(ahead.steps, dtype=np.float64) + 0.5
    rows = []
    for _, name in options:
        if name == ALONE:
            rows.append((NO_WELCOME, 0 * steps, 1 + 0 * steps, True, np.inf, False))
            continue
        host = by_name[name]
        affinity = affinity_after(host.affinity, host.thaw_months, steps / ahead.parts)
        start = -np.inf if host.from_ is None else ahead.position(host.from_)
        end = np.inf if host.until is None else ahead.position(host.until)
        rows.append(
            (
                (1 + host.affinity) / 2,
                (affinity - host.affinity) / 2,
                ((steps >= start) & (steps <= end)).astype(float),
                end >= FIRST_MIDDLE,
                _capacity(host),
                host.kind == "remnant",
            )
        )
    columns = list(zip(*rows, strict=True)) if rows else [()] * 6
    empty = np.zeros((0, ahead.steps))
    return Welcome(
        at_start=np.array(columns[0], dtype=float),
        gained=np.array(columns[1]).reshape(-1, ahead.steps) if rows else empty,
        active=np.array(columns[2]).reshape(-1, ahead.steps) if rows else empty,
        available=np.array(columns[3], dtype=bool),
        capacity=np.array(columns[4], dtype=float),
        remnant=np.array(columns[5], dtype=bool),
    )


def over_time(welcome: Welcome, forward: Forward, weight: FloatArray) -> FloatArray:
    """Return what multiplies the flow into each host, month by month.

    exp(β · gained welcome) while it exists; a host other than the remnant values experience:
    exp(premium · (c_now − c(t))), since members have seen more the more was lost.

    Parameters
    ----------
    weight : float array, shape (D,)
        β, the effect of welcome on the choice.

    Returns
    -------
    float array, shape (D, H, n)
    """
    lost = forward.held[:, :1] - forward.held[:, :-1]
    premium = np.exp(forward.values["experience_premium"][:, None] * lost)
    valued = np.where(welcome.remnant[None, None, :], 1.0, premium[:, :, None])
    thawed = np.exp(weight[:, None, None] * welcome.gained.T[None])
    return np.asarray(thawed * welcome.active.T[None] * valued)


def crowding(
    host_states: NDArray[np.int64], flows_into: NDArray[np.int64], flow_count: int
) -> Callable[[Any, Any], Any]:
    """Return the environment that the engine asks for: a host takes in fewer the fuller it is.

    The multiplier of a flow into host h is 1 − present_h / capacity_h, not below 0. The last
    group's counts are not people but the capacities, which so may differ between draws.

    Parameters
    ----------
    host_states : int array, shape (n,)
        States of limited capacity.
    flows_into : int array, shape (F,)
        For each flow the position in ``host_states`` of its target, −1 for others.
    flow_count : int
        F.

    Returns
    -------
    callable
        Of (counts, shape (groups + 1, states); step); gives multipliers, shape (F,).
    """
    inside = np.maximum(flows_into, 0)
    limited = flows_into >= 0
    assert flows_into.shape == (flow_count,)

    def environment(counts: Any, step: Any) -> Any:
        del step
        present = counts[:-1].sum(axis=0)[host_states]
        capacity = counts[-1][host_states]
        room = jnp.clip(1.0 - present / jnp.maximum(capacity, 1e-9), 0.0, 1.0)
        return jnp.where(limited, room[inside], 1.0)

    return environment


def _capacity(host: Host) -> float:
    """Return the geometric middle of a host's range; one that begins at 0 counts from 1."""
    ends = [end for end in (host.capacity_low, host.capacity_high) if end is not None]
    if not ends:
        return np.inf
    return float(np.sqrt(max(ends[0], 1.0) * max(ends[-1], 1.0))) if any(ends) else 0.0
