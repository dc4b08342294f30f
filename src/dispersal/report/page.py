"""One HTML file that shows a forecast, its uncertainty and its evidence, and needs nothing else."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
from html import escape
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from dispersal._version import __version__
from dispersal.errors import DispersalError, InputError
from dispersal.world.polygons import polygons_text

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from dispersal.case import Case, Ledger
    from dispersal.forecast.forecast import Forecast
    from dispersal.record.backtest import Backtest
    from dispersal.report.whatif.answers import Answers

#: By this a report is known for one, at its beginning; what is not one is never overwritten.
MARK: Final = '<meta name="generator" content="Dispersal '

#: Bytes at the beginning of a file in which the mark stands.
_HEAD_BYTES: Final = 400

_BUNDLE: Final = ("report.js", "report.css", "licences.txt")

#: What would end a script or begin markup in it, or a line in JavaScript, has another spelling.
_IN_JSON: Final = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


def report(
    forecast: Forecast,
    path: str | Path,
    *,
    later: Case | Ledger | str | Path | None = None,
    backtest: Backtest | str | Path | None = None,
    whatif: Answers = None,
) -> Path:
    """Write the report of a forecast: one HTML file, for any browser, without a network.

    Parameters
    ----------
    forecast : Forecast
    path : str or Path
        The file; folders that it needs are made. An earlier report there is replaced, all at
        once or not at all.
    later : Case, Ledger, str or Path, optional
        Figures published after the cut-off, which are shown as such and scored: a case, a
        ledger, a folder or a file with the columns of figures.csv. Default: for a forecast of
        a built-in case, that case's own.
    backtest : Backtest, str or Path, optional
        A backtest of the same case, or the folder of a saved one, for the record.
    whatif : mapping, str or Path, optional
        Answers to show: records by kind, or the folder of the saved forecast that they are
        kept beside (``dispersal.whatif.store``).

    Returns
    -------
    Path
        The file.

    Raises
    ------
    InputError
        If something that is no report stands at the path, it cannot be written, or the later
        figures, the backtest or the answers cannot be read.
    DispersalError
        If the package was put together without the front end.

    Examples
    --------
    ``dispersal.report(dispersal.load_forecast("runs/isis_2017-2017-03-07"), "report.html")``
    """
    from dispersal.report.document import document

    file = require_replaceable(path)
    text = page(document(forecast, later=later, backtest=backtest, whatif=whatif))
    return _write(file, text)


def require_replaceable(path: str | Path) -> Path:
    """Return a path at which there is nothing, or an earlier report.

    Raises
    ------
    InputError
        If anything else is there.
    """
    file = Path(path)
    try:
        if file.is_dir():
            raise InputError(f"found the folder {file}, expected the name of a file in it")
        if not file.exists():
            return file
        with file.open("rb") as stream:
            head = stream.read(_HEAD_BYTES)
    except OSError as error:
        raise InputError(f"found {file}, expected a file name: {error.strerror}") from None
    if MARK.encode() not in head:
        raise InputError(
            f"found a file at {file} that is not a report, expected a new name or an earlier "
            "report: nothing else is overwritten"
        )
    return file


def require_front_end() -> None:
    """Raise what :func:`page` would if the front end is missing, before any work.

    Raises
    ------
    DispersalError
        If the package was put together without it.
    """
    for name in _BUNDLE:
        _bundled(name)
    polygons_text()


def page(document: dict[str, Any]) -> str:
    """Return the HTML of a report document (docs/report-format.md), or of one about camps.

    Raises
    ------
    DispersalError
        If the package was put together without the front end.
    """
    script = _bundled("report.js")
    meta = document["meta"]
    return _PAGE.format(
        mark=f'{MARK}{__version__}">',
        policy=_policy(script),
        title=escape(_title(meta)),
        description=escape(meta["question"] or ""),
        style=re.sub("<(?=/style)", r"\\3c ", _bundled("report.css"), flags=re.IGNORECASE),
        words=_in_words(document),
        data=json_in_html(json.dumps(document, **_JSON)),
        world=json_in_html(polygons_text()),
        licences=re.sub("-{2,}", "–", _bundled("licences.txt")).strip(),
        script=script,
    )


def _title(meta: dict[str, Any]) -> str:
    name = meta["title"] or meta["case"]
    return name if "about" in meta else f"{name}, as known on {meta['cutoff']}"


def json_in_html(text: str) -> str:
    r"""Return JSON that means the same and cannot end the element that holds it.

    Examples
    --------
    >>> print(json_in_html('["</script>"]'))
    ["\u003c/script\u003e"]
    """
    return text.translate(_IN_JSON)


_JSON: Final[dict[str, Any]] = {
    "ensure_ascii": False,
    "allow_nan": False,
    "separators": (",", ":"),
}


def bundle_folder() -> Traversable:
    """Return the folder with the built front end."""
    return resources.files("dispersal.report") / "bundle"


def _bundled(name: str) -> str:
    file = bundle_folder() / name
    if not file.is_file():
        raise DispersalError(
            f"found no {name} in dispersal.report.bundle, expected it from the build: run "
            "`make web` in a checkout, or install the package again"
        )
    text = file.read_text(encoding="utf-8")
    # In a script these can only stand in a string, a pattern or a comment.
    if name.endswith(".js"):
        text = re.sub("<(?=/script|!--)", r"\\x3c", text, flags=re.IGNORECASE)
    return text


def _policy(script: str) -> str:
    """Allow this one script and what it makes itself; nothing is fetched from anywhere."""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return (
        f"default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline'; "
        "img-src data: blob:; font-src data:; base-uri 'none'; form-action 'none'"
    )


def _in_words(document: dict[str, Any]) -> str:
    """Return what the page says where scripts do not run."""
    meta = document["meta"]
    answer = document["answer"]
    parts = [
        "<main>",
        _element("h1", meta["title"] or meta["case"]),
        _element("p", meta["question"]),
        _element(
            "p",
            f"{meta['about']}."
            if "about" in meta
            else f"A forecast as known on {meta['cutoff']}, up to {meta['until']}.",
        ),
        "<p>The pictures of this page, and the tables of its evidence, need JavaScript; the answer "
        "does not.</p>",
        _element("h2", "The answer"),
        *(_element("p", sentence) for sentence in answer["sentences"]),
    ]
    if answer["changes"]:
        parts += [_element("h2", "What would change it"), _list(answer["changes"])]
    parts += [_table(table) for table in document["tables"]]
    for title, name in (("Limits", "limits"), ("The line this project keeps", "line")):
        if document[name]:
            parts += [_element("h2", title), _list(document[name])]
    return "\n".join([*parts, "</main>"])


def _element(name: str, text: str) -> str:
    return f'<{name} dir="auto">{escape(text or "")}</{name}>'


def _list(sentences: list[str]) -> str:
    return "\n".join(["<ul>", *(_element("li", sentence) for sentence in sentences), "</ul>"])


def _table(table: dict[str, Any]) -> str:
    head = "".join(f'<th scope="col">{escape(str(name))}</th>' for name in table["columns"])
    rows = (
        f'<tr><th scope="row" dir="auto">{escape(str(first)).replace("  ", "&emsp;")}</th>'
        + "".join(f"<td>{escape(str(cell))}</td>" for cell in cells)
        + "</tr>"
        for first, *cells in table["rows"]
    )
    caption = _element("caption", table["title"])
    return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


def _write(file: Path, text: str) -> Path:
    new = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        try:
            new.write_text(text, encoding="utf-8", errors="replace", newline="\n")
            new.replace(file)
        finally:
            new.unlink(missing_ok=True)
    except OSError as error:
        raise InputError(
            f"found {file}, expected a file that can be written: {error.strerror or error}"
        ) from None
    return file


_PAGE: Final = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
{mark}
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<meta name="description" content="{description}">
<title>{title}</title>
<style>
{style}
</style>
</head>
<body>
<div id="dispersal"><noscript>
{words}
</noscript></div>
<script type="application/json" id="dispersal-data">{data}</script>
<script type="application/json" id="dispersal-world">{world}</script>
<!-- This page holds code and data under these licences:

{licences}
-->
<script>{script}</script>
</body>
</html>
"""
