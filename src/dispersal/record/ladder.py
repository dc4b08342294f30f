"""A ladder of models, from the simplest up: what each idea is worth in the backtest.

A rung takes an idea out of the model by a prior that leaves it no room (a scale of a hundredth, an
effect of zero), so that every rung is fitted and scored by the same code.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from dispersal.case.question import ParameterOverride
from dispersal.model.parameters import table
from dispersal.record.backtest import Backtest, backtest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from dispersal.case import Case
    from dispersal.case.asking import Day

#: A median and a spread that leave a positive scale no room.
NO_SCALE: Final = (0.01, 0.05)

#: The same for an effect.
NO_EFFECT: Final = (0.0, 0.001)

#: The same for a share that is to be one.
WHOLE: Final = (0.999, 0.01)


@dataclass(frozen=True)
class Idea:
    """Something that a rung adds.

    Parameters
    ----------
    name : str
    without : dict of str to (float, float)
        Priors that take it out, by parameter.
    """

    name: str
    without: Mapping[str, tuple[float, float]]


#: In the order in which they are added to constant hazards, the same for all countries.
IDEAS: Final = (
    Idea("profiles in time", {"home_profile_sd": NO_SCALE, "killed_profile_sd": NO_SCALE}),
    Idea("countries differ", {"home_origin_sd": NO_SCALE, "killed_origin_sd": NO_SCALE}),
    Idea(
        "distance, governance, border",
        dict.fromkeys(("home_distance", "home_governance", "home_border"), NO_EFFECT),
    ),
    Idea(
        "national series have a bias",
        {f"bias_{name}_sd": NO_SCALE for name in ("returned", "killed", "remaining", "detained")},
    ),
    Idea(
        "definitions (tags)",
        {
            f"tag_{name}": NO_EFFECT
            for name in ("unofficial", "all_theatres", "would_be", "present", "redefined")
        },
    ),
    Idea("unreported dead count as remaining", {"killed_reported": WHOLE}),
)


def rung(case: Case, height: int) -> Case:
    """Return a case whose model has the first ``height`` ideas only.

    Examples
    --------
    >>> from dispersal.case import load_case
    >>> sorted(rung(load_case("isis_2017"), len(IDEAS) - 1).parameters)
    ['killed_reported']
    """
    taken: dict[str, ParameterOverride] = {}
    for idea in IDEAS[height:]:
        for name, (a, b) in idea.without.items():
            family = table()[name].distribution
            value = (0.0, a * b) if family == "halfnormal" else (a, b)
            taken[name] = ParameterOverride(prior=value, source="judgement")
    kept = {name: row for name, row in case.parameters.items() if name not in taken}
    question = case.question_file.model_copy(update={"parameters": kept | taken})
    return replace(case, question_file=question)


def climb(
    case: Case,
    as_known_on: Day | Sequence[Day] | None = None,
    *,
    heights: Sequence[int] | None = None,
    progress: Callable[[str], Callable[[int, int], None]] | None = None,
    **settings: Any,
) -> tuple[pd.DataFrame, dict[str, Backtest]]:
    """Backtest every rung.

    Parameters
    ----------
    case : Case
    as_known_on : day or sequence of days, optional
        Cut-offs, as for :func:`dispersal.record.backtest.backtest`.
    heights : sequence of int, optional
        How many ideas each rung has; default: none, one, … all.
    progress : callable, optional
    **settings
        As for ``backtest``.

    Returns
    -------
    table : pandas.DataFrame
        A line for each rung and quantity, averaged over the cut-offs: ``rung``, ``quantity``,
        ``crps``, ``best`` (baseline), ``crps_best`` and ``skill``.
    found : dict of str to Backtest
        By rung.
    """
    lines: list[dict[str, Any]] = []
    found: dict[str, Backtest] = {}
    for height in range(len(IDEAS) + 1) if heights is None else heights:
        name = f"+ {IDEAS[height - 1].name}" if height else "constant hazards"
        found[name] = backtest(rung(case, height), as_known_on, progress=progress, **settings)
        averaged = found[name].averaged()
        lines += [
            {
                "rung": name,
                "quantity": line["quantity"],
                "crps": line["forecast"],
                "best": line["baseline"],
                "crps_best": line["score"],
                "skill": line["skill"],
            }
            for line in averaged[averaged["best"]].to_dict("records")
        ]
    return pd.DataFrame(lines), found
