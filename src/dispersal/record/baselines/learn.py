"""Every baseline that could have been made on a day, each speaking of the same rows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from dispersal.case import Case, Ledger
from dispersal.record.baselines.experts import Experts
from dispersal.record.baselines.known import known_on
from dispersal.record.baselines.last_changes import LastChanges
from dispersal.record.baselines.last_figure import LastFigure
from dispersal.record.baselines.linear_trend import LinearTrend
from dispersal.record.baselines.pooled_share import PooledShare
from dispersal.record.baselines.prediction import FirstOf
from dispersal.record.baselines.reference_class import ReferenceClass, ReferenceShares
from dispersal.record.baselines.spread import revisions_of

if TYPE_CHECKING:
    import datetime as dt

    from dispersal.record.baselines.prediction import Baseline

#: Every baseline by its name in tables, and in words: the rule it is named for comes first.
BASELINES: Final = {
    "last_figure": "last figure",
    "pooled_share": "pooled share",
    "last_else_share": "last figure, else pooled share",
    "linear_trend": "linear trend",
    "last_changes": "last changes",
    "reference_class": "reference class",
    "experts": "experts",
}

#: The one that says nothing where its own rule has nothing to go by.
SILENT: Final = "last_figure"


def learn_baselines(
    evidence: Case | Ledger, cutoff: dt.date, reference: ReferenceShares | None = None
) -> dict[str, Baseline]:
    """Return the baselines that could have been made on a day.

    ``last_figure`` speaks only where there is one. All others speak of the same figures: where
    their own rule has nothing to go by, *the last figure stands, else the pooled share of the
    departed*; for ``last_changes`` the pooled share is taken with the countries' own residuals,
    and for ``pooled_share`` the last figure comes second. Nothing is said of a figure whose
    country has neither a last figure nor a known number of departed.

    Parameters
    ----------
    evidence : Case or Ledger
        May hold rows published later; they are not seen. Experts' judgements come with a case.
    cutoff : datetime.date
        The last day that counts.
    reference : ReferenceShares, optional
        Without it there is no ``reference_class``.

    Returns
    -------
    dict of str to Baseline
        By name, a key of ``BASELINES``.

    Examples
    --------
    >>> from dispersal.case import load_case
    >>> case = load_case("isis_2017")
    >>> baselines = learn_baselines(case, case.asked_on)
    >>> found = baselines["last_changes"].predict("returned", "TUN", case.period.until)
    >>> found.rule, found.draws().shape
    ('last changes', (400,))
    """
    ledger = evidence.ledger if isinstance(evidence, Case) else evidence
    judgements = evidence.experts if isinstance(evidence, Case) else ()
    known = known_on(ledger, cutoff)
    revisions = revisions_of(known)
    last, share = LastFigure(known, revisions), PooledShare.learn(known, revisions)
    own_shares = replace(share, empirical=True)
    plain = FirstOf((last, share))
    found: dict[str, Baseline] = {
        "last_figure": last,
        "pooled_share": FirstOf((share, last)),
        "last_else_share": plain,
        "linear_trend": FirstOf((LinearTrend.learn(known), plain)),
        "last_changes": FirstOf((LastChanges.learn(known, revisions), own_shares)),
        "experts": FirstOf((Experts.learn(known, revisions, judgements), plain)),
    }
    if reference is not None:
        found["reference_class"] = FirstOf((ReferenceClass(known, reference, share.spreads), plain))
    return {name: found[name] for name in BASELINES if name in found}
