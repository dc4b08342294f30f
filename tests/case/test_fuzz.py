"""Whatever the bytes of the files, the reader answers with a case or with a list of faults."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dispersal.case import Case, check_case, load_case, read_figures
from dispersal.errors import CaseError, Fault

from .small import FILES, write_small

NAMES = sorted(FILES)

SNIPPETS = st.one_of(
    st.binary(max_size=12),
    st.sampled_from(
        [b"", b"\n", b"\r", b",", b",,", b'"', b"'", b";", b"\t", b"\0", b":", b": ", b"- ", b"[",
         b"{", b"}", b"*a", b"&a ", b"!!x ", b"---\n", b"#", b"\xef\xbb\xbf", b"\xff\xfe", b"1e400",
         b"-1", b"NaN", b"2017-02-30", b"99999-01-01", b"\xe2\x80\xa8", b"\xc2\x85", b"~", b"null",
         b"true", b"0x1F", b"1_000", b"9" * 5000]
    ),
)  # fmt: skip
EDITS = st.lists(
    st.tuples(st.sampled_from(NAMES), st.floats(0, 1), st.integers(0, 30), SNIPPETS),
    min_size=1,
    max_size=4,
)


def load(folder: Path) -> tuple[Case | None, tuple[Fault, ...]]:
    """Return the case or what is wrong with it; any other exception fails the test."""
    try:
        return load_case(folder), ()
    except CaseError as error:
        return None, error.faults


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(EDITS)
def test_changed_bytes_give_a_case_or_faults(edits: list[tuple[str, float, int, bytes]]) -> None:
    with tempfile.TemporaryDirectory() as parent:
        folder = write_small(Path(parent))
        for name, where, length, snippet in edits:
            content = (folder / name).read_bytes()
            start = int(where * len(content))
            (folder / name).write_bytes(content[:start] + snippet + content[start + length :])
        report = check_case(folder)
        case, faults = load(folder)
        assert faults == report.faults
        assert all(fault.kind and fault.expected and str(fault) for fault in faults)
        if case is not None:
            case.as_known_on("2017-03-07").ledger.query()


@settings(max_examples=120, deadline=None)
@given(st.sampled_from(NAMES), st.one_of(st.binary(max_size=200), st.text(max_size=200)))
def test_any_bytes_in_one_file_give_a_case_or_faults(name: str, content: bytes | str) -> None:
    with tempfile.TemporaryDirectory() as parent:
        folder = write_small(Path(parent))
        raw = content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")
        (folder / name).write_bytes(raw)
        report = check_case(folder)
        assert load(folder)[1] == report.faults


@settings(max_examples=100, deadline=None)
@given(st.floats(0, 1), st.integers(0, 20), SNIPPETS)
def test_a_file_of_figures_gives_a_ledger_or_faults(
    where: float, length: int, snippet: bytes
) -> None:
    content = FILES["evidence/figures.csv"].encode()
    start = int(where * len(content))
    with tempfile.TemporaryDirectory() as parent:
        path = Path(parent) / "figures.csv"
        path.write_bytes(content[:start] + snippet + content[start + length :])
        try:
            rows = len(read_figures(path).figures)
        except CaseError:
            rows = 0
        assert rows <= 7
