"""The model's formulas run by NumPy, from their own source, instead of compiled by JAX.

JAX compiles what it runs anew for every case, which takes seconds; NumPy takes milliseconds. The
formulas are those of ``dispersal.model``, line by line: only the arrays are NumPy's. A test
compares the two on generated cases.
"""

from __future__ import annotations

import contextlib
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from unittest import mock

import numpy as np
from scipy.special import expit, softmax

from dispersal.model import build, fates, past, profile, strata, trajectory
from dispersal.population import hazards

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def _one_by_one(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return what ``jax.vmap`` would: over the first axis of every array, stacked."""

    def over_draws(*arguments: dict[str, Any]) -> Any:
        draws = len(next(iter(arguments[0].values())))
        # NumPy would warn of what JAX passes over: masked divisions, exponents that vanish.
        with np.errstate(all="ignore"):
            found = [
                function(*({name: value[at] for name, value in one.items()} for one in arguments))
                for at in range(draws)
            ]
        if isinstance(found[0], tuple):
            return tuple(np.stack(parts) for parts in zip(*found, strict=True))
        return np.stack(found)

    return over_draws


JAX = SimpleNamespace(
    Array=np.ndarray,
    vmap=_one_by_one,
    nn=SimpleNamespace(sigmoid=expit, softmax=softmax),
)


@contextlib.contextmanager
def formulas_by_numpy() -> Iterator[None]:
    """Run what ``dispersal.model`` gives to JAX by NumPy, within the block."""
    with contextlib.ExitStack() as undone:
        for module in (build, fates, past, profile, strata, trajectory, hazards):
            undone.enter_context(mock.patch.object(module, "jnp", np))
        for module in (build, fates, past, strata):
            undone.enter_context(mock.patch.object(module, "jax", JAX))
        for module, name in ((build, "_classes"), (past, "_adults")):
            plain = getattr(module, name).__wrapped__
            undone.enter_context(mock.patch.object(module, name, plain))
        yield
