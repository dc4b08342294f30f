"""Run NUTS chains side by side, one thread a chain, all through one compiled program."""

from __future__ import annotations

import os
import threading
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
from numpyro.infer.hmc import hmc
from numpyro.infer.util import log_density

import dispersal.population  # noqa: F401  (sets JAX to double precision)
from dispersal.errors import InferenceError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dispersal.inference.warm import WarmStart

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


class Sampler:
    """NUTS for one program, compiled once for all data of the same shapes.

    Parameters
    ----------
    model : callable
        A NumPyro program whose sites all range over the whole line; its arguments are data.
    warmup : int
        Rounded up to a multiple of ``CHUNK``.
    target_acceptance : float
    """

    def __init__(
        self, model: Callable[..., None], *, warmup: int, target_acceptance: float = 0.8
    ) -> None:
        self.warmup = whole_chunks(warmup)
        self._model = model
        self._sites: dict[str, tuple[int, ...]] | None = None
        self._advance: Callable[[Any, Any], tuple[Any, Any]] | None = None
        self._compiling = threading.Lock()

        def potential_of(*data: Any) -> Callable[[dict[str, jax.Array]], jax.Array]:
            return lambda values: jnp.negative(log_density(model, data, {}, values)[0])

        begin, self._sample = hmc(potential_fn_gen=potential_of, algo="NUTS")
        # Compiled once; NumPyro, too, runs it under vmap, since what it sets on the way is static.
        self._begin = jax.jit(
            lambda key, position, data, variances=None: begin(
                position,
                num_warmup=self.warmup,
                inverse_mass_matrix=variances,
                adapt_mass_matrix=variances is None,
                target_accept_prob=target_acceptance,
                trajectory_length=None,
                model_args=data,
                rng_key=jax.random.split(key)[0],
            )
        )

    def log_density(self, sites: Mapping[str, Any], data: tuple[Any, ...] = ()) -> float:
        """Return the log of the joint density at values of the sites, as a chain there knows it."""
        position = {name: jnp.asarray(value, dtype=jnp.float64) for name, value in sites.items()}
        return -float(self._begin(jax.random.key(0), position, data).potential_energy)

    def run(
        self,
        data: tuple[Any, ...],
        start: Mapping[str, Any],
        *,
        seed: int,
        chains: int,
        draws: int,
        workers: int | None = None,
        progress: Progress | None = None,
        enough: Callable[[Chains], bool] | None = None,
        blocks: int = 1,
        warm: WarmStart | None = None,
    ) -> Chains:
        """Sample the posterior given data; the other parameters are those of ``run_chains``."""
        draws = whole_chunks(draws)
        keys = jax.random.split(jax.random.key(seed), chains)
        if warm is None:
            position = self._positions(start, data)
            jittered = (_jitter(position, seed, chain) for chain in range(chains))
            states = [self._begin(*one, data) for one in zip(keys, jittered, strict=True)]
        else:
            states = [
                self._begin(key, self._positions(warm.of_chain(at), data), data, warm.inverse_mass)
                for at, key in enumerate(keys)
            ]
        advance = self._compiled(states[0], data)
        done = [0] * chains
        kept: list[list[Any]] = [[] for _ in range(chains)]

        def many(index: int, iterations: int, until: int, *, keep: bool) -> None:
            for _ in range(0, iterations, CHUNK):
                states[index], out = advance(states[index], data)
                if keep:
                    kept[index].append(jax.device_get(out))
                done[index] += CHUNK
                if progress is not None:
                    progress(sum(done), chains * until)

        with ThreadPoolExecutor(workers or min(chains, available_cores())) as pool:
            first = partial(many, iterations=self.warmup, until=self.warmup + draws, keep=False)
            list(pool.map(first, range(chains)))  # draining the map raises what a chain raised
            until = self.warmup
            last = until + blocks * draws
            for size in _block_sizes(draws, blocks):
                until += size
                next_ = partial(many, iterations=size, until=until, keep=True)
                list(pool.map(next_, range(chains)))
                found = _joined(kept)
                if enough is None or until == last or enough(found):
                    break
        return found

    def _compiled(self, state: Any, data: tuple[Any, ...]) -> Callable[[Any, Any], tuple[Any, Any]]:
        def step(state: Any, data: Any) -> tuple[Any, Any]:
            state = self._sample(state, data)
            kept = (
                state.z,
                state.diverging,
                state.energy,
                state.num_steps,
                state.accept_prob,
                state.potential_energy,
            )
            return state, kept

        def many(state: Any, data: Any) -> tuple[Any, Any]:
            return jax.lax.scan(lambda at, _: step(at, data), state, None, length=CHUNK)

        with self._compiling:
            if self._advance is None:
                self._advance = jax.jit(many).lower(state, data).compile()
            return self._advance

    def _positions(self, start: Mapping[str, Any], data: tuple[Any, ...]) -> dict[str, jax.Array]:
        """Return where each site starts: at a given value, else at zero, the median of a unit."""
        with self._compiling:
            if self._sites is None:
                self._sites = _shapes(self._model, data)
        return {
            name: jnp.asarray(start.get(name, jnp.zeros(shape)), dtype=jnp.float64)
            for name, shape in self._sites.items()
        }


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
    warm: WarmStart | None = None,
) -> Chains:
    """Sample the posterior of a program.

    Every chain runs the same program from a key of its own: draws do not depend on ``workers``.

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
        Whether what was drawn will do; if not, the chains go on for another block of ``draws``,
        and from the third on this is asked halfway, too.
    blocks : int
        Blocks of ``draws`` at most.
    warm : WarmStart, optional
        Takes the place of ``start``, and of the adaptation of the mass matrix.

    Returns
    -------
    Chains

    Raises
    ------
    InferenceError
        If a site's support is not the whole line: the chains do not transform.
    """
    return Sampler(model, warmup=warmup, target_acceptance=target_acceptance).run(
        (),
        start,
        seed=seed,
        chains=chains,
        draws=draws,
        workers=workers,
        progress=progress,
        enough=enough,
        blocks=blocks,
        warm=warm,
    )


