"""One folder with the tables, pictures and page of a run of displacement."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dispersal.errors import InputError
from dispersal.forecast.store import require_free
from dispersal.report.displacement.document import displacement_document
from dispersal.report.displacement.drawing.error_bars import draw_errors
from dispersal.report.displacement.drawing.fans import draw_camps
from dispersal.report.displacement.drawing.still_map import draw_map_of_camps
from dispersal.report.displacement.positions import positions_of
from dispersal.report.displacement.results import results_of
from dispersal.report.displacement.tables import write_run, write_tables
from dispersal.report.page import page, require_front_end

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from matplotlib.figure import Figure

    from dispersal.displacement import CampForecast, CampScore, FleeResult

REPORT: Final = "report.html"

KINDS: Final = ("svg", "png")

#: Dots an inch of the PNG files.
DPI: Final = 150


def write_displacement(
    result: FleeResult | CampForecast, score: CampScore | None, folder: str | Path
) -> Path:
    """Write a run of displacement as tables, pictures and a page for a browser.

    Parameters
    ----------
    result : FleeResult or CampForecast
        What ``run_flee`` or ``forecast_camps`` gave.
    score : CampScore or None
        What ``score_camps`` gave; None for a ``FleeResult``, which has its own errors.
    folder : str or Path
        Made if it does not exist; must be empty if it does.

    Returns
    -------
    Path
        The folder, with ``camps.csv``, ``errors.csv``, the pictures ``camps``, ``map`` (where
        places have coordinates) and ``errors`` as SVG and PNG, ``report.html`` and ``run.json``,
        which is written last: a folder without it is not whole.

    Raises
    ------
    InputError
        If there is something in the folder already, it cannot be written, or a forecast comes
        without its score.
    DispersalError
        If the package was put together without the front end of the report.

    Examples
    --------
    ``write_displacement(run_flee("./mali2012"), None, "runs/mali2012-flee")``
    """
    path = require_free(folder)
    require_front_end()
    results = results_of(result, score)
    positions = positions_of(results.folder)
    try:
        path.mkdir(parents=True, exist_ok=True)
        write_tables(results, path)
        draw_camps(results, _into(path, "camps"))
        if positions.can_be_drawn:
            draw_map_of_camps(results, positions, _into(path, "map"))
        draw_errors(results, _into(path, "errors"))
        text = page(displacement_document(results, positions))
        (path / REPORT).write_text(text, encoding="utf-8", newline="\n")
        write_run(results, path)
    except OSError as error:
        raise InputError(
            f"found {path}, expected a folder that can be written: {error.strerror or error}"
        ) from None
    return path


def _into(path: Path, name: str) -> Callable[[Figure], None]:
    """Return what saves a figure under a name, the same bytes for the same figure."""

    def keep(figure: Figure) -> None:
        for kind in KINDS:
            # A date in the file would make it another each time.
            said = {"Date": None} if kind == "svg" else {}
            figure.savefig(path / f"{name}.{kind}", dpi=DPI, metadata=said)

    return keep
