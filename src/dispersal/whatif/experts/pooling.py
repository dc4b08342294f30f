"""Judgements of the same question, known by a day, as one answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from dispersal.whatif.experts.cooke import performance_weights
from dispersal.whatif.experts.distributions import LEVELS, Piecewise, distribution, natural, points
from dispersal.whatif.experts.outcomes import outcome
from dispersal.whatif.experts.pools import (
    borda,
    linear_chance,
    linear_pool,
    log_linear_chance,
    log_linear_pool,
)
from dispersal.whatif.experts.scoring import values_of
from dispersal.whatif.experts.series import Evidence

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from dispersal.case import Case
    from dispersal.whatif.experts.cooke import Weights
    from dispersal.whatif.experts.reading import Claim

    FloatArray = NDArray[np.float64]

#: How judgements are pooled; the first is the one that others are compared with.
METHODS = ("linear", "log_linear", "cooke")

Question = tuple[str, str, str, str]


@dataclass(frozen=True, eq=False)
class Pool:
    """The pool of one question.

    Parameters
    ----------
    question : tuple of str
        As ``Claim.question``.
    claims : tuple of Claim
        Of every expert the latest.
    distributions : dict of str to Piecewise
        Of a number, by method; empty otherwise.
    chances : dict of str to float
        Of an event, by method; empty otherwise.
    order : dict of str to float
        Names of rankings with their Borda points, the highest first; empty otherwise.
    weights : Weights or None
        Of Cooke's model, for numbers.
    """

    question: Question
    claims: tuple[Claim, ...]
    distributions: dict[str, Piecewise] = field(default_factory=dict)
    chances: dict[str, float] = field(default_factory=dict)
    order: dict[str, float] = field(default_factory=dict)
    weights: Weights | None = None

    @property
    def kind(self) -> str:
        """Kind of the claims."""
        return self.claims[0].kind

    def draws(self, method: str = METHODS[0]) -> FloatArray:
        """Return evenly spaced quantiles of a number, shape (400,), on the scale of its score."""
        return natural(self.distributions[method].draws(), self.claims[0].scale)


def latest_of_each(claims: Iterable[Claim], day: dt.date) -> tuple[Claim, ...]:
    """Return of every expert the latest claim published by a day, in order of publication."""
    known = [claim for claim in claims if claim.judgement.published <= day]
    known.sort(key=lambda claim: (claim.judgement.published, claim.judgement.judgement_id))
    return tuple({claim.judgement.expert: claim for claim in known}.values())


def pool_all(case: Case, claims: Sequence[Claim], day: dt.date) -> dict[Question, Pool]:
    """Return the pool of every question that was judged by a day.

    Parameters
    ----------
    case : Case
        Only what was known on the day is looked at, for the answers of seed questions.
    claims : sequence of Claim
    day : datetime.date
        Later judgements enter no pool.
    """
    then = Evidence(case.as_known_on(day))
    known = [claim for claim in claims if claim.judgement.published <= day]
    questions = dict.fromkeys(claim.question for claim in known if claim.kind != "none")
    found = {}
    for question in questions:
        members = latest_of_each((one for one in known if one.question == question), day)
        found[question] = pool(question, members, seeds(then, known, members))
    return found


Seed = tuple["Claim", float]


def seeds(then: Evidence, known: Iterable[Claim], members: Sequence[Claim]) -> tuple[Seed, ...]:
    """Return the numbers that the experts of a pool judged earlier and that are known by now.

    Parameters
    ----------
    then : Evidence
        As known on the day of the pool.
    known : iterable of Claim
        Published by then.
    members : sequence of Claim
        Of the pool; they are no seeds themselves.
    """
    experts = {claim.judgement.expert for claim in members}
    found = []
    for claim in known:
        if claim.kind != "numeric" or claim in members or claim.judgement.expert not in experts:
            continue
        answer = outcome(then, claim)
        if answer.known and answer.low is not None:
            found.append((claim, float(values_of(answer, claim.scale).mean())))
    return tuple(found)


def pool(question: Question, members: Sequence[Claim], asked: Sequence[Seed] = ()) -> Pool:
    """Return the pool of some claims of one question.

    Parameters
    ----------
    question : tuple of str
    members : sequence of Claim
        At least one; of every expert one.
    asked : sequence of (Claim, float)
        Seed questions with their answers.
    """
    members = tuple(members)
    kind = members[0].kind
    if kind == "ranking":
        return Pool(question, members, order=borda([claim.names for claim in members]))
    if kind == "event":
        chances = [claim.probability for claim in members if claim.probability is not None]
        return Pool(
            question,
            members,
            chances={
                "linear": linear_chance(chances),
                "log_linear": log_linear_chance(chances),
            },
        )
    weights = _weights(members, asked)
    parts = [distribution(claim, members) for claim in members]
    return Pool(
        question,
        members,
        distributions={
            "linear": linear_pool(parts),
            "log_linear": log_linear_pool(parts),
            "cooke": linear_pool(parts, weights.weights),
        },
        weights=weights,
    )


def _weights(members: Sequence[Claim], asked: Sequence[Seed]) -> Weights:
    experts = [claim.judgement.expert for claim in members]
    values = np.full((len(experts), len(asked), len(LEVELS)), np.nan)
    for at, (claim, _) in enumerate(asked):
        values[experts.index(claim.judgement.expert), at] = points(claim)
    return performance_weights(values, np.array([answer for _, answer in asked]), LEVELS)
