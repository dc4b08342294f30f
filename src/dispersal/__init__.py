"""Forecast where the members of an armed group go when it loses its territory.

>>> import dispersal
>>> case = dispersal.load_case("isis_2017")
>>> case.asked_on
datetime.date(2017, 3, 7)
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from dispersal._version import __version__

if TYPE_CHECKING:
    from pathlib import Path

    from dispersal.case import Case, Ledger, builtin_cases, check_case, load_case
    from dispersal.forecast.forecast import Forecast
    from dispersal.forecast.make import forecast
    from dispersal.forecast.store import load_forecast
    from dispersal.inference.posterior import Posterior
    from dispersal.record.backtest import backtest
    from dispersal.record.scores import score
    from dispersal.reference import fit_reference
    from dispersal.report.page import report
    from dispersal.whatif.compare import Comparison, compare

__all__ = [
    "Case",
    "Comparison",
    "Forecast",
    "Ledger",
    "Posterior",
    "__version__",
    "backtest",
    "builtin_cases",
    "check_case",
    "compare",
    "fit",
    "fit_reference",
    "forecast",
    "load_case",
    "load_forecast",
    "report",
    "score",
]

#: Where each public name lives; it is imported when it is first used, so that what needs no
#: model does not wait for one.
_HOMES = {
    "Case": "dispersal.case",
    "Comparison": "dispersal.whatif.compare",
    "Forecast": "dispersal.forecast.forecast",
    "Ledger": "dispersal.case",
    "Posterior": "dispersal.inference.posterior",
    "backtest": "dispersal.record.backtest",
    "builtin_cases": "dispersal.case",
    "check_case": "dispersal.case",
    "compare": "dispersal.whatif.compare",
    "fit_reference": "dispersal.reference",
    "load_case": "dispersal.case",
    "load_forecast": "dispersal.forecast.store",
    "score": "dispersal.record.scores",
}


def fit(case: Case | str | Path, **settings: Any) -> Posterior:
    """Fit the model to the evidence of a case.

    Parameters
    ----------
    case : Case, str or Path
        A case, the name of a built-in case, or a folder.
    **settings
        As for :func:`dispersal.inference.fit.fit`: ``as_known_on`` (the cut-off; default: the
        day the question was asked), ``seed``, ``chains``, ``warmup``, ``draws``, ``workers``,
        ``require``, ``progress``.

    Returns
    -------
    Posterior

    Raises
    ------
    CaseError
        If the case cannot be read.
    InferenceError
        If the diagnostics of the fit fall short.
    """
    from dispersal.case import Case, load_case
    from dispersal.inference.fit import fit as fit_case

    return fit_case(case if isinstance(case, Case) else load_case(case), **settings)


def __getattr__(name: str) -> Any:
    if name in ("forecast", "report"):
        # These packages can be called: see their docstrings.
        return import_module(f"dispersal.{name}")
    if name not in _HOMES:
        raise AttributeError(f"module 'dispersal' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
