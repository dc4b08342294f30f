"""Which process runs which tests: those of a folder in one, so that all they share is made once."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import Any

import pytest

#: Folders whose tests take longest. They begin first, so that no process is left with one at the
#: end; all others follow in the order in which they are found.
LONGEST = (
    "tests/inference",
    "tests/whatif_update",
    "tests/browser",
    "tests/record",
    "tests/docs_site",
    "tests/population",
    "tests/reference",
    "tests/model",
    "tests/generality",
    "tests/displacement",
    "tests/case",
    "tests/report",
    "tests/batches",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest folders first."""
    place = {folder: number for number, folder in enumerate(LONGEST)}
    items.sort(key=lambda item: place.get(folder_of(item.nodeid), len(place)))


def pytest_collection_finish() -> None:
    """Leave what the imports made out of every search for rubbish: a tenth of all time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: Any, log: Any) -> Any:
    """Hand out tests by folder, in the order above.

    The marks of xdist 3.8 for the same purpose do nothing under pytest 9.2.
    """
    from xdist.scheduler import LoadScopeScheduling

    class ByFolder(LoadScopeScheduling):  # type: ignore[misc]
        def _split_scope(self, nodeid: str) -> str:
            return folder_of(nodeid)

    config.option.loadscopereorder = False
    return ByFolder(config, log)


def folder_of(nodeid: str) -> str:
    """Return the folder below that of all tests that a test is in, or that of a module.

    Examples
    --------
    >>> folder_of("tests/record/checks/test_priors.py::test_one[a/b]")
    'tests/record'
    >>> folder_of("src/dispersal/world/names.py::dispersal.world.names.name_of")
    'src/dispersal/world'
    """
    file = Path(nodeid.split("::", 1)[0])
    below = file.parts[:2] if file.parts[0] == "tests" else file.parent.parts
    return "/".join(below)
