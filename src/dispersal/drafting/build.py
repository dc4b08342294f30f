"""A case folder from the rows that a person accepted; nothing else goes into it."""

from __future__ import annotations

import re
import tempfile
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from dispersal.case.checks import check_case
from dispersal.case.ledger import Ledger
from dispersal.case.question import Question
from dispersal.case.read import Case
from dispersal.case.vocabulary import END_MODES, SCHEMA_VERSION
from dispersal.case.write import write_case
from dispersal.drafting.build_evidence import figure_rows, judgement_rows, source_row
from dispersal.drafting.build_places import (
    Ground,
    ground_of,
    home_theatre,
    host_rows,
    origin_rows,
    place_rows,
)
from dispersal.drafting.dates import day_of
from dispersal.errors import CaseError, InputError

if TYPE_CHECKING:
    from dispersal.drafting.proposals import Proposals

#: What lies beside the case: what was not accepted, and what to look at.
DRAFT_FILE: Final = "draft.txt"
_NAME: Final = re.compile(r"[a-z][a-z0-9_]*")
_YEARS_BEFORE: Final = 3
_YEARS_AFTER: Final = 4
#: Probability of the manners of an end that were accepted, together; the others share the rest.
_SAID: Final = 0.8


def build_case(proposals: Proposals, folder: str | Path) -> Path:
    """Write a case folder from the accepted rows.

    Parameters
    ----------
    proposals : Proposals
        With a yes to some rows (:meth:`Proposals.with_yes_to`, or a review file).
    folder : str or Path
        New folder, called like the case: lower-case letters, digits and ``_``.

    Returns
    -------
    Path
        The folder; ``dispersal check`` finds no fault in it. ``draft.txt`` in it lists what was
        not accepted, and what to look at.

    Raises
    ------
    InputError
        If there is no territory, group or day among the accepted rows, a question is open, a zone
        has no country, or the folder is there already.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from dispersal.drafting import build_case, propose, read_article
    >>> text = "5 May 2003. The Oro Front holds Peru. Its rebels will return to Bolivia."
    >>> found = propose(read_article(text))
    >>> yes = found.with_yes_to(["group-1", "place-1", "destination-1", "date-1"])
    >>> with tempfile.TemporaryDirectory() as parent:
    ...     folder = build_case(yes, Path(parent) / "oro_2003")
    ...     sorted(path.name for path in folder.iterdir())
    ['case.yaml', 'draft.txt', 'evidence', 'experts.csv', 'origins.csv', 'places.csv']
    """
    target = Path(folder)
    name = target.resolve().name
    if not _NAME.fullmatch(name):
        plain = re.sub(r"[^a-z0-9]+", "_", name.casefold()).strip("_")
        hint = f"; did you mean {plain!r}?" if _NAME.fullmatch(plain) else ""
        raise InputError(
            f"found the folder name {name!r}, expected lower-case letters, digits and _{hint}"
        )
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise InputError(f"found {target}, expected a new or empty folder: nothing is overwritten")
    case, ground = _case_of(proposals, name)
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".draft-") as scratch:
        written = write_case(case, Path(scratch) / name)
        (written / DRAFT_FILE).write_text(draft_text(proposals, ground), encoding="utf-8")
        report = check_case(written)
        if report.faults:
            raise CaseError(name, report.faults)
        if target.exists():
            target.rmdir()
        written.rename(target)
    return target


def _case_of(proposals: Proposals, name: str) -> tuple[Case, Ground]:
    ground = ground_of(proposals)
    home = home_theatre(ground)
    group, low, high = _group_of(proposals)
    asked_on, published = _days_of(proposals)
    hosts, remnant = host_rows(ground, group, published)
    question = _question(ground, name, group, (low, high), asked_on, home, remnant)
    figures, aggregates = figure_rows(ground, published)
    source = source_row(ground, published)
    case = Case(
        question_file=question,
        origins=tuple(origin_rows(ground, home)),
        policies=(),
        places=tuple(place_rows(ground)),
        hosts=tuple(hosts),
        experts=tuple(judgement_rows(ground, published)),
        levers=(),
        ledger=Ledger(tuple(figures), tuple(aggregates), (source,), ()),
    )
    return case, ground


