"""Run NUTS chains side by side, one thread a chain, all through one compiled program."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import jax
import jax.numpy as jnp
import numpy as np
from numpyro import handlers
from numpyro.distributions import constraints
from numpyro.infer import NUTS
from numpyro.infer.util import log_density

import dispersal.population  # noqa: F401  (sets JAX to double precision)
from dispersal.errors import InferenceError

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Iterations between two reports of progress; a chain's compiled program runs this many.
CHUNK = 25

Progress = Callable[[int, int], None]


@dataclass(frozen=True, eq=False)
class Chains:
    """Raw output of the sampler.

    Parameters
    ----------
    sites : dict of arrays, shape (chains, draws, ...)
        Every sample site of the program.
    statistics : dict of arrays, shape (chains, draws)
        ``diverging``, ``energy``, ``n_steps``, ``acceptance_rate``, ``lp``.
    """

    sites: dict[str, NDArray[np.float64]]
    statistics: dict[str, NDArray[Any]]


def available_cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def run_chains(
    model: Callable[[], None],
    start: Mapping[str, Any],
    *,
    seed: int,
    chains: int,
    warmup: int,
    draws: int,
    workers: int | None = None,
    target_acceptance: float = 0.8,
    progress: Progress | None = None,
    enough: Callable[[Chains], bool] | None = None,
    blocks: int = 1,
) -> Chains:
    """Sample the posterior of a program.

    Every chain runs the same compiled single-chain program from a key of its own, so that the
    draws do not depend on how many run at once.

    Parameters
    ----------
    model : callable
        A NumPyro program without arguments whose sites all range over the whole line.
    start : mapping
        Values to start some sites from; the others start at zero.
    seed : int
    chains, warmup, draws : int
        ``warmup`` and ``draws`` are rounded up to multiples of ``CHUNK``.
    workers : int, optional
        Chains that run at once; default as many as there are cores.
    progress : callable, optional
        Called with (iterations done, iterations in all) over all chains.
    enough : callable, optional
        Whether what was drawn will do; if not, the chains go on for another block of ``draws``.
    blocks : int
        Blocks of ``draws`` at most.

    Returns
    -------
    Chains
    """
    warmup, draws = (-(-count // CHUNK) * CHUNK for count in (warmup, draws))
    keys = jax.random.split(jax.random.key(seed), chains)
    position = _positions(model, start)

    def potential(values: dict[str, jax.Array]) -> jax.Array:
        return jnp.negative(log_density(model, (), {}, values)[0])

    kernel = NUTS(potential_fn=potential, target_accept_prob=target_acceptance)
    # Compiled once; NumPyro, too, runs it under vmap, since what it sets on the way is static.
    begin = jax.jit(lambda key, position: kernel.init(key, warmup, position))
    states = [begin(key, _jitter(key, position)) for key in keys]

    def step(state: Any, _: None) -> tuple[Any, Any]:
        state = kernel.sample(state, None, None)
        kept = (
            state.z,
            state.diverging,
            state.energy,
            state.num_steps,
            state.accept_prob,
            state.potential_energy,
        )
        return state, kept

    def many(state: Any) -> tuple[Any, Any]:
        return jax.lax.scan(step, state, None, length=CHUNK)

    advance = jax.jit(many).lower(states[0]).compile()
    done = [0] * chains
    kept: list[list[Any]] = [[] for _ in range(chains)]

    def run(index: int, iterations: int, until: int, *, keep: bool) -> None:
        for _ in range(0, iterations, CHUNK):
            states[index], out = advance(states[index])
            if keep:
                kept[index].append(jax.device_get(out))
            done[index] += CHUNK
            if progress is not None:
                progress(sum(done), chains * until)

    with ThreadPoolExecutor(workers or min(chains, available_cores())) as pool:
        # Draining the map raises what a chain raised.
        list(
            pool.map(
                partial(run, iterations=warmup, until=warmup + draws, keep=False), range(chains)
            )
        )
        for block in range(1, blocks + 1):
            until = warmup + block * draws
            list(pool.map(partial(run, iterations=draws, until=until, keep=True), range(chains)))
            found = _joined(kept)
            if enough is None or block == blocks or enough(found):
                break
    return found


def _joined(kept: list[list[Any]]) -> Chains:
    collected = [jax.tree.map(lambda *parts: np.concatenate(parts), *chunks) for chunks in kept]
    out = jax.tree.map(lambda *parts: np.stack(parts), *collected)
    names = ("diverging", "energy", "n_steps", "acceptance_rate", "lp")
    statistics = {name: np.asarray(out[1 + at]) for at, name in enumerate(names)}
    statistics["lp"] = -statistics["lp"]
    sites = {name: np.asarray(value) for name, value in out[0].items()}
    return Chains(sites=sites, statistics=statistics)


def _jitter(key: jax.Array, start: dict[str, jax.Array]) -> dict[str, jax.Array]:
    """Return starting points that differ a little, so that r-hat can see chains that disagree."""
    keys = jax.random.split(key, len(start))
    return {
        name: value + 0.1 * jax.random.normal(each, value.shape)
        for each, (name, value) in zip(keys, start.items(), strict=True)
    }


def _positions(model: Callable[[], None], start: Mapping[str, Any]) -> dict[str, jax.Array]:
    """Return where each site starts: at a given value, else at zero, the median of a unit.

    Raises
    ------
    InferenceError
        If a site's support is not the whole line: the chains do not transform.
    """
    real = {}

    def shapes() -> dict[str, Any]:
        sites = handlers.trace(handlers.seed(model, jax.random.key(0))).get_trace()
        found = {}
        for name, site in sites.items():
            if site["type"] == "sample" and not site["is_observed"]:
                support = site["fn"].support
                real[name] = isinstance(support, type(constraints.real)) or (
                    getattr(support, "base_constraint", None) is constraints.real
                )
                found[name] = site["value"]
        return found

    found = jax.eval_shape(shapes)
    bounded = [name for name, whole in real.items() if not whole]
    if bounded:
        raise InferenceError(f"site {bounded[0]} is bounded; sample it from a standard normal")
    return {
        name: jnp.asarray(start.get(name, jnp.zeros(shape.shape)), dtype=jnp.float64)
        for name, shape in found.items()
    }
