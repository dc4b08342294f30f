"""One figure more: a row for the ledger from what a person has read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pydantic import ValidationError

from dispersal.authoring.evidence.committing import (
    AGGREGATES,
    FIGURES,
    SOURCES,
    Added,
    commit,
    draft_of,
    name_of,
    own_folder,
    qualifier_of,
    row_of,
)
from dispersal.authoring.evidence.naming import Names, UnknownNameError
from dispersal.case.schema import (
    AGGREGATE_QUANTITIES,
    FIGURE_QUANTITIES,
    Aggregate,
    Figure,
    Source,
)
from dispersal.case.translate import faults_of
from dispersal.errors import CaseError, Fault, nearest_name

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from dispersal.case.draft import Draft
    from dispersal.case.schema import TableRow

#: What a fault in the new row names as its file, since the row has no number yet.
NEW: Final = "the new figure"


def add_evidence(
    case: str | Path,
    *,
    quantity: str,
    as_of: str,
    published: str,
    source: str,
    low: str | float | None = None,
    high: str | float | None = None,
    origin: str = "",
    place: str = "",
    host: str = "",
    qualifier: str = "",
    quoted_by: str = "",
    note: str = "",
    figure_id: str = "",
    title: str = "",
    publisher: str = "",
    url: str = "",
    source_published: str = "",
    dry_run: bool = False,
) -> Added:
    """Append a figure to the ledger of a case, and its source if that is new.

    The case is checked as it would be; nothing is written if anything would be wrong. What
    stands in the files stays, byte for byte.

    Parameters
    ----------
    case : str or Path
        A folder of your own.
    quantity : str
        A quantity of figures.csv or of aggregates.csv; it says which of them gets the row.
    as_of, published : str
        Days.
    source : str
        Key of sources.csv; a new one needs ``title`` and ``publisher``.
    low, high : str or float, optional
        One or both ends.
    origin : str
        Of a figure, whose people are counted; of an aggregate, optional. A code or a name in any
        language.
    place, host : str
        Of an aggregate. Places are codes or names, joined with ``+``.
    qualifier : str
        Default: ``point`` for equal ends, ``range`` for others, ``at_least`` or ``at_most`` for
        one.
    quoted_by, note, figure_id : str
    title, publisher, url, source_published : str
        Of a new source. Its day is that of the figure where ``source_published`` is empty.
    dry_run : bool
        Check, and write nothing.

    Returns
    -------
    Added

    Raises
    ------
    CaseError
        With everything that is wrong with the row or with the case.
    InputError
        If the folder is a built-in case, or cannot be written.
    """
    folder = own_folder(case)
    draft = draft_of(folder)
    faults: list[Fault] = []
    names = Names(draft)
    cells: dict[str, object] = {
        "quantity": quantity,
        "low": low,
        "high": high,
        "qualifier": qualifier or qualifier_of(low, high),
        "as_of": as_of,
        "published": published,
        "source": source,
        "note": note,
        "figure_id": figure_id or "new",
    }
    model: type[TableRow] = Aggregate if quantity in AGGREGATE_QUANTITIES else Figure
    file = AGGREGATES if model is Aggregate else FIGURES
    if quantity not in (*AGGREGATE_QUANTITIES, *FIGURE_QUANTITIES):
        raise CaseError(folder.name, [_unknown(quantity)])
    if model is Aggregate:
        cells |= {"place": _named(names.area, place, "place", faults), "host": host}
        if whose := _named(names.area, origin, "origin", faults):
            cells["note"] = f"origin={whose}; {note}".strip().rstrip(";")
        faults += _refused(quoted_by, "quoted_by", quantity)
    else:
        cells |= {"origin": _named(names.origin, origin, "origin", faults), "quoted_by": quoted_by}
        faults += _refused(place, "place", quantity)
        faults += _refused(host, "host", quantity)
    if not any(end is not None and end != "" for end in (low, high)):
        faults.append(Fault("missing_value", NEW, None, "low", "nothing", "low, high or both"))
    row: dict[str, str] = {}
    try:
        row = row_of({name: value for name, value in cells.items() if value != ""}, model)
    except ValidationError as error:
        named = {fault.column for fault in faults}
        found = faults_of(error, model, NEW)
        faults += [fault for fault in found if fault.column not in named]
    described = {
        "title": title,
        "author_or_publisher": publisher,
        "url": url,
        "published": source_published or published,
    }
    sources = _source(draft, source, described, bool(title or publisher or url), faults)
    if faults:
        raise CaseError(folder.name, faults)
    if not figure_id:
        taken = draft.figures.known() | draft.aggregates.known()
        row["figure_id"] = name_of(row, set(taken))
    return commit(folder, {SOURCES: sources, file: [row]}, dry_run=dry_run)


def _unknown(quantity: str) -> Fault:
    known = (*FIGURE_QUANTITIES, *AGGREGATE_QUANTITIES)
    expected = f"a quantity of figures ({', '.join(FIGURE_QUANTITIES)}) or of aggregates"
    near = nearest_name(quantity, known)
    return Fault("unknown_quantity", NEW, None, "quantity", quantity, expected, near)


def _named(resolve: Callable[[str], str], text: str, column: str, faults: list[Fault]) -> str:
    """Return the name that the case has; one that means nothing goes to the faults."""
    if not text:
        return ""
    try:
        return resolve(text)
    except UnknownNameError as error:
        faults.append(error.fault(NEW, None, column))
        return ""


def _refused(text: str, column: str, quantity: str) -> list[Fault]:
    """Return a fault for what is given although the row has no such column."""
    if not text:
        return []
    kind = "of a home country" if quantity in FIGURE_QUANTITIES else "of aggregates.csv"
    expected = f"nothing, since {quantity} is a quantity {kind}"
    return [Fault("unknown_column", NEW, None, column, text, expected)]


def _source(
    draft: Draft, key: str, described: dict[str, str], any_given: bool, faults: list[Fault]
) -> list[dict[str, str]]:
    """Return the row of a new source, if it is one; what is wrong with it goes to the faults."""
    known = {row.key: row for row in draft.sources.values()}
    if not key:
        return []
    if key in known:
        for name in ("title", "author_or_publisher", "url"):
            given, there = described[name], getattr(known[key], name)
            if given and given != there:
                expected = f"{there!r}, which evidence/sources.csv says of {key}; or another key"
                faults.append(Fault("other_source", NEW, None, name, given, expected))
        return []
    if not any_given:
        expected = (
            "a key of evidence/sources.csv; a new source needs a title and a publisher "
            "(--title, --publisher)"
        )
        near = nearest_name(key, known)
        faults.append(Fault("unknown_source", NEW, None, "source", key, expected, near))
        return []
    values = {name: value for name, value in described.items() if value}
    try:
        return [row_of({"key": key, **values}, Source)]
    except ValidationError as error:
        found = faults_of(error, Source, "the new source")
        seen = {fault.found for fault in faults}
        faults += [one for one in found if one.found not in seen or not one.found]
        return []
