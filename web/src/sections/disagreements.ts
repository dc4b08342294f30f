/** Figures that cannot both be right, side by side. */

import '../sections.css';
import { countScale, type Scale } from '../axis';
import type { Context } from '../context';
import type { Figure } from '../document';
import { h, name, s } from '../dom';
import { middle, published, quantityName, rowId, sourceTitle, whereOf } from '../evidence';
import { frame } from '../figure';
import { day } from '../format';
import { isolated } from '../labels';
import { link } from '../links';
import { table } from '../table';

interface Group {
  title: string;
  figures: Figure[];
  /** How far apart the ends are, as a factor. */
  apart: number;
}

const FIRST = 8;
const STRIP = 220;

function groups(context: Context): Group[] {
  const { figures, disagreements } = context.doc.ledger;
  const known = new Map(figures.map((figure) => [figure.id, figure]));
  return disagreements
    .map((ids) => {
      const members = ids
        .map((id) => known.get(id))
        .filter((figure): figure is Figure => figure !== undefined)
        .sort((a, b) => (middle(a) ?? 0) - (middle(b) ?? 0));
      const first = members[0];
      const last = members[members.length - 1];
      if (!first || !last) return null;
      const apart = ((middle(last) ?? 0) + 1) / ((middle(first) ?? 0) + 1);
      const title = `${isolated(whereOf(context, first))}: ${quantityName(first.quantity)}`;
      return { title, figures: members, apart };
    })
    .filter((group): group is Group => group !== null && group.figures.length > 1)
    .sort((a, b) => b.apart - a.apart);
}

/** One figure on the line of its group: a dot, a bar, or a bar that is open at one end. */
function strip(figure: Figure, x: Scale, y: number): SVGElement {
  const [, right = 0] = x.range();
  const low = x(figure.low ?? 0);
  const high = figure.high === null ? right : x(figure.high);
  return s(
    'g',
    { class: figure.known ? 'strip known' : 'strip later' },
    s('line', { class: 'grid', x1: x(0), x2: right, y1: y, y2: y }),
    low === high ? null : s('line', { class: 'range', x1: low, x2: high, y1: y, y2: y }),
    s('circle', { class: 'dot', cx: x(middle(figure) ?? 0), cy: y, r: 4 }),
  );
}

const scaleOf = (group: Group, right: number) =>
  countScale(
    Math.max(...group.figures.map((figure) => Math.max(figure.low ?? 0, figure.high ?? 0))),
    6,
    right - 6,
  );

function card(context: Context, group: Group): HTMLElement {
  const { ledger } = context.doc;
  const x = scaleOf(group, STRIP);
  return h(
    'article',
    { class: 'disagreement' },
    h('h4', {}, name(group.title)),
    h(
      'ul',
      {},
      group.figures.map((figure) =>
        h(
          'li',
          {},
          s(
            'svg',
            { viewBox: `0 0 ${STRIP} 16`, width: STRIP, height: 16, 'aria-hidden': 'true' },
            strip(figure, x, 8),
          ),
          h('a', { class: 'value', href: `#${rowId(figure.id)}` }, published(figure)),
          h(
            'span',
            { class: 'about' },
            `as of ${day(figure.as_of)}${figure.known ? '' : ' (published later)'}. `,
            link(ledger.sources[figure.source]?.url, sourceTitle(ledger, figure)),
          ),
        ),
      ),
    ),
  );
}

/** All groups as one drawing, for a file. */
function drawing(all: readonly Group[]): SVGSVGElement {
  let y = 0;
  const parts: SVGElement[] = [];
  for (const group of all) {
    const x = scaleOf(group, 320);
    y += 30;
    parts.push(s('text', { x: 0, y, class: 'strong' }, group.title));
    for (const figure of group.figures) {
      y += 20;
      parts.push(
        strip(figure, x, y - 4),
        s('text', { x: 340, y }, `${published(figure)}, as of ${figure.as_of} (${figure.source})`),
      );
    }
  }
  return s(
    'svg',
    { viewBox: `0 0 720 ${y + 12}`, width: 720, height: y + 12, class: 'drawing' },
    parts,
  );
}

export function disagreements(context: Context): Node[] {
  const all = groups(context);
  if (!all.length)
    return [h('p', { class: 'empty' }, 'No two figures of one moment contradict each other.')];
  const list = h('div', { class: 'disagreements', 'data-testid': 'disagreements' });
  const rest = Math.max(0, all.length - FIRST);
  list.append(...all.slice(0, FIRST).map((group) => card(context, group)));
  const more = h(
    'button',
    {
      type: 'button',
      class: 'table-more',
      'data-testid': 'more-disagreements',
      hidden: rest === 0,
      onclick: () => {
        list.append(...all.slice(FIRST).map((group) => card(context, group)));
        more.hidden = true;
      },
    },
    `Show all ${all.length}`,
  );
  const flat = all.flatMap((group) => group.figures.map((figure) => ({ group, figure })));
  const twin = table({
    id: 'disagreements',
    caption: 'Figures that disagree',
    noun: 'figures',
    rows: flat,
    columns: [
      { key: 'what', title: 'Who or where, counted', value: (row) => row.group.title },
      {
        key: 'figure',
        title: 'Figure',
        numeric: true,
        value: (row) => middle(row.figure),
        show: (row) => published(row.figure),
      },
      { key: 'as_of', title: 'As of', value: (row) => row.figure.as_of },
      { key: 'published', title: 'Published', value: (row) => row.figure.published },
      {
        key: 'source',
        title: 'Source',
        wide: true,
        value: (row) => sourceTitle(context.doc.ledger, row.figure),
      },
    ],
  });
  const made = frame({
    id: 'disagreements',
    heading:
      all.length === 1
        ? 'Once, figures of the same moment contradict each other'
        : `${all.length} times, figures of the same moment contradict each other`,
    lead:
      'The same quantity, dated within three months, with intervals that do not meet. Where the ' +
      'forecast uses them, it weighs them all and picks none. Furthest apart first.',
    picture: h('div', { class: 'picture' }, list, more),
    svg: () => drawing(all),
    source: 'Sources: as linked beside each figure.',
    twin,
  });
  return [made.element];
}
