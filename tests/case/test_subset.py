"""Part of a case is a case."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

from dispersal.case import load_case, write_case
from dispersal.case.subset import case_of_origins
from dispersal.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path


def test_a_part_can_be_written_and_read(tmp_path: Path) -> None:
    part = case_of_origins(load_case("isis_2017"), ["SYR", "BEL", "TUN"], ["i17_103"])
    again = load_case(write_case(part, tmp_path / part.name))
    assert again == part
    assert again.content_hash == part.content_hash
    assert [row.figure_id for row in part.ledger.aggregate_rows] == ["i17_103"]


def test_figures_keep_what_they_say() -> None:
    case = load_case("isis_2017")
    part = case_of_origins(case, ["BEL", "TUN"])
    whole, found = case.ledger.figures, part.ledger.figures
    whole = whole[whole["origin"].isin(["BEL", "TUN"])].reset_index(drop=True)
    pd.testing.assert_frame_equal(found, whole)
    assert len(found["tags"].explode().dropna().unique()) > 2


def test_policies_of_those_left_out_go_and_those_of_places_stay() -> None:
    case = load_case("isis_2017")
    part = case_of_origins(case, "TUN")
    actors = {policy.actor for policy in part.policies}
    places = {row.place for row in case.places}
    assert actors <= places | {"TUN"}
    assert actors & places == {policy.actor for policy in case.policies} & places


def test_unknown_names_are_refused() -> None:
    case = load_case("isis_2017")
    with pytest.raises(InputError, match="'TUX', expected an origin of the case; did you mean"):
        case_of_origins(case, ["TUX"])
    with pytest.raises(InputError, match="expected an aggregate of the case"):
        case_of_origins(case, ["TUN"], ["nothing"])
    with pytest.raises(InputError, match="no origin to keep"):
        case_of_origins(case, [])
