"""The tables under the answer: fates, homes and theatres, of whom the case has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from dispersal.forecast import wording
from dispersal.forecast.lookup import origins_of
from dispersal.forecast.tables import COHORTS, LEVELS, cohorts, origins_table

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from dispersal.forecast.forecast import Forecast

#: Rows of the table of fates: a quantity, or a cohort or one of its parts; parts are indented.
ROWS: Final = {
    "departed": "ever joined",
    "killed": "dead",
    "detained": "detained",
    "holdouts": "holdouts",
    "underground": "  underground",
    "resurgent": "  active again",
    "free_agents": "free agents",
    "elsewhere": "  other theatre",
    "third_country": "  third country",
    "returned": "returnees",
    "home_at_large": "  at large",
    "home_in_custody": "  in custody",
    "home_in_programme": "  in a programme",
    "in_group": "in the group",
    "moving": "on the way",
    "demobilised": "demobilised",
}

COUNTRIES: Final = {
    "departed": "ever joined",
    "returned": "home",
    "detained": "detained",
    "killed": "dead",
    "free_agents": "moved on",
}

#: How the columns of each kind of member are headed.
KINDS: Final = {"foreign": "from abroad", "local": "local"}


@dataclass(frozen=True)
class TextTable:
    """A table in words.

    Parameters
    ----------
    title : str
    columns : tuple of str
        The first names the row.
    rows : tuple of tuple of str
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def kinds_of(forecast: Forecast) -> tuple[str, ...]:
    """Return the kinds of origins that the case has: ``foreign`` first, then ``local``."""
    return tuple(kind for kind in KINDS if origins_of(forecast.ensemble, kind))


def answer_tables(forecast: Forecast, top: int) -> tuple[TextTable, ...]:
    """Return the tables of fates, of homes and of theatres, those that have a row.

    Parameters
    ----------
    forecast : Forecast
    top : int
        How many home countries.
    """
    made = (fates_rows(forecast), home_rows(forecast, top), theatre_rows(forecast))
    return tuple(table for table in made if table.rows)


def people(forecast: Forecast, origin: str) -> dict[str, dict[str, Any]]:
    """Return counts and shares by quantity, cohorts with them."""
    found = _by_name(forecast.fates_table(origin=origin))
    groups = _by_name(cohorts(forecast, origin=origin))
    return found | {parts[0]: groups[(name, "all")] for name, parts in COHORTS.items()}


def fates_rows(forecast: Forecast) -> TextTable:
    """Return the fates, with the shares of the first kind of members that the case has."""
    kinds = kinds_of(forecast)
    by_kind = [people(forecast, kind) for kind in kinds]

    def row(fate: str) -> tuple[str, ...]:
        cells = [cell(found[fate]) for found in by_kind]
        shares = wording.share_cell(*levels(by_kind[0][fate], "share_"))
        # Of nobody there are no shares.
        nobody = by_kind[0]["departed"]["p90"] < 1
        return (cells[0], "" if fate == "departed" or nobody else shares, *cells[1:])

    rows = tuple((name, *row(fate)) for fate, name in ROWS.items())
    heads = [KINDS[kind] for kind in kinds] if len(kinds) > 1 else [_alone(kinds[0])]
    title = f"Where they are on {wording.day(forecast.last_day)}"
    return TextTable(title, ("fate or cohort", heads[0], "share", *heads[1:]), rows)


def homes(forecast: Forecast, top: int) -> pd.DataFrame:
    """Return the home countries, or, where nobody is from abroad, the regions of local members.

    Empty where there is one such region alone: it is what is told of everyone.
    """
    if "foreign" in kinds_of(forecast):
        return origins_table(forecast, top=top)
    table = origins_table(forecast, top=top, group="local")
    return table if len(origins_of(forecast.ensemble, "local")) > 1 else table.head(0)


def home_rows(forecast: Forecast, top: int) -> TextTable:
    """Return the homes with most people back."""
    rows = [
        (str(row["name"]), *(cell(row, f"{quantity}_") for quantity in COUNTRIES))
        for _, row in homes(forecast, top).iterrows()
    ]
    what = "country" if "foreign" in kinds_of(forecast) else "region"
    plural = {"country": "countries", "region": "regions"}[what]
    title = f"Home {plural} with most people home, on {wording.day(forecast.last_day)}"
    return TextTable(title, (f"home {what}", *COUNTRIES.values()), tuple(rows))


def theatre_rows(forecast: Forecast) -> TextTable:
    """Return the other theatres, ranked."""
    rows = [
        (
            str(row["name"]),
            cell(row, "arrived_"),
            cell(row, "present_"),
            wording.percent(row["probability_first"]),
        )
        for _, row in forecast.theatres_table().iterrows()
    ]
    period = f"{wording.day(forecast.cutoff)} to {wording.day(forecast.last_day)}"
    whose = ", members of any origin" if len(kinds_of(forecast)) > 1 else ""
    columns = ("theatre", "arrived since", "present at the end", "chance of most arrivals")
    return TextTable(f"Other theatres, {period}{whose}", columns, tuple(rows))


def levels(row: Mapping[str, Any] | pd.Series[Any], prefix: str) -> tuple[float, float, float]:
    """Return the 10, 50 and 90 % quantiles of a row."""
    low, middle, high = (float(row[f"{prefix}{level}"]) for level in LEVELS)
    return low, middle, high


def cell(row: Mapping[str, Any] | pd.Series[Any], prefix: str = "") -> str:
    """Return the quantiles of a row as a cell in words."""
    return wording.cell(*levels(row, prefix))


def _alone(kind: str) -> str:
    return {"foreign": "from abroad", "local": "local members"}[kind]


def _by_name(table: pd.DataFrame) -> dict[Any, dict[str, Any]]:
    return {
        name: {str(column): value for column, value in row.items()}
        for name, row in table.to_dict("index").items()
    }
