"""A second opinion: how much of a target a figure explains, by regression."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

#: Knots of the spline, as quantiles of the figure.
KNOTS: Final = (0.05, 0.275, 0.5, 0.725, 0.95)


def explained(figure: FloatArray, targets: FloatArray, atoms: tuple[float, ...] = ()) -> float:
    """Return the share of the targets' variance that a regression on the figure explains.

    The regression of the target on the observable, over the draws of a forecast, estimates the
    conditional mean without any weights [1]_; the variance of the fitted values, less what
    chance alone explains (adjusted R²), is the expected cut of the variance. The curve is a
    natural cubic spline [2]_; values that stand for something of their own, as a figure told
    again, have a mean of their own.

    Parameters
    ----------
    figure : float array, shape (D,)
        One published value a draw, on log(1 + n).
    targets : float array, shape (T, D)
    atoms : tuple of float
        Values of the figure with a mean of their own.

    Returns
    -------
    float
        Averaged over targets by their variance; below 0 only by chance.

    References
    ----------
    .. [1] Strong, Oakley and Brennan (2014), Estimating multiparameter partial expected value of
       perfect information from a probabilistic sensitivity analysis sample: a nonparametric
       regression approach. Medical Decision Making 34, 311-326.
    .. [2] Hastie, Tibshirani and Friedman (2009), The elements of statistical learning, 5.2.1.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> figure = rng.normal(size=2_000)
    >>> targets = np.stack([np.sin(figure) + 0.1 * rng.normal(size=2_000)])
    >>> round(explained(figure, targets), 2), abs(explained(rng.normal(size=2_000), targets)) < 0.01
    (0.96, True)
    """
    own = [figure == atom for atom in dict.fromkeys(atoms)]
    columns = [np.ones_like(figure), *_natural_spline(figure), *own]
    design = np.stack(columns, axis=1).astype(float)
    fitted, _, rank, _ = np.linalg.lstsq(design, targets.T, rcond=1e-10)
    left = ((targets.T - design @ fitted) ** 2).sum(axis=0) / max(figure.size - rank, 1)
    whole = targets.var(axis=1, ddof=1)
    return float(1.0 - left.sum() / whole.sum()) if whole.sum() > 0 else 0.0


def _natural_spline(values: FloatArray) -> list[FloatArray]:
    """Return the columns of a natural cubic spline apart from the constant."""
    spread = values.std()
    if spread == 0:
        return []
    scaled = (values - values.mean()) / spread
    knots = np.unique(np.quantile(scaled, KNOTS))
    if knots.size < 3:
        return [scaled]

    def bend(knot: float) -> FloatArray:
        cubes = np.maximum(scaled - knot, 0.0) ** 3 - np.maximum(scaled - knots[-1], 0.0) ** 3
        return np.asarray(cubes / (knots[-1] - knot))

    last = bend(knots[-2])
    return [scaled, *(bend(knot) - last for knot in knots[:-2])]
