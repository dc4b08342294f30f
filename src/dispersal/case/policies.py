"""Which row of policies.csv is in force on a day."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from dispersal.case.schema import Policy


def policy_in_force(
    policies: Iterable[Policy], actor: str, policy: str, day: date, stratum: str = ""
) -> Policy | None:
    """Return the row that says what an actor does on a day, or None if none does.

    Of rows with the same actor, policy and stratum the one that began last counts: it takes
    over from those before it, and when it ends they do not come back. A row for the stratum
    comes before a row for all.

    Parameters
    ----------
    policies : iterable of Policy
        Rows of policies.csv, for a forecast those of :meth:`Case.as_known_on`.
    actor, policy : str
        An origin or place, and one of ``POLICIES``.
    day : date
        The day in question.
    stratum : str
        One of ``STRATA``; "" asks for rows that hold for all.

    Examples
    --------
    >>> from datetime import date
    >>> from dispersal.case.schema import Policy
    >>> rows = [Policy.model_validate(dict(policy_id=day, actor="TUN", policy="custody",
    ...         low=low, high=0.9, published=day, note="judgement") | {"from": day})
    ...         for day, low in (("2014-01-01", 0.2), ("2016-01-01", 0.5))]
    >>> policy_in_force(rows, "TUN", "custody", date(2017, 3, 7)).low
    0.5
    """
    matching = [row for row in policies if row.actor == actor and row.policy == policy]
    for wanted in dict.fromkeys((stratum, "")):
        begun = [row for row in matching if (row.stratum or "") == wanted and row.from_ <= day]
        latest = max(begun, key=lambda row: row.from_, default=None)
        if latest is not None and (latest.until is None or day <= latest.until):
            return latest
    return None
