"""The report document: the whole answer, its uncertainty and its evidence, as plain data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from dispersal.case import Case, Ledger, builtin_cases, load_case
from dispersal.forecast.answer import answer
from dispersal.forecast.answer_tables import kinds_of
from dispersal.record.scores import score
from dispersal.record.select import ledger_of
from dispersal.report.changes import changes
from dispersal.report.countries import countries
from dispersal.report.evidence import areas_of, ledger
from dispersal.report.fates import Fates
from dispersal.report.flows import map_of
from dispersal.report.names import (
    COHORTS,
    GROUPS,
    REGIONS,
    STRATA,
    areas_listed,
    fates_listed,
    named,
    origins_listed,
    places_listed,
)
from dispersal.report.people import People
from dispersal.report.scored import record
from dispersal.report.texts import glossary, limits, the_line
from dispersal.report.theatres import theatres
from dispersal.report.told import told
from dispersal.report.whatif.answers import Answers, answers, cited_in

if TYPE_CHECKING:
    from pathlib import Path

    from dispersal.forecast.forecast import Forecast
    from dispersal.record.backtest import Backtest

#: Version of the layout of the document (docs/report-format.md).
FORMAT: Final = 2


def document(
    forecast: Forecast,
    *,
    later: Case | Ledger | str | Path | None = None,
    backtest: Backtest | str | Path | None = None,
    whatif: Answers = None,
) -> dict[str, Any]:
    """Return everything that a report of a forecast shows, as plain data, ready for JSON.

    Parameters
    ----------
    forecast : Forecast
    later : Case, Ledger, str or Path, optional
        Figures of which those published after the cut-off are shown as later evidence, and
        scored: what :func:`dispersal.score` takes. Default: for a forecast of a built-in case
        that case's own ledger.
    backtest : Backtest, str or Path, optional
        Scores at several cut-offs: a backtest of the same case, or the folder of a saved one.
    whatif : mapping, str or Path, optional
        Answers to show: records by kind (``dispersal.whatif.store.KINDS``, and ``history``), or
        the folder of the saved forecast that they are kept beside.

    Returns
    -------
    dict
        See docs/report-format.md; ``dispersal.report.schema.check`` says whether a document is
        one.

    Raises
    ------
    InputError
        If the later figures, the backtest or the answers cannot be read, or are of another case.
    """
    # Answers first: they fail at once, and nothing has been worked out for nothing.
    kept = answers(forecast, whatif)
    people = People(forecast)
    figures = later_ledger(forecast, later)
    scores = None if figures is None else score(forecast, figures, forecast.last_day)
    scored = None if scores is None else scores.rows
    fates = Fates(people)
    words = answer(forecast)
    evidence = ledger(forecast, figures, cited_in(kept))
    case = forecast.case
    regions = {row.region for row in case.origins}
    strata = {"all", *people.ensemble.strata}
    kinds = kinds_of(forecast)
    groups = GROUPS if len(kinds) > 1 else {kind: GROUPS[kind] for kind in kinds}
    return {
        "format": FORMAT,
        "meta": _meta(forecast),
        "instants": [day.isoformat() for day in people.instants],
        "ahead": people.ahead,
        "answer": {"sentences": list(words.sentences), "changes": changes(forecast)},
        "regions": named({key: name for key, name in REGIONS.items() if key in regions}),
        "strata": named({key: name for key, name in STRATA.items() if key in strata}),
        "groups": named(groups),
        "fates": fates_listed(abroad="foreign" in kinds),
        "cohorts": named(COHORTS),
        "places": places_listed(forecast),
        "origins": origins_listed(case, people.ensemble.origins),
        "areas": areas_listed(forecast, areas_of(evidence)),
        "map": map_of(people),
        "shares": fates.shares(),
        "sankey": {"links": fates.links()},
        "countries": countries(people, scored),
        "theatres": theatres(people),
        "tables": [
            {
                "title": table.title,
                "columns": list(table.columns),
                "rows": [list(row) for row in table.rows],
            }
            for table in words.tables
        ],
        "record": record(forecast, scores, backtest),
        "told": told(forecast),
        "ledger": evidence,
        "glossary": glossary(),
        "limits": limits(case.name),
        "line": the_line(),
        **({"whatif": kept} if kept else {}),
    }


def later_ledger(forecast: Forecast, later: Case | Ledger | str | Path | None) -> Ledger | None:
    """Return the ledger with later figures, or None if there is none.

    Raises
    ------
    InputError
        If it cannot be read.
    """
    if later is not None:
        return ledger_of(later, forecast)
    name = forecast.case.name
    if name not in builtin_cases():
        return None
    case = load_case(name)
    known = case.as_known_on(forecast.cutoff)
    same = known.content_hash == forecast.case.content_hash
    return case.ledger if same and case.ledger != known.ledger else None


def _meta(forecast: Forecast) -> dict[str, Any]:
    case, provenance = forecast.case, forecast.provenance
    return {
        "case": case.name,
        "title": case.title,
        "question": case.question,
        "group": case.group.name,
        "case_hash": provenance.case_hash,
        "cutoff": forecast.cutoff.isoformat(),
        "until": forecast.last_day.isoformat(),
        "seed": provenance.seed,
        "draws": forecast.size,
        "versions": dict(provenance.versions),
    }
