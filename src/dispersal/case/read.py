"""Read a case folder into a ``Case``, filter it to what was known on a day, write it again."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeVar

from dispersal.case.asking import Day, day_of
from dispersal.case.checks import check_draft
from dispersal.case.draft import Draft, read_draft
from dispersal.case.folder import CASE_FILE, hash_texts
from dispersal.case.ledger import Ledger
from dispersal.case.locate import locate
from dispersal.case.patch import apply_levers
from dispersal.case.schema import Host, Judgement, Origin, Outcome, Place, Policy
from dispersal.case.write import case_texts
from dispersal.errors import CaseError, Fault

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from pathlib import Path

    from dispersal.case.levers import Lever
    from dispersal.case.question import (
        End,
        Group,
        ParameterOverride,
        Period,
        Question,
        Territory,
    )

DatedRowT = TypeVar("DatedRowT", Policy, Host)


@dataclass(frozen=True)
class Case:
    """A question about a group that loses its territory, and all that is published about it.

    Cases are equal if they say the same; where they were read from does not matter.

    Parameters
    ----------
    question_file : Question
        What ``case.yaml`` holds; its keys are properties of the case, too.
    origins, policies, places, hosts, experts : tuple
        Typed rows of the tables, in their order.
    levers : tuple of Lever
        Named what-ifs.
    ledger : Ledger
        The evidence.
    known_on : date or None
        The cut-off date, after :meth:`as_known_on`.
    path : Path or None
        The folder it was read from.
    content_hash : str
        SHA-256 of the case's files, whatever their line ends; after :meth:`as_known_on`, of
        what is left.
    outcomes : tuple of Outcome
        What became of things that were judged, where no figure of the ledger tells it.
    """

    question_file: Question
    origins: tuple[Origin, ...]
    policies: tuple[Policy, ...]
    places: tuple[Place, ...]
    hosts: tuple[Host, ...]
    experts: tuple[Judgement, ...]
    levers: tuple[Lever, ...]
    ledger: Ledger
    known_on: date | None = None
    path: Path | None = field(default=None, compare=False)
    content_hash: str = field(default="", compare=False)
    outcomes: tuple[Outcome, ...] = ()

    @property
    def name(self) -> str:
        """Identifier of the case, as its folder is called."""
        return self.question_file.name

    @property
    def title(self) -> str:
        """Title of the case."""
        return self.question_file.title

    @property
    def question(self) -> str:
        """The question in words."""
        return self.question_file.question

    @property
    def asked_on(self) -> date:
        """The day the question was asked; the default cut-off date."""
        return self.question_file.asked_on

    @property
    def group(self) -> Group:
        """The armed group."""
        return self.question_file.group

    @property
    def territory(self) -> Territory:
        """The home theatre."""
        return self.question_file.territory

    @property
    def period(self) -> Period:
        """First and last day of the simulation."""
        return self.question_file.period

    @property
    def step(self) -> str:
        """Length of a step."""
        return self.question_file.step

    @property
    def strata(self) -> tuple[str, ...]:
        """The strata of members that are told apart."""
        return self.question_file.strata

    @property
    def end(self) -> End:
        """How the group may lose its territory, and when."""
        return self.question_file.end

    @property
    def parameters(self) -> dict[str, ParameterOverride]:
        """Priors that replace those of the parameter table, by the parameter's name."""
        return dict(self.question_file.parameters)

    @property
    def reference_cases(self) -> dict[str, str]:
        """Past endings of the reference class that tell of this case, and of which origins."""
        return dict(self.question_file.reference_cases)

    @property
    def notes(self) -> str:
        """Remarks of the case's author."""
        return self.question_file.notes

    def as_known_on(self, day: Day) -> Case:
        """Return the case as anyone could have written it on a day.

        Rows of the ledger, policies, hosts, judgements of experts and outcomes that were published
        later are left out, and so are later judgements of the end and a settlement in force later;
        judgements that are left stand latest first. An end (``until``) of a policy or host that
        lies after the day is not known yet and reads as empty.

        Parameters
        ----------
        day : str, date or Timestamp
            The last day that counts.

        Raises
        ------
        InputError
            If ``day`` is no day.

        Examples
        --------
        >>> case = load_case("isis_2017").as_known_on("2017-03-07")
        >>> max(policy.published for policy in case.policies) <= case.known_on
        True
        """
        last = day_of(day)
        policies = tuple(_seen_on(row, last) for row in self.policies if row.published <= last)
        hosts = tuple(_seen_on(row, last) for row in self.hosts if row.published <= last)
        judgements = [end for end in self.end.judgements if end.judged_on <= last]
        judgements.sort(key=lambda end: end.judged_on, reverse=True)
        group = self.group
        if group.remnant not in {host.host for host in hosts}:
            group = group.model_copy(update={"remnant": ""})
        agreed = self.end.agreed_on
        ends = {
            "judgements": tuple(judgements),
            "agreed_on": None if agreed is None or agreed > last else agreed,
        }
        question = self.question_file.model_copy(
            update={
                "end": self.end.model_copy(update=ends),
                "group": group,
            }
        )
        known = replace(
            self,
            question_file=question,
            policies=policies,
            hosts=hosts,
            experts=tuple(row for row in self.experts if row.published <= last),
            outcomes=tuple(row for row in self.outcomes if row.published <= last),
            known_on=min(last, self.known_on) if self.known_on else last,
        )
        cited = {row.source for row in policies} | {row.source for row in hosts}
        cited |= {row.source for row in self.origins} | {row.source for row in self.places}
        cited |= {row.source for row in known.experts} | {end.source for end in judgements}
        cited |= {key for lever in self.levers for _, key in lever.sources()}
        cited |= {row.source for row in known.outcomes}
        known = replace(known, ledger=self.ledger.as_known_on(last, also_cited=cited))
        return replace(known, content_hash=hash_texts(case_texts(known)))

    def with_lever(self, lever: Lever | str) -> Case:
        """Return the case as a lever would have it; see :func:`dispersal.case.apply_lever`.

        Examples
        --------
        >>> load_case("isis_2017").with_lever("negotiated_end").end.modes["negotiated"]
        1.0
        """
        return apply_levers(self, [lever]).case

    def with_levers(self, levers: Iterable[Lever | str]) -> Case:
        """Return the case after several levers, one after the other."""
        return apply_levers(self, levers).case


