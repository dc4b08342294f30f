"""Part of a case: some of its home countries with their figures."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from dispersal.case.asking import known_names
from dispersal.case.folder import hash_texts
from dispersal.case.tagging import tags_of
from dispersal.case.write import case_texts
from dispersal.errors import InputError

if TYPE_CHECKING:
    from dispersal.case.asking import Names
    from dispersal.case.read import Case
    from dispersal.case.schema import Aggregate, Figure


def case_of_origins(case: Case, origins: Names, aggregates: Names = ()) -> Case:
    """Return a case with some of the origins, their figures and their policies.

    Places, hosts and experts stay, and so do levers, but for policies of those left out. Totals
    speak of every origin, and so they are left out unless they are named.

    Parameters
    ----------
    case : Case
    origins : str or collection of str
        Codes of the origins to keep; they stand in the order of the case.
    aggregates : str or collection of str
        Identifiers of the rows of aggregates.csv to keep.

    Returns
    -------
    Case
        One that would pass the checks of a case that is read.

    Raises
    ------
    InputError
        If an origin or an aggregate is not in the case, or none is left.

    Examples
    --------
    >>> from dispersal.case import load_case
    >>> part = case_of_origins(load_case("isis_2017"), ["TUN", "BEL"])
    >>> [row.origin for row in part.origins], sorted(set(part.ledger.figures["origin"]))
    (['BEL', 'TUN'], ['BEL', 'TUN'])
    """
    kept = known_names(origins, [row.origin for row in case.origins], "an origin of the case")
    if not kept:
        raise InputError("found no origin to keep, expected at least one")
    totals = [row.figure_id for row in case.ledger.aggregate_rows]
    named = known_names(aggregates, totals, "an aggregate of the case")
    ledger = case.ledger
    figures = tuple(row for row in ledger.figure_rows if row.origin in kept)
    whole = tuple(row for row in ledger.aggregate_rows if row.figure_id in named)
    evidence: tuple[Figure | Aggregate, ...] = (*figures, *whole)
    dropped = {row.origin for row in case.origins} - kept
    # An actor that is a place of the case, too, still acts.
    dropped -= {row.place for row in case.places}
    part = replace(
        case,
        origins=tuple(row for row in case.origins if row.origin in kept),
        policies=tuple(row for row in case.policies if row.actor not in dropped),
        levers=tuple(lever.without_actors(dropped) for lever in case.levers),
        ledger=replace(
            ledger,
            figure_rows=figures,
            aggregate_rows=whole,
            tag_rules=tuple(
                rule for rule in ledger.tag_rules if any(tags_of(row, (rule,)) for row in evidence)
            ),
        ),
    )
    return replace(part, content_hash=hash_texts(case_texts(part)))
