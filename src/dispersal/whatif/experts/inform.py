"""Experts as a prior, when asked to: the pool of the end of territory as the case's judgement."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from dispersal.case.asking import Day, day_of
from dispersal.case.folder import hash_texts
from dispersal.case.question import EndJudgement
from dispersal.case.write import case_texts
from dispersal.errors import InputError
from dispersal.whatif.experts.distributions import LEVELS
from dispersal.whatif.experts.measured import day_of_year, year_of_day
from dispersal.whatif.experts.pooling import METHODS, latest_of_each, pool, seeds
from dispersal.whatif.experts.reading import read
from dispersal.whatif.experts.series import Evidence

if TYPE_CHECKING:
    from dispersal.case import Case


def with_expert_end(case: Case, cutoff: Day | None = None, method: str = METHODS[0]) -> Case:
    """Return the case with an end that experts judged, in place of the author's own judgement.

    The judgements of ``end_date_of_territory`` of the whole home theatre known by the cut-off,
    of every expert the latest, are pooled; what the pool gives to days before the cut-off is
    taken away. No forecast uses this unless it is asked to.

    Parameters
    ----------
    case : Case
    cutoff : str, date or Timestamp, optional
        Default: the day the question was asked.
    method : {"linear", "log_linear", "cooke"}

    Returns
    -------
    Case
        With a judgement of the end made on the cut-off; one that was made on that day goes.

    Raises
    ------
    InputError
        If no expert had judged it by the cut-off, or there is no such method.

    Examples
    --------
    >>> import datetime as dt
    >>> from dispersal.case import load_case
    >>> case = with_expert_end(load_case("isis_2017"), "2017-11-15")
    >>> end = case.end.judgement_known_on(dt.date(2017, 11, 15))
    >>> end.note
    'linear pool of the judgements xj_046, xj_040'
    """
    day = case.asked_on if cutoff is None else day_of(cutoff)
    if method not in METHODS:
        raise InputError(f"found method {method!r}, expected one of {', '.join(METHODS)}")
    claims = [read(row, case.period.until) for row in case.experts if row.published <= day]
    whole = set(case.territory.places)
    asked = [
        claim
        for claim in claims
        if claim.judgement.quantity == "end_date_of_territory"
        and claim.kind == "numeric"
        and set(claim.judgement.place.split("+")) == whole
    ]
    members = latest_of_each(asked, day)
    if not members:
        raise InputError(
            f"found no expert's judgement of the end of territory by {day}, expected at least one "
            "number of end_date_of_territory for the whole home theatre in experts.csv"
        )
    found = pool(
        members[0].question, members, seeds(Evidence(case.as_known_on(day)), claims, members)
    )
    pooled = found.distributions[method]
    gone = float(pooled.cdf(year_of_day(day)))
    days = [
        max(day_of_year(float(pooled.quantile(gone + (1.0 - gone) * level))), day)
        for level in LEVELS
    ]
    names = ", ".join(claim.judgement.judgement_id for claim in members)
    judgement = EndJudgement(
        judged_on=day,
        p10=days[0],
        p50=days[1],
        p90=days[2],
        source=members[-1].judgement.source,
        note=f"{method.replace('_', '-')} pool of the judgements {names}",
    )
    others = [end for end in case.end.judgements if end.judged_on != day]
    end = case.end.model_copy(update={"judgements": (judgement, *others)})
    question = case.question_file.model_copy(update={"end": end})
    changed = replace(case, question_file=question)
    return replace(changed, content_hash=hash_texts(case_texts(changed)))