def _seen_on(row: DatedRowT, day: date) -> DatedRowT:
    if row.until is not None and row.until > day:
        return row.model_copy(update={"until": None})
    return row


def load_case(name_or_path: str | Path) -> Case:
    """Read a case.

    Parameters
    ----------
    name_or_path : str or Path
        The name of a built-in case, or a folder; write ``./name`` for a folder that has the
        name of a built-in case.

    Returns
    -------
    Case
        The whole case; :meth:`Case.as_known_on` filters it.

    Raises
    ------
    CaseError
        With everything that is wrong with the case, all at once.

    Examples
    --------
    >>> load_case("isis_2017").asked_on
    datetime.date(2017, 3, 7)
    """
    path = locate(name_or_path)
    draft = read_draft(path)
    report = check_draft(draft)
    if report.faults:
        raise CaseError(path.name or str(path), report.faults)
    return _case_of(draft, path)


def _case_of(draft: Draft, path: Path) -> Case:
    if draft.question is None:
        fault = Fault("missing_file", CASE_FILE, None, None, "nothing", "a file of this name")
        raise CaseError(path.name, [fault])
    return Case(
        question_file=draft.question,
        origins=draft.origins.values(),
        policies=draft.policies.values(),
        places=draft.places.values(),
        hosts=draft.hosts.values(),
        experts=draft.experts.values(),
        levers=tuple(lever for _, lever in draft.levers),
        ledger=Ledger(
            draft.figures.values(),
            draft.aggregates.values(),
            draft.sources.values(),
            draft.tags.values(),
        ),
        path=path,
        content_hash=draft.content_hash,
        outcomes=draft.outcomes.values(),
    )
