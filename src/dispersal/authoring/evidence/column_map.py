"""The column map: which column of a spreadsheet means which column of the ledger."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Final, Literal

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError, model_validator

from dispersal.case.cells import RequiredText, Text, one_of, wrong
from dispersal.case.folder import MAX_YAML_BYTES, read_text
from dispersal.case.question import Part
from dispersal.case.schema import Aggregate, Figure, Source, TableRow
from dispersal.case.translate import faults_of
from dispersal.case.yamltext import parse_yaml
from dispersal.errors import CaseError, Fault, nearest_name

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

#: The tables of the ledger that rows can be imported into.
LEDGER: Final[dict[str, type[TableRow]]] = {"figures": Figure, "aggregates": Aggregate}

#: Columns of either table that a map can fill. ``origin`` of an aggregate goes into its note.
FILLABLE: Final = tuple(dict.fromkeys([*Figure.columns(), *Aggregate.columns()]))

#: Columns that hold days.
DAYS: Final = ("as_of", "published")

_FORMAT: Final = re.compile(r"[^%]*%[dmY][^%]+%[dmY][^%]+%[dmY][^%]*")


def _day_format(text: str) -> str:
    if not _FORMAT.fullmatch(text) or {"%d", "%m", "%Y"} - set(re.findall("%.", text)):
        raise wrong("bad_format", "each of %d, %m and %Y once, for example %d.%m.%Y")
    return text


def _header_row(value: object) -> object:
    if isinstance(value, int) and not isinstance(value, bool) and value >= 1:
        return value
    raise wrong("bad_number", "a row, counted from 1")


_Column = Annotated[str, one_of("unknown_column", FILLABLE)]
_Day = Annotated[str, one_of("unknown_column", DAYS)]
_Row = Annotated[
    int, BeforeValidator(_header_row, json_schema_input_type=Annotated[int, Field(ge=1)])
]
_Sign = Annotated[str, one_of("bad_separator", (".", ","))]
_Between = Annotated[str, one_of("bad_separator", (",", ".", " ", "'", "’", "\u00a0", "\u202f"))]


def _nothing(value: object) -> object:
    return None if value == "" else value


class ColumnMap(Part):
    """What the columns of a spreadsheet mean.

    Examples
    --------
    >>> found = ColumnMap.model_validate({"columns": {"origin": "Land", "low": "N", "high": "N"},
    ...     "constants": {"quantity": "returned"}, "dates": {"as_of": "%d.%m.%Y"}})
    >>> found.filled("low"), found.model is Figure
    ('N', True)
    """

    table: Annotated[str, one_of("unknown_table", tuple(LEDGER))] = "figures"
    sheet: Text = ""
    header_row: _Row = 1
    delimiter: Annotated[str, one_of("bad_separator", (",", ";", "\t"))] = ","
    columns: dict[_Column, RequiredText]
    constants: dict[_Column, Text] = Field(default_factory=dict)
    values: dict[_Column, dict[str, Text]] = Field(default_factory=dict)
    dates: dict[_Day, Annotated[str, BeforeValidator(str), AfterValidator(_day_format)]] = Field(
        default_factory=dict
    )
    thousands: Annotated[
        _Between | None, BeforeValidator(_nothing, json_schema_input_type=_Between | Literal[""])
    ] = None
    decimal: _Sign = "."
    leave_out: tuple[dict[str, Text], ...] = ()
    sources: tuple[Source, ...] = ()

    @property
    def model(self) -> type[TableRow]:
        """The model of the rows that the map makes."""
        return LEDGER[self.table]

    @property
    def file(self) -> str:
        """The file of a case that the rows are added to."""
        return f"evidence/{self.table}.csv"

    def filled(self, column: str) -> str | None:
        """Return the column of the source table that fills one of the ledger, or None."""
        return self.columns.get(column)

    @model_validator(mode="after")
    def _signs_differ(self) -> ColumnMap:
        if self.thousands == self.decimal:
            raise wrong("bad_separator", "a sign for thousands that is not the decimal sign")
        return self


def read_map(file: Path) -> ColumnMap:
    """Read a column map.

    Parameters
    ----------
    file : Path
        A YAML file; docs/new-case.md describes it.

    Raises
    ------
    CaseError
        With everything that is wrong with it.
    """
    text, fault = read_text(file.resolve().parent, file.resolve().name, MAX_YAML_BYTES)
    if fault is not None:
        raise CaseError(str(file), [fault])
    data, faults = parse_yaml(text, file.name)
    found: ColumnMap | None = None
    if not faults:
        try:
            found = ColumnMap.model_validate(data)
        except ValidationError as error:
            faults = faults_of(error, ColumnMap, file.name)
    if found is not None:
        faults = list(_faults_between(found, file.name))
    if found is None or faults:
        raise CaseError(str(file), faults)
    return found


def _faults_between(found: ColumnMap, file: str) -> list[Fault]:
    """Return what the parts of a map say against each other."""
    faults = []
    own: Collection[str] = {*found.model.columns(), "origin"}
    for part in ("columns", "constants", "values"):
        for column in getattr(found, part):
            if column not in own:
                expected = f"a column of {found.file}"
                near = nearest_name(column, own)
                faults.append(
                    Fault("unknown_column", file, None, f"{part}.{column}", column, expected, near)
                )
    for column in found.constants:
        if column in found.columns:
            expected = f"no constant, since columns.{column} names a column of the source table"
            where = f"constants.{column}"
            faults.append(Fault("both_given", file, None, where, found.constants[column], expected))
    for part, mapped in (("values", found.values), ("dates", found.dates)):
        for column in mapped:
            if column in own and column not in found.columns:
                expected = f"a column of the source table in columns.{column} whose cells it maps"
                faults.append(Fault("not_used", file, None, f"{part}.{column}", column, expected))
    needed = [name for name in found.model.required_columns() if name != found.model.id_column]
    # A bound has one end, and the ends say the qualifier.
    needed = [name for name in needed if name not in ("low", "high", "qualifier")]
    given = {*found.columns, *found.constants}
    for column in needed:
        if column not in given:
            expected = f"{column} in columns or in constants"
            faults.append(
                Fault("missing_key", file, None, f"columns.{column}", "nothing", expected)
            )
    if not {"low", "high"} & given:
        expected = "low, high or both in columns"
        faults.append(Fault("missing_key", file, None, "columns.low", "nothing", expected))
    return faults
