"""Which process runs which tests: those of a folder in one, so that all they share is made once."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).parent

#: Folders whose tests take longest. They begin first, so that no process is left with one at the
#: end; all others follow in the order in which they are found.
LONGEST = (
    "inference",
    "whatif_update",
    "browser",
    "record",
    "docs_site",
    "population",
    "reference",
    "model",
    "generality",
    "displacement",
    "case",
    "report",
    "batches",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark each test with its folder, and put the longest folders first."""
    folders = {item: folder_of(item.path) for item in items}
    for item, folder in folders.items():
        item.add_marker(pytest.mark.xdist_group(folder))
    place = {folder: number for number, folder in enumerate(LONGEST)}
    items.sort(key=lambda item: place.get(folders[item], len(place)))


def folder_of(path: Path) -> str:
    """Return the first folder below this one that a test is in, or that of a module's examples."""
    if ROOT not in path.parents:
        return str(path.parent)
    return path.relative_to(ROOT).parts[0]
