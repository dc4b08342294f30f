"""One judgement with its outcome, its verdict, and its score next to the others'."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from dispersal.forecast.wording import number
from dispersal.whatif.experts.answers import model_answer, model_sizes, reference_answer
from dispersal.whatif.experts.destinations import reached
from dispersal.whatif.experts.distributions import distribution, natural, points
from dispersal.whatif.experts.measured import Outcome, day_of_year
from dispersal.whatif.experts.outcomes import outcome
from dispersal.whatif.experts.scoring import (
    MEASURES,
    brier,
    event_verdict,
    interval_score,
    log_score,
    number_score,
    number_verdict,
    places_verdict,
    rank_agreement,
    values_of,
)

if TYPE_CHECKING:
    import datetime as dt

    from dispersal.forecast.forecast import Forecast
    from dispersal.whatif.experts.answers import Answer, PastEndings
    from dispersal.whatif.experts.destinations import Reached
    from dispersal.whatif.experts.pooling import Pool
    from dispersal.whatif.experts.reading import Claim
    from dispersal.whatif.experts.series import Evidence

#: Those whose scores stand next to the judgement's.
OTHERS = ("pool", "model", "reference")


@dataclass(frozen=True, eq=False)
class Judged:
    """A judgement and what became of it.

    Parameters
    ----------
    claim : Claim
    found : Outcome
    places : tuple of Reached
        Of a ranking, one a name.
    later : bool
        Whether it was published after the cut-off; then it is in no pool.
    verdict : str
        In words.
    right : bool or None
        None if it took no side, is not scored, or names places: those are right one by one.
    measure : str
        What the scores are: ``brier``, ``crps_log``, ``crps_years``, ``crps_share``, ``tau`` (of
        which more is better); empty if there is none.
    scores : dict of str to float
        By ``expert``, ``pool``, ``model`` and ``reference``, as far as they answer.
    extra : dict of str to float
        ``log_score`` of an event, ``interval_score`` of a number.
    says : dict of str to str
        What each of them says, in words.
    """

    claim: Claim
    found: Outcome
    places: tuple[Reached, ...]
    later: bool
    verdict: str
    right: bool | None
    measure: str
    scores: dict[str, float]
    extra: dict[str, float]
    says: dict[str, str]

    @property
    def scored(self) -> bool:
        """Whether an outcome is known for at least a part of it."""
        return self.found.known or any(one.reached is not None for one in self.places)

    @property
    def row(self) -> dict[str, Any]:
        """The judgement as a line of a table."""
        row, found = self.claim.judgement, self.found
        hits = [one.reached for one in self.places]
        return {
            "judgement_id": row.judgement_id,
            "expert": row.expert,
            "published": row.published,
            "later": self.later,
            "quantity": row.quantity,
            "area": self.claim.area,
            "place": row.place,
            "kind": self.claim.kind,
            "proposition": self.claim.proposition,
            "words": row.probability_words,
            "probability": self.claim.probability,
            "says": self.says["expert"],
            "outcome": found.text,
            "outcome_low": found.low,
            "outcome_high": found.high,
            "measured_from": found.base_day,
            "measured_to": found.day,
            "figure_ids": found.figure_ids,
            "sources": found.sources,
            "scored": self.scored,
            "verdict": self.verdict,
            "right": self.right,
            "reached": sum(hit is True for hit in hits) if hits else None,
            "named": len(hits) if hits else None,
            "measure": self.measure,
            "score": self.scores.get("expert"),
            **{name: self.scores.get(name) for name in OTHERS},
            **{f"{name}_says": self.says.get(name, "") for name in OTHERS},
            "log_score": self.extra.get("log_score"),
            "interval_score": self.extra.get("interval_score"),
        }


def judge(
    evidence: Evidence,
    claim: Claim,
    cutoff: dt.date,
    pool: Pool | None,
    forecast: Forecast | None,
    past: PastEndings | None,
) -> Judged:
    """Return what became of a judgement, scored next to the pool, the model and past endings.

    Parameters
    ----------
    evidence : Evidence
    claim : Claim
    cutoff : datetime.date
    pool : Pool or None
        Of the same question, as known on the cut-off.
    forecast : Forecast or None
    past : PastEndings or None
    """
    later = claim.judgement.published > cutoff
    if claim.kind == "none":
        found = Outcome(False, claim.reason)
        said = {"expert": claim.judgement.ranking or "–"}
        return Judged(claim, found, (), later, f"no claim: {claim.reason}", None, "", {}, {}, said)
    if claim.kind == "ranking":
        return _ranked(evidence, claim, later, pool, forecast)
    found = outcome(evidence, claim)
    answers: dict[str, Answer | None] = {}
    if forecast is not None and found.known:
        answers["model"] = model_answer(forecast, claim, found)
    if past is not None and found.known:
        answers["reference"] = reference_answer(past, claim)
    if claim.kind == "event":
        return _event(claim, found, later, pool, answers)
    return _number(claim, found, later, pool, answers)


def _number(
    claim: Claim, found: Outcome, later: bool, pool: Pool | None, answers: dict[str, Answer | None]
) -> Judged:
    low, middle, high = points(claim)
    draws = {"expert": natural(distribution(claim).draws(), claim.scale)}
    if pool is not None:
        draws["pool"] = pool.draws()
    draws |= {
        name: one.draws
        for name, one in answers.items()
        if one is not None and one.draws is not None
    }
    says = {
        name: told(np.quantile(one, [0.1, 0.5, 0.9]), claim.scale) for name, one in draws.items()
    }
    says["expert"] = told(np.array([low, middle, high]), claim.scale)
    if not found.known:
        return Judged(claim, found, (), later, f"not known: {found.text}", None, "", {}, {}, says)
    if found.low is None:
        return _bounded(claim, found, later, says, low)
    values = values_of(found, claim.scale)
    verdict, right = number_verdict(claim, (low, high), values)
    return Judged(
        claim, found, (), later, verdict, right, MEASURES[claim.scale],
        {name: number_score(one, values) for name, one in draws.items()},
        {"interval_score": interval_score(low, high, values)}, says,
    )  # fmt: skip


def _bounded(claim: Claim, found: Outcome, later: bool, says: dict[str, str], low: float) -> Judged:
    """Return the verdict on a number of which later only the most is known; there is no score."""
    assert found.high is not None
    most = float(np.log1p(found.high)) if claim.scale == "count" else found.high
    if most >= low:
        return Judged(
            claim, Outcome(False, found.text), (), later, f"not known: {found.text}", None, "",
            {}, {}, says,
        )  # fmt: skip
    return Judged(claim, found, (), later, f"wrong: {found.text}", False, "", {}, {}, says)


def _event(
    claim: Claim, found: Outcome, later: bool, pool: Pool | None, answers: dict[str, Answer | None]
) -> Judged:
    assert claim.probability is not None
    chances = {"expert": claim.probability}
    if pool is not None:
        chances["pool"] = pool.chances["linear"]
    chances |= {
        name: one.chance
        for name, one in answers.items()
        if one is not None and one.chance is not None
    }
    says = {name: f"{100 * one:.0f} %" for name, one in chances.items()}
    says["expert"] = f"{described(claim)}: {says['expert']}"
    if not found.known or found.truth is None:
        return Judged(claim, found, (), later, f"not known: {found.text}", None, "", {}, {}, says)
    truth = found.truth
    verdict, right = event_verdict(claim.probability, truth)
    return Judged(
        claim, found, (), later, verdict, right, "brier",
        {name: brier(one, truth) for name, one in chances.items()},
        {"log_score": log_score(claim.probability, truth)}, says,
    )  # fmt: skip


def _ranked(
    evidence: Evidence, claim: Claim, later: bool, pool: Pool | None, forecast: Forecast | None
) -> Judged:
    places = reached(evidence, claim)
    counted = [one.size for one in places]
    orders: dict[str, list[float | None]] = {
        "expert": [float(len(places) - at) for at in range(len(places))]
    }
    says = {"expert": " > ".join(claim.names)}
    if pool is not None:
        orders["pool"] = [pool.order.get(name) for name in claim.names]
        says["pool"] = " > ".join(list(pool.order)[:5])
    if forecast is not None:
        sizes = model_sizes(forecast, claim, places)
        medians = [None if one is None else float(one.mean()) for one in sizes]
        orders["model"] = list(medians)
        says["model"] = "; ".join(
            f"{one.name} {number(size)}"
            for one, size in zip(places, medians, strict=True)
            if size is not None
        )
    # Only who orders every name that was counted answers the same question.
    scores = {
        name: rank_agreement(order, counted)
        for name, order in orders.items()
        if not any(a is None and b is not None for a, b in zip(order, counted, strict=True))
    }
    kept = {name: score for name, score in scores.items() if score is not None}
    ids = tuple(dict.fromkeys(name for one in places for name in one.figure_ids))
    sources = tuple(dict.fromkeys(name for one in places for name in one.sources))
    text = "; ".join(f"{one.name}: {one.text}" for one in places)
    known = all(one.reached is not None for one in places)
    days = [one.day for one in places if one.day]
    found = Outcome(known, text, figure_ids=ids, sources=sources, day=max(days, default=None))
    return Judged(
        claim, found, places, later, places_verdict(places), None,
        "tau" if "expert" in kept else "", kept if "expert" in kept else {}, {}, says,
    )  # fmt: skip


def described(claim: Claim) -> str:
    """Return the proposition of an event in words."""
    row = claim.judgement
    if claim.proposition == "mass":
        return f"half of {number(float(row.high or 0))} or more come"
    if claim.proposition == "ends":
        return f"the last territory is lost by {claim.until}"
    if claim.proposition == "lives_on":
        return "1,000 or more are left after the end"
    return "it rises by a quarter or more"


def told(ends: Any, scale: str) -> str:
    """Return three quantiles in words.

    Examples
    --------
    >>> told(np.array([2017.5, 2018.0, 2019.0]), "year"), told(np.array([0.0, 0.25, 0.5]), "share")
    ('2018-01 (2017-07 to 2019-01)', '25 % (0 to 50)')
    """
    low, middle, high = (float(end) for end in ends)
    if scale == "year":
        days = [f"{day_of_year(end):%Y-%m}" for end in (middle, low, high)]
        return f"{days[0]} ({days[1]} to {days[2]})"
    if scale == "share":
        return f"{100 * middle:.0f} % ({100 * low:.0f} to {100 * high:.0f})"
    counts = [number(float(np.expm1(end))) for end in (middle, low, high)]
    return f"{counts[0]} ({counts[1]} to {counts[2]})"
