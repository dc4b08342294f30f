from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pandas as pd

from dispersal.case import Ledger
from dispersal.case.schema import TagRule
from dispersal.record.misses import largest_misses
from dispersal.record.scores import score

from .figures import figure

if TYPE_CHECKING:
    from dispersal.forecast.forecast import Forecast


def test_a_miss_comes_with_what_was_known(forecast: Forecast) -> None:
    rows = (
        figure("small", "returned", "FRA", 250),
        figure("large", "returned", "TUN", 90_000),
        figure("unheard", "killed", "BEL", 3),
    )
    misses = score(forecast, Ledger(rows)).misses(3)
    assert misses[0].figure["figure_id"] == "large"
    known = {miss.figure["figure_id"]: list(miss.known["figure_id"]) for miss in misses}
    assert known == {"large": ["t2", "t3"], "small": ["f2", "f3"], "unheard": []}
    record = misses[0].record()
    assert json.loads(json.dumps(record, allow_nan=False)) == record
    assert record["known"][1]["low"] == 799


def test_evidence_is_that_of_the_rows_own_cutoff(forecast: Forecast) -> None:
    """Rows of several cut-offs in one table, and a ledger that knows more than either."""
    rows = score(forecast, Ledger((figure("a", "returned", "TUN", 250),))).rows
    both = pd.concat([rows.assign(cutoff=pd.Timestamp("2016-06-01")), rows], ignore_index=True)
    rule = TagRule(tag="doubtful", figure_id="new", reason="a test")
    ledger = Ledger(
        (
            *forecast.case.ledger.figure_rows,
            figure("new", "returned", "TUN", 9, as_of="2017-03-01", published="2017-03-07"),
            figure("newer", "returned", "TUN", 9, as_of="2017-03-01", published="2017-03-08"),
        ),
        tag_rules=(rule,),
    )
    known = {
        f"{miss.figure['cutoff']:%Y}": list(miss.known["figure_id"])
        for miss in largest_misses(both, ledger)
    }
    assert known == {"2016": ["t2"], "2017": ["t2", "t3", "new"]}
    (last,) = (miss for miss in largest_misses(both, ledger) if miss.figure["cutoff"].year == 2017)
    assert last.known["tags"].tolist() == ["", "", "doubtful"]
