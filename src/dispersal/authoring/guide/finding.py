"""One thing to fill in: where, why, and what does it."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from dispersal.model.parameters import table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dispersal.case import Case

#: Rows of a finding that a sentence names.
NAMED = 3


@dataclass(frozen=True)
class Finding:
    """One thing to fill in.

    Parameters
    ----------
    rule : str
        Name of the rule that found it; ``information`` where a saved run did.
    file, column : str
        Where in the case.
    what : str
        What is missing, in words.
    why : str
        What the forecast takes instead, and what it would change.
    how : str
        The command that does it, or what to write.
    rows : tuple of str
        Identifiers of the rows concerned, the most important first.
    worth : float or None
        Share of the expected error of the target that a figure would cut, where known.
    """

    rule: str
    file: str
    column: str
    what: str
    why: str
    how: str
    rows: tuple[str, ...] = ()
    worth: float | None = None

    def record(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {**asdict(self), "rows": list(self.rows)}


def some(names: Sequence[str]) -> str:
    """Return the first of several names, and how many more there are.

    Examples
    --------
    >>> some(["Tunisia"]), some(["A", "B", "C", "D", "E"])
    ('Tunisia', 'A, B, C and 2 more')
    """
    shown = list(names[:NAMED])
    if len(names) > NAMED:
        return f"{', '.join(shown)} and {len(names) - NAMED} more"
    return f"{', '.join(shown[:-1])} and {shown[-1]}" if len(shown) > 1 else "".join(shown)


def usual(name: str) -> str:
    """Return the 80 % range of a prior, as a sentence has it.

    Examples
    --------
    >>> usual("end_delay"), usual("custody_share")
    ('8.6 to 67', '20 % to 54 %')
    """
    parameter = table()[name]
    a, b = float(parameter.a), float(parameter.b)
    ends = -1.2815515655446004, 1.2815515655446004
    if parameter.distribution == "share":
        logit = math.log(a / (1.0 - a))
        low, high = (100.0 / (1.0 + math.exp(-(logit + z * b))) for z in ends)
        return f"{low:.2g} % to {high:.2g} %"
    if parameter.distribution == "lognormal":
        low, high = (a * math.exp(z * b) for z in ends)
    else:
        low, high = (a + z * b for z in ends)
    return f"{low:.2g} to {high:.2g}"


def add_command(folder: str, quantity: str, *options: str) -> str:
    """Return the command that adds a figure; capitals stand for what is to be filled in.

    Examples
    --------
    >>> add_command("./mine", "strength", "--place", "COL")
    'dispersal evidence add ./mine --quantity strength --place COL --low N --high N \
--as-of DATE --published DATE --source KEY'
    """
    about = " ".join(options)
    return (
        f"dispersal evidence add {folder} --quantity {quantity} {about} --low N --high N "
        "--as-of DATE --published DATE --source KEY"
    )


def theatre(case: Case) -> str:
    """Return the places of the whole home theatre, as an aggregate names them."""
    return "+".join(case.territory.places)


def by_size(case: Case, origins: Sequence[str]) -> tuple[str, ...]:
    """Return origins, those with the largest contingent or else the largest population first."""
    people = {row.origin: row.population or 0.0 for row in case.origins}
    told: dict[str, float] = {}
    for figure in case.ledger.figure_rows:
        if figure.quantity == "departed":
            count = max(figure.low or 0.0, figure.high or 0.0)
            told[figure.origin] = max(told.get(figure.origin, 0.0), count)
    return tuple(sorted(origins, key=lambda one: (-told.get(one, 0.0), -people.get(one, 0.0))))
