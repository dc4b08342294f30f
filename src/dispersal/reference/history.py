"""Past endings as tables: read from any path or frame, as known on any day."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar, TypeAlias, TypeVar

import pandas as pd

from dispersal.case.asking import day_of, known_names
from dispersal.case.cells import Amount, Day, Identifier, RequiredText, Text, one_of
from dispersal.case.folder import read_text
from dispersal.case.schema import END_MODES, Source, TableRow
from dispersal.case.tables import Table, parse_table
from dispersal.errors import CaseError, Fault, nearest_name
from dispersal.reference.vocabulary import OUTCOMES, UNITS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from dispersal.case.asking import Day as AnyDay

#: The history that comes with the package.
DATA = Path(__file__).parent / "data"

#: A path of a CSV, or a frame with its columns.
Rows: TypeAlias = str | Path | pd.DataFrame

RowT = TypeVar("RowT", bound=TableRow)


class Ending(TableRow):
    """A past ending of a group, or of one national contingent in it, from cases.csv."""

    id_column: ClassVar[str] = "case_id"
    free_text: ClassVar[frozenset[str]] = frozenset({"group", "note"})

    case_id: Identifier
    group: RequiredText
    place: Text = ""
    end_mode: Annotated[str, one_of("unknown_mode", END_MODES)]
    end_date: Day | None = None
    members_low: Amount | None = None
    members_high: Amount | None = None
    foreign_low: Amount | None = None
    foreign_high: Amount | None = None
    note: Text = ""
    source: Text = ""


class Outcome(TableRow):
    """One published figure of what became of a case's members, from outcomes.csv.

    A figure without ``high`` says at least, one without ``low`` at most.
    """

    case_id: Identifier
    outcome: Annotated[str, one_of("unknown_outcome", OUTCOMES)]
    place: Text = ""
    low: Amount | None
    high: Amount | None
    unit: Annotated[str, one_of("unknown_unit", UNITS)]
    as_of: Day
    published: Day
    source: RequiredText
    note: Text = ""


@dataclass(frozen=True)
class History:
    """Endings, what became of the members, and where it is published.

    Parameters
    ----------
    endings : tuple of Ending
    outcomes : tuple of Outcome
    sources : tuple of Source
    left_out : dict of str to str
        Cases that were left out, and why.

    Examples
    --------
    >>> history = read_history()
    >>> history.ending("farc_2017").end_mode
    'negotiated'
    >>> known = history.as_known_on("2017-03-07")
    >>> known.left_out["isis_nld"]
    'ended on 2019-03-23, after the cut-off'
    """

    endings: tuple[Ending, ...]
    outcomes: tuple[Outcome, ...]
    sources: tuple[Source, ...]
    left_out: dict[str, str]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the cases."""
        return tuple(ending.case_id for ending in self.endings)

    def ending(self, case_id: str) -> Ending:
        """Return one case.

        Raises
        ------
        InputError
            If there is none of this name.
        """
        known_names(case_id, self.names, "a case of the history")
        return next(ending for ending in self.endings if ending.case_id == case_id)

    def of(self, case_id: str) -> tuple[Outcome, ...]:
        """Return the figures of one case."""
        return tuple(row for row in self.outcomes if row.case_id == case_id)

    def without(self, leave_out: str | Collection[str]) -> History:
        """Return the history without some cases.

        Raises
        ------
        InputError
            If there is no case of such a name.
        """
        known = {*self.names, *self.left_out}
        out = known_names(leave_out, sorted(known), "a case of the history")
        return self._keep({name: "asked for" for name in out if name in self.names})

    def as_known_on(self, day: AnyDay) -> History:
        """Return what anyone could know on a day.

        Figures published later go. So do cases that ended later: how they would end was not
        known. A case's size goes if its source was published later, or has no day of
        publication in the table of sources.

        Raises
        ------
        InputError
            If ``day`` is no day.
        """
        last = day_of(day)
        late = {
            ending.case_id: f"ended on {ending.end_date}, after the cut-off"
            for ending in self.endings
            if ending.end_date is not None and ending.end_date > last
        }
        rest = self._keep(late)
        outcomes = tuple(row for row in rest.outcomes if row.published <= last)
        told = {row.case_id for row in outcomes}
        silent = {
            name: "nothing was published by the cut-off" for name in rest.names if name not in told
        }
        sources = tuple(source for source in self.sources if source.published <= last)
        known = {source.key for source in sources}
        unknown = dict.fromkeys(("members_low", "members_high", "foreign_low", "foreign_high"))
        endings = tuple(
            ending if ending.source in known else ending.model_copy(update=unknown)
            for ending in rest.endings
        )
        return History(endings, outcomes, sources, rest.left_out)._keep(silent)

    def _keep(self, out: dict[str, str]) -> History:
        return History(
            tuple(ending for ending in self.endings if ending.case_id not in out),
            tuple(row for row in self.outcomes if row.case_id not in out),
            self.sources,
            {**self.left_out, **out},
        )


