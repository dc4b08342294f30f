"""Levers against the base, draw by draw: what would change, and what that rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from dispersal.case.patch import apply_lever
from dispersal.errors import InputError
from dispersal.forecast.ensemble import BATCH
from dispersal.forecast.lookup import at_position
from dispersal.forecast.make import check_settings
from dispersal.forecast.provenance import versions
from dispersal.forecast.quantities import GROUPS, QUANTITIES, WHO, counted, require_name
from dispersal.forecast.world import World
from dispersal.model.states import ALL_FATES, fate_of, place_of
from dispersal.whatif.ahead import day_ahead
from dispersal.whatif.carriers import Carriers, carriers_of
from dispersal.whatif.paired import Outcomes, run_worlds
from dispersal.whatif.runs import posterior_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import pandas as pd

    from dispersal.case import Case
    from dispersal.case.asking import Day
    from dispersal.inference.posterior import Posterior

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class LeverOutcome:
    """A lever and the world that it leads to.

    Parameters
    ----------
    name, title, rationale, source : str
        As ``levers.yaml`` has them.
    changes : tuple of str
        What it changes in the case, in words.
    carriers : Carriers
        What its effect rests on.
    outcomes : Outcomes
    """

    name: str
    title: str
    rationale: str
    source: str
    changes: tuple[str, ...]
    carriers: Carriers
    outcomes: Outcomes = field(repr=False)


@dataclass(frozen=True, eq=False)
class Comparison:
    """Levers against the base, simulated with common random numbers.

    Parameters
    ----------
    case : Case
        The base, as known on the cut-off.
    cutoff, date : datetime.date
        The day that is compared.
    seed : int
    base : Outcomes
        Of D draws.
    levers : dict of str to LeverOutcome
        By name.
    """

    case: Case
    cutoff: dt.date
    date: dt.date
    seed: int
    base: Outcomes = field(repr=False)
    levers: Mapping[str, LeverOutcome] = field(repr=False)

    @property
    def size(self) -> int:
        """Number of paired draws, D."""
        return len(self.base.fates)

    def draws(
        self,
        lever: str | None,
        quantity: str = "returned",
        origin: str = "foreign",
        place: str | None = None,
        stratum: str = "all",
    ) -> FloatArray:
        """Return one value a draw, with a lever or, for None, in the base.

        Parameters
        ----------
        lever : str or None
        quantity : str
            A key of ``dispersal.forecast.quantities.QUANTITIES``.
        origin : str
            A code of origins.csv, or ``foreign``, ``local`` or ``all``.
        place : str, optional
            Only those at this place; everyone of ``foreign``, ``local`` or ``all``.
        stratum : {"men", "women", "minors", "adults", "all"}

        Returns
        -------
        float array, shape (D,)
            Persons.

        Raises
        ------
        InputError
            For an unknown name.
        """
        if lever is not None:
            require_name("lever", lever, self.levers)
        outcomes = self.base if lever is None else self.levers[lever].outcomes
        what = counted(quantity, stratum)
        kinds = {row.origin: row.kind for row in self.case.origins}
        require_name("origin", origin, (*outcomes.origins, *GROUPS))
        if place is not None:
            if origin not in GROUPS or stratum != "all":
                raise InputError(
                    "found a place with one origin or stratum, expected foreign, local or all, "
                    "of every stratum: places are compared by group"
                )
            return _at_place(outcomes, what.fates, place, origin)
        rows = [
            at
            for at, code in enumerate(outcomes.origins)
            if origin in ("all", code, kinds.get(code))
        ]
        strata = [at for at, name in enumerate(outcomes.strata) if name in WHO[what.stratum]]
        fates = [ALL_FATES.index(fate) for fate in what.fates]
        chosen = np.ix_(range(self.size), rows, strata, fates)
        # Whole numbers are added before they are weighed: exact in any order.
        ends = outcomes.fates[chosen].sum(axis=(1, 2, 3), dtype=np.int64)
        return at_position(ends, outcomes.after)

    def difference(self, lever: str, quantity: str = "returned", **what: Any) -> FloatArray:
        """Return how many more there are with a lever than without, one value a draw.

        Parameters are those of :meth:`draws`.
        """
        return self.draws(lever, quantity, **what) - self.draws(None, quantity, **what)

    def table(self, lever: str) -> pd.DataFrame:
        """Return paired differences by fate, home country and place: see ``paired_table``."""
        from dispersal.whatif.compare_tables import paired_table

        return paired_table(self, lever)

    def record(self) -> dict[str, Any]:
        """Return the comparison as plain data: see docs/levers.md."""
        from dispersal.whatif.compare_tables import record

        return {
            "kind": "levers",
            "case": self.case.name,
            "case_hash": self.case.content_hash,
            "cutoff": self.cutoff.isoformat(),
            "seed": self.seed,
            "draws": self.size,
            "versions": versions(),
            **record(self),
        }


def compare(
    asked: Posterior | Case | str | Path,
    levers: Sequence[str] | Mapping[str, Case] | None = None,
    *,
    date: Day | None = None,
    draws: int = 1_000,
    seed: int = 1,
    as_known_on: Day | None = None,
    threads: int | None = None,
    fitting: Callable[[int, int], None] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Comparison:
    """Simulate a case with and without levers, from the same draws and random numbers.

    Both worlds start from the same whole people at the cut-off, take the same draw of every
    parameter, of the end and of the policies, and every decision (who leaves a state in a month,
    and where to) uses the same random number in both [1]_. What is left is the lever's effect.

    Parameters
    ----------
    asked : Posterior, Case, str or Path
        The folder of a saved forecast; or a case, which is fitted first; or what it was fitted to.
    levers : sequence of str, or mapping of str to Case, optional
        Names from ``levers.yaml``, or cases by a name of your own that differ from the base in
        policies, hosts, places, the end or priors of the forecast. Default: every lever.
    date : str, date or time stamp, optional
        The day that is compared; default: the last of the period.
    draws : int
        D.
    seed : int
        The same as that of the forecast gives its draws in the base.
    as_known_on, threads
        As for :func:`dispersal.fit` and :func:`dispersal.forecast`.
    fitting, progress : callable, optional
        Called with (done, in all).

    Returns
    -------
    Comparison

    Raises
    ------
    InputError
        For an unknown lever, a bad day or number, or a lever that changes what was fitted.
    CaseError
        If a lever's patch does not fit the case.

    References
    ----------
    .. [1] Glasserman and Yao (1992), Some guidelines and guarantees for common random numbers.
       Management Science 38, 884-908.
    """
    posterior = posterior_of(
        asked, as_known_on=as_known_on, seed=seed, workers=threads, progress=fitting
    )
    design = posterior.design
    check_settings(design.case, design.cutoff, None, draws, seed)
    chosen = _chosen(design.case, levers)
    padded = -(-draws // BATCH) * BATCH
    until = design.case.period.until
    base = World.drawn(posterior, padded, seed, until)
    worlds = [World.drawn(posterior, padded, seed, until, case) for case, _ in chosen.values()]
    when, position = day_ahead(design, until, date)
    outcomes = run_worlds([base, *worlds], draws, position, threads=threads, progress=progress)
    described = {lever.name: lever for lever in design.case.levers}
    found = {}
    for (name, (case, changes)), result in zip(chosen.items(), outcomes[1:], strict=True):
        lever = described.get(name) if not isinstance(levers, Mapping) else None
        found[name] = LeverOutcome(
            name,
            lever.title if lever else name,
            lever.rationale if lever else "",
            lever.source if lever else "",
            changes,
            carriers_of(design.case, case, posterior),
            result,
        )
    return Comparison(design.case, design.cutoff, when, seed, outcomes[0], found)


def _chosen(
    case: Case, levers: Sequence[str] | Mapping[str, Case] | None
) -> dict[str, tuple[Case, tuple[str, ...]]]:
    """Return the cases to compare with the base, and in words what each changes."""
    if isinstance(levers, Mapping):
        return {name: (other, ()) for name, other in levers.items()}
    known = [lever.name for lever in case.levers]
    names = known if levers is None else list(dict.fromkeys(levers))
    if not names:
        raise InputError(
            f"found no lever of the case {case.name}, expected one or more in levers.yaml"
        )
    found = {}
    for name in names:
        require_name("lever", name, known)
        patched = apply_lever(case, name)
        found[name] = (patched.case, tuple(str(change) for change in patched.changes))
    return found


def _at_place(outcomes: Outcomes, fates: tuple[str, ...], place: str, group: str) -> FloatArray:
    states = [at for at, state in enumerate(outcomes.place_states) if fate_of(state) in fates]
    places = [place_of(outcomes.place_states[at]) for at in states]
    require_name("place", place, dict.fromkeys(str(name) for name in places))
    kinds = {"foreign": [0], "local": [1], "all": [0, 1]}[group]
    here = [at for at, name in zip(states, places, strict=True) if name == place]
    ends = outcomes.places[:, kinds][:, :, here].sum(axis=(1, 2), dtype=np.int64)
    return at_position(ends, outcomes.after)


#: Quantities that are compared, each of everyone: fates, and the cohorts that they add up to.
COMPARED = tuple(name for name in QUANTITIES if name not in ("departed", "remaining"))