def _group_of(proposals: Proposals) -> tuple[str, float | None, float | None]:
    rows = proposals.accepted("group")
    if rows:
        values = rows[0].settled
        low, high = (
            float(values[key]) if values[key] != "" else None
            for key in ("members_low", "members_high")
        )
        if (low is None) != (high is None):
            raise InputError(
                f"{rows[0].row}: found one end of members_low and members_high, expected both or "
                "neither"
            )
        return str(values["name"]), low, high
    named = [row for row in proposals.accepted("organisation") if row.settled["use"] == "group"]
    if not named:
        raise InputError(
            "found no accepted group, expected the row group-1, or an organisation with use: group"
        )
    return str(named[0].settled["name"]), None, None


def _days_of(proposals: Proposals) -> tuple[str, str]:
    """Return the day of the question and the day on which the article was published."""
    days = {str(row.settled["use"]): row.settled["date"] for row in proposals.accepted("date")}
    published = day_of(str(days["published"]), last=True) if "published" in days else ""
    asked = proposals.asked_on or (day_of(str(days["asked_on"])) if "asked_on" in days else "")
    asked = asked or published
    if not asked:
        raise InputError(
            "found no day of the question, expected --asked-on DATE, or an accepted date row with "
            "use: asked_on or published"
        )
    try:
        date.fromisoformat(asked)
    except ValueError:
        raise InputError(f"found asked_on {asked!r}, expected a day as YYYY-MM-DD") from None
    published = published or asked
    if published > asked:
        raise InputError(
            f"found an article of {published} and a question of {asked}, expected a question not "
            "before the article: on the day of the question nobody could have read it"
        )
    return asked, published


def _question(
    ground: Ground,
    name: str,
    group: str,
    members: tuple[float | None, float | None],
    asked_on: str,
    home: list[str],
    remnant: str,
) -> Question:
    day = date.fromisoformat(asked_on)
    start = date(day.year - _YEARS_BEFORE, 1, 1)
    title = ground.proposals.article.title or group
    said = [str(row.settled["mode"]) for row in ground.proposals.accepted("end_mode")]
    ground.remarks.append(
        f"territory.peak_date is {start}, the first day of the period, since no row says it: "
        "replace it, and the period, in case.yaml"
    )
    ground.remarks.append(
        "end.modes are a judgement: "
        + (
            f"{_SAID:.0%} for {', '.join(said)}, which was accepted, the rest for the others"
            if said
            else "equal, since no manner of an end was accepted"
        )
    )
    data: dict[str, Any] = {
        "schema_version": SCHEMA_VERSION,
        "name": name,
        "title": title,
        "question": f"Where do the members of {group} go when it loses its territory?",
        "asked_on": asked_on,
        "group": {
            "name": group,
            "description": f"Drafted from the article “{title}”; to be written.",
            "remnant": remnant,
            "members_low": members[0],
            "members_high": members[1],
        },
        "territory": {"places": [ground.code_of(one) for one in home], "peak_date": str(start)},
        "period": {"start": str(start), "until": str(date(day.year + _YEARS_AFTER, 12, 31))},
        "step": "month",
        "strata": ["men", "women", "minors"],
        "end": {"modes": modes_of(said)},
        "notes": f"Drafted from an article; {DRAFT_FILE} says what was left out.",
    }
    return Question.model_validate(data)


def modes_of(said: list[str]) -> dict[str, float]:
    """Return probabilities of the manners of an end that sum to 1.

    Examples
    --------
    >>> modes_of(["negotiated"])["negotiated"]
    0.8
    """
    named = list(dict.fromkeys(said))
    others = [mode for mode in END_MODES if mode not in named]
    if not named or not others:
        return {mode: 1 / len(END_MODES) for mode in END_MODES}
    modes = {mode: round(_SAID / len(named), 4) for mode in named}
    modes |= {mode: round((1 - _SAID) / len(others), 4) for mode in others}
    modes[others[0]] = round(modes[others[0]] + 1 - sum(modes.values()), 4)
    return modes


def draft_text(proposals: Proposals, ground: Ground) -> str:
    """Return the list of what was not accepted, with its sentences, and what to look at."""
    article = proposals.article
    left = [row for row in proposals.rows if row.accept != "yes"]
    lines = [
        f"Drafted from {article.name}: {article.title}",
        f"{len(proposals.rows) - len(left)} rows accepted, {len(left)} not.",
        "",
        "To look at",
        *(f"- {remark}" for remark in dict.fromkeys(ground.remarks)),
        "",
        "Not accepted",
    ]
    for row in left:
        what = ", ".join(f"{key}={value}" for key, value in row.values.items() if value != "")
        lines.append(f"- {row.row}: {what}")
        lines.append(f"  “{' '.join(row.sentence.split())}”")
        if row.question:
            lines.append(f"  open question: {row.question}")
    return "\n".join(lines) + "\n"
