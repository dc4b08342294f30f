"""Dask clusters: an address that someone else runs, or workers on this machine."""

from __future__ import annotations

import os
import platform
import re
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from importlib import metadata
from typing import TYPE_CHECKING, Any, Final

from dispersal.batches.task import BatchError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

#: Seconds within which a scheduler has to answer, and has to have a worker.
PATIENCE: Final = 15

#: Workers of a batch that may die before it is given up.
FAILURES: Final = 3

#: Packages that results depend on; a worker has to have the client's versions.
PACKAGES: Final = ("dispersal", "numpy", "numba", "jax", "numpyro", "scipy")

#: What a local worker finds in its environment: one thread for linear algebra, as it has one core.
#: Dask would also have it give back freed memory at once, only to ask for it again.
ENVIRONMENT: Final = {
    "OMP_NUM_THREADS": 1,
    "MKL_NUM_THREADS": 1,
    "OPENBLAS_NUM_THREADS": 1,
}

SCHEDULERS: Final = "local, local:<workers> or an address such as tcp://10.0.0.1:8786"


def versions() -> dict[str, str]:
    """Return the versions that results depend on, of the process that asks.

    Examples
    --------
    >>> sorted(versions())
    ['dispersal', 'jax', 'numba', 'numpy', 'numpyro', 'python', 'scipy']
    """
    found = {"python": platform.python_version()}
    for name in PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "not installed"
    return found


def require_same_versions(found: Mapping[str, str], expected: Mapping[str, str]) -> None:
    """Raise if a worker has other versions than the client.

    Raises
    ------
    BatchError
        With package, found and expected version.
    """
    for name, version in expected.items():
        if found.get(name) != version:
            raise BatchError(
                f"found {name} {found.get(name)} on a worker, expected {version} as here: "
                "results would differ"
            )


def local_workers(scheduler: str) -> int | None:
    """Return how many workers a scheduler's name asks for on this machine; None for an address.

    Raises
    ------
    BatchError
        For a name that is neither.

    Examples
    --------
    >>> local_workers("local:3"), local_workers("tcp://localhost:8786")
    (3, None)
    """
    if re.fullmatch(r"(tcp|tls|ws|wss|ucx)://[^\s/]+:\d+/?", scheduler):
        return None
    if scheduler == "local":
        return usable_workers()
    wanted = re.fullmatch(r"local:([1-9]\d{0,3})", scheduler)
    if wanted is None:
        raise BatchError(f"found scheduler {scheduler!r}, expected {SCHEDULERS}")
    return int(wanted[1])


#: Of each ``one_client`` that is open: its stack, and the clients on it by scheduler.
_OPEN: ContextVar[tuple[ExitStack, dict[str, Any]] | None] = ContextVar("_OPEN", default=None)


@contextmanager
def one_client() -> Iterator[None]:
    """Keep a cluster that is begun within for all that follows within, where the name is the same.

    Examples
    --------
    >>> with one_client():  # nothing is begun until a batch needs it
    ...     pass
    """
    with ExitStack() as stack:
        token = _OPEN.set((stack, {}))
        try:
            yield
        finally:
            _OPEN.reset(token)


@contextmanager
def client_of(scheduler: str) -> Iterator[Any]:
    """Give the client of :func:`begun`, which goes on to the end of an open ``one_client``."""
    kept = _OPEN.get()
    if kept is None:
        with begun(scheduler) as client:
            yield client
        return
    stack, clients = kept
    if scheduler not in clients:
        clients[scheduler] = stack.enter_context(begun(scheduler))
    yield clients[scheduler]


@contextmanager
def begun(scheduler: str) -> Iterator[Any]:
    """Give a Dask client, and end what was begun for it.

    Parameters
    ----------
    scheduler : str
        ``local`` (a worker for each core), ``local:N``, or an address. Nothing but what the name
        says is reached, and no dashboard is served.

    Raises
    ------
    BatchError
        If the name is unknown, Dask is not installed, nobody answers, no worker comes, or a
        worker has other versions.
    """
    workers = local_workers(scheduler)
    try:
        import dask
        import distributed
    except ImportError as error:
        raise BatchError(
            f"found no package {error.name}, expected Dask for a scheduler; install it with "
            "pip install 'dispersal[cluster]'"
        ) from None
    settings = {
        "distributed.scheduler.allowed-failures": FAILURES,
        # One batch a worker: what is killed with it is that batch.
        "distributed.scheduler.worker-saturation": 1.0,
        "distributed.worker.memory.terminate": False,
        "distributed.nanny.pre-spawn-environ": ENVIRONMENT,
        "distributed.scheduler.http.routes": [],
        "distributed.worker.http.routes": [],
        "distributed.admin.tick.limit": "1h",  # batches hold the interpreter for seconds
    }
    with dask.config.set(settings):
        if workers is None:
            with _connected(distributed, scheduler) as client:
                yield client
            return
        with (
            distributed.LocalCluster(
                n_workers=workers,
                threads_per_worker=1,
                processes=True,
                dashboard_address="127.0.0.1:0",
                host="127.0.0.1",
                silence_logs=40,
            ) as cluster,
            _connected(distributed, cluster) as client,
        ):
            yield client


@contextmanager
def _connected(distributed: Any, address: Any) -> Iterator[Any]:
    try:
        client = distributed.Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        raise BatchError(
            f"found no answer at {address} within {PATIENCE} seconds ({type(error).__name__}), "
            f"expected a Dask scheduler; or {SCHEDULERS}"
        ) from None
    with client:
        try:
            client.wait_for_workers(1, timeout=PATIENCE)
        except OSError:
            raise BatchError(
                f"found no worker at {address} within {PATIENCE} seconds, expected one or more"
            ) from None
        yield client


def usable_workers() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
