"""What every row of a table has: its columns, and that it never changes."""

from __future__ import annotations

from typing import ClassVar

from pydantic import BaseModel, ConfigDict


class TableRow(BaseModel):
    """A row of a table: unknown columns are refused, and a row that was read never changes."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    #: The column that names the row; "" where rows have no name.
    id_column: ClassVar[str] = ""
    #: Columns of running text, in which spaces around the text do no harm.
    free_text: ClassVar[frozenset[str]] = frozenset({"name", "note"})

    @classmethod
    def columns(cls) -> dict[str, str]:
        """Return the columns in order, each with the name of its field.

        Examples
        --------
        >>> from dispersal.case.schema import Policy
        >>> Policy.columns()["from"]
        'from_'
        """
        return {field.alias or name: name for name, field in cls.model_fields.items()}

    @classmethod
    def required_columns(cls) -> tuple[str, ...]:
        """Return the columns that the header must have; their cells may still be empty.

        Examples
        --------
        >>> from dispersal.case.schema import Host
        >>> Host.required_columns()
        ('host', 'name', 'place', 'kind', 'published', 'affinity')
        """
        return tuple(
            column for column, name in cls.columns().items() if cls.model_fields[name].is_required()
        )
