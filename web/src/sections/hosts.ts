/** The groups that could take people in, and how welcome they would be. */

import type { Context } from '../context';
import type { Host } from '../document';
import { h } from '../dom';
import { frame } from '../figure';
import { cell, day, digits, number } from '../format';
import { isolated } from '../labels';
import { link } from '../links';
import { table } from '../table';
import { measure } from './told';

export function hosts(context: Context): HTMLElement | null {
  const { hosts: rows } = context.doc.theatres;
  if (!rows.length) return null;
  const capacity = (host: Host) =>
    host.capacity_low === null && host.capacity_high === null
      ? ''
      : `${digits(host.capacity_low ?? 0)} to ${host.capacity_high === null ? 'unknown' : digits(host.capacity_high)}`;
  const { sources } = context.doc.ledger;
  const title = (host: Host) => sources[host.source ?? '']?.title ?? host.source ?? '';
  const [most] = rows
    .filter((host) => (host.present?.p50 ?? 0) >= 5)
    .sort((a, b) => (b.present?.mean ?? 0) - (a.present?.mean ?? 0));
  const made = frame({
    id: 'hosts',
    heading: most
      ? `${isolated(most.name)} has the most people in the end (about ${number(most.present?.p50)})`
      : `${rows.length} ${rows.length === 1 ? 'group' : 'groups'} could take people in`,
    lead:
      'Groups that could take people in. Affinity runs from −1 (foe) to 1 (the same group); capacity ' +
      `is how many a host could take at most; there at the end is on ${day(context.doc.meta.until)}.`,
    picture: null,
    source: context.source("the case's judgement of hosts and published figures"),
    twin: table<Host>({
      id: 'hosts',
      caption: 'Hosts and their welcome',
      noun: 'hosts',
      limit: 30,
      rows,
      columns: [
        { key: 'name', title: 'Host', value: (row) => row.name },
        { key: 'place', title: 'Place', value: (row) => context.nameOf(row.place) },
        { key: 'kind', title: 'Kind', value: (row) => row.kind.replaceAll('_', ' ') },
        {
          key: 'affinity',
          title: 'Affinity',
          numeric: true,
          value: (row) => row.affinity,
          show: (row) => (row.affinity === null ? '' : measure(row.affinity)),
        },
        { key: 'thaw', title: 'Months to warm', numeric: true, value: (row) => row.thaw_months },
        {
          key: 'capacity',
          title: 'Capacity',
          numeric: true,
          value: (row) => row.capacity_high,
          show: capacity,
        },
        {
          key: 'present',
          title: 'There at the end',
          numeric: true,
          value: (row) => row.present?.p50 ?? null,
          show: (row) => (row.present ? cell(row.present) : ''),
        },
        {
          key: 'note',
          title: 'Why',
          wide: true,
          value: (row) => row.note,
          show: (row) =>
            h(
              'div',
              {},
              row.note,
              row.source ? [' ', link(sources[row.source]?.url, title(row))] : null,
            ),
        },
        { key: 'from', title: 'From', unseen: true, value: (row) => row.from },
        { key: 'until', title: 'Until', unseen: true, value: (row) => row.until },
        { key: 'source', title: 'Source', unseen: true, value: (row) => title(row) },
      ],
    }),
  });
  return made.element;
}
