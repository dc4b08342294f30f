"""The files of a case folder as text: bounded, inside the folder, and in UTF-8.

Everything that can be wrong with a file before its content is looked at is found here.
"""

from __future__ import annotations

import codecs
import hashlib
import itertools
import os
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from dispersal.case.schema import REQUIRED_TABLES, TABLES
from dispersal.errors import Fault, nearest_name

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

CASE_FILE: Final = "case.yaml"
LEVERS_FILE: Final = "levers.yaml"
KNOWN_FILES: Final = (CASE_FILE, *TABLES, LEVERS_FILE)
REQUIRED_FILES: Final = (CASE_FILE, *REQUIRED_TABLES)

MEGABYTE: Final = 1_000_000
MAX_TABLE_BYTES: Final = 50 * MEGABYTE
# The YAML parser is slow, and a case.yaml of a person has a few kilobytes.
MAX_YAML_BYTES: Final = 1 * MEGABYTE
MAX_ENTRIES: Final = 1_000

_DATA_SUFFIXES = frozenset(
    {".csv", ".yaml", ".yml", ".xlsx", ".xls", ".ods", ".tsv", ".json", ".parquet"}
)
_COMPANIONS = (
    *("readme", "license", "licence", "notice", "__init__.py", "__pycache__"),
    "datapackage.json",  # what `dispersal evidence package` writes
    "draft.txt",  # what `dispersal draft` left out
)


@dataclass(frozen=True)
class Folder:
    """The readable files of a case and what is wrong with the others.

    ``texts`` maps a path in the folder to its content; ``present`` also names the files that
    exist but could not be read.
    """

    path: Path
    texts: Mapping[str, str]
    present: frozenset[str]
    faults: tuple[Fault, ...]
    notes: tuple[Fault, ...]

    def content_hash(self) -> str:
        """Return the SHA-256 of all files, whatever the folder's path and the line ends."""
        return hash_texts(self.texts)


def hash_texts(texts: Mapping[str, str]) -> str:
    r"""Return one SHA-256 for named texts, whatever their order and their line ends.

    Examples
    --------
    >>> hash_texts({"a.csv": "x\r\n", "b.csv": ""}) == hash_texts({"b.csv": "", "a.csv": "x\n"})
    True
    """
    digest = hashlib.sha256()
    for name in sorted(texts):
        content = texts[name].replace("\r\n", "\n").replace("\r", "\n").encode()
        digest.update(f"{name}\n{len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def read_folder(path: Path) -> Folder:
    """Read every file of a case that can be read, and list what stands in the way of the rest.

    Parameters
    ----------
    path : Path
        An existing folder.
    """
    faults: list[Fault] = []
    notes: list[Fault] = []
    texts: dict[str, str] = {}
    present = _list_entries(path, faults, notes)
    for name in KNOWN_FILES:
        if name not in present:
            if name in REQUIRED_FILES:
                faults.append(
                    Fault("missing_file", name, None, None, "nothing", "a file of this name")
                )
            continue
        limit = MAX_TABLE_BYTES if name.endswith(".csv") else MAX_YAML_BYTES
        text, fault = read_text(path, name, limit)
        if fault is not None:
            faults.append(fault)
        else:
            texts[name] = text
    return Folder(path, texts, frozenset(present), tuple(faults), tuple(notes))


def read_text(folder: Path, name: str, limit: int = MAX_TABLE_BYTES) -> tuple[str, Fault | None]:
    """Return the text of one file of a folder, or "" and the fault that prevents it."""
    file = folder / name
    try:
        if not file.resolve().is_relative_to(folder.resolve()):
            found = f"a link to {file.resolve()}"
            return "", Fault("outside_folder", name, None, None, found, "a file in the folder")
        status = file.stat()
        if not stat.S_ISREG(status.st_mode):
            found = "a folder" if stat.S_ISDIR(status.st_mode) else "a device or pipe"
            return "", Fault("not_a_file", name, None, None, found, "a file")
        if status.st_size > limit:
            return "", _too_large(name, status.st_size, limit)
        with file.open("rb") as stream:
            content = stream.read(limit + 1)
    except (OSError, ValueError, RuntimeError) as error:
        reason = (getattr(error, "strerror", None) or str(error)).lower()
        return "", Fault("unreadable", name, None, None, reason, "a file that can be read")
    if len(content) > limit:
        return "", _too_large(name, len(content), limit)
    return decode(content, name)


def decode(content: bytes, name: str) -> tuple[str, Fault | None]:
    r"""Return the text of UTF-8 bytes, with or without a byte order mark, or a fault.

    Examples
    --------
    >>> decode(b"\xef\xbb\xbfkey,title", "sources.csv")
    ('key,title', None)
    """
    expected = "text in UTF-8 (in a spreadsheet, save as “CSV UTF-8”)"
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "", Fault("wrong_encoding", name, None, None, "text in UTF-16", expected)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        begin = max(content.rfind(b"\n", 0, error.start) + 1, error.start - 15)
        around = content[begin : error.start + 10].decode("latin-1")
        return "", Fault("wrong_encoding", name, line, None, around, expected)
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        return "", Fault("nul_byte", name, line, None, "a NUL byte", "text")
    if not text.strip():
        return "", Fault("empty_file", name, None, None, "", "content, or no such file")
    return text, None


def _too_large(name: str, size: int, limit: int) -> Fault:
    expected = f"at most {limit // MEGABYTE} MB"
    return Fault("too_large", name, None, None, f"{size / MEGABYTE:.1f} MB", expected)


def _list_entries(path: Path, faults: list[Fault], notes: list[Fault]) -> set[str]:
    """Return the known files that exist; nothing else in the folder is passed over in silence."""
    present: set[str] = set()
    for prefix in ("", "evidence/"):
        folder = path / prefix
        try:
            with os.scandir(folder) as entries:
                listed = itertools.islice(entries, MAX_ENTRIES + 1)
                # A name that is not UTF-8 could not be printed.
                names = sorted(
                    entry.name.encode("utf-8", "backslashreplace").decode() for entry in listed
                )
        except FileNotFoundError:
            continue
        except (OSError, ValueError) as error:
            reason = (getattr(error, "strerror", None) or str(error)).lower()
            faults.append(
                Fault("unreadable", prefix or ".", None, None, reason, "a folder that can be read")
            )
            continue
        if len(names) > MAX_ENTRIES:
            found = f"more than {MAX_ENTRIES} files"
            faults.append(
                Fault("too_many_files", prefix or ".", None, None, found, "a case folder")
            )
        for entry in names:
            _sort_entry(prefix + entry, folder / entry, present, faults, notes)
    return present


def _sort_entry(
    name: str, file: Path, present: set[str], faults: list[Fault], notes: list[Fault]
) -> None:
    bare = file.name.casefold()
    if name in KNOWN_FILES:
        present.add(name)
    elif name == "evidence" or bare.startswith((".", *_COMPANIONS)):
        return
    elif file.suffix.casefold() in _DATA_SUFFIXES:
        nearest = nearest_name(name, KNOWN_FILES) or nearest_name(file.name, KNOWN_FILES)
        expected = "only the files of the case format"
        faults.append(Fault("unknown_file", name, None, None, name, expected, nearest))
    else:
        notes.append(Fault("ignored_file", name, None, None, name, "a file of the case format"))
