"""Ways to break a lever, and what the reader must say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dispersal.case.vocabulary import AREA_CODES

if TYPE_CHECKING:
    from pathlib import Path

HEAD = """\
- name: what_if
  title: What if
  rationale: To see
  patch:
"""


@dataclass(frozen=True)
class BrokenLever:
    """A patch, the kind of its fault, where in the patch it is, and the rest of the message."""

    patch: str
    kind: str
    where: str
    says: str

    @property
    def message(self) -> str:
        return f"levers.yaml, [1].patch{self.where}: found {self.says}"


def write_patch(case: Path, patch: str) -> Path:
    """Give a case one lever, of this patch."""
    lines = "".join(f"    {line}\n" for line in patch.splitlines())
    (case / "levers.yaml").write_text(HEAD + lines, encoding="utf-8")
    return case


def policy(**cells: object) -> str:
    """Return a row for policies.csv, with some cells changed, or dropped where they are None."""
    row: dict[str, object] = {
        "policy_id": "p",
        "actor": "TUN",
        "policy": "custody",
        "from": "2017-03-07",
        "low": 0.1,
        "high": 0.2,
        "published": "2017-03-07",
    } | cells
    return f"{{{', '.join(f'{name}: {cell}' for name, cell in row.items() if cell is not None)}}}"


ROW = policy()
OF_EACH = policy(policy_id=None, actor=None)
TABLES = "policies, hosts, places, origins or case"
COLUMNS = "actor, policy, stratum, from, until, low, high, published, source, note"
OPERATIONS = "an operation on policies: add, remove, add_for_each_origin, set (lever what_if)"
WHERE = "{actor: TUN}"

BROKEN = [
    # What a lever may not touch.
    BrokenLever("figures: {remove: [{where: {origin: TUN}}]}", "unknown_table", ".figures",
        f"'figures', expected {TABLES}; what was published is no lever's to change "
        "(lever what_if)"),
    BrokenLever("period: {start: 2012-01-01}", "unknown_table", ".period",
        f"'period', expected {TABLES}; of case.yaml a lever may change case.end and "
        "case.parameters only (lever what_if)"),
    BrokenLever("polices: {}", "unknown_table", ".polices",
        f"'polices', expected {TABLES}, which are all that a lever may patch (lever what_if); "
        "did you mean 'policies'?"),
    BrokenLever("case: {asked_on: 2017-01-01}", "unknown_key", ".case.asked_on",
        "'asked_on', expected one of the keys end, parameters (lever what_if)"),
    BrokenLever("origins: {add: [{origin: DEU}]}", "unknown_operation", ".origins.add",
        "'add', expected an operation on origins: set (lever what_if)"),
    BrokenLever("origins: {set: [{where: {origin: TUN}, values: {kind: local}}]}",
        "unknown_column", ".origins.set[1].values.kind",
        "'kind', expected one of the columns members_low, members_high, governance, population, "
        "gdp_per_capita_usd, source (lever what_if)"),
    # The grammar.
    BrokenLever("policies: {delete: []}", "unknown_operation", ".policies.delete",
        f"'delete', expected {OPERATIONS}"),
    BrokenLever("hosts: {add_for_each_origin: []}", "unknown_operation",
        ".hosts.add_for_each_origin",
        "'add_for_each_origin', expected an operation on hosts: add, remove, set (lever what_if)"),
    BrokenLever("policies: {set: [{where: {actr: TUN}, values: {low: 0}}]}", "unknown_column",
        ".policies.set[1].where.actr",
        f"'actr', expected one of the columns policy_id, {COLUMNS} (lever what_if); "
        "did you mean 'actor'?"),
    BrokenLever(f"policies: {{set: [{{where: {WHERE}, values: {{share: 0}}}}]}}", "unknown_column",
        ".policies.set[1].values.share",
        f"'share', expected one of the columns {COLUMNS} (lever what_if)"),
    BrokenLever(f"policies: {{set: [{{where: {WHERE}, values: {{policy_id: x}}}}]}}",
        "unknown_column", ".policies.set[1].values.policy_id",
        f"'policy_id', expected one of the columns {COLUMNS} (lever what_if); "
        "did you mean 'policy'?"),
    BrokenLever(f"policies: {{add: [{policy(form='2017-03-07')}]}}", "unknown_column",
        ".policies.add[1].form",
        f"'form', expected one of the columns policy_id, {COLUMNS} (lever what_if); "
        "did you mean 'from'?"),
    BrokenLever(f"policies: {{add_for_each_origin: [{policy(policy_id=None)}]}}",
        "unknown_column", ".policies.add_for_each_origin[1].actor",
        "'actor', expected one of the columns policy, stratum, from, until, low, high, "
        "published, source, note (lever what_if)"),
    BrokenLever(f"policies: {{remove: [{{where: {WHERE}, value: 1}}]}}", "unknown_key",
        ".policies.remove[1].value", "'value', expected one of the keys where (lever what_if)"),
    BrokenLever(f"policies: {{set: [{{where: {WHERE}}}]}}", "missing_key",
        ".policies.set[1].values",
        "'nothing', expected the key values, which is required (lever what_if)"),
    BrokenLever("policies: {remove: [{where: {}}]}", "missing_value", ".policies.remove[1].where",
        "'a mapping', expected at least one column with its value (lever what_if)"),
    BrokenLever(f"policies: {{add: {ROW}}}", "wrong_type", ".policies.add",
        "'a mapping', expected a list (lever what_if)"),
    BrokenLever("policies:", "wrong_type", ".policies",
        "'', expected a mapping (lever what_if)"),
    # Cells.
    BrokenLever(f"policies: {{set: [{{where: {WHERE}, values: {{low: 1.5}}}}]}}",
        "share_out_of_range", ".policies.set[1].values.low",
        "'1.5', expected a number from 0 to 1 (lever what_if)"),
    BrokenLever(f"policies: {{set: [{{where: {WHERE}, values: {{low: ''}}}}]}}",
        "missing_value", ".policies.set[1].values.low",
        "'', expected a number (lever what_if)"),
    BrokenLever(f"policies: {{set: [{{where: {WHERE}, values: {{from: 23/12/2017}}}}]}}",
        "bad_date", ".policies.set[1].values.from",
        "'23/12/2017', expected a day as YYYY-MM-DD, for example 2017-03-07 (lever what_if); "
        "did you mean '2017-12-23'?"),
    BrokenLever("policies: {remove: [{where: {policy: entryban}}]}", "unknown_policy",
        ".policies.remove[1].where.policy",
        "'entryban', expected entry_ban, custody, programme, repatriation or border_control "
        "(lever what_if); did you mean 'entry_ban'?"),
    BrokenLever(f"policies: {{add: [{policy(high=None)}]}}", "missing_key",
        ".policies.add[1].high",
        "'nothing', expected the key high, which is required (lever what_if)"),
    BrokenLever(f"policies: {{add: [{policy(stratum='man')}]}}", "unknown_stratum",
        ".policies.add[1].stratum",
        "'man', expected men, women or minors (lever what_if); did you mean 'men'?"),
    BrokenLever("case: {end: {modes: {negociated: 1}}}", "unknown_mode",
        ".case.end.modes.negociated",
        "'negociated', expected military_defeat, negotiated, withdrawal or fragmentation "
        "(lever what_if); did you mean 'negotiated'?"),
    # What a row says about others.
    BrokenLever(f"policies: {{add: [{policy(source='un_2061')}]}}", "unknown_source",
        ".policies.add[1].source",
        "'un_2061', expected a key of evidence/sources.csv; did you mean 'un_2016'?"),
    BrokenLever(f"policies: {{add: [{policy(actor='TUX')}]}}", "unknown_actor",
        ".policies.add[1].actor",
        "'TUX', expected an origin of origins.csv or a place of places.csv (lever what_if, row p "
        "of policies.csv); did you mean 'TUR'?"),
    BrokenLever("hosts: {set: [{where: {host: is_libya}, values: {place: LBY-FEZAN}}]}",
        "unknown_place", ".hosts.set[1].values.place",
        "'LBY-FEZAN', expected a place of places.csv (lever what_if, row is_libya of hosts.csv); "
        "did you mean 'LBY-FEZZAN'?"),
    BrokenLever("hosts: {remove: [{where: {host: remnant_iraq}}]}", "unknown_host", "",
        "'remnant_iraq', expected a host of hosts.csv (lever what_if, group.remnant of case.yaml)"),
    BrokenLever("places: {remove: [{where: {place: IRQ-ANBAR}}]}", "unknown_place", "",
        "'IRQ-ANBAR', expected a place of places.csv (lever what_if, row remnant_iraq of "
        "hosts.csv, column place)"),
    BrokenLever("places: {add: [{place: TUR, name: Turkey again, roles: transit}]}",
        "duplicate_id", ".places.add[1].place",
        "'TUR', expected an identifier that is not used twice; it stands in places.csv, row TUR "
        "(lever what_if, row TUR of places.csv)"),
    # What does not fit within a row, or between rows.
    BrokenLever(f"policies: {{set: [{{where: {WHERE}, values: {{low: 0.9}}}}]}}",
        "low_above_high", ".policies.set[1].values.low",
        "'0.9', expected at most 0.6, which high says (lever what_if, row tun_custody of "
        "policies.csv)"),
    BrokenLever(f"policies: {{add_for_each_origin: [{OF_EACH.replace('0.1', '0.5')}]}}",
        "low_above_high", ".policies.add_for_each_origin[1].low",
        "'0.5', expected at most 0.2, which high says (lever what_if, row "
        "lever_what_if_custody_TUN of policies.csv)"),
    BrokenLever(f"policies: {{add: [{ROW}, {policy(policy_id='q')}]}}", "overlapping_policies",
        ".policies.add[2].from",
        "'2017-03-07', expected another day than in row p, the same policy of TUN; or only one of "
        "the two rows (lever what_if, row q of policies.csv)"),
    BrokenLever("hosts: {set: [{where: {host: is_libya}, values: {until: 2014-01-01}}]}",
        "until_before_from", ".hosts.set[1].values.until",
        "'2014-01-01', expected a day not before 2014-10-03, which from says (lever what_if, row "
        "is_libya of hosts.csv)"),
    BrokenLever("hosts: {set: [{where: {host: is_libya}, values: {affinity: -0.5}}]}",
        "missing_thaw", ".hosts.set[1].values",
        "'', expected a number of months above 0, since affinity is -0.5 (lever what_if, row "
        "is_libya of hosts.csv, column thaw_months)"),
    BrokenLever("origins: {set: [{where: {origin: TUN}, values: {members_low: 3}}]}",
        "half_range", ".origins.set[1].values",
        "'', expected both ends of the range, or neither (lever what_if, row TUN of origins.csv, "
        "column members_high)"),
    BrokenLever("case: {end: {modes: {negotiated: 0.5}}}", "modes_sum", ".case.end.modes",
        "'a sum of 0.5', expected probabilities that sum to 1 (lever what_if)"),
    BrokenLever("case: {end: {judgements: [{judged_on: 2017-03-01, p10: 2018-01-01, "
        "p50: 2017-06-01, p90: 2019-01-01}]}}", "end_order", ".case.end.judgements[1].p50",
        "'2017-06-01', expected a day not before 2018-01-01, the quantile before it "
        "(lever what_if)"),
    BrokenLever("places:\n  remove:\n    - where: {country: IRQ}\n    - where: {roles: theatre}\n"
        "    - where: {country: ''}", "no_rows", ".places",
        "'no row', expected at least one row (lever what_if)"),
]  # fmt: skip

#: A lever that breaks several things at once has a fault for each.
SEVERAL = BrokenLever("places: {remove: [{where: {place: LBY-FEZZAN}}]}", "unknown_area", "",
    "'LBY-FEZZAN', expected a place of places.csv, a country's ISO code or an area's code "
    f"({', '.join(AREA_CODES)}); several joined with + (lever what_if, place of "
    "evidence/aggregates.csv)")  # fmt: skip
