"""Run tasks here or on a cluster; what was worked out is kept, and never worked out again."""

from __future__ import annotations

import sys
import time
import uuid
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Final

from dispersal.batches.cluster import client_of, versions
from dispersal.batches.files import (
    Inputs,
    header_of,
    read_result,
    ready_folder,
    write_result,
    write_shared,
)
from dispersal.batches.task import Arrays, BatchError, BatchFailedError, Task, require_arrays
from dispersal.batches.worker import file_of, on_worker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from concurrent.futures import Future
    from pathlib import Path

    Work = Callable[[Any, Task], Arrays]
    Progress = Callable[[int, int], None]

#: Seconds for which a result that was reported is waited for: shared folders may lag behind.
LAG: Final = 30


def run_batches(
    work: Work,
    tasks: Sequence[Task],
    shared: Any,
    inputs: Inputs,
    *,
    folder: str | Path | None = None,
    scheduler: str | None = None,
    at_once: int = 1,
    progress: Progress | None = None,
) -> Iterator[tuple[Task, Arrays]]:
    """Run every task and give its result, in any order.

    A result depends on ``inputs`` and the task alone, so it is the same bits wherever it was
    worked out. Each is written to ``folder`` before it is reported: a worker that dies costs the
    batch that it was at, which another takes over, and a run that was broken off goes on with what
    is there.

    Parameters
    ----------
    work : callable
        A function of a module, of ``shared`` and a task; gives arrays by name.
    tasks : sequence of Task
        With different names.
    shared : object
        What all tasks need; pickled once for a cluster, and kept by a worker from task to task.
    inputs : mapping of str to plain values
        All that results depend on beside the task: small values as they are, large ones by their
        hash. A file with others is an error.
    folder : str or Path, optional
        Where results are kept, as ``<task>.npz``; with a scheduler all machines need it at the
        same path. Default: nowhere.
    scheduler : str, optional
        ``local``, ``local:<workers>`` or the address of a Dask scheduler. Default: this process.
    at_once : int
        Tasks that run at once in this process.
    progress : callable, optional
        Called with (items done, items in all).

    Yields
    ------
    task : Task
    arrays : dict of arrays
        As they become ready.

    Raises
    ------
    BatchError
        For a name that stands twice, a folder that cannot be written, a scheduler that cannot be
        used, a worker with other versions, or a file that is broken or of other inputs.
    BatchFailedError
        If a batch ends every worker that takes it, or a worker's work fails.

    Examples
    --------
    >>> from dispersal.batches.worker import squares
    >>> from dispersal.batches.task import split
    >>> found = run_batches(squares, split("squares", 1, 5, 2), 10, {"added": 10})
    >>> {task.first: arrays["squares"].tolist() for task, arrays in found}
    {0: [10, 11], 2: [14, 19], 4: [26]}
    """
    names = [task.name for task in tasks]
    twice = (
        [name for name in names if names.count(name) > 1] if len(set(names)) < len(names) else ()
    )
    if twice:
        raise BatchError(f"found the task {twice[0]} twice, expected tasks with different names")
    if scheduler is not None and folder is None:
        raise BatchError("found a scheduler without a folder, expected one for the results")
    total, done = sum(task.count for task in tasks), 0
    runs = _results(work, tasks, shared, inputs, folder, scheduler, at_once)
    for task, arrays in runs:
        done += task.count
        if progress is not None:
            progress(done, total)
        yield task, arrays


def _results(
    work: Work,
    tasks: Sequence[Task],
    shared: Any,
    inputs: Inputs,
    folder: str | Path | None,
    scheduler: str | None,
    at_once: int,
) -> Iterator[tuple[Task, Arrays]]:
    if folder is None:
        yield from _ahead(lambda task: require_arrays(task, work(shared, task)), tasks, at_once)
        return
    path = ready_folder(folder)
    headers = {task: header_of(_name_of(work), task.name, inputs, versions()) for task in tasks}
    missing = []
    for task in tasks:
        found = read_result(file_of(path, task), headers[task])
        if found is None:
            missing.append(task)
        else:
            yield task, found
    if scheduler is None or not missing:

        def here(task: Task) -> Arrays:
            arrays = require_arrays(task, work(shared, task))
            write_result(file_of(path, task), headers[task], arrays)
            return arrays

        yield from _ahead(here, missing, at_once)
        return
    with client_of(scheduler) as client:
        yield from _spread(client, work, missing, headers, shared, path)


