from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .small import write_small

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def demo(tmp_path: Path) -> Path:
    """Return the folder of a fresh small valid case."""
    return write_small(tmp_path)
