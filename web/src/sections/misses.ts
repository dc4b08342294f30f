/** The largest misses first, with what was known before. */

import type { Context } from '../context';
import type { Miss, RecordData } from '../document';
import { h } from '../dom';
import { published, quantityName, rowId, shortDay } from '../evidence';
import { frame } from '../figure';
import { cell, day, digits, estimate } from '../format';
import { isolated } from '../labels';
import { table } from '../table';

/** At most so many earlier figures are listed beside a miss; the ledger has them all. */
const KNOWN = 4;

export function misses(context: Context, record: RecordData): HTMLElement | null {
  if (!record.misses.length) return null;
  const figures = new Map(context.doc.ledger.figures.map((figure) => [figure.id, figure]));
  const [first] = [...record.misses].sort((a, b) => b.crps - a.crps);

  const observed = (miss: Miss) => {
    const figure = figures.get(miss.figure);
    const words = figure ? published(figure) : digits(miss.observed);
    return figure ? h('a', { href: `#${rowId(miss.figure)}` }, words) : words;
  };
  const known = (miss: Miss) => {
    const before = miss.known.flatMap((id) => figures.get(id) ?? []);
    if (!before.length) return 'nothing';
    const latest = before.sort((a, b) => b.as_of.localeCompare(a.as_of));
    return h(
      'ul',
      { class: 'known-list' },
      latest
        .slice(0, KNOWN)
        .map((figure) =>
          h(
            'li',
            {},
            h('a', { href: `#${rowId(figure.id)}` }, published(figure)),
            ` ${quantityName(figure.quantity)}, ${shortDay(figure.as_of)}`,
          ),
        ),
      latest.length > KNOWN ? h('li', {}, `and ${latest.length - KNOWN} earlier`) : null,
    );
  };
  const made = frame({
    id: 'misses',
    heading: first
      ? `The largest miss: ${isolated(context.nameOf(first.origin))}, ${quantityName(first.quantity)}, where ` +
        `${digits(first.observed)} ${first.observed === 1 ? 'was' : 'were'} counted and ${estimate(first)} forecast`
      : 'The largest misses',
    lead:
      'Figures furthest from their forecast, worst first; each leads to its row in the ledger, and ' +
      'beside it stands what had been published of that country before the cut-off.',
    picture: null,
    source: `Figures published after ${day(context.doc.meta.cutoff)}, listed in the ledger.`,
    twin: table<Miss>({
      id: 'misses',
      caption: 'The largest misses',
      noun: 'misses',
      limit: 10,
      sort: { key: 'crps', descending: true },
      rows: record.misses,
      columns: [
        { key: 'country', title: 'Country', value: (row) => context.nameOf(row.origin) },
        { key: 'quantity', title: 'Quantity', value: (row) => quantityName(row.quantity) },
        {
          key: 'as_of',
          title: 'As of',
          value: (row) => row.as_of,
          show: (row) => shortDay(row.as_of),
        },
        {
          key: 'observed',
          title: 'Published',
          numeric: true,
          value: (row) => row.observed,
          show: observed,
        },
        {
          key: 'forecast',
          title: 'Forecast',
          numeric: true,
          value: (row) => row.p50,
          show: (row) => cell(row),
        },
        { key: 'p10', title: '10 %', unseen: true, value: (row) => row.p10 },
        { key: 'p90', title: '90 %', unseen: true, value: (row) => row.p90 },
        {
          key: 'crps',
          title: 'CRPS',
          numeric: true,
          value: (row) => row.crps,
          show: (row) => row.crps.toFixed(2),
        },
        {
          key: 'known',
          title: 'Known before',
          wide: true,
          value: (row) => row.known.join(' '),
          show: known,
        },
        { key: 'figure', title: 'Figure id', unseen: true, value: (row) => row.figure },
      ],
    }),
  });
  return made.element;
}
