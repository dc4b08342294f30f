"""How often the forecast's intervals held the figures that were published later."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

import numpy as np
from matplotlib.ticker import PercentFormatter
from scipy.stats import beta

from dispersal.errors import InputError
from dispersal.forecast.plots.style import NAMES, drawing, say
from dispersal.forecast.wording import percent

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from dispersal.forecast.forecast import Forecast

LEVELS: Final = (50, 80, 95)
#: One shade a level.
SHADES: Final = ("#9db8ca", "#33617f", "#132c3d")


class Scored(Protocol):
    """What is drawn of scores: ``dispersal.score(...)`` and a backtest both have it."""

    @property
    def rows(self) -> pd.DataFrame:
        """One scored figure a row, with ``quantity`` and ``inside50`` to ``inside95``."""


def draw_coverage(forecast: Forecast, scores: Scored, *, ax: Axes | None = None) -> Axes:
    """Draw the share of later figures inside intervals of 50, 80 and 95 %, by quantity.

    Parameters
    ----------
    forecast : Forecast
    scores : Scores
        From ``dispersal.score(forecast, figures)``.
    ax : Axes, optional

    Returns
    -------
    Axes
        Bars are 90 % intervals of the share if figures were independent, which those of one
        country are not (Clopper and Pearson, 1934).

    Raises
    ------
    InputError
        If no figure was scored.
    """
    rows = scores.rows
    if rows.empty:
        raise InputError("found no scored figure, expected some: nothing was published later")
    names = [str(name) for name in rows["quantity"].value_counts().index]
    with drawing(ax, (6.4, 2.0 + 0.42 * len(names))) as axes:
        for level, shade, row in zip(LEVELS, SHADES, (0.22, 0.0, -0.22), strict=True):
            found = [
                _share_and_ends(rows.loc[rows["quantity"] == name, f"inside{level}"].to_numpy(bool))
                for name in names
            ]
            share, low, high = np.array(found).T
            axes.axvline(level / 100, color=shade, linewidth=1.0, linestyle=(0, (4, 2)), zorder=1)
            axes.errorbar(
                share,
                np.arange(len(names))[::-1] + row,
                xerr=[share - low, high - share],
                color=shade,
                marker="o",
                markersize=5,
                linestyle="none",
                elinewidth=1.0,
                label=f"{level} %",
                zorder=3,
            )
        counts = rows["quantity"].value_counts()
        named = [f"{NAMES.get(name, name.replace('_', ' '))} ({counts[name]})" for name in names]
        axes.set_yticks(np.arange(len(names))[::-1], named)
        axes.set(xlim=(0, 1.02), ylim=(-0.6, len(names) - 0.4))
        axes.grid(visible=False, axis="y")
        axes.xaxis.set_major_formatter(PercentFormatter(1.0, decimals=0, symbol=" %"))
        axes.set_xlabel("share of published figures inside the interval")
        axes.legend(
            loc="lower left", bbox_to_anchor=(0, 1.0), ncols=3, title="interval of the forecast",
            title_fontsize=8, alignment="left",
        )  # fmt: skip
        inside = float(rows["inside80"].mean())
        say(
            axes,
            forecast,
            f"Of {len(rows)} later figures {percent(inside)} are inside the 80 % interval",
            "Figures published after the cut-off (how many, in brackets) inside intervals of the "
            "forecast; a dot on the dashed line of its colour is as it should be, to the left the "
            "forecast was too sure, to the right too vague.",
        )
    return axes


def _share_and_ends(inside: np.ndarray) -> tuple[float, float, float]:
    hits, all_of_them = int(inside.sum()), len(inside)
    low = beta.ppf(0.05, hits, all_of_them - hits + 1) if hits else 0.0
    high = beta.ppf(0.95, hits + 1, all_of_them - hits) if hits < all_of_them else 1.0
    return hits / all_of_them, float(low), float(high)
