"""Fits without some of the evidence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from dispersal.case.asking import day_of
from dispersal.errors import InputError
from dispersal.inference.fit import fit

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection

    from dispersal.case import Case
    from dispersal.case.asking import Day
    from dispersal.inference.posterior import Posterior

#: Called with the name of a step; returns what is called with (done, in all).
Steps = Callable[[str], Callable[[int, int], None]]


def without_rows(case: Case, figure_ids: Collection[str]) -> Case:
    """Return a case whose ledger lacks some rows.

    Examples
    --------
    >>> from dispersal.case import load_case
    >>> case = load_case("isis_2017")
    >>> first = case.ledger.figure_rows[0].figure_id
    >>> len(case.ledger.figures) - len(without_rows(case, [first]).ledger.figures)
    1
    """
    gone = frozenset(figure_ids)
    ledger = case.ledger
    return replace(
        case,
        ledger=replace(
            ledger,
            figure_rows=tuple(row for row in ledger.figure_rows if row.figure_id not in gone),
            aggregate_rows=tuple(row for row in ledger.aggregate_rows if row.figure_id not in gone),
        ),
    )


@dataclass(frozen=True, eq=False)
class Refits:
    """Makes fits of one case as known on one day, and remembers what was wrong with each.

    Parameters
    ----------
    case : Case
        As known on the cut-off.
    cutoff : datetime.date
    seed : int
    fit_settings : mapping
        As for :func:`dispersal.inference.fit.fit`; ``require`` is false unless it is given.
    steps : callable, optional
    problems : dict of str to list of str
        By the name of the fit, what its diagnostics say against it.
    """

    case: Case
    cutoff: dt.date
    seed: int
    fit_settings: Mapping[str, Any]
    steps: Steps | None
    problems: dict[str, list[str]]

    @classmethod
    def of(
        cls,
        case: Case,
        as_known_on: Day | None,
        seed: int,
        fit_settings: Mapping[str, Any] | None,
        steps: Steps | None,
    ) -> Refits:
        """Return fits of a case as known on a day; default: the day the question was asked."""
        cutoff = case.asked_on if as_known_on is None else day_of(as_known_on)
        known = case.as_known_on(cutoff)
        return cls(known, cutoff, seed, {"require": False, **(fit_settings or {})}, steps, {})

    def whole(self, posterior: Posterior | None) -> Posterior:
        """Return the fit of all rows, given or made.

        Raises
        ------
        InputError
            If the one that is given is of another case or another day.
        """
        if posterior is None:
            return self.without("all rows", ())
        given = posterior.design
        if (given.cutoff, given.case.content_hash) != (self.cutoff, self.case.content_hash):
            raise InputError(
                f"found a fit of {given.case.name} as known on {given.cutoff}, expected one of "
                f"this {self.case.name} as known on {self.cutoff}"
            )
        self.problems["all rows"] = posterior.diagnostics.problems()
        return posterior

    def without(self, name: str, figure_ids: Collection[str]) -> Posterior:
        """Return the fit without some rows."""
        posterior = fit(
            without_rows(self.case, figure_ids),
            as_known_on=self.cutoff,
            seed=self.seed,
            progress=self.steps(f"fitting {name}") if self.steps else None,
            **self.fit_settings,
        )
        self.problems[name] = posterior.diagnostics.problems()
        return posterior
