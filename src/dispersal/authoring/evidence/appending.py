"""Rows added to the end of tables: what stands there stays, byte for byte, and all or nothing."""

from __future__ import annotations

import csv
import io
import os
import secrets
import shutil
from contextlib import suppress
from typing import TYPE_CHECKING

from dispersal.case.folder import decode
from dispersal.errors import Fault, InputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from dispersal.case.schema import TableRow


def appended(
    content: bytes | None, model: type[TableRow], rows: Sequence[Mapping[str, str]], file: str
) -> tuple[bytes, int, list[Fault]]:
    r"""Return a table with more rows, in the order of its own header and with its own line ends.

    Parameters
    ----------
    content : bytes or None
        The table as it is; None where there is none yet.
    model : type of TableRow
    rows : sequence of mapping
        Cells by column; columns that are not named are empty.
    file : str
        Its name, for the faults.

    Returns
    -------
    (bytes, int, list of Fault)
        The table, the row (as a spreadsheet counts) of the first one added, and what stands
        in the way: a cell of a column that the header does not have.

    Examples
    --------
    >>> from dispersal.case.schema import Source
    >>> appended(b"key,title\r\nun,Report", Source, [{"key": "wb", "title": "A, b"}], "s.csv")[:2]
    (b'key,title\r\nun,Report\r\nwb,"A, b"\r\n', 3)
    """
    if content is None:
        content = (",".join(model.columns()) + "\n").encode()
    text, fault = decode(content, file)
    if fault is not None:
        return content, 1, [fault]
    end = "\r\n" if "\r\n" in text else "\n"
    records = list(csv.reader(io.StringIO(text, newline="")))
    header = records[0]
    faults = [
        Fault("missing_column", file, 1, None, ", ".join(header), f"a column {column}")
        for column in model.columns()
        if column not in header and any(row.get(column) for row in rows)
    ]
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator=end)
    for row in rows:
        writer.writerow([row.get(column, "") for column in header])
    before = b"" if content.endswith((b"\n", b"\r")) else end.encode()
    return content + before + stream.getvalue().encode(), len(records) + 1, faults


def write_together(folder: Path, changes: Mapping[str, tuple[bytes | None, bytes]]) -> None:
    """Put new contents in the place of old ones: of all files or, if one cannot be, of none.

    Each new content is whole on the disk before it takes the place of the old one. If the
    machine stops in between, files before it in ``changes`` are new and those after it old.

    Parameters
    ----------
    folder : Path
    changes : mapping of str to (bytes or None, bytes)
        By path in the folder, the content that is expected there (None: no file) and the new one.

    Raises
    ------
    InputError
        If a file is not what was expected, or cannot be written; then all are as before.
    """
    for name, (old, _) in changes.items():
        if _content(folder / name) != old:
            raise InputError(f"found {name} changed while it was read, expected it as it was")
    ready: dict[str, Path] = {}
    done: list[str] = []
    try:
        for name, (_, new) in changes.items():
            ready[name] = _beside(folder / name, new)
        for name, path in ready.items():
            path.replace((folder / name).resolve())
            done.append(name)
    except OSError as error:
        for name in reversed(done):
            _put_back(folder / name, changes[name][0])
        raise InputError(
            f"found {folder}, expected a folder that can be written: {error.strerror or error}"
        ) from None
    finally:
        for path in ready.values():
            with suppress(OSError):
                path.unlink(missing_ok=True)


def _content(file: Path) -> bytes | None:
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise InputError(
            f"found {file}, expected a file that can be read: {error.strerror or error}"
        ) from None


def _beside(file: Path, content: bytes) -> Path:
    """Write a content to a hidden file beside the one whose place it is to take."""
    target = file.resolve()
    target.parent.mkdir(parents=True, exist_ok=True)
    path = target.with_name(f".{target.name}-{secrets.token_hex(4)}.new")
    try:
        with path.open("xb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        if target.exists():
            shutil.copymode(target, path)
    except OSError:
        path.unlink(missing_ok=True)
        raise
    return path


def _put_back(file: Path, content: bytes | None) -> None:
    with suppress(OSError):
        if content is None:
            file.unlink()
        else:
            _beside(file, content).replace(file.resolve())
