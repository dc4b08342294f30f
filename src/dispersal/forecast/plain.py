"""Tables as plain data, ready for JSON."""

from __future__ import annotations

import datetime as dt
import math
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd


def plain(value: object) -> Any:
    """Return a value as JSON can hold it: days as ISO text, what is not finite as None.

    Examples
    --------
    >>> plain(np.float64(0.5)), plain(float("nan")), plain(dt.date(2017, 3, 7)), plain(np.True_)
    (0.5, None, '2017-03-07', True)
    """
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value


def plain_rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table as mappings of plain values; the index is left out.

    Examples
    --------
    >>> import pandas as pd
    >>> plain_rows(pd.DataFrame({"share": [0.5, np.nan]}))
    [{'share': 0.5}, {'share': None}]
    """
    return [
        {str(key): plain(value) for key, value in row.items()} for row in table.to_dict("records")
    ]
