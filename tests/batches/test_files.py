"""Results on disk: whole or not there, and never those of something else."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from dispersal.batches import BatchError
from dispersal.batches.cluster import versions
from dispersal.batches.files import (
    header_of,
    read_result,
    read_shared,
    ready_folder,
    write_result,
    write_shared,
)

if TYPE_CHECKING:
    from pathlib import Path

ARRAYS = {"x": np.arange(6, dtype=np.int32).reshape(2, 3), "y": np.array([0.1, np.nan])}


def header(**inputs: Any) -> dict[str, Any]:
    return header_of("work", "draws-seed1-0-1", {"seed": 1, "case": "c" * 64, **inputs}, versions())


def test_what_is_read_is_what_was_written(tmp_path: Path) -> None:
    file = tmp_path / "a.npz"
    assert read_result(file, header()) is None
    write_result(file, header(), ARRAYS)
    found = read_result(file, header())
    assert found is not None
    assert found.keys() == ARRAYS.keys()
    for name, array in ARRAYS.items():
        assert found[name].dtype == array.dtype
        np.testing.assert_array_equal(found[name], array)
    assert [path.name for path in tmp_path.iterdir()] == ["a.npz"]


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        (header(seed=2), "made with seed 1, not 2"),
        (header(extra=3), "made with extra None, not 3"),
        (header() | {"work": "other"}, "made with work work, not other"),
        (
            header() | {"versions": {**versions(), "numpy": "1.0"}},
            f"made with version of numpy {np.__version__}, not 1.0",
        ),
    ],
)
def test_a_file_of_other_inputs_is_refused(
    tmp_path: Path, changed: dict[str, Any], told: str
) -> None:
    file = tmp_path / "a.npz"
    write_result(file, header(), ARRAYS)
    with pytest.raises(BatchError, match=r"found .*a.npz with hash .*, expected .*") as caught:
        read_result(file, changed)
    assert told in str(caught.value)


@pytest.mark.parametrize("damage", ["cut", "flipped", "empty", "text"])
def test_a_broken_file_is_refused(tmp_path: Path, damage: str) -> None:
    file = tmp_path / "a.npz"
    write_result(file, header(), {"x": np.arange(1000)})
    content = bytearray(file.read_bytes())
    if damage == "cut":
        content = content[:-200]
    elif damage == "flipped":
        content[len(content) // 2] ^= 1
    else:
        content = bytearray(b"" if damage == "empty" else b"nothing of the kind")
    file.write_bytes(content)
    with pytest.raises(BatchError, match=r"found .*a.npz broken .*, expected a result as it was"):
        read_result(file, header())


def test_a_file_that_is_broken_off_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken_off(stream: Any, **_: Any) -> None:
        stream.write(b"half of it")
        raise KeyboardInterrupt

    monkeypatch.setattr(np, "savez", broken_off)
    with pytest.raises(KeyboardInterrupt):
        write_result(tmp_path / "a.npz", header(), ARRAYS)
    assert list(tmp_path.iterdir()) == []


def test_what_is_shared_has_to_be_what_was_written(tmp_path: Path) -> None:
    file, content = write_shared(tmp_path, "shared", {"a": [1, 2]})
    assert read_shared(file, content) == {"a": [1, 2]}
    with pytest.raises(BatchError, match=r"with hash .*, expected 000"):
        read_shared(file, "0" * 64)
    with pytest.raises(BatchError, match="same path on every machine"):
        read_shared(tmp_path / "else" / file.name, content)


def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("here")
    with pytest.raises(BatchError, match="expected a folder for batches that can be written"):
        ready_folder(tmp_path / "file")
    with pytest.raises(BatchError, match="expected a folder for batches that can be written"):
        write_result(tmp_path / "none" / "a.npz", header(), ARRAYS)


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write anywhere")
def test_a_folder_without_the_right_to_write_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(stat.S_IRUSR | stat.S_IXUSR)
    with pytest.raises(BatchError, match="expected a folder for batches that can be written"):
        ready_folder(tmp_path)
