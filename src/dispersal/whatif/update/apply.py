"""Bring a saved forecast up to date with new rows of evidence."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dispersal.case.asking import Day, day_of
from dispersal.errors import InputError
from dispersal.forecast.make import check_settings, forecast
from dispersal.forecast.plain import plain
from dispersal.forecast.store import load_posterior, require_free
from dispersal.inference.extend import design_on
from dispersal.inference.fit import fit
from dispersal.inference.reweigh import reweigh
from dispersal.whatif.store import head, keep
from dispersal.whatif.update.history import entry, history_of, write_history
from dispersal.whatif.update.moved import likelihoods_of, moved
from dispersal.whatif.update.outputs import LEVELS, read_outputs
from dispersal.whatif.update.rows import NewRows, read_rows, without_effect

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    import pandas as pd

    from dispersal.case.schema import Aggregate, Figure
    from dispersal.forecast.forecast import Forecast
    from dispersal.inference.posterior import Posterior

    Progress = Callable[[int, int], None]


@dataclass(frozen=True, eq=False)
class Update:
    """A forecast under new evidence, and what the evidence did to it.

    Parameters
    ----------
    forecast : Forecast
    posterior : Posterior
    folder : Path
        Where the new forecast is saved.
    before : Path
        The forecast that was brought up to date.
    new : NewRows
    unused : dict of str to str
        New rows that change nothing, each with the reason.
    method : {"reweighed", "refitted"}
    why : tuple of str
        Why the draws could not be weighed anew; empty if they could.
    khat, effective : float
        Of the weights of the earlier draws: k-hat, and the draws of equal weight that say as much.
    moved : pandas.DataFrame
        As :func:`dispersal.whatif.update.moved.moved` gives it.
    day : str
        The last day, which the outputs speak of.
    seconds : dict of str to float
        By step.
    """

    forecast: Forecast
    posterior: Posterior
    folder: Path
    before: Path
    new: NewRows
    unused: dict[str, str]
    method: str
    why: tuple[str, ...]
    khat: float
    effective: float
    moved: pd.DataFrame
    day: str
    seconds: dict[str, float]

    def table(self) -> pd.DataFrame:
        """Return how far each output moved, the farthest first."""
        return self.moved.reset_index()

    def record(self) -> dict[str, Any]:
        """Return the answer as plain data: see docs/update.md."""
        worst = self.posterior.diagnostics.summary()
        return {
            **head("update", self.forecast),
            "before": self.before.resolve().name,
            "run": self.folder.resolve().name,
            "method": self.method,
            "why": list(self.why),
            "khat": plain(round(self.khat, 3)),
            "effective": round(self.effective),
            "of": self.posterior.size if self.method == "reweighed" else None,
            "diagnostics": {name: round(value, 4) for name, value in worst.items()},
            "rows": [_told(row, self.unused.get(row.figure_id)) for row in self.new.rows],
            "notes": list(self.new.notes),
            "day": self.day,
            "moved": [_line(name, row) for name, row in self.moved.iterrows()],
            "seconds": {step: round(value, 1) for step, value in self.seconds.items()},
        }


def update(
    run: str | Path,
    rows: str | Path,
    *,
    sources: str | Path | None = None,
    as_known_on: Day | None = None,
    out: str | Path | None = None,
    refit: bool = False,
    workers: int | None = None,
    fitting: Progress | None = None,
    simulating: Progress | None = None,
) -> Update:
    """Bring a saved forecast up to date with new rows of evidence, and save it beside the old one.

    The draws of the old posterior are weighed anew where their weights can be trusted (k-hat,
    effective sample sizes, r-hat); where not, the model is fitted again from those draws on.

    Parameters
    ----------
    run : str or Path
        Folder of a saved forecast; nothing in it changes.
    rows, sources : str or Path
        Files of new rows, and of the sources that the case does not have: see
        :func:`dispersal.whatif.update.rows.read_rows`.
    as_known_on : date or ISO text, optional
        The new cut-off, not before the old one; default: the last day on which a row was
        published, or the old cut-off if that is later.
    out : str or Path, optional
        New or empty folder; default: beside the old one, as ``<run>-update-1``, ``-2``, …
    refit : bool
        Fit again in any case.
    workers : int, optional
        Chains at once, and threads.
    fitting, simulating : callable, optional
        Called with (done, in all).

    Raises
    ------
    InputError
        If the run cannot be read, a row is wrong, or ``out`` is taken.
    InferenceError
        If a new fit falls short.
    """
    began = time.perf_counter()
    before = Path(run)
    folder = next_folder(before) if out is None else require_free(out)
    posterior = load_posterior(before)
    earlier = history_of(before)
    seed, draws = int(earlier[-1]["seed"]), int(earlier[-1]["draws"])
    new = read_rows(posterior.design.case, rows, sources)
    cutoff = _cutoff(new, posterior.design.cutoff, as_known_on)
    day, outputs = read_outputs(before)
    check_settings(new.case, cutoff, day, draws, seed)
    design = design_on(new.case, cutoff, posterior.design.months.start)
    unused = without_effect(new, design)
    read = time.perf_counter()
    weighed = reweigh(posterior, design, posterior.seed)
    why = ("asked for",) if refit else weighed.problems
    weighing = time.perf_counter()
    found = weighed.posterior
    if why:
        found = fit(
            new.case,
            as_known_on=cutoff,
            seed=posterior.seed,
            workers=workers,
            progress=fitting,
            start=posterior,
        )
    fitted = time.perf_counter()
    timings = {**found.timings, "reweigh": weighing - read}
    made = forecast(
        replace(found, timings=timings), day, draws, seed, threads=workers, progress=simulating
    )
    simulated = time.perf_counter()
    made.save(folder)
    _, outputs_now = read_outputs(folder)
    table = moved(
        outputs,
        outputs_now,
        made,
        likelihoods_of(found, new.ids) if why else weighed.new,
        found.statistics["lp"].shape[0],
        same_time=design.months == posterior.design.months,
    )
    method = "refitted" if why else "reweighed"
    write_history(folder, [*earlier, entry(folder, new.ids, method)])
    saved = time.perf_counter()
    answer = Update(
        forecast=made,
        posterior=found,
        folder=folder,
        before=before,
        new=new,
        unused=unused,
        method=method,
        why=why,
        khat=weighed.weights.khat,
        effective=weighed.weights.effective,
        moved=table,
        day=day,
        seconds={
            "read": read - began,
            "reweigh": weighing - read,
            "refit": fitted - weighing,
            "simulate": simulated - fitted,
            "save": saved - simulated,
        },
    )
    keep(folder, answer.record())
    return answer


def next_folder(run: Path) -> Path:
    """Return the folder that the next update of a run goes to, one that does not exist.

    Examples
    --------
    >>> str(next_folder(Path("runs/a"))), str(next_folder(Path("runs/a-update-1")))
    ('runs/a-update-1', 'runs/a-update-1')
    """
    whole = run if run.name else run.resolve()
    base = re.sub(r"-update-\d+$", "", whole.name)
    number = 1
    while (folder := whole.with_name(f"{base}-update-{number}")).exists():
        number += 1
    return folder


def _cutoff(new: NewRows, old: dt.date, asked: Day | None) -> dt.date:
    if asked is None:
        return max(new.latest, old)
    cutoff = day_of(asked)
    if cutoff < old:
        raise InputError(
            f"found the cut-off {cutoff}, expected {old}, that of the run, or a later day: a "
            "forecast does not forget; forecast the case anew"
        )
    return cutoff


def _told(row: Figure | Aggregate, unused: str | None) -> dict[str, Any]:
    where = getattr(row, "origin", None) or getattr(row, "place", "")
    return {
        "row": row.figure_id,
        "origin": where,
        "quantity": row.quantity,
        "low": row.low,
        "high": row.high,
        "qualifier": row.qualifier,
        "as_of": row.as_of.isoformat(),
        "published": row.published.isoformat(),
        "source": row.source,
        "unused": unused,
    }


def _line(name: Any, row: pd.Series[Any]) -> dict[str, Any]:
    quantity, origin = name
    return {
        "quantity": quantity,
        "origin": origin,
        "before": [round(float(row[f"{level}_before"]), 1) for level in LEVELS],
        "after": [round(float(row[level]), 1) for level in LEVELS],
        **{key: round(float(row[key]), 2) for key in ("persons", "error")},
        "shift": round(float(row["shift"]), 4),
        "width": plain(round(float(row["width"]), 4)),
        "found": row["found"],
        "row": row["row"] or None,
        "by": round(float(row["by"]), 2),
        "khat": plain(round(float(row["khat"]), 3)),
    }
