"""What ``levers.yaml`` holds: named what-ifs, and the grammar of their patches.

A patch is checked against the models of the tables' rows, so that a cell of a lever obeys the
rules of the cell that it changes. A lever keeps its patch as it was written; :meth:`Lever.parsed`
gives the typed one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from types import GenericAlias
from typing import Annotated, Any, Final, cast

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    create_model,
    model_validator,
)

from dispersal.case.cells import Identifier, RequiredText, Text, wrong
from dispersal.case.question import EndJudgement, EndModes, ParameterOverride, Part
from dispersal.case.schema import Host, Origin, Place, Policy, TableRow

#: Columns of origins.csv that a lever may set: what describes an origin, not which one it is.
SETTABLE_OF_ORIGIN: Final = (
    "members_low",
    "members_high",
    "governance",
    "population",
    "gdp_per_capita_usd",
    "source",
)


class Cells(Part):
    """Cells of one row by the name of their field; only those that are given count."""

    @model_validator(mode="before")
    @classmethod
    def _empty_is_not_given(cls, data: object) -> object:
        if isinstance(data, Mapping):
            return {column: None if cell == "" else cell for column, cell in data.items()}
        return data

    def given(self) -> dict[str, Any]:
        """Return the cells that the patch gives, by the name of their field."""
        return {name: value for name, value in self if name in self.model_fields_set}


class SomeCells(Cells):
    """At least one cell of a row."""

    @model_validator(mode="after")
    def _not_empty(self) -> SomeCells:
        if not self.model_fields_set:
            raise wrong("missing_value", "at least one column with its value")
        return self


class Setting(Part):
    """Cells that take a new value in every row in which all cells of ``where`` match."""

    where: SomeCells
    values: SomeCells


class Removal(Part):
    """Rows that are dropped: those in which all cells of ``where`` match."""

    where: SomeCells


class TablePatch(Part):
    """What a lever does to one table; which of the operations there are depends on the table."""

    def additions(self) -> tuple[Cells, ...]:
        """Return the rows to add."""
        return cast("tuple[Cells, ...]", getattr(self, "add", ()))

    def additions_for_each_origin(self) -> tuple[Cells, ...]:
        """Return the rows to add once for each foreign origin."""
        return cast("tuple[Cells, ...]", getattr(self, "add_for_each_origin", ()))

    def settings(self) -> tuple[Setting, ...]:
        """Return the cells to change."""
        return cast("tuple[Setting, ...]", getattr(self, "set", ()))

    def removals(self) -> tuple[Removal, ...]:
        """Return the rows to drop."""
        return cast("tuple[Removal, ...]", getattr(self, "remove", ()))


def _cells(base: type[Cells], row: type[TableRow], names: tuple[str, ...], name: str) -> Any:
    """Return a model of some cells of a row; rows to add keep what the table requires."""
    fields: dict[str, Any] = {}
    for field in names:
        info = row.model_fields[field]
        annotation: Any = info.annotation
        for rule in info.metadata:
            annotation = Annotated[annotation, rule]
        required = base is Cells and info.is_required()
        default = ... if required else info.get_default() if base is Cells else None
        fields[field] = (annotation, Field(default, alias=info.alias))
    return create_model(name, __base__=base, __module__=__name__, **fields)


def _several(model: Any) -> Any:
    return GenericAlias(tuple, (model, ...))


def _table_patch(row: type[TableRow], settable: tuple[str, ...] | None = None) -> type[TablePatch]:
    """Return the model of the patches of one table; with ``settable`` nothing else can be done."""
    kind = row.__name__
    every = tuple(row.model_fields)
    where = _cells(SomeCells, row, every, f"{kind}Where")
    others = settable or tuple(name for name in every if name != row.id_column)
    values = _cells(SomeCells, row, others, f"{kind}Values")
    setting = create_model(
        f"{kind}Setting",
        __base__=Setting,
        __module__=__name__,
        where=(where, ...),
        values=(values, ...),
    )
    fields: dict[str, Any] = {}
    if settable is None:
        added = _cells(Cells, row, every, f"{kind}Row")
        removal = create_model(
            f"{kind}Removal", __base__=Removal, __module__=__name__, where=(where, ...)
        )
        fields["add"] = (_several(added), ())
        fields["remove"] = (_several(removal), ())
    if row is Policy:
        rest = tuple(name for name in every if name not in ("policy_id", "actor"))
        each = _cells(Cells, row, rest, "PolicyOfEachOrigin")
        fields["add_for_each_origin"] = (_several(each), ())
    fields["set"] = (_several(setting), ())
    return create_model(f"{kind}Patch", __base__=TablePatch, __module__=__name__, **fields)


#: The tables that a lever may patch. Evidence is what was published and cannot be patched.
TABLE_PATCHES: Final[dict[str, type[TablePatch]]] = {
    "policies": _table_patch(Policy),
    "hosts": _table_patch(Host),
    "places": _table_patch(Place),
    "origins": _table_patch(Origin, SETTABLE_OF_ORIGIN),
}


class EndPatch(Part):
    """Another end: modes and judgements take the place of the case's, where they are given."""

    modes: EndModes | None = None
    judgements: tuple[EndJudgement, ...] | None = None


