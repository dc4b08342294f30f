"""How each flow is weighed: one rule a kind of flow (``Flow.rule`` in ``states``)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from dispersal.model import options
from dispersal.model.design import STRATA, coordinates, theatre_centre
from dispersal.model.forward import Forward
from dispersal.model.home import reception, repatriation
from dispersal.model.hosts import over_time, welcome_of
from dispersal.model.journeys import arrival_hazard, stops
from dispersal.model.states import HOMEWARD, Flow, StateSpace
from dispersal.world import great_circle_km

FloatArray = NDArray[np.float64]

#: Months it takes to be received at home: at once, on the scale of a month.
RECEPTION = 0.25


@dataclass(frozen=True, eq=False)
class FlowWeights:
    """Two factors of the hazards, flows in the order of ``StateSpace.flows``.

    Parameters
    ----------
    by_group : float array, shape (D, O, 3 strata, F)
    by_step : float array, shape (D, H, F)
    """

    by_group: FloatArray
    by_step: FloatArray


def weigh(space: StateSpace, forward: Forward) -> FlowWeights:
    """Return the weights of every flow.

    Parameters
    ----------
    space : StateSpace
    forward : Forward
        D draws.
    """
    rules = Rules(space, forward)
    origins = len(forward.design.origins)
    flows = space.flows
    by_group = np.ones((forward.draws, origins, len(STRATA), len(flows)))
    by_step = np.ones((forward.draws, forward.steps, len(flows)))
    for at, flow in enumerate(flows):
        group, step = rules.of(flow)
        by_group[..., at] = group
        by_step[..., at] = step
    return FlowWeights(by_group, by_step)


class Rules:
    """The rules by name; each gives a factor by draw, origin and stratum, and one by month.

    Parameters
    ----------
    space : StateSpace
    forward : Forward
    """

    def __init__(self, space: StateSpace, forward: Forward) -> None:
        self.space = space
        self.forward = forward
        self.stops = stops(forward)

    def of(self, flow: Flow) -> tuple[FloatArray, FloatArray]:
        """Return the factors of a flow, broadcastable to (D, O, 3) and (D, H)."""
        rule: Callable[[Flow], tuple[FloatArray, FloatArray]] | None
        rule = getattr(self, f"_{flow.rule}", None)
        if rule is not None:
            return rule(flow)
        return self._value(flow.rule), self._always

    @cached_property
    def _always(self) -> FloatArray:
        return np.ones((1, 1))

    def _value(self, name: str) -> FloatArray:
        """Return a parameter's draws, shape (D, 1, 1)."""
        return self.forward.values[name][:, None, None]

    def _one(self, flow: Flow) -> tuple[FloatArray, FloatArray]:
        del flow
        return np.ones((1, 1, 1)), self._always

    # --- out of the group -------------------------------------------------------------------

    @cached_property
    def _custody_share(self) -> FloatArray:
        return options.custody_shares(self.forward, self.space)

    def _custody(self, flow: Flow) -> tuple[FloatArray, FloatArray]:
        at = self.space.custody.index(flow.target.split(":")[1])
        return self._custody_share[:, :, at, None], self._always

    @cached_property
    def near(self) -> tuple[FloatArray, FloatArray]:
        """Shares of the sanctuaries (D, O, n), and what multiplies them by month (D, H, n)."""
        welcome = welcome_of(self.space.sanctuaries, self.forward.design.case.hosts, self._ahead)
        facts = options.covariates(
            self.forward.design.case, tuple(place for place, _ in self.space.sanctuaries)
        )
        shares = options.sanctuary_shares(self.forward, welcome, facts)
        return shares, over_time(welcome, self.forward, self.forward.values["sanctuary_welcome"])

    def _sanctuary(self, flow: Flow) -> tuple[FloatArray, FloatArray]:
        place, host = flow.target.split(":")[1:]
        at = self.space.sanctuaries.index((place, host))
        shares, by_month = self.near
        return shares[:, :, at, None], by_month[:, :, at]

    @cached_property
    def bound_for_theatre(self) -> FloatArray:
        """Shares of the theatres' places among those who move on, shape (D, O, n)."""
        case = self.forward.design.case
        if not self.space.theatres:
            return np.zeros((self.forward.draws, len(self.forward.design.origins), 0))
        welcome = welcome_of(self.space.theatres, case.hosts, self._ahead)
        facts = options.covariates(case, self.space.theatre_places)
        shares = options.theatre_shares(self.forward, self.space, welcome, facts)
        return shares * (1.0 - self._third_share)

    @cached_property
    def bound_for_third(self) -> FloatArray:
        """Shares of the third countries among those who move on, shape (D, O, n)."""
        case = self.forward.design.case
        facts = options.covariates(case, self.space.third_countries)
        return options.third_country_shares(self.forward, facts) * self._third_share

    @cached_property
    def _third_share(self) -> FloatArray:
        if not self.space.third_countries:
            return np.zeros((1, 1, 1))
        if not self.space.theatres:
            return np.ones((1, 1, 1))
        return self._value("third_country_share")

    def _theatre(self, flow: Flow) -> tuple[FloatArray, FloatArray]:
        at = self.space.theatre_places.index(flow.target.split(":")[1])
        return self.bound_for_theatre[:, :, at, None], self._always

    def _third_country(self, flow: Flow) -> tuple[FloatArray, FloatArray]:
        at = self.space.third_countries.index(flow.target.split(":")[1])
        return self.bound_for_third[:, :, at, None], self._always

    def _homeward(self, flow: Flow) -> tuple[FloatArray, FloatArray]:
        """Return more departures than arrivals: the fit counts those who arrive."""
        del flow
        arrive = self.stops.passed + self.stops.deported
        return np.ones((1, 1, 1)), 1.0 / np.maximum(arrive, 0.05)

    # --- on the way ---------------------------------------------------------------------------

    def _pace(self, state: str) -> FloatArray:
        """Return the hazard of ending a journey, shape (D, O or 1, 1)."""
        case = self.forward.design.case
        centre = theatre_centre(case)
        if state == HOMEWARD:
            points = np.array([coordinates(case, row.origin) for row in case.origins])
        else:
            points = np.array([coordinates(case, state.split(":")[1])])
        km = great_circle_km(*centre, points[:, 0], points[:, 1])
        return arrival_hazard(self.forward, km)[:, :, None]

    def _arrive(self, flow: Flow) -> tuple[FloatArray, FloatArray]:
        share = self.stops.passed
        if flow.source == HOMEWARD:
            share = share + self.stops.deported
        return self._pace(flow.source), share

    @cached_property
    def _hosts(self) -> tuple[FloatArray, FloatArray]:
        welcome = welcome_of(self.space.theatres, self.forward.design.case.hosts, self._ahead)
        shares = options.host_shares(self.forward, self.space, welcome)
        return shares, over_time(welcome, self.forward, self.forward.values["theatre_welcome"])

    def _arrive_at_host(self, flow: Flow) -> tuple[FloatArray, FloatArray]:
        place, host = flow.target.split(":")[1:]
        at = self.space.theatres.index((place, host))
        shares, by_month = self._hosts
        return self._pace(flow.source) * shares[:, None, None, at], (
            self.stops.passed * by_month[:, :, at]
        )

    def _deported(self, flow: Flow) -> tuple[FloatArray, FloatArray]:
        return self._pace(flow.source), self.stops.deported

    def _turned_back(self, flow: Flow) -> tuple[FloatArray, FloatArray]:
        return self._pace(flow.source), self.stops.turned_back

    def _held_on_the_way(self, flow: Flow) -> tuple[FloatArray, FloatArray]:
        places = len(self.space.custody_on_the_way)
        return self._pace(flow.source) / places, self.stops.held

    # --- afterwards ---------------------------------------------------------------------------

    def _underground_detained(self, flow: Flow) -> tuple[FloatArray, FloatArray]:
        group, step = self._custody(flow)
        return group * self._value("underground_detained"), step

    def _resurgence(self, flow: Flow) -> tuple[FloatArray, FloatArray]:
        del flow
        return self._value("resurgence_hazard"), self._always

    def _resurgent_detained(self, flow: Flow) -> tuple[FloatArray, FloatArray]:
        group, step = self._custody(flow)
        return group * self._value("resurgent_detained"), step

    def _released_home(self, flow: Flow) -> tuple[FloatArray, FloatArray]:
        del flow
        brought = np.moveaxis(repatriation(self.forward), 1, 2)
        return self._value("detained_home") + brought, self._always

    def _escape(self, flow: Flow) -> tuple[FloatArray, FloatArray]:
        group, step = self._sanctuary(flow)
        return group * self._value("detained_escape"), step

    # --- at home ------------------------------------------------------------------------------

    @cached_property
    def received(self) -> tuple[FloatArray, FloatArray]:
        """Shares of returnees into custody and into a programme, shape (D, O, 3)."""
        custody, programme = reception(self.forward)
        return np.moveaxis(custody, 1, 2), np.moveaxis(programme, 1, 2)

    def _home_at_large(self, flow: Flow) -> tuple[FloatArray, FloatArray]:
        del flow
        return (1.0 - self.received[0] - self.received[1]) / RECEPTION, self._always

    def _home_in_custody(self, flow: Flow) -> tuple[FloatArray, FloatArray]:
        del flow
        return self.received[0] / RECEPTION, self._always

    def _home_in_programme(self, flow: Flow) -> tuple[FloatArray, FloatArray]:
        del flow
        return self.received[1] / RECEPTION, self._always

    def _end_of_custody(self, flow: Flow) -> tuple[FloatArray, FloatArray]:
        del flow
        return 1.0 / self._value("custody_months"), self._always

    def _end_of_programme(self, flow: Flow) -> tuple[FloatArray, FloatArray]:
        del flow
        return 1.0 / self._value("programme_months"), self._always

    @property
    def _ahead(self):  # type: ignore[no-untyped-def]
        return self.forward.ahead
