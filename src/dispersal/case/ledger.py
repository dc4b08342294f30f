"""The ledger: every published figure with the day it speaks of and the day it was known."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

import pandas as pd

from dispersal.case.asking import day_of, known_names, names_in, no_such
from dispersal.case.folder import hash_texts
from dispersal.case.schema import (
    AGGREGATE_QUANTITIES,
    FIGURE_QUANTITIES,
    TAGS,
    Aggregate,
    Figure,
    Source,
    TagRule,
)
from dispersal.case.serialise import table_text
from dispersal.case.tagging import tags_of
from dispersal.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from dispersal.case.asking import Day, Names, Span

_ORIGIN_IN_NOTE = re.compile(r"\borigin=([A-Z0-9+-]{3,20})")
_DATES: Final = ("as_of", "published")
_NUMBERS: Final = ("low", "high")
_ALL_COLUMNS: Final = (
    "figure_id",
    "quantity",
    "origin",
    "place",
    "host",
    "low",
    "high",
    "qualifier",
    "as_of",
    "published",
    "source",
    "quoted_by",
    "note",
    "tags",
)


@dataclass(frozen=True)
class Ledger:
    """Published figures and their sources; it never changes.

    Parameters
    ----------
    figure_rows : tuple of Figure
        Figures of home countries.
    aggregate_rows : tuple of Aggregate
        Figures of places, of hosts or of the whole.
    source_rows : tuple of Source
        Where they come from.
    tag_rules : tuple of TagRule
        What some of them really count.

    Examples
    --------
    >>> figure = Figure.model_validate(dict(figure_id="f1", quantity="returned", origin="TUN",
    ...     low=800, high=800, qualifier="about", as_of="2016-12-31", published="2017-01-02",
    ...     source="moi_2017"))
    >>> ledger = Ledger((figure,))
    >>> ledger.query("returned", origin="TUN")["low"].tolist()
    [800.0]
    >>> len(ledger.as_known_on("2017-01-01").figures)
    0
    """

    figure_rows: tuple[Figure, ...] = ()
    aggregate_rows: tuple[Aggregate, ...] = ()
    source_rows: tuple[Source, ...] = ()
    tag_rules: tuple[TagRule, ...] = ()

    @property
    def figures(self) -> pd.DataFrame:
        """Figures of home countries, one a row, with the columns of figures.csv and ``tags``.

        ``low`` and ``high`` are floats, NaN where the end is not given; ``as_of`` and
        ``published`` are ``datetime64[ns]``; ``tags`` holds frozensets; other columns are text,
        ``""`` where nothing is given. The frame is a copy.
        """
        rows = self._rows.iloc[: len(self.figure_rows)]
        return rows[[*Figure.columns(), "tags"]].copy()

    @property
    def aggregates(self) -> pd.DataFrame:
        """Figures of places and hosts, typed as :attr:`figures`.

        Beside the columns of aggregates.csv there are ``tags`` and ``origin``: the code that a
        note gives as ``origin=XXX``, else ``""``.
        """
        rows = self._rows.iloc[len(self.figure_rows) :]
        return rows[[*Aggregate.columns(), "origin", "tags"]].reset_index(drop=True)

    @property
    def sources(self) -> pd.DataFrame:
        """Sources, one a row, with the columns of sources.csv."""
        frame = pd.DataFrame(
            [source.model_dump() for source in self.source_rows], columns=list(Source.columns())
        )
        return frame.assign(published=_days(frame["published"]))

    @property
    def tags(self) -> pd.DataFrame:
        """Rules that put tags on figures, with the columns of tags.csv."""
        rules = [rule.model_dump() for rule in self.tag_rules]
        return pd.DataFrame(rules, columns=list(TagRule.columns()))

    def as_known_on(self, day: Day, also_cited: Collection[str] = ()) -> Ledger:
        """Return what anyone could know on a day: rows published by then and their sources.

        Parameters
        ----------
        day : str, date or Timestamp
            The last day that counts.
        also_cited : collection of str
            Keys of sources to keep although no row of evidence cites them.

        Raises
        ------
        InputError
            If ``day`` is no day.
        """
        last = day_of(day)
        figures = tuple(row for row in self.figure_rows if row.published <= last)
        aggregates = tuple(row for row in self.aggregate_rows if row.published <= last)
        evidence: tuple[Figure | Aggregate, ...] = (*figures, *aggregates)
        cited = {row.source for row in evidence}
        cited |= {row.quoted_by for row in figures} | set(also_cited)
        return replace(
            self,
            figure_rows=figures,
            aggregate_rows=aggregates,
            source_rows=tuple(source for source in self.source_rows if source.key in cited),
            tag_rules=tuple(
                rule for rule in self.tag_rules if any(tags_of(row, (rule,)) for row in evidence)
            ),
        )

    def query(
        self,
        quantity: Names | None = None,
        origin: Names | None = None,
        place: Names | None = None,
        host: Names | None = None,
        as_of: Span | None = None,
        published: Span | None = None,
        tag: Names | None = None,
        without_tag: Names | None = None,
    ) -> pd.DataFrame:
        """Return the figures and aggregates that meet every condition given.

        Parameters
        ----------
        quantity, origin, place, host : str or collection of str, optional
            The cell equals the name, or one of the names. A figure of ``IRQ+SYR`` is no figure
            of ``SYR``. Hosts are compared without regard to case.
        as_of, published : (from, until), optional
            Both days included; None leaves a side open.
        tag : str or collection of str, optional
            At least one of the tags is on the row.
        without_tag : str or collection of str, optional
            None of the tags is on the row.

        Returns
        -------
        DataFrame
            Columns ``figure_id, quantity, origin, place, host, low, high, qualifier, as_of,
            published, source, quoted_by, note, tags``, typed as :attr:`figures`; figures first.

        Raises
        ------
        InputError
            For an unknown quantity or tag, or a day that is none.
        """
        rows = self._rows
        keep = pd.Series(data=True, index=rows.index)
        known = (*FIGURE_QUANTITIES, *AGGREGATE_QUANTITIES)
        if quantity is not None:
            keep &= rows["quantity"].isin(known_names(quantity, known, "a quantity"))
        if origin is not None:
            keep &= rows["origin"].isin(names_in(origin))
        if place is not None:
            keep &= rows["place"].isin(names_in(place))
        if host is not None:
            folded = {name.casefold() for name in names_in(host)}
            keep &= rows["host"].map(str.casefold).isin(folded)
        for column, span in (("as_of", as_of), ("published", published)):
            first, last = span or (None, None)
            if first is not None:
                keep &= rows[column] >= pd.Timestamp(day_of(first))
            if last is not None:
                keep &= rows[column] <= pd.Timestamp(day_of(last))
        for wanted, tags in ((True, tag), (False, without_tag)):
            if tags is not None:
                asked = known_names(tags, TAGS, "a tag")
                meets = [bool(asked & found) == wanted for found in rows["tags"]]
                keep &= pd.Series(meets, index=rows.index, dtype=bool)
        return rows[keep].reset_index(drop=True)

    def row(self, figure_id: str) -> Figure | Aggregate:
        """Return one row of evidence.

        Raises
        ------
        InputError
            If there is no row of this name.
        """
        for row in self._evidence:
            if row.figure_id == figure_id:
                return row
        known = [row.figure_id for row in self._evidence]
        raise InputError(no_such("a figure of the ledger", figure_id, known))

    def source(self, key: str) -> Source:
        """Return one source.

        Raises
        ------
        InputError
            If there is no source of this key.
        """
        for source in self.source_rows:
            if source.key == key:
                return source
        known = [source.key for source in self.source_rows]
        raise InputError(no_such("a source of the ledger", key, known))

    def content_hash(self) -> str:
        """Return the SHA-256 of all rows, whatever their order."""
        parts = {
            "figures": table_text(Figure, sorted(self.figure_rows, key=repr)),
            "aggregates": table_text(Aggregate, sorted(self.aggregate_rows, key=repr)),
            "sources": table_text(Source, sorted(self.source_rows, key=repr)),
            "tags": table_text(TagRule, sorted(self.tag_rules, key=repr)),
        }
        return hash_texts(parts)

    @property
    def _evidence(self) -> tuple[Figure | Aggregate, ...]:
        return (*self.figure_rows, *self.aggregate_rows)

    @cached_property
    def _rows(self) -> pd.DataFrame:
        records: list[dict[str, object]] = []
        for row in self._evidence:
            record: dict[str, object] = dict.fromkeys(_ALL_COLUMNS, "")
            record.update(row.model_dump())
            if isinstance(row, Aggregate) and (origin := _ORIGIN_IN_NOTE.search(row.note)):
                record["origin"] = origin[1]
            record["tags"] = tags_of(row, self.tag_rules)
            records.append(record)
        frame = pd.DataFrame(records, columns=list(_ALL_COLUMNS))
        numbers = {name: pd.to_numeric(frame[name]).astype("float64") for name in _NUMBERS}
        return frame.assign(**numbers, **{name: _days(frame[name]) for name in _DATES})


def _days(column: pd.Series[date]) -> pd.Series[pd.Timestamp]:
    return pd.to_datetime(column).astype("datetime64[ns]")