def whole_chunks(iterations: int) -> int:
    """Return iterations rounded up to a multiple of ``CHUNK``."""
    return -(-iterations // CHUNK) * CHUNK


def _joined(kept: list[list[Any]]) -> Chains:
    collected = [jax.tree.map(lambda *parts: np.concatenate(parts), *chunks) for chunks in kept]
    out = jax.tree.map(lambda *parts: np.stack(parts), *collected)
    names = ("diverging", "energy", "n_steps", "acceptance_rate", "lp")
    statistics = {name: np.asarray(out[1 + at]) for at, name in enumerate(names)}
    statistics["lp"] = -statistics["lp"]
    sites = {name: np.asarray(value) for name, value in out[0].items()}
    return Chains(sites=sites, statistics=statistics)


def _block_sizes(draws: int, blocks: int) -> list[int]:
    """Return how many draws come between two looks: half a block does what two almost did."""
    half = whole_chunks(draws // 2)
    rest = [half, draws - half] if half < draws else [draws]
    return [draws] * min(blocks, 2) + rest * max(blocks - 2, 0)


def _jitter(start: dict[str, jax.Array], seed: int, chain: int) -> dict[str, jax.Array]:
    """Return starting points that differ a little, so that r-hat can see chains that disagree."""
    # With jax.random a program would be compiled for each shape, which takes seconds.
    rng = np.random.default_rng([seed, chain])
    return {name: value + 0.1 * rng.standard_normal(value.shape) for name, value in start.items()}


def _shapes(model: Callable[..., None], data: tuple[Any, ...]) -> dict[str, tuple[int, ...]]:
    """Return the shape of every site; refuse one whose support is not the whole line."""
    real = {}

    def found() -> dict[str, Any]:
        sites = handlers.trace(handlers.seed(model, jax.random.key(0))).get_trace(*data)
        values = {}
        for name, site in sites.items():
            if site["type"] == "sample" and not site["is_observed"]:
                support = site["fn"].support
                real[name] = isinstance(support, type(constraints.real)) or (
                    getattr(support, "base_constraint", None) is constraints.real
                )
                values[name] = site["value"]
        return values

    shapes = {name: value.shape for name, value in jax.eval_shape(found).items()}
    bounded = [name for name, whole in real.items() if not whole]
    if bounded:
        raise InferenceError(f"site {bounded[0]} is bounded; sample it from a standard normal")
    return shapes
