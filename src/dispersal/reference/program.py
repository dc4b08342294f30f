"""The hierarchical model of shares: a logistic-normal around a mean for each mode of ending.

η = B (m + a_mode + b_ending + c_case),  p = softmax(η),

with B an orthonormal basis of the fates' log ratios (the isometric log-ratio coordinates of
Egozcue and others 2003, Mathematical Geology 35:279), so that no fate is the one the others are
compared with. Everything is a standard normal before it is scaled.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import jax
import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from numpy.typing import NDArray
from scipy import special
from scipy.linalg import helmert

from dispersal.case.schema import END_MODES
from dispersal.model.fates import FATES
from dispersal.reference.readings import HALF_A_PERSON, RESOLUTION

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dispersal.reference.history import History
    from dispersal.reference.readings import Reading, Size

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

#: Orthonormal basis of the log ratios, shape (fates, fates − 1).
BASIS: Final[FloatArray] = helmert(len(FATES)).T

#: Medians of the scales: of modes around the mean, of endings around their mode, of contingents
#: around their ending. Log-normal priors, with this deviation of the log.
SCALES: Final = {"mode": 0.7, "ending": 0.7, "case": 0.4}
SCALES_WIDTH: Final = 0.5

#: Standard deviation of each coordinate of the mean over modes.
MEAN_SCALE: Final = 1.0

#: Scale of the error of a published share on the scale of log odds. It is not learnt: hardly any
#: share here is published twice by different people, so that it cannot be told from the spread
#: between cases.
ERROR: Final = 0.3

#: Least rest; beyond it a figure cannot tell how few have another fate.
LEAST_REST: Final = 0.25

#: Degrees of freedom of the errors, as of all published figures.
DEGREES_OF_FREEDOM: Final = 4.0

#: Log of the density of their Student-t at its centre, with the sign changed.
T_NORMALISER: Final = float(
    special.betaln(0.5, DEGREES_OF_FREEDOM / 2) + np.log(DEGREES_OF_FREEDOM) / 2
)


@dataclass(frozen=True, eq=False)
class Data:
    """Readings of N fates in C cases as arrays.

    Parameters
    ----------
    cases : tuple of str
    mode : int array, shape (C,)
        Index into ``END_MODES``.
    ending : int array, shape (C,)
        Index of the ending that a contingent shares with others; −1 for a case on its own.
    endings : tuple of str
        The shared endings.
    size_log : float array, shape (C, 2)
        Mean and standard deviation of the log of the size.
    case, fate, side : int array, shape (N,)
    counted : bool array, shape (N,)
        Whether a reading is a count; else it is a share.
    value : float array, shape (N,)
        Log of the reading's middle and ``shift``.
    width : float array, shape (N,)
        Standard deviation of the log that is known beforehand.
    shift : float array, shape (N,)
        What is added to both sides before taking logs: persons, or a share.
    """

    cases: tuple[str, ...]
    mode: IntArray
    ending: IntArray
    endings: tuple[str, ...]
    size_log: FloatArray
    case: IntArray
    fate: IntArray
    side: IntArray
    counted: NDArray[np.bool_]
    value: FloatArray
    width: FloatArray
    shift: FloatArray


def arrays_of(history: History, readings: Sequence[Reading], sizes: Mapping[str, Size]) -> Data:
    """Return readings as arrays.

    Cases that ended on the same day in the same place and mode are contingents of one ending.
    """
    names = history.names
    of_case = [
        f"{ending.end_mode} {ending.place} {ending.end_date}"
        if ending.place and ending.end_date
        else ending.case_id
        for ending in history.endings
    ]
    endings = tuple(sorted({key for key in of_case if of_case.count(key) > 1}))
    size = [sizes[name] for name in names]
    stated = np.array([np.hypot(reading.spread, reading.width) for reading in readings])
    # Added to both sides: shares that are less than the resolution apart are as good as equal.
    shift = np.array(
        [
            max(HALF_A_PERSON, RESOLUTION * sizes[r.case_id].middle)
            if r.unit == "persons"
            else RESOLUTION
            for r in readings
        ]
    )
    return Data(
        cases=names,
        mode=np.array([END_MODES.index(e.end_mode) for e in history.endings], dtype=np.int64),
        ending=np.array(
            [endings.index(key) if key in endings else -1 for key in of_case], dtype=np.int64
        ),
        endings=endings,
        size_log=np.array([(np.log(s.middle), s.width) for s in size]).reshape(-1, 2),
        case=np.array([names.index(r.case_id) for r in readings], dtype=np.int64),
        fate=np.array([FATES.index(r.fate) for r in readings], dtype=np.int64),
        side=np.array([r.side for r in readings], dtype=np.int64),
        counted=np.array([r.unit == "persons" for r in readings], dtype=bool),
        value=np.log(np.array([r.middle for r in readings]) + shift),
        width=stated,
        shift=shift,
    )


def scales_of(unit: Any) -> dict[str, Any]:
    """Return the scales from standard normals, shape (..., 3), in the order of ``SCALES``."""
    return {
        name: median * jnp.exp(SCALES_WIDTH * unit[..., at])
        for at, (name, median) in enumerate(SCALES.items())
    }


def centres_of(units: Mapping[str, Any]) -> Any:
    """Return the mean of each mode in log-ratio coordinates, shape (..., modes, 4)."""
    scale = scales_of(units["scales_unit"])["mode"][..., None, None]
    return MEAN_SCALE * units["mean_unit"][..., None, :] + scale * units["mode_unit"]


def coordinates_of(units: Mapping[str, Any], data: Data) -> Any:
    """Return the log-ratio coordinates of each case, shape (..., C, 4).

    A case on its own deviates by what its ending and itself add up to.
    """
    scales = {
        name: value[..., None, None] for name, value in scales_of(units["scales_unit"]).items()
    }
    alone = (data.ending < 0)[:, None]
    both = jnp.sqrt(scales["ending"] ** 2 + scales["case"] ** 2)
    own = jnp.where(alone, both, scales["case"]) * units["case_unit"]
    if data.endings:
        shared = units["ending_unit"][..., np.maximum(data.ending, 0), :] * scales["ending"]
        own = own + jnp.where(alone, 0.0, shared)
    return centres_of(units)[..., data.mode, :] + own


def shares_of(coordinates: Any, xp: Any = jnp) -> Any:
    """Return shares from log-ratio coordinates, shape (..., fates).

    ``xp`` is ``jax.numpy`` or ``numpy``.

    Examples
    --------
    >>> shares_of(jnp.zeros(4)).round(3).tolist()
    [0.2, 0.2, 0.2, 0.2, 0.2]
    """
    logs = coordinates @ BASIS.T
    odds = xp.exp(logs - logs.max(axis=-1, keepdims=True))
    return odds / odds.sum(axis=-1, keepdims=True)


def reference_model(data: Data) -> None:
    """State priors and likelihood of the readings, as a NumPyro program.

    log(y + r) ~ Student-t(4, log(N p + r), √(((1 − p) · error)² + width²)), with N = 1 for a
    share and r the resolution: definitions move people from one fate to another, so that their
    error is one of the log odds. One-sided readings give the probability of their side.
    """
    count, dimensions = len(data.cases), len(FATES) - 1
    shapes = {
        "scales_unit": (len(SCALES),),
        "mean_unit": (dimensions,),
        "mode_unit": (len(END_MODES), dimensions),
        "ending_unit": (len(data.endings), dimensions),
        "case_unit": (count, dimensions),
        "size_unit": (count,),
    }
    units = {
        name: numpyro.sample(name, dist.Normal(0.0, 1.0).expand(shape).to_event(len(shape)))
        for name, shape in shapes.items()
        if 0 not in shape
    }
    numpyro.factor("readings", log_likelihood(units, data).sum())


def log_likelihood(units: Mapping[str, Any], data: Data) -> Any:
    """Return the log likelihood of each reading, shape (N,)."""
    size = data.size_log[:, 0] + data.size_log[:, 1] * units["size_unit"]
    shares = shares_of(coordinates_of(units, data))[data.case, data.fate]
    return log_likelihood_given(data, np.arange(data.case.size), shares, jnp.exp(size)[data.case])


def log_likelihood_given(data: Data, at: IntArray, shares: Any, size: Any, xp: Any = jnp) -> Any:
    """Return the log likelihood of some readings, given shares and sizes.

    Parameters
    ----------
    data : Data
    at : int array, shape (n,)
        Which readings.
    shares, size : float array, shape (..., n)
        Shares of their fates, and members of their cases.
    xp : module
        ``jax.numpy`` or ``numpy``.

    Returns
    -------
    float array, shape (..., n)
    """
    expected = xp.where(data.counted[at], size * shares, shares)
    middle = xp.log(expected + data.shift[at])
    rest = xp.maximum(1.0 - shares, LEAST_REST)
    scale = xp.hypot(ERROR * rest, data.width[at])
    side = data.side[at]
    above = (data.value[at] - middle) / scale
    power = (DEGREES_OF_FREEDOM + 1.0) / 2.0
    exact = -power * xp.log1p(above**2 / DEGREES_OF_FREEDOM) - xp.log(scale) - T_NORMALISER
    if not side.any():
        return exact
    log_normal = special.log_ndtr if xp is np else jax.scipy.special.log_ndtr
    return xp.where(side == 0, exact, log_normal(-side * above))
