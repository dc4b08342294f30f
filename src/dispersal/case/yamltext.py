"""YAML as plain data: mappings, lists, text and numbers, and nothing that could surprise.

Anchors, aliases, tags, several documents, repeated keys and deep nesting are refused with their
line. Days stay text, so that the schema and not the YAML library decides what they mean; ``yes``,
``no`` and country codes stay text, too.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NoReturn

import yaml

from dispersal.errors import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_DEPTH: Final = 20
_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,17})")
_FLOAT = re.compile(r"-?[0-9]+\.[0-9]*([eE][+-][0-9]{1,3})?")
_UNPRINTABLE = re.compile("[\0\ud800-\udfff]")
_QUOTE: Final = "put text that holds “: ” or begins with a special character in quotation marks"
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLEANS = {"true": True, "True": True, "false": False, "False": False}

type_name = {dict: "a mapping", list: "a list"}


class _RefusedError(Exception):
    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


def parse_yaml(text: str, file: str) -> tuple[object, list[Fault]]:
    r"""Return the data of one YAML document, or None and what is wrong with it.

    Parameters
    ----------
    text : str
        The document.
    file : str
        Its name, for the faults; their row is the line of the file.

    Examples
    --------
    >>> parse_yaml("asked_on: 2017-03-07", "case.yaml")
    ({'asked_on': '2017-03-07'}, [])
    >>> print(parse_yaml("a: 1\na: 2", "case.yaml")[1][0])
    case.yaml, row 2: found 'a', expected each key once in a mapping
    """
    builder = _Builder(file)
    try:
        events = (event for event in yaml.parse(text, Loader=yaml.SafeLoader))
        data = builder.document(events)
    except _RefusedError as error:
        return None, [*builder.faults, error.fault]
    except yaml.YAMLError as error:
        return None, [*builder.faults, _syntax_fault(error, text, file)]
    return data, builder.faults


def _syntax_fault(error: yaml.YAMLError, text: str, file: str) -> Fault:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark is not None:
        line = mark.line + 1
    else:
        line = text.count("\n", 0, getattr(error, "position", 0) or 0) + 1
    lines = text.splitlines()
    found = lines[line - 1].strip() if line <= len(lines) else "the end of the file"
    problem = getattr(error, "problem", None) or "a character that YAML does not allow"
    expected = f"YAML that can be read ({problem}); {_QUOTE}"
    return Fault("broken_yaml", file, line, None, found, expected)


class _Builder:
    """Builds data from the parser's events; recursion ends at MAX_DEPTH."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.faults: list[Fault] = []

    def document(self, events: Iterator[yaml.Event]) -> object:
        data: object = None
        documents = 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self.refuse("several_documents", event, "---", "one document in a file")
                data = self.node(next(events), events, 1)
        return data

    def refuse(self, kind: str, event: yaml.Event, found: str, expected: str) -> NoReturn:
        raise _RefusedError(self.fault(kind, event, found, expected))

    def fault(self, kind: str, event: yaml.Event, found: str, expected: str) -> Fault:
        return Fault(kind, self.file, _line(event), None, found, expected)

    def node(self, event: yaml.Event, events: Iterator[yaml.Event], depth: int) -> object:
        if isinstance(event, yaml.AliasEvent):
            self.refuse(
                "yaml_alias", event, f"*{event.anchor}", f"the value itself, no alias; {_QUOTE}"
            )
        if not isinstance(event, yaml.NodeEvent):
            self.refuse("broken_yaml", event, "", "a value")
        if event.anchor is not None:
            self.refuse(
                "yaml_alias", event, f"&{event.anchor}", f"a value without an anchor; {_QUOTE}"
            )
        tag = getattr(event, "tag", None)
        if tag not in (None, "!"):
            self.refuse("yaml_tag", event, str(tag), f"a value without a tag; {_QUOTE}")
        if depth > MAX_DEPTH:
            self.refuse("too_deep", event, "deeper nesting", f"at most {MAX_DEPTH} levels")
        if isinstance(event, yaml.ScalarEvent):
            if _UNPRINTABLE.search(event.value):
                found = event.value.encode("ascii", "backslashreplace").decode()
                self.refuse("broken_yaml", event, found, "text without NUL and surrogates")
            return _scalar(event)
        if isinstance(event, yaml.SequenceStartEvent):
            return self.sequence(events, depth)
        return self.mapping(events, depth)

    def sequence(self, events: Iterator[yaml.Event], depth: int) -> list[object]:
        items: list[object] = []
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            items.append(self.node(event, events, depth + 1))
        return items

    def mapping(self, events: Iterator[yaml.Event], depth: int) -> dict[str, object]:
        data: dict[str, object] = {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            key = self.node(event, events, depth + 1)
            if isinstance(key, dict | list):
                self.refuse("wrong_type", event, type_name[type(key)], "a key of text")
            # A code such as NO or 12 is a name wherever it stands as a key.
            name = event.value if isinstance(event, yaml.ScalarEvent) else str(key)
            if name in data:
                self.faults.append(
                    self.fault("duplicate_key", event, name, "each key once in a mapping")
                )
            data[name] = self.node(next(events), events, depth + 1)
        return data


def _line(event: yaml.Event) -> int | None:
    return event.start_mark.line + 1 if event.start_mark else None


def _scalar(event: yaml.ScalarEvent) -> object:
    text: str = event.value
    if event.style is not None:
        return text
    if text in _NULLS:
        return None
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    return text
