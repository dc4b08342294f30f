"""Every kind of broken case is named by file, row and column, and nothing else is blamed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dispersal.case import check_case, load_case
from dispersal.case.checks import FAULT_CHECKS
from dispersal.errors import CaseError

from .broken import CELLS, STRUCTURE, Broken
from .broken_files import FILES, YAML

if TYPE_CHECKING:
    from pathlib import Path

ALL = [*CELLS, *STRUCTURE, *YAML, *FILES]


def test_the_small_case_is_valid(demo: Path) -> None:
    report = check_case(demo)
    assert report.faults == ()
    assert report.notes == ()


def test_there_are_many_kinds() -> None:
    assert len({broken.kind for broken in ALL}) >= 60


@pytest.mark.parametrize("broken", ALL, ids=lambda broken: broken.name)
def test_a_fault_is_named_where_it_is(demo: Path, broken: Broken) -> None:
    broken.edit(demo)
    with pytest.raises(CaseError) as caught:
        load_case(demo)
    faults = caught.value.faults
    assert faults == check_case(demo).faults
    assert len(faults) == broken.count, "\n".join(f"{fault.kind}: {fault}" for fault in faults)
    fault = next((fault for fault in faults if fault.kind == broken.kind), faults[0])
    assert (fault.kind, fault.file, fault.row, fault.column) == (
        broken.kind,
        broken.file,
        broken.row,
        broken.column,
    )
    assert fault.found.startswith(broken.found)
    if broken.nearest is not None:
        assert fault.nearest == broken.nearest
    assert fault.expected
    assert str(fault) in str(caught.value)


def test_every_check_has_a_case_that_it_finds() -> None:
    assert set(FAULT_CHECKS) <= {broken.kind for broken in ALL}
