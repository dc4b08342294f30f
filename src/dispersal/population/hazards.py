"""How fast it happens: hazards of competing flows, and the probabilities they give."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, TypeAlias

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from dispersal.errors import InputError
from dispersal.population.run import as_input

if TYPE_CHECKING:
    from dispersal.population.process import Process

FloatArray: TypeAlias = NDArray[np.float64]
AnyArray: TypeAlias = FloatArray | jax.Array

# What each axis of a factor, after the draws, runs over.
_AXES = {
    "by_step_group": ("steps", "groups", "classes"),
    "by_group_flow": ("groups", "flows"),
    "by_step_flow": ("steps", "flows"),
}


class HazardError(InputError):
    """Hazards have the wrong shape, or are negative, infinite or not a number."""


@jax.tree_util.register_dataclass
@dataclass(frozen=True, eq=False)
class Hazards:
    """Hazards per unit of time, as a product of three factors.

    The hazard of flow e for group g at step t in draw d is ``by_step_group[d, t, g, class(e)] ·
    by_group_flow[d, g, e] · by_step_flow[d, t, e]``. Any axis but those of classes and flows
    may have length 1, which stands for "the same for all". The hazards of one draw are the same
    without the first axis.

    Parameters
    ----------
    by_step_group : float array, shape (D or 1, T or 1, G or 1, C)
    by_group_flow : float array, shape (D or 1, G or 1, F)
    by_step_flow : float array, shape (D or 1, T or 1, F)

    Notes
    -----
    A JAX pytree: it passes through ``jit``, ``vmap`` and ``grad``. Values are checked where
    they are used, since traced ones cannot be.

    Examples
    --------
    >>> hazards = Hazards(np.full((5, 1, 1, 1), 0.1), np.ones((1, 1, 3)), np.ones((1, 12, 3)))
    >>> hazards.draws, hazards.of_draw(4).by_step_flow.shape
    (5, (12, 3))
    """

    by_step_group: AnyArray
    by_group_flow: AnyArray
    by_step_flow: AnyArray

    @classmethod
    def of_flows(cls, process: Process, values: Any) -> Hazards:
        """Return hazards that are the same for all draws, steps and groups, one value a flow.

        Examples
        --------
        >>> from dispersal.population import Process
        >>> process = Process(("all",), ("in", "out"), np.array([0]), np.array([1]), step=1.0)
        >>> Hazards.of_flows(process, [0.1]).by_group_flow.shape
        (1, 1, 1)
        """
        return cls(
            np.ones((1, 1, 1, process.n_classes)),
            np.asarray(values, dtype=np.float64).reshape(1, 1, -1),
            np.ones((1, 1, process.n_flows)),
        )

    @property
    def draws(self) -> int:
        """Number of draws, D; 1 if all share the same hazards."""
        return max(int(array.shape[0]) for array in _factors(self).values())

    def of_draw(self, draw: int) -> Hazards:
        """Return the hazards of one draw, without the axis of draws."""
        return Hazards(
            *(array[draw if array.shape[0] > 1 else 0] for array in _factors(self).values())
        )

    def of_draws(self, first: int, count: int) -> Hazards:
        """Return the hazards of ``count`` draws from ``first`` on, as a batch of a run needs."""
        return Hazards(
            *(
                array[first : first + count] if array.shape[0] > 1 else array
                for array in _factors(self).values()
            )
        )

    def times(self, multipliers: AnyArray) -> Hazards:
        """Return hazards multiplied by realised multipliers of the flows.

        Parameters
        ----------
        multipliers : float array, shape (D or 1, T or 1, F) or (T, F)
            As ``expected`` or ``expected_many`` returns them.
        """
        return Hazards(self.by_step_group, self.by_group_flow, self.by_step_flow * multipliers)

    def check(self, process: Process, steps: int, draws: int | None) -> Hazards:
        """Return the hazards as doubles for compiled functions after checking shapes and values.

        Parameters
        ----------
        process : Process
        steps : int
            Number of steps, T.
        draws : int or None
            Number of draws, D; None for the hazards of one draw, without that axis.

        Raises
        ------
        HazardError
            Names the factor, the draw, step, group, class and flow of the first wrong value.
        """
        check_shapes(process, self, steps, draws)
        arrays, bound = {}, 1.0
        for name, given in _factors(self).items():
            array = as_input(np.asarray(given, dtype=np.float64))
            # The extremes first, which take no room; a NaN makes both of them NaN.
            most = float(array.max(initial=0))
            if array.size and not (array.min() >= 0 and most < np.inf):
                wrong = np.flatnonzero(~((array >= 0) & (array < np.inf)).ravel())
                at = np.unravel_index(wrong[0], array.shape)
                where = _place(process, name, at, array.shape, draws is not None)
                raise HazardError(
                    f"{name} is {array[at]} for {where}, expected a finite number of 0 or more"
                )
            arrays[name], bound = array, bound * most
        checked = Hazards(**arrays)
        if not np.isfinite(bound * max(process.n_flows, 1)):
            _check_products(process, checked, draws is not None)
        return checked


def leaving(total: AnyArray, step: float) -> AnyArray:
    """Return the probability of leaving, over the total hazard: (1 − exp(−Λ·Δt)) / Λ.

    The one place in which JAX turns hazards into probabilities: flow e has
    p_e = λ_e · ``leaving(Λ, Δt)`` with Λ = Σλ, for hazards that are constant over the step and
    compete [1]_. Its value and gradient are exact at Λ = 0, where it is Δt. The samplers'
    counterpart is ``kernels.leavers``.

    References
    ----------
    .. [1] Kalbfleisch and Prentice (2002), *The Statistical Analysis of Failure Time Data*,
       2nd ed., section 8.2 (competing risks with constant cause-specific hazards).

    Examples
    --------
    >>> print(f"{leaving(jnp.array(0.2), 1.0):.6f} {leaving(jnp.array(0.0), 1.0):.1f}")
    0.906346 1.0
    """
    x = total * step
    near_zero = x < 1e-3
    # Each formula sees only values it is good for, or its gradient would spoil the other's.
    near, away = jnp.where(near_zero, x, 0.0), jnp.where(near_zero, 1.0, x)
    series = 1 - near / 2 * (1 - near / 3 * (1 - near / 4 * (1 - near / 5)))
    return step * jnp.where(near_zero, series, -jnp.expm1(-away) / away)


def check_shapes(process: Process, hazards: Hazards, steps: int, draws: int | None) -> None:
    """Raise HazardError if a factor's shape does not fit the process; works on traced arrays."""
    length = {
        "draws": draws,
        "steps": steps,
        "groups": process.n_groups,
        "classes": process.n_classes,
        "flows": process.n_flows,
    }
    for name, array in _factors(hazards).items():
        axes = (*(() if draws is None else ("draws",)), *_AXES[name])
        wanted = ", ".join(
            f"{length[axis]}{'' if axis in ('classes', 'flows') else ' or 1'} ({axis})"
            for axis in axes
        )
        fits = len(array.shape) == len(axes) and all(
            found == length[axis] or (found == 1 and axis not in ("classes", "flows"))
            for found, axis in zip(array.shape, axes, strict=True)
        )
        if not fits:
            raise HazardError(f"{name} has shape {tuple(array.shape)}, expected {wanted}")


