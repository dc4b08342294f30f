"""Make the texts that a report carries from docs/glossary.md and docs/limits.md.

Run ``python tools/report_texts.py``; a test compares the result with the file of the package.
"""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

from dispersal.report.names import FATES

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "src" / "dispersal" / "report" / "texts.csv"

#: Sections of docs/limits.md whose bullets are limits.
LIMITS = (
    "What the figures cannot tell",
    "What is judgement",
    "What the model leaves out",
    "How far to trust it",
)

#: Sentences that hold for a built-in case only, by how they begin.
OF_ONE_CASE = {
    "One built-in case is one case": "isis_2017",
    "Women and minors are rarely counted before 2017": "isis_2017",
    "Some judgements about 2017": "isis_2017",
}


def plain(text: str) -> str:
    """Return Markdown without its marks: links lose their address, pointers to pages go."""
    text = re.sub(r"\s*\((?:see )?\[[^\]]*\]\([^)]*\)[^()]*\)", "", text)  # ([page](page))
    text = re.sub(r"\[[\w-]+\.md\]\([^)]*\)", "@", text)
    text = re.sub(r"; [^;.@]*@[^;.]*(?=[;.])", "", text)  # ; see @.
    text = re.sub(r"(?:^|(?<=[.?] ))@[^.]*\.", "", text)  # @ has the whole list.
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"`([^`]+)`", lambda code: words(code[1]), text)
    text = re.sub(r'"([^"]*)"', r"“\1”", text)
    text = re.sub(r"\*\*|(?<!\w)\*(?=\w)|(?<=\w)\*(?!\w)", "", text)
    return re.sub(r"\s+", " ", text).strip()


def words(code: str) -> str:
    """Return a name of the code in the words of a report."""
    return FATES[code][0] if code in FATES else code.replace("_", " ")


def sections(page: str) -> dict[str, str]:
    """Return the text below each heading of the second level."""
    parts = re.split(r"^## +(.+)$", page, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def bullets(text: str) -> list[str]:
    """Return the items of a list, each on one line."""
    items = re.findall(r"^- (.+(?:\n  .+)*)", text, flags=re.MULTILINE)
    return [re.sub(r"\s+", " ", item) for item in items]


def entries(item: str) -> list[tuple[str, str]]:
    """Return the terms that an item of the glossary explains, each with its text.

    Names of the code are put in the words of a report.
    """
    found = []
    for part in re.split(r"(?<=[.;]) (?=(?:\*\*[^*]+\*\*|`[^`]+`): )", item):
        term, _, text = part.partition(": ")
        found.append((plain(term.replace("`, `", "`; `")), re.sub(r";$", ".", plain(text))))
    return found


def paragraphs(text: str) -> list[str]:
    """Return what stands outside lists."""
    blocks = re.split(r"\n\s*\n", text.strip())
    return [plain(block) for block in blocks if not block.startswith("- ")]


def page() -> str:
    """Return the file as it should be."""
    glossary = sections((ROOT / "docs" / "glossary.md").read_text(encoding="utf-8"))
    limits = sections((ROOT / "docs" / "limits.md").read_text(encoding="utf-8"))
    rows = [
        ("glossary", "", term, text)
        for section in glossary.values()
        for item in bullets(section)
        for term, text in entries(item)
    ]
    for name in LIMITS:
        text = limits[name]
        for found in filter(None, [*paragraphs(text), *(plain(item) for item in bullets(text))]):
            for case, sentences in _by_case(found).items():
                rows.append(("limit", case, "", sentences))
    line = limits["The line"]
    told = [*paragraphs(line)[:1], *(plain(item) for item in bullets(line)), *paragraphs(line)[1:]]
    rows += [("line", "", "", text) for text in told]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("kind", "case", "term", "text"))
    writer.writerows(rows)
    return out.getvalue()


def _by_case(text: str) -> dict[str, str]:
    """Return the sentences of a text by the case that they are about; "" for every case."""
    found: dict[str, list[str]] = {}
    case = ""
    for sentence in re.split(r"(?<=[.?]) (?=[A-Z])", text):
        case = next(
            (name for start, name in OF_ONE_CASE.items() if sentence.startswith(start)), case
        )
        found.setdefault(case, []).append(sentence)
    return {name: " ".join(sentences) for name, sentences in found.items()}


if __name__ == "__main__":
    TARGET.write_text(page(), encoding="utf-8")
