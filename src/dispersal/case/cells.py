"""The types of one cell or one YAML value: days, numbers, names from a list.

Each type turns text into a value or says, in the words of a person with a spreadsheet, why not.
The reader of tables and the reader of ``case.yaml`` share them. What a validator takes is also
said as a type (``json_schema_input_type``), for the schemas that are made from the models.
"""

from __future__ import annotations

import math
import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from dispersal.errors import nearest_name

if TYPE_CHECKING:
    from collections.abc import Collection

_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_OTHER_DAY = re.compile(r"([0-9]{1,4})[./-]([0-9]{1,2})[./-]([0-9]{1,4})")
_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")
_THOUSANDS = re.compile(r"[+-]?[0-9]{1,3}([,'’ \u00a0\u202f][0-9]{3})+(\.[0-9]+)?")
_DECIMAL_COMMA = re.compile(r"[+-]?[0-9]+,[0-9]+")
_IDENTIFIER = re.compile(r"[a-z][a-z0-9_]*")

FIRST_YEAR, LAST_YEAR = 1800, 2199
_SPREADSHEET_DAY_ZERO = date(1899, 12, 30)


def wrong(kind: str, expected: str, nearest: str | None = None) -> PydanticCustomError:
    """Return the error that becomes a :class:`~dispersal.errors.Fault` of this kind."""
    return PydanticCustomError(kind, "{expected}", {"expected": expected, "nearest": nearest})


def parse_day(value: object) -> date:
    """Return the day that ``YYYY-MM-DD`` names.

    Raises
    ------
    PydanticCustomError
        ``missing_value``, ``bad_date``, ``impossible_date`` or ``date_out_of_range``.

    Examples
    --------
    >>> parse_day("2017-03-07")
    datetime.date(2017, 3, 7)
    """
    if isinstance(value, date):
        day = value
    else:
        text = _text(value, "a day as YYYY-MM-DD, for example 2017-03-07")
        if not _ISO_DAY.fullmatch(text):
            raise _not_iso(text)
        try:
            day = date.fromisoformat(text)
        except ValueError:
            raise wrong("impossible_date", "a day that the calendar has") from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise wrong("date_out_of_range", f"a day between {FIRST_YEAR} and {LAST_YEAR}")
    return day


def _not_iso(text: str) -> PydanticCustomError:
    expected = "a day as YYYY-MM-DD, for example 2017-03-07"
    if re.fullmatch(r"[0-9]{5}", text):
        day = _SPREADSHEET_DAY_ZERO + timedelta(days=int(text))
        expected += " (this is a spreadsheet's internal number of a day)"
        return wrong("bad_date", expected, day.isoformat())
    if re.fullmatch(r"[0-9]{4}(-[0-9]{1,2})?", text):
        return wrong(
            "bad_date", expected + "; give a full day and say in note that it is approximate"
        )
    parts = _OTHER_DAY.fullmatch(text)
    if parts and len(parts[3]) == 4:
        first, second = int(parts[1]), int(parts[2])
        if first <= 12 and second <= 12 and first != second:
            expected += " (here day and month cannot be told apart)"
            return wrong("bad_date", expected)
        day_number, month = (first, second) if second <= 12 else (second, first)
        return wrong("bad_date", expected, f"{parts[3]}-{month:02d}-{day_number:02d}")
    return wrong("bad_date", expected)


def parse_number(value: object) -> float:
    """Return a finite number written with digits and, at most, one decimal point.

    Raises
    ------
    PydanticCustomError
        ``missing_value``, ``thousands_separator``, ``decimal_comma``, ``not_finite`` or
        ``bad_number``.

    Examples
    --------
    >>> parse_number("2500"), parse_number("0.35")
    (2500.0, 0.35)
    """
    if isinstance(value, bool):
        raise wrong("bad_number", "a number")
    if isinstance(value, int | float):
        number = float(value)
    else:
        text = _text(value, "a number")
        if text.strip("+-").casefold() in {"nan", "inf", "infinity", ".nan", ".inf"}:
            raise wrong("not_finite", "a finite number; leave the cell empty if it is not known")
        if _THOUSANDS.fullmatch(text):
            plain = re.sub(r"[^0-9.+-]", "", text)
            raise wrong("thousands_separator", "a number without thousands separators", plain)
        if _DECIMAL_COMMA.fullmatch(text):
            raise wrong("decimal_comma", "a decimal point, not a comma", text.replace(",", "."))
        if text.endswith("%"):
            raise wrong("bad_number", "a number without a percent sign")
        if not _NUMBER.fullmatch(text):
            raise wrong("bad_number", "a number in digits, for example 2500 or 0.35")
        number = float(text)
    if not math.isfinite(number):
        raise wrong("not_finite", "a finite number; leave the cell empty if it is not known")
    return number