def _ahead(
    run: Callable[[Task], Arrays], tasks: Sequence[Task], at_once: int
) -> Iterator[tuple[Task, Arrays]]:
    """Run tasks in threads, in order, never more than one result ahead of each."""
    if at_once == 1:
        for task in tasks:
            yield task, run(task)
        return
    with ThreadPoolExecutor(at_once) as pool:
        waiting: deque[tuple[Task, Future[Arrays]]] = deque()
        try:
            for task in tasks:
                waiting.append((task, pool.submit(run, task)))
                if len(waiting) > at_once:
                    first, result = waiting.popleft()
                    yield first, result.result()
            while waiting:
                first, result = waiting.popleft()
                yield first, result.result()
        finally:
            for _, result in waiting:
                result.cancel()


def _spread(
    client: Any,
    work: Work,
    tasks: Sequence[Task],
    headers: Mapping[Task, Mapping[str, Any]],
    shared: Any,
    path: Path,
) -> Iterator[tuple[Task, Arrays]]:
    """Run tasks on a cluster's workers."""
    from distributed import as_completed
    from distributed.scheduler import KilledWorker

    file, content = write_shared(path, f"shared-{tasks[0].kind}", shared)
    # Keys of this run alone: a scheduler may remember those of another.
    own = uuid.uuid4().hex[:8]
    task_of = {
        client.submit(
            on_worker,
            work,
            task,
            (file, content),
            headers[task],
            key=f"{task.name}-{own}",
            pure=False,
        ): task
        for task in tasks
    }
    finished = as_completed(list(task_of), loop=client.loop)
    for future in finished:
        task = task_of[future]
        error = future.exception()
        if isinstance(error, KilledWorker):
            raise BatchFailedError(
                f"batch {task.name} was at work on {error.allowed_failures + 1} workers that died "
                f"(the last at {error.last_worker.address}), expected it to end; often a worker "
                "has too little memory"
            ) from None
        if error is not None:
            if isinstance(error, Exception) and not _is_of_cluster(error):
                error.add_note(f"in batch {task.name}")
                raise error
            raise BatchFailedError(f"batch {task.name}: {type(error).__name__}: {error}") from error
        _raise_told(task, future.result())
        future.release()
        yield task, _arrived(file_of(path, task), headers[task])


def _raise_told(task: Task, told: tuple[str, str] | None) -> None:
    if told is not None:
        kind = BatchError if told[0] == "input" else BatchFailedError
        raise kind(f"batch {task.name}: {told[1]}")


def _arrived(file: Path, header: Mapping[str, Any]) -> Arrays:
    until = time.monotonic() + LAG
    while True:
        found = read_result(file, header)
        if found is not None:
            return found
        if time.monotonic() > until:
            raise BatchError(
                f"found nothing at {file}, which a worker has written, expected the folder of the "
                "batches at the same path on every machine"
            )
        time.sleep(0.2)


def _name_of(work: Work) -> str:
    """Return the name of a function that any process can import.

    Raises
    ------
    BatchError
        If it cannot be imported by a name.
    """
    module, name = work.__module__, work.__qualname__
    if getattr(sys.modules.get(module), name, None) is not work or module == "__main__":
        raise BatchError(
            f"found {name} of {module}, expected a function of a module that can be imported"
        )
    return f"{module}.{name}"


def _is_of_cluster(error: BaseException) -> bool:
    return type(error).__module__.split(".")[0] in ("distributed", "dask", "tornado")
