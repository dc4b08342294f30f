"""The short answer in plain words, of whom the case has, and the tables under it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from dispersal.forecast import wording
from dispersal.forecast.answer_tables import (
    ROWS,
    TextTable,
    answer_tables,
    homes,
    kinds_of,
    levels,
    people,
)
from dispersal.forecast.theatre import telling_size

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from dispersal.forecast.forecast import Forecast

__all__ = ["MODES", "ROWS", "UNTOLD", "Answer", "TextTable", "answer"]

#: Below this contraction a parameter counts as one that the evidence could not tell.
UNTOLD: Final = 0.1

MODES: Final = {
    "military_defeat": "military defeat",
    "negotiated": "a negotiated settlement",
    "withdrawal": "withdrawal",
    "fragmentation": "fragmentation",
}

#: What readers ask about, and the parameters that say it: told if the evidence moved none.
TOPICS: Final = {
    "hide nearby": ("underground_hazard", "displaced_underground"),
    "move on": ("onward_hazard", "displaced_onward", "theatre_distance"),
    "leave custody abroad": ("detained_home", "repatriation_hazard"),
}


#: Least share of those who ever joined whom the answer tells of beside the usual fates.
WORTH_TELLING: Final = 0.01


@dataclass(frozen=True)
class Answer:
    """The answer in sentences, and the tables of fates, home countries and theatres, if any."""

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
        _everyone(forecast, kinds_of(forecast)[0]),
        _homes(forecast),
        _theatres(forecast),
        _remnant(forecast),
        _untold(forecast),
    )
    return Answer(
        tuple(sentence for sentence in sentences if sentence), answer_tables(forecast, top)
    )


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


def _everyone(forecast: Forecast, kind: str) -> str:
    """Tell what became of members from abroad, or of local ones where there are no others."""
    rows = people(forecast, kind)
    by = wording.day(forecast.last_day)
    if rows["departed"]["p90"] < 1:
        whom = "from abroad" if kind == "foreign" else "of the local people"
        return f"By {by} hardly anybody {whom} has ever joined."
    said = {name: _estimate(row) for name, row in rows.items()}
    if kind == "foreign":
        whom = f"{said['departed']} people who ever joined from abroad"
        held, back = "detained abroad", "home"
    else:
        whom = f"{said['departed']} local people who ever joined"
        held, back = "detained", "back home"
    told = (
        f"Of {whom}, by {by} {said['killed']} are dead, {said['detained']} {held} and "
        f"{said['returned']} {back}; {said['holdouts']} are holdouts, underground or active again "
        f"near the lost territory, and {said['free_agents']} free agents, in another theatre or a "
        "third country"
    )
    return f"{told}{_besides(rows)}."


def _besides(rows: Mapping[str, Mapping[str, Any]]) -> str:
    """Tell of those who are still members or demobilised, where they are not next to none."""
    named = {"in_group": "still in the group", "demobilised": "demobilised"}
    found = [
        f"{_estimate(rows[fate])} are {name}"
        for fate, name in named.items()
        if rows[fate]["share_p50"] >= WORTH_TELLING
    ]
    return f"; {wording.listed(found)}" if found else ""


def _homes(forecast: Forecast) -> str:
    table = homes(forecast, 3)
    if table.empty:
        return ""
    parts = [f"{row['name']}, {_estimate(row, 'returned_')}" for _, row in table.iterrows()]
    return f"The most come home to {'; '.join(parts)}."


def _theatres(forecast: Forecast) -> str:
    table = forecast.theatres_table().head(3)
    if table.empty:
        return ""
    parts = [f"{row['name']}, {_estimate(row, 'arrived_')}" for _, row in table.iterrows()]
    whose = ", local members included," if len(kinds_of(forecast)) > 1 else ""
    who = f"Those who move on to another theatre after the cut-off{whose}"
    if len(parts) == 1:
        return f"{who} reach {parts[0]}."
    chances = [wording.percent(chance) for chance in table["probability_first"]]
    most = f"the chance of the most arrivals is {wording.listed(chances)}"
    return f"{who} most often reach {'; '.join(parts)}; {most} in turn."


def _remnant(forecast: Forecast) -> str:
    """Tell of the remnant, and of the local members that are most of it."""
    threshold = telling_size(forecast)
    table = forecast.remnant(threshold=threshold)
    parts = []
    if kinds_of(forecast) == ("foreign", "local"):
        rows = people(forecast, "local")
        if rows["departed"]["p90"] >= 1:
            said = {name: _estimate(row) for name, row in rows.items()}
            parts.append(
                f"of {said['departed']} local members {said['killed']} are dead, "
                f"{said['detained']} detained and {said['returned']} back home{_besides(rows)}"
            )
    if not table.empty:
        last = table.iloc[-1]
        names = [forecast.names.get(place, place) for place in forecast.case.territory.places]
        whose = " of any origin" if len(kinds_of(forecast)) > 1 else ""
        parts.append(
            f"in {wording.listed(names)} a remnant of {_estimate(last, 'strength_')} members"
            f"{whose} is left, {_estimate(last, 'resurgent_')} of them active again (more than "
            f"{wording.number(threshold)} with a chance of "
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


def _estimate(row: Mapping[str, Any] | pd.Series[Any], prefix: str = "") -> str:
    return wording.estimate(*levels(row, prefix))
