"""A figure of one or more panels, with the finding above it and where it is from below."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from matplotlib import pyplot as plt
from matplotlib.transforms import ScaledTranslation

from dispersal.forecast.plots.style import EDGE, LINE, MUTED, TEXT, drawing, fill

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: Points between the texts and the panels.
_GAP: Final = 16.0
_FOOT: Final = 8.0

#: Points that a row of a legend takes.
_ROW: Final = 13.0


@contextmanager
def board(
    size: tuple[float, float], rows: int = 1, columns: int = 1
) -> Iterator[tuple[Figure, list[Axes]]]:
    """Give a new figure with panels, row by row, in the style of the project; close it at the end.

    Parameters
    ----------
    size : (float, float)
        Inches.
    rows, columns : int
    """
    figure: Figure | None = None
    try:
        with drawing(None, size) as first:
            figure = first.get_figure(root=True)
            assert figure is not None
            first.remove()
            panels = figure.subplots(rows, columns, squeeze=False)
            yield figure, list(panels.ravel())
    finally:
        if figure is not None:
            plt.close(figure)


def head(
    figure: Figure,
    finding: str,
    subtitle: str,
    source: str,
    handles: Sequence[Artist] = (),
    columns: int = 4,
) -> None:
    """Write the finding and what is drawn above the panels, and where it is from below them.

    Parameters
    ----------
    figure : Figure
    finding, subtitle, source : str
    handles : sequence of Artist
        Of a legend, which stands between panels and source.
    columns : int
        Of the legend.
    """
    inches, tall = (float(side) for side in figure.get_size_inches())
    room = inches - 2 * EDGE
    texts = [
        (fill(finding, room, 11, bold=True), 11.0, TEXT),
        (fill(subtitle, room, 8.5), 8.5, MUTED),
        (fill(source, room, 7), 7.0, MUTED),
    ]
    heights = [LINE * size * (text.count("\n") + 1) for text, size, _ in texts]
    above = (heights[0] + heights[1] + _GAP) / (72 * tall)
    below = (heights[2] + _FOOT) / (72 * tall)
    if handles:
        # One "outside" of the panels would stand on the source line.
        figure.legend(
            handles=handles, loc="lower left", bbox_to_anchor=(0.0, below), ncols=columns,
            labelcolor=MUTED, borderaxespad=0.2,
        )  # fmt: skip
        below += (_ROW * -(-len(handles) // columns) + _FOOT) / (72 * tall)
    engine = figure.get_layout_engine()
    if engine is not None:
        engine.set(rect=(0, below, 1, 1 - above - below))  # type: ignore[call-arg]
    places = [(1.0, -6.0, "top"), (1.0, -10.0 - heights[0], "top"), (0.0, 5.0, "bottom")]
    for (text, size, colour), (high, offset, at) in zip(texts, places, strict=True):
        shift = ScaledTranslation(0, offset / 72, figure.dpi_scale_trans)
        figure.text(
            EDGE / inches,
            high,
            text,
            transform=figure.transFigure + shift,
            fontsize=size,
            color=colour,
            fontweight="bold" if colour == TEXT else "normal",
            va=at,
            linespacing=LINE,
        )
