"""The review file: every proposed row beside its sentence, for a person to say yes or no to."""

from __future__ import annotations

import json
import os
import re
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from dispersal.case.yamltext import parse_yaml
from dispersal.drafting.review_checks import checked_row
from dispersal.errors import Fault, InputError, nearest_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dispersal.drafting.article import Article
    from dispersal.drafting.proposals import Proposal, Proposals

FORMAT: Final = 1
MAX_BYTES: Final = 5_000_000

_TOP: Final = """\
# Rows that an article proposes for a case. Nothing is taken over until a person says so:
#   accept: yes    the row goes into the case
#   accept: no     it does not (it is listed in draft.txt of the case)
#   accept: "?"    the row has a question: write one of its choices as answer, then yes
# Change whatever a row says (place, use, counts, low, …) before you accept it. Leave row,
# sentence, found and at as they are: they say where it comes from. at counts characters of
# the text.
"""

#: Text that YAML reads as it is written.
_BARE: Final = re.compile(r"[A-Za-z][\w-]*(?:[./][\w-]+)*|\d{4}-\d\d-\d\d")
_NOT_BARE: Final = frozenset({"null", "true", "false", "~", "y", "n", "on", "off"})


def review_text(proposals: Proposals) -> str:
    """Return the text of the review file.

    Examples
    --------
    >>> from dispersal.drafting import propose, read_article
    >>> text = review_text(propose(read_article("Most of the rebels will return to Peru.")))
    >>> text[text.index("- row: destination-1"):].splitlines()[:2]
    ['- row: destination-1', '  accept: no']
    """
    article = proposals.article
    lines = [
        _TOP + f"draft: {FORMAT}",
        "article:",
        f"  file: {_scalar(article.name)}",
        f"  title: {_scalar(article.title)}",
        f"  fingerprint: {_scalar(article.fingerprint)}",
        f"asked_on: {_scalar(proposals.asked_on)}",
        f"reviewed: {_scalar(sorted(proposals.reviewed))}",
        "rows:" if proposals.rows else "rows: []",
    ]
    for row in proposals.rows:
        lines.append("")
        for number, (key, value) in enumerate(row.record().items()):
            mark = "- " if number == 0 else "  "
            lines.append(f"{mark}{key}: {_scalar(value)}")
    return "\n".join(lines) + "\n"


def _scalar(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_scalar(one) for one in value) + "]"
    text = str(value)
    if _BARE.fullmatch(text) and text.casefold() not in _NOT_BARE:
        return text
    return json.dumps(text, ensure_ascii=False) if text else "''"


def write_review(proposals: Proposals, path: str | Path) -> Path:
    """Write the review file, whole or not at all.

    Parameters
    ----------
    proposals : Proposals
        Rows, with the answers given so far.
    path : str or Path
        Where to; a file that is there is replaced, so callers ask first.

    Returns
    -------
    Path
        The file.
    """
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(review_text(proposals))
        os.replace(name, target)  # noqa: PTH105 - Path.replace is the same call
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return target


def read_review(path: str | Path, proposals: Proposals) -> Proposals:
    """Return proposals with what a person wrote into the review file.

    Parameters
    ----------
    path : str or Path
        The review file.
    proposals : Proposals
        What the same article proposes: rows that are not proposed cannot be accepted.

    Returns
    -------
    Proposals

    Raises
    ------
    InputError
        With everything that is wrong with the file: its lines, rows, keys and values, or that
        it belongs to another text.
    """
    file = Path(path)
    data = _data_of(file)
    faults: list[Fault] = []
    _check_head(data, file.name, proposals.article, faults)
    given = data.get("rows")
    rows = _changed(given if isinstance(given, list) else [], proposals, file.name, faults)
    asked_on = str(data.get("asked_on") or "")
    reviewed = data.get("reviewed") or []
    if not isinstance(reviewed, list):
        faults.append(Fault("wrong_type", file.name, None, "reviewed", str(reviewed), "a list"))
        reviewed = []
    if faults:
        raise review_error(file.name, faults)
    return replace(
        proposals,
        rows=rows,
        asked_on=asked_on or proposals.asked_on,
        reviewed=frozenset(map(str, reviewed)) & {row.row for row in rows},
    )


def review_error(name: str, faults: Iterable[Fault]) -> InputError:
    """Return one error that lists every fault of a review file."""
    listed = list(faults)
    lines = "\n".join(f"  {fault}" for fault in listed)
    return InputError(f"{name} has {len(listed)} fault{'s' * (len(listed) != 1)}:\n{lines}")


def _data_of(file: Path) -> dict[str, Any]:
    if not file.is_file():
        raise InputError(f"found no file {file}, expected a review file that `draft` wrote")
    if file.stat().st_size > MAX_BYTES:
        raise InputError(f"{file}: expected a review file of at most {MAX_BYTES // 1_000_000} MB")
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{file}: found bytes that are not UTF-8, expected text") from error
    data, faults = parse_yaml(text, file.name)
    if faults:
        raise review_error(file.name, faults)
    if not isinstance(data, dict):
        fault = Fault("wrong_type", file.name, None, None, type(data).__name__, "keys with values")
        raise review_error(file.name, [fault])
    return data


def _check_head(data: dict[str, Any], name: str, article: Article, faults: list[Fault]) -> None:
    known = ("draft", "article", "asked_on", "reviewed", "rows")
    for key in data.keys() - set(known):
        expected = f"one of the keys {', '.join(known)}"
        faults.append(
            Fault("unknown_key", name, None, key, key, expected, nearest_name(key, known))
        )
    if data.get("draft") != FORMAT:
        found = str(data.get("draft", "nothing"))
        faults.append(Fault("unknown_format", name, None, "draft", found, str(FORMAT)))
    about = data.get("article")
    mark = str(about.get("fingerprint", "")) if isinstance(about, dict) else ""
    if mark != article.fingerprint:
        expected = f"the fingerprint of {article.name}: this review was made from another text"
        faults.append(
            Fault("other_article", name, None, "article.fingerprint", mark[:12], expected)
        )
    if not isinstance(data.get("rows"), list):
        faults.append(Fault("wrong_type", name, None, "rows", "no list", "the list of rows"))


def _changed(
    given: list[Any], proposals: Proposals, name: str, faults: list[Fault]
) -> tuple[Proposal, ...]:
    proposed = {row.row: row for row in proposals.rows}
    seen: dict[str, Proposal] = {}
    for number, entry in enumerate(given, start=1):
        label = str(entry.get("row", "")) if isinstance(entry, dict) else ""
        if label not in proposed:
            expected = "a mapping with the row of a proposal, such as place-1"
            nearest = nearest_name(label, proposed) if label else None
            where = f"rows[{number}].row"
            faults.append(Fault("unknown_row", name, None, where, label, expected, nearest))
        elif label in seen:
            where = f"rows[{number}].row"
            faults.append(Fault("duplicate_id", name, None, where, label, "each row once"))
        else:
            seen[label] = checked_row(entry, proposed[label], name, faults)
    for label in proposed.keys() - seen.keys():
        expected = "every row that was proposed; write accept: no instead of deleting it"
        faults.append(Fault("missing_row", name, None, "rows", f"no {label}", expected))
    return tuple(seen.get(row.row, row) for row in proposals.rows)
