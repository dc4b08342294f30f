"""The short answer in plain words, and the three tables under it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from dispersal.forecast import wording
from dispersal.forecast.tables import LEVELS
from dispersal.model.parameters import table as parameter_table

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from dispersal.forecast.forecast import Forecast

#: Below this contraction a parameter counts as one that the evidence could not tell.
UNTOLD: Final = 0.1

#: Size of a resurgent remnant whose chance is told, persons.
RESURGENT: Final = 1_000

MODES: Final = {
    "military_defeat": "military defeat",
    "negotiated": "a negotiated settlement",
    "withdrawal": "withdrawal",
    "fragmentation": "fragmentation",
}

FATES: Final = {
    "in_group": "still in the group",
    "killed": "dead",
    "detained": "detained abroad",
    "underground": "underground nearby",
    "resurgent": "fighting again nearby",
    "moving": "on the way",
    "elsewhere": "in another theatre",
    "third_country": "in a third country",
    "home_at_large": "home, at large",
    "home_in_custody": "home, in custody",
    "home_in_programme": "home, in a programme",
    "demobilised": "demobilised",
}

EVER_JOINED: Final = "ever joined"

COHORTS: Final = {
    "holdouts": "holdouts (underground, fighting)",
    "free_agents": "free agents (theatre, third country)",
    "returnees": "returnees (home)",
}

COUNTRIES: Final = {
    "departed": EVER_JOINED,
    "returned": "home",
    "killed": "dead",
    "free_agents": "moved on",
}


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


@dataclass(frozen=True)
class Answer:
    """The answer in sentences, and the tables of fates, home countries and theatres."""

    sentences: tuple[str, ...]
    tables: tuple[TextTable, ...]

    @property
    def text(self) -> str:
        """The sentences as one paragraph."""
        return " ".join(self.sentences)


def answer(forecast: Forecast, top: int = 15) -> Answer:
    """Return the answer to the case's question on the last day of the period.

    Parameters
    ----------
    forecast : Forecast
    top : int
        How many home countries the table has.

    Returns
    -------
    Answer
        Every number with its 80 % interval, to two significant figures.
    """
    sentences = (
        _end(forecast),
        _fates(forecast),
        _homes(forecast),
        _theatres(forecast),
        _remnant(forecast),
        _untold(forecast),
    )
    tables = (_fates_rows(forecast), _home_rows(forecast, top), _theatre_rows(forecast))
    return Answer(tuple(sentence for sentence in sentences if sentence), tables)


def _end(forecast: Forecast) -> str:
    end = forecast.end_date()
    cutoff, group = wording.day(forecast.cutoff), forecast.case.group.name
    known = f"As known on {cutoff}, the last territory of {group} is lost"
    mode = max(end.modes, key=lambda name: end.modes[name])
    how = f"most likely by {MODES[mode]} ({wording.percent(end.modes[mode])})"
    if end.p10 is None or end.p50 is None:
        return f"{known} on a day that the evidence leaves open, {how}."
    middle, low = wording.month(end.p50), wording.month(end.p10)
    high = wording.month(end.p90) if end.p90 else "beyond the year 2199"
    when = f"in {middle}" if low == high else f"around {middle} (80 % interval {low} to {high})"
    return f"{known} {when}, {how}."


def _fates(forecast: Forecast) -> str:
    rows = _by_name(forecast.fates_table())
    groups = _by_name(forecast.cohorts())
    stay, moved, home = (_estimate(groups[(cohort, "all")]) for cohort in COHORTS)
    return (
        f"Of {_estimate(rows['departed'])} people who ever joined from abroad, by "
        f"{wording.day(forecast.last_day)} {_estimate(rows['killed'])} are dead, "
        f"{_estimate(rows['detained'])} detained abroad, {stay} underground or fighting again "
        f"near the lost territory, {moved} in another theatre or a third country, and {home} home; "
        "the intervals hold 80 % of the draws, and the rest are on the way, in the group or "
        "demobilised."
    )


def _homes(forecast: Forecast) -> str:
    table = forecast.origins_table(top=3)
    if table.empty:
        return ""
    parts = [f"{row['name']}, {_estimate(row, 'returned_')}" for _, row in table.iterrows()]
    return f"Most of those who come home do so to {'; '.join(parts)}."


def _theatres(forecast: Forecast) -> str:
    table = forecast.theatres_table().head(3)
    if table.empty:
        return ""
    parts = [
        f"{row['name']}, {_estimate(row, 'arrived_')} "
        f"(chance of being first {wording.percent(row['probability_first'])})"
        for _, row in table.iterrows()
    ]
    return (
        f"Of the other theatres, the most members, local ones included, reach {'; '.join(parts)}."
    )


def _remnant(forecast: Forecast) -> str:
    table = forecast.remnant(threshold=RESURGENT)
    if table.empty:
        return ""
    last = table.iloc[-1]
    names = [forecast.names.get(place, place) for place in forecast.case.territory.places]
    return (
        f"In {wording.listed(names)} a remnant of {_estimate(last, 'strength_')} is left, local "
        f"members included, {_estimate(last, 'resurgent_')} of them fighting again; the chance "
        f"that more than {wording.number(RESURGENT)} do is "
        f"{wording.percent(last['probability_above'])}."
    )


def _untold(forecast: Forecast) -> str:
    """Say what the evidence could not tell: the parameters that stayed at their prior."""
    table = forecast.contraction
    if table is None or table.empty:
        return ""
    untold = table[table["contraction"] < UNTOLD]
    if untold.empty:
        return "The evidence had something to tell of every parameter."
    meanings = {row.name: row.meaning for row in parameter_table().values()}
    # Spreads and errors are the scaffold; what a reader can picture comes first.
    names = sorted(untold.index, key=lambda name: name.endswith("_sd") or name.startswith("error_"))
    told = [meanings.get(name, name) for name in names[:3]]
    return (
        f"The evidence could hardly tell {len(untold)} of the model's {len(table)} parameters from "
        f"what was assumed at the start, among them: {'; '.join(told)}."
    )


def _fates_rows(forecast: Forecast) -> TextTable:
    fates, groups = _by_name(forecast.fates_table()), _by_name(forecast.cohorts())
    rows = [(name, *_counts_and_share(fates[fate])) for fate, name in FATES.items()]
    rows.append((EVER_JOINED, _cell(fates["departed"]), ""))
    rows += [(name, *_counts_and_share(groups[(key, "all")])) for key, name in COHORTS.items()]
    title = f"Everyone who joined from abroad, on {wording.day(forecast.last_day)}"
    return TextTable(title, ("fate or cohort", "persons", "share"), tuple(rows))


def _home_rows(forecast: Forecast, top: int) -> TextTable:
    rows = [
        (str(row["name"]), *(_cell(row, f"{quantity}_") for quantity in COUNTRIES))
        for _, row in forecast.origins_table(top=top).iterrows()
    ]
    title = f"Home countries with most people home, on {wording.day(forecast.last_day)}"
    return TextTable(title, ("home country", *COUNTRIES.values()), tuple(rows))


def _theatre_rows(forecast: Forecast) -> TextTable:
    rows = [
        (
            str(row["name"]),
            _cell(row, "arrived_"),
            _cell(row, "present_"),
            wording.percent(row["probability_first"]),
        )
        for _, row in forecast.theatres_table().iterrows()
    ]
    title = f"Other theatres, from the cut-off to {wording.day(forecast.last_day)}"
    columns = ("theatre", "arrived since", "present at the end", "chance of most arrivals")
    return TextTable(title, columns, tuple(rows))


def _by_name(table: pd.DataFrame) -> dict[Any, dict[str, Any]]:
    return {
        name: {str(column): value for column, value in row.items()}
        for name, row in table.to_dict("index").items()
    }


def _levels(row: Mapping[str, Any] | pd.Series[Any], prefix: str) -> tuple[float, float, float]:
    low, middle, high = (float(row[f"{prefix}{level}"]) for level in LEVELS)
    return low, middle, high


def _estimate(row: Mapping[str, Any] | pd.Series[Any], prefix: str = "") -> str:
    return wording.estimate(*_levels(row, prefix))


def _cell(row: Mapping[str, Any] | pd.Series[Any], prefix: str = "") -> str:
    return wording.cell(*_levels(row, prefix))


def _counts_and_share(row: Mapping[str, Any]) -> tuple[str, str]:
    return _cell(row), wording.percent_range(*_levels(row, "share_"))
