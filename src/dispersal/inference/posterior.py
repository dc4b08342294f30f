"""The posterior: what the evidence says of every parameter, and how far it moved the prior."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import arviz_base
import numpy as np
import pandas as pd
import xarray as xr

from dispersal.model.design import FIT_STEP, KNOT_STEPS, Design

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from dispersal.inference.diagnostics import Diagnostics
    from dispersal.inference.observation import Observations
    from dispersal.model.parameters import Parameter, ParameterTable


@dataclass(frozen=True, eq=False)
class Posterior:
    """Draws of every fitted parameter, with what made them.

    Parameters
    ----------
    design : Design
        The case as known on the cut-off.
    table : ParameterTable
        The priors used.
    observations : Observations
    samples : dict of float arrays, shape (chains, draws) or (chains, draws, n)
        By the name in the table of parameters.
    statistics : dict of arrays, shape (chains, draws)
    diagnosed : Diagnostics, or a callable that gives them
        Worked out when ``diagnostics`` is first asked for, where it is a callable.
    seed : int
    timings : dict of str to float
        Seconds, by step.
    """

    design: Design
    table: ParameterTable
    observations: Observations
    samples: Mapping[str, NDArray[np.float64]]
    statistics: Mapping[str, NDArray[Any]]
    diagnosed: Diagnostics | Callable[[], Diagnostics]
    seed: int
    timings: Mapping[str, float]

    @cached_property
    def diagnostics(self) -> Diagnostics:
        """Whether the chains can be trusted."""
        return self.diagnosed() if callable(self.diagnosed) else self.diagnosed

    @property
    def size(self) -> int:
        """Number of draws over all chains."""
        chains, draws = next(iter(self.samples.values())).shape[:2]
        return int(chains * draws)

    @cached_property
    def content_hash(self) -> str:
        """SHA-256 of all draws and priors."""
        found = hashlib.sha256(self.design.months.start.isoformat().encode())
        for name, values in sorted(self.samples.items()):
            array = np.ascontiguousarray(values)
            found.update(f"{name} {array.shape} {array.dtype.str}".encode())
            found.update(array.data)
        for name in sorted(self.table):
            found.update(repr(self.table[name]).encode())
        return found.hexdigest()

    def draws(self, count: int, first: int = 0) -> dict[str, NDArray[np.float64]]:
        """Return draws ``first`` to ``first + count`` of every parameter, spread over the chains.

        Returns
        -------
        dict of float arrays, shape (count,) or (count, n)
            The k-th draw does not depend on ``count`` as long as draws last: the order is a
            fixed low-discrepancy walk through all draws; beyond their number they repeat.
        """
        order = spread(self.size, first + count)[first:]
        return {
            name: values.reshape(self.size, *values.shape[2:])[order]
            for name, values in self.samples.items()
        }

    def contraction(self) -> pd.DataFrame:
        """Return prior and posterior of every scalar parameter, and how much was learnt.

        Returns
        -------
        pandas.DataFrame
            Index: parameter; columns ``unit``, ``prior_p10``, ``prior_p50``, ``prior_p90``,
            ``p10``, ``p50``, ``p90`` and ``contraction``, which is 1 − posterior variance / prior
            variance on the scale on which the prior is normal (near 0: the evidence could not
            tell; near 1: it told almost everything) [1]_. Parameters that the evidence is not
            asked about have contraction 0.

        References
        ----------
        .. [1] Betancourt (2018), Calibrating model-based inferences and decisions, section 3.3.
        """
        rng = np.random.default_rng(0)
        rows = {}
        for parameter in self.table.values():
            if parameter.hierarchical or parameter.axis:
                continue
            prior = parameter.draw(rng, 20_000)
            learnt = parameter.stage == "fit"
            after = self.samples[parameter.name].ravel() if learnt else prior
            rows[parameter.name] = {
                "unit": parameter.unit,
                **_quantiles(prior, "prior_"),
                **_quantiles(after, ""),
                "contraction": _contraction(parameter, prior, after) if learnt else 0.0,
            }
        return pd.DataFrame.from_dict(rows, orient="index")

    def to_arviz(self) -> xr.DataTree:
        """Return the posterior and the sampler's statistics as ArviZ's data tree."""
        dims = {name: list(axes) for name, axes in self._axes().items()}
        tree = arviz_base.from_dict(
            {"posterior": dict(self.samples), "sample_stats": dict(self.statistics)},
            dims=dims,
            coords=self._labels(),
        )
        assert isinstance(tree, xr.DataTree)
        return tree

    def _labels(self) -> dict[str, list[str]]:
        return axis_labels(self.design)

    def _axes(self) -> dict[str, tuple[str, ...]]:
        return {p.name: (p.axis,) for p in self.table.of_stage("fit") if p.axis}


def axis_labels(design: Design) -> dict[str, list[str]]:
    """Return the names along each axis that a parameter can have."""
    return {
        "origin": list(design.origins),
        "region": list(design.regions),
        "knot": [
            str(design.months.instant(FIT_STEP * KNOT_STEPS * at)) for at in range(1, design.knots)
        ],
    }


def spread(size: int, count: int) -> NDArray[np.int64]:
    """Return ``count`` indices that walk through ``size`` draws evenly, by the golden ratio.

    Examples
    --------
    >>> spread(8, 4).tolist(), sorted(spread(8, 8).tolist())
    ([0, 5, 2, 7], [0, 1, 2, 3, 4, 5, 6, 7])
    """
    stride = max(round(size * 0.6180339887498949), 1)
    while np.gcd(stride, size) != 1:
        stride += 1
    return (np.arange(count, dtype=np.int64) * stride) % size


def _quantiles(values: NDArray[np.float64], prefix: str) -> dict[str, float]:
    low, middle, high = np.quantile(values, [0.1, 0.5, 0.9])
    return {f"{prefix}p10": low, f"{prefix}p50": middle, f"{prefix}p90": high}


def _contraction(
    parameter: Parameter, prior: NDArray[np.float64], after: NDArray[np.float64]
) -> float:
    before = parameter.unconstrain(prior).var()
    return float(1.0 - parameter.unconstrain(after).var() / before)
