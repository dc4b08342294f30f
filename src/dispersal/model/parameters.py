"""The table of parameters: every name, unit, prior, meaning and source, declared once.

Every prior is a transformed normal or a half-normal, so that prior and posterior can be compared on
one scale and a prior can be doubled or halved without leaving its support.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Literal, cast, get_args

import numpy as np

from dispersal.errors import InputError, nearest_name

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dispersal.case import Case

Stage = Literal["fit", "forward"]
Distribution = Literal["normal", "lognormal", "share", "halfnormal"]
Axis = Literal["", "origin", "region", "knot"]


class UnknownParameterError(InputError):
    """A name that the table of parameters does not list."""


class PriorError(InputError):
    """Numbers of a prior that its family of distributions does not take."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One row of the table.

    Parameters
    ----------
    name, unit, meaning, source : str
    stage : {"fit", "forward"}
        ``fit``: the evidence is asked about it; ``forward``: it only shapes the forecast.
    axis : {"", "origin", "region", "knot"}
        One value, or one for each origin, region or knot of a random walk.
    distribution : {"normal", "lognormal", "share", "halfnormal"}
        ``normal(a, b)``: mean and standard deviation; ``lognormal(a, b)``: median and standard
        deviation of the log; ``share(a, b)``: median and standard deviation of the logit;
        ``halfnormal(0, b)``: scale.
    a, b : float or str
        Numbers, or ``@name`` of another parameter.

    Examples
    --------
    >>> table()["killed_hazard"].median
    0.008
    """

    name: str
    stage: Stage
    axis: Axis
    unit: str
    distribution: Distribution
    a: float | str
    b: float | str
    meaning: str
    source: str

    @property
    def median(self) -> float:
        """Median of the prior: the parameter's default value."""
        if isinstance(self.a, str):
            return 0.0
        if self.distribution == "halfnormal":
            return 0.6744897501960817 * float(self.b)
        return self.a

    @property
    def hierarchical(self) -> bool:
        """Whether the prior refers to other parameters."""
        return isinstance(self.a, str) or isinstance(self.b, str)

    def unconstrain(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return values on the scale on which the prior is normal (log for the half-normal).

        Parameters
        ----------
        values : float array, any shape
            Within the support of the prior.

        Returns
        -------
        float array, of the same shape

        Examples
        --------
        >>> table()["killed_hazard"].unconstrain(np.array([1.0]))
        array([0.])
        """
        if self.distribution in {"lognormal", "halfnormal"}:
            return np.asarray(np.log(values))
        if self.distribution == "share":
            return np.asarray(np.log(values) - np.log1p(-values))
        return values

    def draw(self, rng: np.random.Generator, size: int | tuple[int, ...]) -> NDArray[np.float64]:
        """Draw from the prior.

        Parameters
        ----------
        size : int or tuple of int
            Shape of the result.

        Returns
        -------
        float array
            In the parameter's unit.

        Raises
        ------
        UnknownParameterError
            If the prior refers to other parameters, which this table row alone cannot draw.

        Examples
        --------
        >>> table()["collapse_hazard"].draw(np.random.default_rng(1), 2).shape
        (2,)
        """
        if isinstance(self.a, str) or isinstance(self.b, str):
            raise UnknownParameterError(f"{self.name} has a hierarchical prior; fit it instead")
        normal = rng.standard_normal(size)
        if self.distribution == "normal":
            return self.a + self.b * normal
        if self.distribution == "lognormal":
            return self.a * np.exp(self.b * normal)
        if self.distribution == "share":
            logit = math.log(self.a / (1.0 - self.a)) + self.b * normal
            return np.asarray(1.0 / (1.0 + np.exp(-logit)))
        return np.asarray(np.abs(self.b * normal))


class ParameterTable(Mapping[str, Parameter]):
    """The parameters by name, in the order of the table.

    Examples
    --------
    >>> "home_hazard" in table()
    True
    >>> [p.name for p in table().of_stage("forward")][0]
    'killed_pressure'
    """

    def __init__(self, parameters: Mapping[str, Parameter]) -> None:
        self._parameters = dict(parameters)

    def __getitem__(self, name: str) -> Parameter:
        if name not in self._parameters:
            hint = nearest_name(name, self._parameters)
            raise UnknownParameterError(
                f"found parameter {name!r}, expected a name of model/parameters.csv"
                + (f"; did you mean {hint!r}?" if hint else "")
            )
        return self._parameters[name]

    def __contains__(self, name: object) -> bool:
        return name in self._parameters

    def __iter__(self) -> Iterator[str]:
        return iter(self._parameters)

    def __len__(self) -> int:
        return len(self._parameters)

    def of_stage(self, stage: Stage) -> list[Parameter]:
        """Return the parameters of one stage, in the order of the table."""
        return [p for p in self._parameters.values() if p.stage == stage]

    def with_priors(self, changes: Mapping[str, tuple[float, float]]) -> ParameterTable:
        """Return a table in which some priors are replaced by others of the same family.

        Parameters
        ----------
        changes : mapping of str to (float, float)
            New ``a`` and ``b`` by parameter name.

        Raises
        ------
        UnknownParameterError
            If a name is not in the table, or its prior refers to other parameters.
        PriorError
            If the numbers are none that its family of distributions takes.

        Examples
        --------
        >>> table().with_priors({"killed_hazard": (0.02, 0.5)})["killed_hazard"].median
        0.02
        """
        parameters = dict(self._parameters)
        for name, (a, b) in changes.items():
            if self[name].hierarchical:
                raise UnknownParameterError(f"the prior of {name} is a hierarchy; change its parts")
            _check_prior(self[name], a, b)
            parameters[name] = replace(self[name], a=a, b=b)
        return ParameterTable(parameters)


def _check_prior(parameter: Parameter, a: float, b: float) -> None:
    """Refuse numbers that the family of distributions does not take."""
    allowed, expected = {
        "normal": (math.isfinite(a), "a finite mean"),
        "lognormal": (0.0 < a < math.inf, "a median above 0"),
        "share": (0.0 < a < 1.0, "a median between 0 and 1"),
        "halfnormal": (a == 0.0, "0 as the first number"),
    }[parameter.distribution]
    if not (allowed and 0.0 < b < math.inf):
        raise PriorError(
            f"found the prior [{a:g}, {b:g}] of {parameter.name}, expected "
            f"{parameter.distribution}(a, b) with {expected} and b above 0"
        )


def _number_or_reference(text: str) -> float | str:
    return text if text.startswith("@") else float(text)


@cache
def table() -> ParameterTable:
    """Return the table that ``model/parameters.csv`` declares, read once.

    Examples
    --------
    >>> table()["custody_share"].unit
    'share'
    """
    text = files("dispersal.model").joinpath("parameters.csv").read_text(encoding="utf-8")
    parameters: dict[str, Parameter] = {}
    for row in csv.DictReader(text.splitlines()):
        stage, axis, distribution = row["stage"], row["axis"], row["distribution"]
        assert stage in get_args(Stage), row
        assert axis in get_args(Axis), row
        assert distribution in get_args(Distribution), row
        assert row["name"] not in parameters, row
        parameters[row["name"]] = Parameter(
            name=row["name"],
            stage=cast("Stage", stage),
            axis=cast("Axis", axis),
            unit=row["unit"],
            distribution=cast("Distribution", distribution),
            a=_number_or_reference(row["a"]),
            b=_number_or_reference(row["b"]),
            meaning=row["meaning"],
            source=row["source"],
        )
    return ParameterTable(parameters)


def case_table(case: Case) -> ParameterTable:
    """Return the table of parameters with the priors that a case replaces.

    Raises
    ------
    UnknownParameterError, PriorError
        If the case names a parameter that there is not, or a prior that it cannot have.
    """
    return table().with_priors({name: override.prior for name, override in case.parameters.items()})
