"""Figures for papers and notebooks, in matplotlib: ``forecast.plot.fan(...)`` and its siblings.

Each draws on the axes that it is given, or on a figure of its own, and returns the axes; what it
draws are numbers that the forecast's own functions give. matplotlib is imported when first used.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from dispersal.case import Case, Ledger
    from dispersal.case.asking import Day
    from dispersal.forecast.forecast import Forecast
    from dispersal.forecast.plots.coverage import Scored


@dataclass(frozen=True)
class Plots:
    """The figures of one forecast.

    Parameters
    ----------
    forecast : Forecast
    """

    forecast: Forecast

    def fan(
        self,
        quantity: str = "returned",
        origin: str | None = None,
        *,
        as_published: bool = False,
        later: Case | Ledger | None = None,
        ax: Axes | None = None,
    ) -> Axes:
        """Draw a quantity over time: see :func:`dispersal.forecast.plots.fan.draw_fan`."""
        from dispersal.forecast.plots.fan import draw_fan

        return draw_fan(
            self.forecast,
            quantity,
            self._whom(origin),
            as_published=as_published,
            later=later,
            ax=ax,
        )

    def fates(self, origin: str | None = None, *, ax: Axes | None = None) -> Axes:
        """Draw fates as shares: see :func:`dispersal.forecast.plots.fates.draw_fates`."""
        from dispersal.forecast.plots.fates import draw_fates

        return draw_fates(self.forecast, self._whom(origin), ax=ax)

    def map(
        self, date: Day | None = None, origin: str | None = None, *, ax: Axes | None = None
    ) -> Axes:
        """Draw where they are: see :func:`dispersal.forecast.plots.world_map.draw_map`."""
        from dispersal.forecast.plots.world_map import draw_map

        return draw_map(self.forecast, date, self._whom(origin), ax=ax)

    def flows(
        self,
        cohort: str = "all",
        date: Day | None = None,
        origin: str | None = None,
        *,
        labels: int = 12,
        ax: Axes | None = None,
    ) -> Axes:
        """Draw who went where: see :func:`dispersal.forecast.plots.flows.draw_flows`."""
        from dispersal.forecast.plots.flows import draw_flows

        return draw_flows(self.forecast, cohort, date, self._whom(origin), labels=labels, ax=ax)

    def coverage(self, scores: Scored, *, ax: Axes | None = None) -> Axes:
        """Draw how often intervals held: see ``dispersal.forecast.plots.coverage``."""
        from dispersal.forecast.plots.coverage import draw_coverage

        return draw_coverage(self.forecast, scores, ax=ax)

    def outcomes(self, outcomes: Scored, *, ax: Axes | None = None) -> Axes:
        """Draw published outcomes: see ``dispersal.forecast.plots.outcomes``."""
        from dispersal.forecast.plots.outcomes import draw_outcomes

        return draw_outcomes(self.forecast, outcomes, ax=ax)

    def contraction(self, top: int = 25, *, ax: Axes | None = None) -> Axes:
        """Draw what the evidence told: see ``dispersal.forecast.plots.contraction``."""
        from dispersal.forecast.plots.contraction import draw_contraction

        return draw_contraction(self.forecast, top, ax=ax)

    def _whom(self, origin: str | None) -> str | None:
        """Return who is asked for; local members where nobody was and none are from abroad."""
        from dispersal.forecast.answer_tables import kinds_of

        return "local" if origin is None and kinds_of(self.forecast) == ("local",) else origin
