"""Tasks here and on a cluster: the same bits, whatever dies on the way."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from dispersal.batches import BatchError, BatchFailedError, Task, cluster, run_batches, split
from dispersal.batches.cluster import require_same_versions, versions
from dispersal.batches.worker import on_worker
from tests.batches import work

if TYPE_CHECKING:
    from collections.abc import Callable

TASKS = split("numbers", 5, 10, 2)
INPUTS = {"scale": 1.0}


def collected(function: Callable[..., Any] = work.numbers, shared: Any = 1.0, **how: Any) -> Any:
    """Return all values in the order of their numbers, and the processes that worked."""
    found = dict(run_batches(function, TASKS, shared, INPUTS, **how))
    ordered = [found[task] for task in sorted(found)]
    values = np.concatenate([arrays["values"] for arrays in ordered])
    return values, {int(arrays["process"]) for arrays in ordered}


@pytest.fixture(scope="module")
def wanted() -> Any:
    return collected()[0]


@pytest.mark.parametrize("at_once", [1, 3])
@pytest.mark.parametrize("kept", [False, True])
def test_threads_and_files_do_not_matter(
    tmp_path: Path, wanted: Any, at_once: int, kept: bool
) -> None:
    folder = tmp_path / "batches" if kept else None
    values, processes = collected(folder=folder, at_once=at_once)
    np.testing.assert_array_equal(values, wanted)
    assert processes == {os.getpid()}


def test_the_size_of_batches_does_not_matter(wanted: Any) -> None:
    parts = list(run_batches(work.numbers, split("numbers", 5, 10, 3), 1.0, INPUTS))
    np.testing.assert_array_equal(np.concatenate([part["values"] for _, part in parts]), wanted)


def test_what_is_there_is_not_worked_out_again(tmp_path: Path, wanted: Any) -> None:
    collected(folder=tmp_path)
    before = {file: file.stat().st_mtime_ns for file in tmp_path.iterdir()}
    assert len(before) == len(TASKS)
    # A function that would fail is not called: but it is another, which is told.
    with pytest.raises(BatchError, match=r"made with work tests.batches.work.numbers, not"):
        collected(work.fails, "input", folder=tmp_path)
    (tmp_path / f"{TASKS[2].name}.npz").unlink()
    told: list[tuple[int, int]] = []
    values, _ = collected(folder=tmp_path, progress=lambda *now: told.append(now))
    np.testing.assert_array_equal(values, wanted)
    after = {file: file.stat().st_mtime_ns for file in tmp_path.iterdir()}
    assert [file.stem for file in after if before[file] != after[file]] == [TASKS[2].name]
    assert told == [(2, 10), (4, 10), (6, 10), (8, 10), (10, 10)]


def test_other_inputs_need_another_folder(tmp_path: Path) -> None:
    collected(folder=tmp_path)
    with pytest.raises(BatchError, match=r"made with scale 1\.0, not 2\.0"):
        list(run_batches(work.numbers, TASKS, 2.0, {"scale": 2.0}, folder=tmp_path))


def test_a_cluster_gives_the_same_bits(tmp_path: Path, wanted: Any, address: str) -> None:
    values, processes = collected(folder=tmp_path, scheduler=address)
    np.testing.assert_array_equal(values, wanted)
    assert os.getpid() not in processes
    # All is there: nobody is asked again, whoever it was.
    values, again = collected(folder=tmp_path, scheduler="tcp://127.0.0.1:1")
    np.testing.assert_array_equal(values, wanted)
    assert again == processes


def test_a_worker_that_dies_costs_one_batch(tmp_path: Path, wanted: Any, address: str) -> None:
    marker = tmp_path / "died"
    values, _ = collected(work.dies_once, marker, folder=tmp_path / "b", scheduler=address)
    assert marker.exists()
    np.testing.assert_array_equal(values, wanted)
    left = [file.name for file in (tmp_path / "b").iterdir() if file.suffix == ".npz"]
    assert sorted(left) == sorted(f"{task.name}.npz" for task in TASKS)


def test_a_batch_that_ends_every_worker_is_named(tmp_path: Path) -> None:
    with pytest.raises(BatchFailedError, match="batch numbers-seed5-2-3 was at work on 4 workers"):
        collected(work.dies_always, None, folder=tmp_path, scheduler="local:2")


@pytest.mark.parametrize(
    ("kind", "error"),
    [("input", BatchError), ("work", BatchFailedError), ("other", ZeroDivisionError)],
)
def test_what_fails_on_a_worker_is_told(
    tmp_path: Path, address: str, kind: str, error: type[Exception]
) -> None:
    with pytest.raises(error, match=r"no \d") as caught:
        collected(work.fails, kind, folder=tmp_path, scheduler=address)
    told = [str(caught.value), *getattr(caught.value, "__notes__", [])]
    assert any("batch numbers-seed5-" in text for text in told)


def test_a_killed_run_goes_on(tmp_path: Path) -> None:
    script = (
        "from dispersal.batches import run_batches, split\n"
        "from tests.batches import work\n"
        "tasks = split('numbers', 5, 10, 2)\n"
        f"found = run_batches(work.slow, tasks, 0.3, {INPUTS}, folder={str(tmp_path)!r})\n"
        "print([task.first for task, _ in found])\n"
    )
    command = [sys.executable, "-c", script]
    root = Path(__file__).parents[2]
    killed = subprocess.Popen(command, cwd=root)
    first = tmp_path / f"{TASKS[1].name}.npz"
    until = time.monotonic() + 60
    while not first.exists() and time.monotonic() < until:
        time.sleep(0.02)
    killed.send_signal(signal.SIGKILL)
    assert killed.wait() == -signal.SIGKILL
    kept = {file: file.stat().st_mtime_ns for file in tmp_path.glob("numbers-*.npz")}
    assert 2 <= len(kept) < len(TASKS)
    values, processes = collected(work.slow, 0.0, folder=tmp_path)
    np.testing.assert_array_equal(values, collected()[0])
    assert killed.pid in processes
    assert os.getpid() in processes
    assert all(file.stat().st_mtime_ns == then for file, then in kept.items())


def test_addresses_that_do_not_answer_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "PATIENCE", 0.5)
    with pytest.raises(BatchError, match=r"found no answer at tcp://127.0.0.1:1 within 0.5 sec"):
        collected(folder=tmp_path, scheduler="tcp://127.0.0.1:1")


@pytest.mark.parametrize("name", ["lokal", "local:0", "local:-1", "127.0.0.1:8786", "tcp://host"])
def test_unknown_schedulers_are_told(tmp_path: Path, name: str) -> None:
    with pytest.raises(BatchError, match=r"found scheduler .*, expected local, local:<workers> or"):
        collected(folder=tmp_path, scheduler=name)


def test_a_scheduler_needs_dask_and_a_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(BatchError, match="without a folder"):
        collected(scheduler="local")
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(BatchError, match=r"pip install 'dispersal\[cluster\]'"):
        collected(folder=tmp_path, scheduler="local")


def test_a_worker_with_other_versions_is_told(tmp_path: Path) -> None:
    other = {**versions(), "numba": "0.1"}
    with pytest.raises(BatchError, match=r"found numba .* on a worker, expected 0\.1 as here"):
        require_same_versions(versions(), other)
    header = {"versions": other}
    told = on_worker(work.numbers, TASKS[0], (tmp_path / "shared.pickle", ""), header)
    assert told is not None
    assert told[0] == "input"
    assert "found numba" in told[1]


def test_functions_that_nobody_can_import_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BatchError, match="expected a function of a module that can be imported"):
        collected(lambda *_: {}, folder=tmp_path)


def test_results_are_arrays_by_name() -> None:
    with pytest.raises(BatchFailedError, match=r"batch numbers-seed5-0-1: found .*, expected arr"):
        collected(work.no_arrays)


def test_names_are_unique_and_plain() -> None:
    with pytest.raises(BatchError, match="found the task a-seed0-0-0 twice"):
        list(run_batches(work.numbers, [Task("a", 0, 0, 1)] * 2, 1.0, INPUTS))
    with pytest.raises(BatchError, match=r"found a task of kind '\.\./a'"):
        Task("../a", 0, 0, 1)
    with pytest.raises(BatchError, match="expected a seed and a first item of 0 or more"):
        Task("a", 0, 0, 0)


def test_items_fall_into_tasks_once() -> None:
    for items, size in itertools.product([0, 1, 7, 8], [1, 3, 8]):
        covered = [
            at
            for task in split("a", 1, items, size, first=4)
            for at in range(task.first, task.first + task.count)
        ]
        assert covered == list(range(4, 4 + items))