def _factors(hazards: Hazards) -> dict[str, Any]:
    return {field.name: getattr(hazards, field.name) for field in fields(hazards)}


def _place(
    process: Process, name: str, at: tuple[Any, ...], shape: tuple[int, ...], drawn: bool
) -> str:
    """Say in words where in a factor an index points."""
    parts = []
    for axis, index, length in zip(
        (*(("draws",) if drawn else ()), *_AXES[name]), at, shape, strict=True
    ):
        if axis == "classes":
            flow = int(np.flatnonzero(np.append(process.flow_class, index) == index)[0])
            example = f" (flow {process.flow_name(flow)})" if flow < process.n_flows else ""
            parts.append(f"class {process.classes[index]!r}{example}")
        elif axis == "flows":
            parts.append(f"flow {process.flow_name(index)}")
        elif axis == "groups":
            shared = length == 1 and process.n_groups > 1
            parts.append("every group" if shared else f"group {process.groups[index]!r}")
        elif length > 1:
            parts.append(f"{axis[:-1]} {index}")
    return ", ".join(parts)


def _check_products(process: Process, hazards: Hazards, drawn: bool) -> None:
    """Raise HazardError if finite factors multiply or add up to an infinite hazard."""
    with np.errstate(over="ignore"):
        whole = hazards if drawn else Hazards(*(a[None] for a in _factors(hazards).values()))
        for draw in range(whole.draws):
            one = whole.of_draw(draw)
            rates = one.by_step_group[..., process.flow_class] * one.by_group_flow
            rates = rates * one.by_step_flow[:, None, :]
            totals = np.add.reduceat(rates, process.first_flow[:-1], axis=-1)
            wrong = np.argwhere(~np.isfinite(totals))
            if wrong.size:
                step, group, source = (int(index) for index in wrong[0])
                flow = int(process.first_flow[source])
                flow += int(np.argmax(rates[step, group, flow : process.first_flow[source + 1]]))
                place = _place(
                    process,
                    "by_group_flow",
                    (draw, group, flow),
                    (whole.draws, rates.shape[1], process.n_flows),
                    drawn=True,
                )
                raise HazardError(f"the hazards overflow for {place}: their total is infinite")
