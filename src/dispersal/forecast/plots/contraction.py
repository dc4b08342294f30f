"""What the evidence told of each parameter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from matplotlib.ticker import PercentFormatter

from dispersal.errors import InputError
from dispersal.forecast.answer import UNTOLD
from dispersal.forecast.plots.style import DATA, MUTED, RULE, drawing, say

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from dispersal.forecast.forecast import Forecast

#: Inches that a parameter takes.
_ROW: Final = 0.2


def draw_contraction(forecast: Forecast, top: int = 25, *, ax: Axes | None = None) -> Axes:
    """Draw the contraction of the parameters that the evidence told most about.

    Parameters
    ----------
    forecast : Forecast
    top : int
        How many.
    ax : Axes, optional

    Returns
    -------
    Axes
        Contraction is 1 − (posterior sd / prior sd)²: 0 if the evidence told nothing.

    Raises
    ------
    InputError
        If the forecast was made or saved without what the evidence told, or ``top`` is below 1.
    """
    table = forecast.contraction
    if table is None or table.empty:
        raise InputError(
            "found a forecast without its table of contraction, expected one that "
            "dispersal.forecast made or that was saved with it"
        )
    if top < 1:
        raise InputError(f"found top {top}, expected 1 or more")
    values = table["contraction"].astype(float).sort_values(ascending=False, kind="stable")
    shown = values.head(top)[::-1].clip(lower=0.0)
    with drawing(ax, (6.4, 1.5 + _ROW * len(shown))) as axes:
        heights = np.arange(len(shown))
        axes.hlines(heights, 0, shown, color=RULE, linewidth=1.4)
        axes.plot(shown, heights, "o", color=DATA, markersize=5)
        axes.axvline(UNTOLD, color=MUTED, linewidth=0.8, linestyle=":")
        axes.set_yticks(heights, [str(name) for name in shown.index], fontsize=8)
        axes.set(xlim=(0, 1.02), ylim=(-0.7, len(shown) - 0.3))
        axes.grid(visible=False, axis="y")
        axes.xaxis.set_major_formatter(PercentFormatter(1.0, decimals=0, symbol=" %"))
        untold = int((values < UNTOLD).sum())
        rest = len(values) - len(shown)
        say(
            axes,
            forecast,
            f"The evidence could hardly tell {untold} of {len(values)} parameters from their "
            "priors",
            "Contraction, the share of the prior variance that the evidence took away"
            + (f"; the {len(shown)} largest, {rest} more are smaller." if rest else ".")
            + f" Left of the dotted line ({100 * UNTOLD:.0f} %) a prior counts as untold.",
        )
    return axes