def read_history(
    outcomes: Rows | None = None, cases: Rows | None = None, sources: Rows | None = None
) -> History:
    """Read past endings.

    Parameters
    ----------
    outcomes : path or DataFrame, optional
        With the columns of outcomes.csv. Default: the history of the package.
    cases, sources : path or DataFrame, optional
        With the columns of cases.csv and sources.csv. Default: the files of these names beside
        ``outcomes``, else those of the package.

    Returns
    -------
    History
        The order of rows is that of their content, so that it never matters. Cases without a
        figure are left out.

    Raises
    ------
    CaseError
        With everything that is wrong, by file, row and column.

    Examples
    --------
    >>> len(read_history().names)
    27
    >>> read_history("no_such_file.csv")
    Traceback (most recent call last):
    ...
    dispersal.errors.CaseError: case no_such_file.csv has 1 fault:
      no_such_file.csv: found 'nothing', expected a file of this name
    """
    tables = (
        _read(outcomes if outcomes is not None else DATA / "outcomes.csv", "outcomes.csv", Outcome),
        _read(_beside(outcomes, cases, "cases.csv"), "cases.csv", Ending),
        _read(_beside(outcomes, sources, "sources.csv"), "sources.csv", Source),
    )
    rows, endings, known = tables
    faults = [fault for table in tables for fault in table.faults]
    if all(table.readable for table in tables):
        faults += [*_faults_of_outcomes(rows, endings.known()), *_faults_of_endings(endings)]
    if faults:
        name = "outcomes" if isinstance(outcomes, pd.DataFrame) else str(outcomes or "history")
        raise CaseError(name, faults)
    told = {row.case_id for row in rows.values()}
    history = History(
        tuple(sorted(endings.values(), key=lambda ending: ending.case_id)),
        tuple(sorted(rows.values(), key=repr)),
        known.values(),
        {},
    )
    return replace(history, endings=tuple(e for e in history.endings if e.case_id in told))


def _beside(outcomes: Rows | None, given: Rows | None, name: str) -> Rows:
    if given is not None:
        return given
    if isinstance(outcomes, str | Path) and (beside := Path(outcomes).with_name(name)).exists():
        return beside
    return DATA / name


def _read(rows: Rows, name: str, model: type[RowT]) -> Table[RowT]:
    if isinstance(rows, pd.DataFrame):
        return parse_table(rows.to_csv(index=False), name, model)
    file = Path(rows)
    table: Table[RowT] = Table(file.name, present=file.exists())
    if not table.present:
        fault: Fault | None = Fault(
            "missing_file", file.name, None, None, "nothing", "a file of this name"
        )
    else:
        text, fault = read_text(file.resolve().parent, file.resolve().name)
    if fault is None:
        return parse_table(text, file.name, model)
    table.readable = False
    table.faults.append(fault)
    return table


def _faults_of_outcomes(table: Table[Outcome], cases: Collection[str]) -> Iterator[Fault]:
    for number, row in table.rows:
        where = (table.file, number)
        if row.case_id not in cases:
            near = nearest_name(row.case_id, sorted(cases))
            expected = "a case of cases.csv"
            yield Fault("unknown_case", *where, "case_id", row.case_id, expected, near)
        if row.low is None and row.high is None:
            yield Fault("missing_value", *where, "low", "", "a number in low, in high, or in both")
        yield from _faults_of_ends(where, (row.low, row.high), ("low", "high"))
        if row.unit == "fraction":
            for column, end in (("low", row.low), ("high", row.high)):
                if end is not None and end > 1:
                    expected = "a number from 0 to 1, or the unit persons"
                    yield Fault("share_out_of_range", *where, column, f"{end:g}", expected)


def _faults_of_endings(table: Table[Ending]) -> Iterator[Fault]:
    count = Counter(name for _, name in table.names)
    for number, row in table.rows:
        where = (table.file, number)
        if count[row.case_id] > 1:
            yield Fault("duplicate_case", *where, "case_id", row.case_id, "each case once")
        for kind in ("members", "foreign"):
            names = (f"{kind}_low", f"{kind}_high")
            yield from _faults_of_ends(
                where, (getattr(row, names[0]), getattr(row, names[1])), names
            )


def _faults_of_ends(
    where: tuple[str, int], ends: tuple[float | None, float | None], names: Sequence[str]
) -> Iterator[Fault]:
    low, high = ends
    if low is not None and high is not None and low > high:
        yield Fault("ends_reversed", *where, names[1], f"{high:g}", f"{low:g} ({names[0]}) or more")
