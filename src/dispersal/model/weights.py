"""How each flow is weighed: one rule a kind of flow (``Flow.rule`` in ``states``).

Rules are worked out once for all draws of a run, as arrays over no more axes than they depend on;
only a batch of draws at a time is spread over groups and flows.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dispersal.model import options
from dispersal.model.design import coordinates, theatre_centre
from dispersal.model.home import reception, repatriation
from dispersal.model.hosts import over_time, welcome_of
from dispersal.model.journeys import arrival_hazard, stops
from dispersal.model.onward import onward_shares
from dispersal.model.states import HOMEWARD, Flow, StateSpace
from dispersal.world import great_circle_km

if TYPE_CHECKING:
    from collections.abc import Callable

    from dispersal.model.forward import Forward

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Factors = tuple[FloatArray, FloatArray]

#: Months it takes to be received at home: at once, on the scale of a month.
RECEPTION = 0.25

#: Least share of the journeys home that arrives, so that more departures stay finite.
LEAST_ARRIVING = 0.05

ALWAYS = np.ones((1, 1))


@dataclass(frozen=True, eq=False)
class FlowWeights:
    """Two factors of the hazards of each flow, in the order of ``StateSpace.flows``.

    Parameters
    ----------
    group : tuple of float arrays, each broadcastable to (D, O, 3 strata)
    step : tuple of float arrays, each broadcastable to (D, H)
    """

    group: tuple[FloatArray, ...]
    step: tuple[FloatArray, ...]

    def by_group(
        self, rows: slice, shape: tuple[int, int], strata: IntArray, order: IntArray
    ) -> FloatArray:
        """Return the factors by origin and stratum of some draws.

        Parameters
        ----------
        rows : slice
            Of n draws.
        shape : (n, O)
        strata : int array, shape (S,)
            Strata to keep.
        order : int array, shape (F,)
            Flows to keep, in the order wanted.

        Returns
        -------
        float array, shape (n, O, S, F)
        """
        out = np.empty((*shape, len(strata), len(order)))
        for at, flow in enumerate(order):
            factor = _rows(self.group[flow], rows)
            out[..., at] = factor[..., strata] if factor.shape[2] > 1 else factor
        return out

    def by_step(self, rows: slice, shape: tuple[int, int], order: IntArray) -> FloatArray:
        """Return the factors by month of some draws, shape (n, H, F) for ``shape`` (n, H)."""
        out = np.empty((*shape, len(order)))
        for at, flow in enumerate(order):
            out[..., at] = _rows(self.step[flow], rows)
        return out


def weigh(rules: Rules) -> FlowWeights:
    """Return the weights of every flow, for all draws of ``rules``."""
    factors = [rules.of(flow) for flow in rules.space.flows]
    return FlowWeights(tuple(group for group, _ in factors), tuple(step for _, step in factors))


class Rules:
    """The rules by name; each gives a factor by draw, origin and stratum, and one by month.

    Parameters
    ----------
    space : StateSpace
    forward : Forward
        D draws, O origins, H months.
    """

    def __init__(self, space: StateSpace, forward: Forward) -> None:
        self.space = space
        self.forward = forward
        self.case = forward.design.case
        self.stops = stops(forward)
        self._paces: dict[str, FloatArray] = {}

    def of(self, flow: Flow) -> Factors:
        """Return the factors of a flow, broadcastable to (D, O, 3) and (D, H).

        A flow whose rule has no method here has the constant hazard of the parameter of that name.
        """
        rule: Callable[[Flow], Factors] | None = getattr(self, f"_{flow.rule}", None)
        return (self.value(flow.rule), ALWAYS) if rule is None else rule(flow)

    def value(self, name: str) -> FloatArray:
        """Return a parameter's draws, shape (D, 1, 1)."""
        return self.forward.values[name][:, None, None]

    def _one(self, _: Flow) -> Factors:
        return np.ones((1, 1, 1)), ALWAYS

    # --- out of the group -------------------------------------------------------------------

    @cached_property
    def custody(self) -> FloatArray:
        """Shares of the places of custody among those captured, shape (D, O, n)."""
        return options.custody_shares(self.forward, self.space)

    def _custody(self, flow: Flow) -> Factors:
        return _place(self.custody, self._custody_at(flow)), ALWAYS

    def _custody_at(self, flow: Flow) -> int:
        return self.space.custody.index(flow.target.split(":")[1])

    @cached_property
    def near(self) -> Factors:
        """Shares of the sanctuaries (D, O, n), and what multiplies them by month (D, H, n)."""
        welcome = welcome_of(self.space.sanctuaries, self.case.hosts, self.forward.ahead)
        places = tuple(place for place, _ in self.space.sanctuaries)
        facts = options.covariates(self.case, places)
        shares = options.sanctuary_shares(self.forward, welcome, facts)
        return shares, over_time(welcome, self.forward, self.forward.values["sanctuary_welcome"])

    def _sanctuary(self, flow: Flow) -> Factors:
        at = self._sanctuary_at(flow)
        shares, by_month = self.near
        return _place(shares, at), by_month[:, :, at]

    def _sanctuary_at(self, flow: Flow) -> int:
        place, host = flow.target.split(":")[1:]
        return self.space.sanctuaries.index((place, host))

    @cached_property
    def bound_for_theatre(self) -> FloatArray:
        """Shares of the theatres' places among those who move on, shape (D, O, n)."""
        return self._bound[0]

    @cached_property
    def bound_for_third(self) -> FloatArray:
        """Shares of the third countries among those who move on, shape (D, O, n)."""
        return self._bound[1]

    @cached_property
    def _bound(self) -> Factors:
        return onward_shares(self.forward, self.space)

    def _theatre(self, flow: Flow) -> Factors:
        at = self.space.theatre_places.index(flow.target.split(":")[1])
        return _place(self.bound_for_theatre, at), ALWAYS

    def _third_country(self, flow: Flow) -> Factors:
        at = self.space.third_countries.index(flow.target.split(":")[1])
        return _place(self.bound_for_third, at), ALWAYS

    def _homeward(self, _: Flow) -> Factors:
        """Return more departures than arrivals: the fit counts those who arrive."""
        arrive = self.stops.passed + self.stops.deported
        return np.ones((1, 1, 1)), 1.0 / np.maximum(arrive, LEAST_ARRIVING)

    # --- on the way ---------------------------------------------------------------------------

    def _pace(self, state: str) -> FloatArray:
        """Return the hazard of ending a journey, shape (D, O or 1, 1)."""
        if state not in self._paces:
            ends = [state.split(":")[1]]
            if state == HOMEWARD:
                ends = list(self.forward.design.origins)
            points = np.array([coordinates(self.case, end) for end in ends])
            km = great_circle_km(*theatre_centre(self.case), points[:, 0], points[:, 1])
            self._paces[state] = arrival_hazard(self.forward, km)[:, :, None]
        return self._paces[state]

    def _arrive(self, flow: Flow) -> Factors:
        share = self.stops.passed
        if flow.source == HOMEWARD:
            share = share + self.stops.deported
        return self._pace(flow.source), share

    @cached_property
    def theatre_hosts(self) -> Factors:
        """Shares of hosts at their place (D, theatres), and factors by month (D, H, theatres)."""
        welcome = welcome_of(self.space.theatres, self.case.hosts, self.forward.ahead)
        shares = options.host_shares(self.forward, self.space, welcome)
        return shares, over_time(welcome, self.forward, self.forward.values["theatre_welcome"])

    def _arrive_at_host(self, flow: Flow) -> Factors:
        place, host = flow.target.split(":")[1:]
        at = self.space.theatres.index((place, host))
        shares, by_month = self.theatre_hosts
        group = self._pace(flow.source) * shares[:, None, None, at]
        return group, self.stops.passed * by_month[:, :, at]

    def _deported(self, flow: Flow) -> Factors:
        return self._pace(flow.source), self.stops.deported

    def _turned_back(self, flow: Flow) -> Factors:
        return self._pace(flow.source), self.stops.turned_back

    def _held_on_the_way(self, flow: Flow) -> Factors:
        places = len(self.space.custody_on_the_way)
        return self._pace(flow.source) / places, self.stops.held

    # --- afterwards ---------------------------------------------------------------------------

    @cached_property
    def _captured_underground(self) -> FloatArray:
        return self.custody * self.value("underground_detained")

    def _underground_detained(self, flow: Flow) -> Factors:
        return _place(self._captured_underground, self._custody_at(flow)), ALWAYS

    def _resurgence(self, _: Flow) -> Factors:
        return self.value("resurgence_hazard"), ALWAYS

    def _resurgent_detained(self, flow: Flow) -> Factors:
        return _place(self.custody, self._custody_at(flow)) * self.value(flow.rule), ALWAYS

    @cached_property
    def _freed(self) -> FloatArray:
        brought = np.moveaxis(repatriation(self.forward), 1, 2)
        return self.value("detained_home") + brought

    def _released_home(self, _: Flow) -> Factors:
        return self._freed, ALWAYS

    @cached_property
    def _escaped(self) -> FloatArray:
        return self.near[0] * self.value("detained_escape")

    def _escape(self, flow: Flow) -> Factors:
        at = self._sanctuary_at(flow)
        return _place(self._escaped, at), self.near[1][:, :, at]

    @cached_property
    def _back_to_arms(self) -> FloatArray:
        return self.near[0] * self.value("demobilised_rearmed")

    def _rearmed(self, flow: Flow) -> Factors:
        at = self._sanctuary_at(flow)
        return _place(self._back_to_arms, at), self.near[1][:, :, at]

    # --- at home ------------------------------------------------------------------------------

    @cached_property
    def received(self) -> Factors:
        """Shares of returnees into custody and into a programme, shape (D, O, 3)."""
        custody, programme = reception(self.forward)
        return np.moveaxis(custody, 1, 2), np.moveaxis(programme, 1, 2)

    def _home_at_large(self, _: Flow) -> Factors:
        return (1.0 - self.received[0] - self.received[1]) / RECEPTION, ALWAYS

    def _home_in_custody(self, _: Flow) -> Factors:
        return self.received[0] / RECEPTION, ALWAYS

    def _home_in_programme(self, _: Flow) -> Factors:
        return self.received[1] / RECEPTION, ALWAYS

    def _end_of_custody(self, _: Flow) -> Factors:
        return 1.0 / self.value("custody_months"), ALWAYS

    def _end_of_programme(self, _: Flow) -> Factors:
        return 1.0 / self.value("programme_months"), ALWAYS


def _place(shares: FloatArray, at: int) -> FloatArray:
    """Return one place's shares (D, O, 1), the same for all strata."""
    return shares[:, :, at, None]


def _rows(array: FloatArray, rows: slice) -> FloatArray:
    """Return the rows of some draws; one row stands for all."""
    return array[rows] if array.shape[0] > 1 else array
