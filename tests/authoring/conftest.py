from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

from tests.case.small import write_small

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def demo(tmp_path: Path) -> Path:
    """The folder of the small valid case."""
    return write_small(tmp_path)


def contents(folder: Path) -> dict[str, str]:
    """Return the hash of every file of a folder: equal if nothing changed at all."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
