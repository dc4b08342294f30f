"""What the history calls an outcome, and the fate of the model that it counts as."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from dispersal.model.fates import FATES

__all__ = ["FATES", "OUTCOMES", "UNITS", "Meaning"]

#: Units of an outcome: people, or a share of the members.
UNITS: Final = ("persons", "fraction")


@dataclass(frozen=True, slots=True)
class Meaning:
    """How figures of one outcome are read.

    Parameters
    ----------
    fate : str
        One of ``dispersal.model.fates.FATES``.
    width : float
        Standard deviation, on the log scale, that the outcome's definition adds to a figure.
    upper_only : bool
        Whether a figure with two ends bounds the fate from above only.
    reason : str
        Why.
    """

    fate: str
    width: float
    upper_only: bool
    reason: str


#: Every outcome that a table of outcomes may name.
OUTCOMES: Final = {
    "killed": Meaning(
        "killed", 0.0, upper_only=False, reason="the same; claims by the other side run high"
    ),
    "captured": Meaning(
        "detained",
        0.0,
        upper_only=False,
        reason="held; where the same place later tells of demobilised or home, it is those ever "
        "held, and so at most those still held",
    ),
    "underground": Meaning(
        "underground", 0.0, upper_only=False, reason="hidden or still armed near the lost territory"
    ),
    "rejoined_splinter": Meaning(
        "underground",
        0.0,
        upper_only=True,
        reason="armed nearby under another name; a splinter recruits anew, so that its strength "
        "bounds from above how many of the members went to it",
    ),
    "next_theatre": Meaning("onward", 0.0, upper_only=False, reason="in another theatre"),
    "third_country": Meaning(
        "onward", 0.0, upper_only=False, reason="in a country that is neither home nor a theatre"
    ),
    "home": Meaning("home", 0.0, upper_only=False, reason="the same"),
    "demobilised": Meaning(
        "home",
        0.25,
        upper_only=False,
        reason="back in civilian life; intake of a programme is no count of members: others are "
        "let in, and members go home without it",
    ),
}
