"""Every judgement of a case: pooled as known on a day, compared, and scored afterwards."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from dispersal.case import Case, load_case
from dispersal.case.locate import builtin_cases
from dispersal.record.past import past_shares
from dispersal.whatif.experts.answers import PastEndings
from dispersal.whatif.experts.claims import AccountClaim, account
from dispersal.whatif.experts.judged import Judged, judge
from dispersal.whatif.experts.pooling import Pool, Question, pool_all
from dispersal.whatif.experts.reading import read
from dispersal.whatif.experts.series import Evidence
from dispersal.whatif.experts.tables import compared, last_known, plain_records, pool_lines
from dispersal.whatif.experts.words import SOURCES, table
from dispersal.whatif.store import head

if TYPE_CHECKING:
    import datetime as dt

    from dispersal.forecast.forecast import Forecast
    from dispersal.record.baselines import ReferenceShares

#: Scores of which more is better.
MORE_IS_BETTER: Final = frozenset({"tau"})


@dataclass(frozen=True, eq=False)
class Experts:
    """What experts judged, and what became of it.

    Parameters
    ----------
    case : Case
        With all that was published since.
    cutoff : datetime.date
        The day of the pools.
    judged : tuple of Judged
        In order of publication.
    pooled : dict of tuple to Pool
        By question, as known on the cut-off.
    account : tuple of AccountClaim
        Of those who judged on the day of the question.
    forecast : Forecast or None
        What it was compared with.
    """

    case: Case
    cutoff: dt.date
    judged: tuple[Judged, ...]
    pooled: dict[Question, Pool]
    account: tuple[AccountClaim, ...]
    forecast: Forecast | None = field(default=None, repr=False)

    def judgements(self) -> pd.DataFrame:
        """Return a line a judgement: what it says, the outcome, the verdict, the scores.

        Columns: see docs/experts.md. ``score`` is the expert's, ``pool``, ``model`` and
        ``reference`` those of the others on the same question.
        """
        return pd.DataFrame([one.row for one in self.judged])

    def by_expert(self) -> pd.DataFrame:
        """Return a line an expert and measure.

        Columns ``expert``, ``measure``, ``n`` (scored), ``right``, ``wrong``, ``score`` (mean),
        and for each of pool, model and reference ``n_<name>`` (questions that it answers, too),
        ``score_with_<name>`` (the expert's mean there) and ``<name>`` (its own).
        """
        rows = self.judgements()
        if rows.empty:
            return pd.DataFrame(columns=["expert", "measure", "n"])
        rows = rows[rows["scored"] & (rows["measure"] != "")]
        lines = []
        for (expert, measure), part in rows.groupby(["expert", "measure"], sort=True):
            lines.append({"expert": expert, "measure": measure} | compared(part))
        found = pd.DataFrame(lines)
        return found if found.empty else found.sort_values(["measure", "score", "expert"])

    def overall(self) -> pd.DataFrame:
        """Return two lines a measure, over all experts: columns as :meth:`by_expert`.

        ``when`` tells judgements known at the cut-off from later ones: of the former the model
        knows some months more than the experts did, of the latter the experts.
        """
        rows = self.judgements()
        rows = rows[rows["scored"] & (rows["measure"] != "")] if len(rows) else rows
        if rows.empty:
            return pd.DataFrame(columns=["measure", "when", "n"])
        return pd.DataFrame(
            {"measure": measure, "when": "later" if later else "by the cut-off"} | compared(part)
            for (measure, later), part in rows.groupby(["measure", "later"], sort=True)
        )

    def pools(self) -> pd.DataFrame:
        """Return a line a question and method.

        Columns ``quantity``, ``area``, ``place``, ``kind``, ``method``, ``judgements`` and
        ``experts`` (tuples), ``p10``, ``p50``, ``p90`` of a number on the scale of its score,
        ``chance`` of an event, ``order`` of rankings, ``says`` in words, ``weights``,
        ``fallback`` (why Cooke's weights are equal), and, of its last judgement that is scored,
        ``outcome``, ``measure``, ``score``, ``model``, ``reference``.
        """
        by_id = {one.claim.judgement.judgement_id: one for one in self.judged}
        lines = [
            line
            for pool in self.pooled.values()
            for line in pool_lines(pool, last_known(pool, by_id))
        ]
        return pd.DataFrame(lines)

    def claims(self) -> pd.DataFrame:
        """Return a line a place that the account of the question's day names.

        Columns ``judgement_id``, ``expert``, ``published``, ``cohort``, ``name``, ``words``,
        ``p10``, ``p50``, ``p90`` and ``forecast`` (80 % interval, in words), ``counts`` (what
        it counts), ``until``, ``published_later``, ``figure_ids``, ``sources``, ``verdict``.
        """
        return pd.DataFrame([one.row for one in self.account])

    def counts(self) -> dict[str, int]:
        """Return how many judgements there are, were pooled, scored, right and wrong.

        Right and wrong are numbers and events; of rankings the named places are counted.
        """
        scored = [one for one in self.judged if one.scored]
        sided = [one.right for one in scored if not one.places]
        named = [place.reached for one in scored for place in one.places]
        pooled = {
            claim.judgement.judgement_id for pool in self.pooled.values() for claim in pool.claims
        }
        shared = {
            claim.judgement.judgement_id
            for pool in self.pooled.values()
            for claim in pool.claims
            if len(pool.claims) > 1
        }
        return {
            "judgements": len(self.judged),
            "known_at_cutoff": sum(not one.later for one in self.judged),
            "claims": sum(one.claim.kind != "none" for one in self.judged),
            "pooled": len(pooled),
            "scored": len(scored),
            "pooled_with_others_and_scored": sum(
                one.claim.judgement.judgement_id in shared for one in scored
            ),
            "pooled_and_scored": sum(one.claim.judgement.judgement_id in pooled for one in scored),
            "right": sum(right is True for right in sided),
            "wrong": sum(right is False for right in sided),
            "no_side": sum(right is None for right in sided),
            "rankings": sum(bool(one.places) for one in scored),
            "places_named": len(named),
            "places_reached": sum(one is True for one in named),
            "places_not_reached": sum(one is False for one in named),
        }

    def record(self) -> dict[str, Any]:
        """Return everything as plain data, ready for JSON."""
        begin: dict[str, Any] = {"kind": "experts", "case": self.case.name}
        if self.forecast is not None:
            begin = head("experts", self.forecast)
        else:
            begin |= {"case_hash": self.case.content_hash, "cutoff": self.cutoff.isoformat()}
        return begin | {
            "counts": self.counts(),
            "judgements": plain_records(self.judgements()),
            "by_expert": plain_records(self.by_expert()),
            "overall": plain_records(self.overall()),
            "pools": plain_records(self.pools()),
            "claims": plain_records(self.claims()),
            "words": [
                {"words": one.words, "term": one.term, "probability": one.probability,
                 "source": one.source}
                for one in table().values()
            ],
            "word_sources": dict(SOURCES),
        }  # fmt: skip


def experts(
    forecast: Forecast, later: Case | None = None, *, reference: ReferenceShares | None = None
) -> Experts:
    """Pool the judgements of a forecast's case, and score them with the forecast afterwards.

    Parameters
    ----------
    forecast : Forecast
    later : Case, optional
        The case with all that was published since. Default: the built-in case of the same name,
        else the forecast's own, of which nothing is known later.
    reference : ReferenceShares, optional
        Shares after past endings; fitted (10 seconds) if not given.

    Examples
    --------
    >>> import dispersal
    >>> from dispersal.whatif.experts import experts_of
    >>> found = experts_of(dispersal.load_case("isis_2017"))
    >>> found.counts()["pooled_and_scored"] >= 20
    True
    """
    if later is None:
        name = forecast.case.name
        later = load_case(name) if name in builtin_cases() else forecast.case
    if reference is None:
        reference = past_shares(forecast.case, forecast.cutoff, seed=forecast.ensemble.seed)
    return _experts(later, forecast.cutoff, forecast, reference)


def experts_of(case: Case, cutoff: dt.date | None = None) -> Experts:
    """Pool and score the judgements of a case, without a forecast to compare them with.

    Parameters
    ----------
    case : Case
    cutoff : datetime.date, optional
        The day of the pools. Default: the day the question was asked.
    """
    return _experts(case, cutoff or case.asked_on, None, None)


def _experts(
    case: Case,
    cutoff: dt.date,
    forecast: Forecast | None,
    reference: ReferenceShares | None,
) -> Experts:
    rows = sorted(case.experts, key=lambda row: (row.published, row.judgement_id))
    claims = [read(row, case.period.until) for row in rows]
    pools = pool_all(case, claims, cutoff)
    evidence = Evidence(case)
    past = None
    if reference is not None:
        past = PastEndings.of(reference, case.as_known_on(cutoff), cutoff)
    judged = tuple(
        judge(evidence, claim, cutoff, pools.get(claim.question), forecast, past)
        for claim in claims
    )
    told_then = tuple(account(judged, case.asked_on, forecast))
    return Experts(case, cutoff, judged, pools, told_then, forecast)
