"""Rows and the question as the text of their files, in one canonical form."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from dispersal.case.levers import Lever
    from dispersal.case.question import Question
    from dispersal.case.schema import TableRow


def table_text(model: type[TableRow], rows: Iterable[TableRow]) -> str:
    """Return a table as CSV with all its columns.

    Examples
    --------
    >>> from dispersal.case.schema import Source
    >>> row = Source.model_validate(dict(key="un_2016", title="Report", published="2016-01-31",
    ...                                  author_or_publisher="UN"))
    >>> print(table_text(Source, [row]), end="")
    key,title,author_or_publisher,published,url
    un_2016,Report,UN,2016-01-31,
    """
    columns = model.columns()
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([cell_text(getattr(row, name)) for name in columns.values()])
    return stream.getvalue()


def question_text(question: Question) -> str:
    """Return ``case.yaml``; what equals its default is left out."""
    data = question.model_dump(exclude_defaults=True)
    data["end"]["modes"] = {mode: share for mode, share in question.end.modes.items() if share}
    return _yaml(data)


def levers_text(levers: Sequence[Lever]) -> str:
    """Return ``levers.yaml``."""
    return _yaml([lever.model_dump(exclude_defaults=True) for lever in levers])


def cell_text(value: object) -> str:
    """Return what stands in the cell of a table for a typed value.

    Examples
    --------
    >>> cell_text(2500.0), cell_text(("transit", "custody")), cell_text(None)
    ('2500', 'transit;custody', '')
    """
    if value is None:
        return ""
    if isinstance(value, tuple):
        return ";".join(value)
    if isinstance(value, float):
        return str(_plain(value))
    return str(value)


def _yaml(data: object) -> str:
    text: str = yaml.dump(
        _plain(data), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100
    )
    return text


class _Dumper(yaml.SafeDumper):
    """Repeats what occurs twice, since the reader refuses aliases."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002
        return True


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    return value
