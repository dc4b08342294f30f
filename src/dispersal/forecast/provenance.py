"""Where a forecast comes from: case, cut-off, seed, versions, timings."""

from __future__ import annotations

import platform
from dataclasses import dataclass, field
from importlib import metadata
from typing import TYPE_CHECKING, Any

from dispersal._version import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dispersal.forecast.ensemble_types import Ensemble

#: Packages whose version can change a forecast.
PACKAGES = ("jax", "numpyro", "numpy", "numba")


def versions() -> dict[str, str]:
    """Return the versions of Dispersal, of Python and of the packages that compute.

    Examples
    --------
    >>> sorted(versions())
    ['dispersal', 'jax', 'numba', 'numpy', 'numpyro', 'python']
    """
    found = {"dispersal": __version__, "python": platform.python_version()}
    return found | {name: metadata.version(name) for name in PACKAGES}


@dataclass(frozen=True)
class Provenance:
    """What made a forecast.

    Parameters
    ----------
    case : str
        Name of the case.
    case_hash : str
        SHA-256 of the case as known on the cut-off.
    cutoff : str
        ISO day.
    seed, draws : int
    versions, timings : dict
        Versions by package; seconds by step.
    """

    case: str
    case_hash: str
    cutoff: str
    seed: int
    draws: int
    versions: Mapping[str, str] = field(default_factory=dict)
    timings: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def of(cls, ensemble: Ensemble) -> Provenance:
        """Return the provenance of an ensemble made by this process."""
        return cls(
            case=ensemble.case.name,
            case_hash=ensemble.case.content_hash,
            cutoff=ensemble.cutoff.isoformat(),
            seed=ensemble.seed,
            draws=ensemble.size,
            versions=versions(),
            timings={step: round(seconds, 3) for step, seconds in ensemble.timings.items()},
        )

    def record(self) -> dict[str, Any]:
        """Return the provenance as plain data."""
        return {
            "case": self.case,
            "case_hash": self.case_hash,
            "cutoff": self.cutoff,
            "seed": self.seed,
            "draws": self.draws,
            "versions": dict(self.versions),
            "timings": dict(self.timings),
        }