class CasePatch(Part):
    """What a lever does to ``case.yaml``; parameters take the place of those of their name."""

    end: EndPatch = EndPatch()
    parameters: dict[Identifier, ParameterOverride] = Field(default_factory=dict)


class Patch(Part):
    """What a lever does to a case, by table."""

    policies: Annotated[TablePatch, BeforeValidator(TABLE_PATCHES["policies"].model_validate)] = (
        TablePatch()
    )
    hosts: Annotated[TablePatch, BeforeValidator(TABLE_PATCHES["hosts"].model_validate)] = (
        TablePatch()
    )
    places: Annotated[TablePatch, BeforeValidator(TABLE_PATCHES["places"].model_validate)] = (
        TablePatch()
    )
    origins: Annotated[TablePatch, BeforeValidator(TABLE_PATCHES["origins"].model_validate)] = (
        TablePatch()
    )
    case: CasePatch = CasePatch()

    def tables(self) -> dict[str, TablePatch]:
        """Return what is done to each table, by its name."""
        return {name: getattr(self, name) for name in TABLE_PATCHES}


def _follows_the_grammar(patch: Mapping[str, Any]) -> Any:
    Patch.model_validate(patch)
    return _as_read(patch)


def _as_read(value: Any) -> Any:
    """Return a value as YAML gives it: days as text, lists and mappings of their plain kind."""
    if isinstance(value, Mapping):
        return {name: _as_read(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_as_read(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value


class Lever(Part):
    """A named what-if: a patch of the case, in the structure of the case's files.

    Examples
    --------
    >>> lever = Lever.model_validate(dict(name="open", title="Open", rationale="What if?",
    ...     patch={"policies": {"remove": [{"where": {"policy": "border_control"}}]}}))
    >>> lever.parsed().policies.removals()[0].where.given()
    {'policy': 'border_control'}
    """

    name: Identifier
    title: RequiredText
    rationale: RequiredText
    source: Text = ""
    patch: Annotated[Mapping[str, Any], AfterValidator(_follows_the_grammar)]

    def parsed(self) -> Patch:
        """Return the patch with typed cells."""
        return Patch.model_validate(self.patch)

    def without_actors(self, actors: Collection[str]) -> Lever:
        """Return the lever without the policies that it adds for some actors.

        Examples
        --------
        >>> row = {"policy_id": "p", "actor": "TUN", "policy": "custody", "from": "2017-03-07",
        ...        "low": 0, "high": 1, "published": "2017-03-07"}
        >>> lever = Lever.model_validate(dict(name="held", title="Held", rationale="What if?",
        ...     patch={"policies": {"add": [row]}}))
        >>> lever.without_actors({"TUN"}).patch
        {'policies': {'add': []}}
        """
        policies = self.patch.get("policies", {})
        left = [row for row in policies.get("add", ()) if row["actor"] not in actors]
        if len(left) == len(policies.get("add", ())):
            return self
        patch = {**self.patch, "policies": {**policies, "add": left}}
        return self.model_copy(update={"patch": patch})

    def sources(self) -> Iterator[tuple[str, str]]:
        """Yield where in the lever a source is cited, and its key."""
        yield "source", self.source
        patch = self.parsed()
        for table, done in patch.tables().items():
            for operation, rows in (
                ("add", done.additions()),
                ("add_for_each_origin", done.additions_for_each_origin()),
            ):
                for number, row in enumerate(rows, start=1):
                    yield (
                        f"patch.{table}.{operation}[{number}].source",
                        row.given().get("source", ""),
                    )
            for number, setting in enumerate(done.settings(), start=1):
                key = setting.values.given().get("source", "")
                yield f"patch.{table}.set[{number}].values.source", key
        for number, judgement in enumerate(patch.case.end.judgements or (), start=1):
            yield f"patch.case.end.judgements[{number}].source", judgement.source