def number_between(
    lowest: float, highest: float, kind: str = "out_of_range", unit: str = ""
) -> BeforeValidator:
    """Return a validator for numbers from ``lowest`` to ``highest``, both included.

    Examples
    --------
    >>> number_between(0, 1).func("0.5")
    0.5
    """
    expected = f"a number from {lowest:g} to {highest:g}{unit}"
    if math.isinf(highest):
        expected = f"a number of {lowest:g} or more{unit}"

    def parse(value: object) -> float:
        number = parse_number(value)
        if not lowest <= number <= highest:
            negative = number < 0 <= lowest and math.isinf(highest)
            raise wrong("negative" if negative else kind, expected)
        return number

    ends: Any = Field(
        ge=lowest if math.isfinite(lowest) else None, le=highest if math.isfinite(highest) else None
    )
    return BeforeValidator(parse, json_schema_input_type=Annotated[float, ends])


def one_of(kind: str, names: Collection[str]) -> BeforeValidator:
    """Return a validator for the names of one list; the error suggests the nearest.

    Examples
    --------
    >>> one_of("unknown_policy", ["custody"]).func("custody")
    'custody'
    """
    expected = names_of(names)

    def parse(value: object) -> str:
        text = _text(value, expected)
        if text not in names:
            raise wrong(kind, expected, nearest_name(text, names))
        return text

    allowed: Any = Literal[tuple(names)]
    return BeforeValidator(parse, json_schema_input_type=allowed)


def names_of(names: Collection[str]) -> str:
    """Return a list of names as the words of an ``expected``.

    Examples
    --------
    >>> names_of(["foreign", "local"])
    'foreign or local'
    """
    listed = list(names)
    if len(listed) > 13:
        return f"one of {', '.join(listed[:4])}, … ({len(listed)} names, see the case format)"
    return listed[0] if len(listed) == 1 else f"{', '.join(listed[:-1])} or {listed[-1]}"


def _text(value: object, expected: str) -> str:
    if value is None or value == "":
        raise wrong("missing_value", expected)
    if not isinstance(value, str):
        raise wrong("wrong_type", expected)
    return value


def _required_text(value: object) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    text = _text(value, "text").strip()
    if not text:
        raise wrong("missing_value", "text")
    return text


def _optional_text(value: object) -> str:
    return "" if value is None or value == "" else _required_text(value)


def _identifier(value: object) -> str:
    text = _text(value, "an identifier of lower-case letters, digits and _")
    if not _IDENTIFIER.fullmatch(text):
        proposal = re.sub(r"[^a-z0-9]+", "_", text.casefold()).strip("_")
        nearest = proposal if _IDENTIFIER.fullmatch(proposal) else None
        raise wrong("bad_identifier", "an identifier of lower-case letters, digits and _", nearest)
    return text


def _split(value: object) -> object:
    """Split what a cell joins with semicolons; leave a YAML list as it is."""
    if value is None or value == "":
        return ()
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(";") if part.strip())
    return value


Day = Annotated[date, BeforeValidator(parse_day)]
Number = Annotated[float, BeforeValidator(parse_number)]
Amount = Annotated[float, number_between(0, math.inf)]
Share = Annotated[float, number_between(0, 1, "share_out_of_range")]
Latitude = Annotated[float, number_between(-90, 90, "coordinates_out_of_range", " degrees")]
Longitude = Annotated[float, number_between(-180, 180, "coordinates_out_of_range", " degrees")]
# WGI scores are standard normal by construction, so that three and a half is beyond any country.
Governance = Annotated[float, number_between(-3.5, 3.5)]
Affinity = Annotated[float, number_between(-1, 1)]
_SomeText = Annotated[str, Field(pattern=r"\S")] | float
RequiredText = Annotated[str, BeforeValidator(_required_text, json_schema_input_type=_SomeText)]
Text = Annotated[str, BeforeValidator(_optional_text, json_schema_input_type=str | float | None)]
_Named = Annotated[str, Field(pattern=f"^{_IDENTIFIER.pattern}$")]
Identifier = Annotated[str, BeforeValidator(_identifier, json_schema_input_type=_Named)]
Joined = BeforeValidator(_split, json_schema_input_type=str)
