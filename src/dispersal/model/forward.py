"""Draws of everything that shapes the forecast: parameters, end, policies, profiles, territory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dispersal.case.schema import END_MODES, POLICIES
from dispersal.errors import InputError
from dispersal.model.calendar import Months
from dispersal.model.design import FIT_STEP, KNOT_STEPS, Design
from dispersal.model.pressure import end_of, share_held_after
from dispersal.model.profile import at_knots, log_profile

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from dispersal.model.parameters import ParameterTable

FloatArray = NDArray[np.float64]

#: Months between knots of the random walks.
KNOT_MONTHS = FIT_STEP * KNOT_STEPS


@dataclass(frozen=True, eq=False)
class Forward:
    """D draws of what shapes the forecast over H steps from the cut-off.

    Parameters
    ----------
    design : Design
    months : Months
        From the beginning of the fit to the end of the forecast; instants 0 to ``now + H``.
    now : int
        Index of the instant nearest to the cut-off.
    values : dict of float arrays, shape (D,) or (D, n)
        Fitted and forward parameters by name.
    end : float array, shape (D,)
        Position on ``months`` at which the last territory is lost.
    mode : int array, shape (D,)
        Index into ``END_MODES``.
    held : float array, shape (D, H + 1)
        Share of the peak territory.
    profiles : dict of float arrays, shape (D, H)
        ``home`` and ``killed``: the random walks of the hazards, continued.
    position : dict of float arrays, shape (D,)
        Where in its range each kind of policy lies, 0 to 1.
    """

    design: Design
    months: Months
    now: int
    values: Mapping[str, FloatArray]
    end: FloatArray
    mode: NDArray[np.int64]
    held: FloatArray
    profiles: Mapping[str, FloatArray]
    position: Mapping[str, FloatArray]

    @property
    def draws(self) -> int:
        """Number of draws, D."""
        return int(self.end.shape[0])

    @property
    def steps(self) -> int:
        """Number of steps of the forecast, H."""
        return self.months.steps - self.now

    @property
    def ahead(self) -> Months:
        """The steps of the forecast alone."""
        return Months(self.months.instant(self.now), self.steps, self.months.parts)

    def part(self, first: int, count: int) -> Forward:
        """Return the draws ``first`` to ``first + count``."""
        cut = slice(first, first + count)
        return Forward(
            self.design,
            self.months,
            self.now,
            {name: value[cut] for name, value in self.values.items()},
            self.end[cut],
            self.mode[cut],
            self.held[cut],
            {name: value[cut] for name, value in self.profiles.items()},
            {name: value[cut] for name, value in self.position.items()},
        )


@dataclass(frozen=True, eq=False)
class Chances:
    """D draws of what chance decides, before the case says what it means.

    Parameters
    ----------
    values : dict of float arrays, shape (D,)
        Parameters of stage ``forward``.
    end : float array, shape (D,)
        Standard normal: where in its distribution the end's day lies.
    mode : float array, shape (D,)
        Uniform: which mode of ending.
    noise : dict of float arrays, shape (D, n)
        ``home`` and ``killed``: standard normal steps of the random walks from the cut-off on.
    position : dict of float arrays, shape (D,)
        Where in its range each kind of policy lies, 0 to 1.
    """

    values: Mapping[str, FloatArray]
    end: FloatArray
    mode: FloatArray
    noise: Mapping[str, FloatArray]
    position: Mapping[str, FloatArray]


def draw_chances(
    table: ParameterTable, draws: int, steps: int, seed: int, first: int = 0
) -> Chances:
    """Draw what chance decides over some months from the cut-off.

    Every quantity has a random stream of its own, so that the first draws do not change when
    more are asked for, nor when a parameter is added at the end of the table.

    Parameters
    ----------
    table : ParameterTable
    draws : int
        D.
    steps : int
        H.
    seed : int
        Not negative.
    first : int
        Number of the first of these draws within its run.
    """
    end = first + draws
    # A long fixed number of steps per draw, so that a longer forecast starts like a shorter one.
    knots = max(-(-steps // KNOT_MONTHS) + 1, 60)
    return Chances(
        values={
            parameter.name: parameter.draw(_stream(seed, 0, number), end)[first:].copy()
            for number, parameter in enumerate(table.of_stage("forward"))
        },
        end=_stream(seed, 1, 0).standard_normal(end)[first:],
        mode=_stream(seed, 1, 1).random(end)[first:],
        noise={
            name: _stream(seed, 2, number).standard_normal((end, knots))[first:].copy()
            for number, name in enumerate(("home", "killed"))
        },
        position={
            policy: _stream(seed, 3, number).random(end)[first:]
            for number, policy in enumerate(POLICIES)
        },
    )


def draw_forward(
    design: Design,
    table: ParameterTable,
    fitted: Mapping[str, FloatArray],
    until: dt.date,
    seed: int,
    first: int = 0,
) -> Forward:
    """Draw what the evidence does not fix, beside draws of what it does.

    Parameters
    ----------
    design : Design
    table : ParameterTable
        Priors of the parameters of stage ``forward``.
    fitted : dict of float arrays, shape (D,) or (D, n)
        Draws of the parameters of stage ``fit``.
    until : datetime.date
        Last day of the forecast.
    seed, first : int
        As in ``draw_chances``.

    Raises
    ------
    InputError
        If ``until`` leaves no month to forecast.
    """
    draws = int(next(iter(fitted.values())).shape[0])
    months, now = months_until(design, until)
    steps = -(-(months.steps - now) // months.parts)
    chances = draw_chances(table, draws, steps, seed, first)
    return look_forward(design, fitted, chances, until)


def months_until(design: Design, until: dt.date) -> tuple[Months, int]:
    """Return the steps from the beginning of the fit to the end of a forecast, and the cut-off.

    Returns
    -------
    months : Months
    now : int
        Index of the instant nearest to the cut-off.

    Raises
    ------
    InputError
        If no step is left to forecast.
    """
    now, start = design.months.steps * design.parts, design.months.start
    months = Months.between(start, until, design.parts)
    if months.steps <= now:
        raise InputError(
            f"found {until} as the last day, expected {months.instant(now)} or later, the first "
            "of the month that begins nearest to the cut-off"
        )
    return months, now


def look_forward(
    design: Design, fitted: Mapping[str, FloatArray], chances: Chances, until: dt.date
) -> Forward:
    """Return what shapes the forecast, given draws of everything that is uncertain.

    Parameters
    ----------
    design : Design
    fitted : dict of float arrays, shape (D,) or (D, n)
    chances : Chances
        Of D draws.
    until : datetime.date

    Raises
    ------
    InputError
        If ``until`` leaves no month to forecast.
    """
    values: dict[str, FloatArray] = {**fitted, **chances.values}
    months, now = months_until(design, until)
    steps = months.steps - now
    end = end_of(design.case, months, design.cutoff, values["end_delay"], chances.end)
    instants = np.arange(now, months.steps + 1, dtype=np.float64)
    last = float(design.held[-1])
    held = share_held_after(last, float(now), end, values["territory_shape"], instants)
    modes = design.case.end.modes
    shares = np.cumsum([modes[mode] for mode in END_MODES])
    mode = np.searchsorted(shares / shares[-1], chances.mode, "right")
    if design.case.end.agreed_on is None:
        # Until there is a settlement the group keeps what it would give up by it.
        settling = mode == END_MODES.index("negotiated")
        held[settling] = last * (instants[None, :] < end[settling, None])
    profiles = {
        name: _continued(values, name, design, steps, noise)
        for name, noise in chances.noise.items()
    }
    return Forward(
        design, months, now, values, end, mode.astype(np.int64), held, profiles, chances.position
    )


def _stream(seed: int, purpose: int, number: int) -> np.random.Generator:
    return np.random.default_rng([seed, purpose, number])


def _continued(
    values: Mapping[str, FloatArray],
    name: str,
    design: Design,
    steps: int,
    noise: FloatArray,
) -> FloatArray:
    """Continue a fitted profile, pulled back to its mean of one, over H steps; logs."""
    scale = values[f"{name}_profile_sd"]
    knots = [np.asarray(log_profile(values, name, design)[1])]
    apart = KNOT_MONTHS * design.parts
    for step in range(-(-steps // apart) + 1):
        # One damping serves both walks: nothing speaks for two.
        knots.append(values["home_profile_damping"] * knots[-1] + scale * noise[:, step])
    return np.asarray(at_knots(np.stack(knots, axis=1), (np.arange(steps) + 0.5) / apart, np))
