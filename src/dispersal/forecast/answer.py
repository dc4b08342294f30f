"""The short answer in plain words, and the three tables under it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from dispersal.forecast import wording
from dispersal.forecast.tables import COHORTS, LEVELS, cohorts

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

#: What readers ask about, and the parameters that say it: told if the evidence moved none.
TOPICS: Final = {
    "hide nearby": ("underground_hazard", "displaced_underground"),
    "move on": ("onward_hazard", "displaced_onward", "theatre_distance"),
    "leave custody abroad": ("detained_home", "repatriation_hazard"),
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
        _foreign(forecast),
        _homes(forecast),
        _theatres(forecast),
        _local(forecast),
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


def _foreign(forecast: Forecast) -> str:
    rows = _people(forecast, "foreign")
    said = {name: _estimate(row) for name, row in rows.items()}
    return (
        f"Of {said['departed']} people who ever joined from abroad, by "
        f"{wording.day(forecast.last_day)} {said['killed']} are dead, {said['detained']} detained "
        f"abroad and {said['returned']} home; {said['holdouts']} are holdouts, underground or "
        f"active again near the lost territory, and {said['free_agents']} free agents, in another "
        "theatre or a third country."
    )


def _homes(forecast: Forecast) -> str:
    table = forecast.origins_table(top=3)
    if table.empty:
        return ""
    parts = [f"{row['name']}, {_estimate(row, 'returned_')}" for _, row in table.iterrows()]
    return f"The most come home to {'; '.join(parts)}."


def _theatres(forecast: Forecast) -> str:
    table = forecast.theatres_table().head(3)
    if table.empty:
        return ""
    parts = [f"{row['name']}, {_estimate(row, 'arrived_')}" for _, row in table.iterrows()]
    chances = [wording.percent(chance) for chance in table["probability_first"]]
    most = f"the chance of the most arrivals is {wording.listed(chances)}"
    return (
        "Those who move on to another theatre after the cut-off, local members included, most "
        f"often reach {'; '.join(parts)}; {most}{' in turn' if len(chances) > 1 else ''}."
    )


def _local(forecast: Forecast) -> str:
    """Tell of local members, and of the remnant that they are most of."""
    table = forecast.remnant(threshold=RESURGENT)
    people = _people(forecast, "local")
    parts = []
    if people["departed"]["p90"] >= 1:
        said = {name: _estimate(row) for name, row in people.items()}
        parts.append(
            f"of {said['departed']} local members {said['killed']} are dead, {said['detained']} "
            f"detained and {said['returned']} back home"
        )
    if not table.empty:
        last = table.iloc[-1]
        names = [forecast.names.get(place, place) for place in forecast.case.territory.places]
        parts.append(
            f"in {wording.listed(names)} a remnant of {_estimate(last, 'strength_')} members of "
            f"any origin is left, {_estimate(last, 'resurgent_')} of them active again (more than "
            f"{wording.number(RESURGENT)} with a chance of "
            f"{wording.percent(last['probability_above'])})"
        )
    text = "; ".join(parts)
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def _untold(forecast: Forecast) -> str:
    """Say what the evidence could not tell: the parameters that stayed at their prior."""
    table = forecast.contraction
    if table is None or table.empty:
        return ""
    untold = table[table["contraction"] < UNTOLD]
    if untold.empty:
        return "The evidence had something to tell of every parameter."
    moved = set(table.index) - set(untold.index)
    topics = [
        topic
        for topic, names in TOPICS.items()
        if not moved.intersection(names) and set(names).intersection(untold.index)
    ]
    rests = f"; how many {wording.listed(topics)} rests on judgement" if topics else ""
    return (
        f"The evidence could hardly tell {len(untold)} of the model's {len(table)} parameters from "
        f"what was assumed at the start{rests}."
    )


def _people(forecast: Forecast, origin: str) -> dict[str, dict[str, Any]]:
    """Return counts and shares by quantity, cohorts with them."""
    found = _by_name(forecast.fates_table(origin=origin))
    groups = _by_name(cohorts(forecast, origin=origin))
    return found | {parts[0]: groups[(name, "all")] for name, parts in COHORTS.items()}


def _fates_rows(forecast: Forecast) -> TextTable:
    foreign, local = _people(forecast, "foreign"), _people(forecast, "local")
    rows = [
        (
            name,
            _cell(foreign[fate]),
            "" if fate == "departed" else wording.share_cell(*_levels(foreign[fate], "share_")),
            _cell(local[fate]),
        )
        for fate, name in ROWS.items()
    ]
    title = f"Where they are on {wording.day(forecast.last_day)}"
    return TextTable(title, ("fate or cohort", "from abroad", "share", "local"), tuple(rows))


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
    period = f"{wording.day(forecast.cutoff)} to {wording.day(forecast.last_day)}"
    title = f"Other theatres, {period}, members of any origin"
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
