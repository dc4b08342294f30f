"""One observable as a row: how well it tells an event, and from which value on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from dispersal.forecast import wording
from dispersal.whatif.indicators_power import Crossing, crossing_of, power_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dispersal.whatif.indicators_seen import Seen

#: Chances that the outcome lies above its threshold which a value may pass.
LEVELS: Final = {"half": 0.5, "likely": 0.8}


def row_of(
    seen: Seen, event: NDArray[np.bool_], anew: NDArray[np.float64], floor: float
) -> dict[str, object]:
    """Return how well an observable tells an event, and the values that take it past each level.

    Parameters
    ----------
    seen : Seen
    event : bool array, shape (D,)
    anew : float array, shape (B, D)
        From :func:`dispersal.whatif.indicators_power.weigh_anew`.
    floor : float
        A crossing is looked for if all of the interval of the AUC lies above.
    """
    power = power_of(seen, event, anew)
    row: dict[str, object] = {
        "observable": seen.name, "kind": seen.kind, "words": seen.words, "auc": power.auc,
        "auc_low": power.low, "auc_high": power.high, "rising": power.rising,
    }  # fmt: skip
    for name, level in LEVELS.items():
        found = None
        if power.low > floor:
            found = crossing_of(seen, event, anew, level, rising=power.rising)
        row |= {f"{name}_{part}": value for part, value in _told(seen, found).items()}
    return row


def _told(seen: Seen, found: Crossing | None) -> dict[str, object]:
    """Return a crossing as cells: persons for figures, a label for months and modes."""
    empty: dict[str, object] = dict.fromkeys(("value", "low", "high", "label", "above", "chance"))
    if found is None:
        return empty
    cells = empty | {"above": found.above, "chance": found.chance}
    if seen.kind == "end_mode":
        return cells | {"label": wording.listed([seen.labels[at] for at in found.places])}
    if seen.kind == "end_month":
        # Those beyond are the last months from the first of them on, or the first up to the last.
        return cells | {"label": seen.labels[found.places[0 if found.above else -1]]}
    ends = zip(("value", "low", "high"), (found.value, found.low, found.high), strict=True)
    return cells | {name: float(np.expm1(end)) for name, end in ends}
