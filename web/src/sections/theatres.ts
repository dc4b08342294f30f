/** Where people go on to fight or hide: the theatres, the remnant, the hosts, and the end of the territory. */

import '../sections.css';
import { aheadFan } from '../ahead';
import { largest } from '../axis';
import type { Context } from '../context';
import type { TheatreRow } from '../document';
import { h, name, replace, s } from '../dom';
import { canvas, frame } from '../figure';
import { cell, day, estimate, percent } from '../format';
import { isolated } from '../labels';
import { table } from '../table';
import { ending } from './ending';
import { hosts } from './hosts';
import { remnant } from './remnant';

type Which = 'arrived' | 'present';

const VERBS: Record<Which, string> = {
  arrived: 'arrived since the cut-off',
  present: 'there at the time',
};

function theatreFans(context: Context): HTMLElement | null {
  const { doc } = context;
  const rows = [...doc.theatres.table].sort((a, b) => b.arrived.mean - a.arrived.mean);
  if (!rows.length) return null;
  let which: Which = 'arrived';
  let shared = false;
  const top = () =>
    shared ? Math.max(...rows.map((row) => largest(row.series[which].p90))) : undefined;
  const draw = (row: TheatreRow, width: number, height: number) =>
    aheadFan(context, row.series[which], {
      width,
      height,
      most: top(),
      colour: 'var(--elsewhere)',
      label: `${isolated(row.name)}, ${VERBS[which]}: ${estimate(row[which])} by ${day(doc.meta.until)}`,
    });
  const cards = rows.map((row) => {
    const words = h('p', { class: 'fan-number' });
    const picture = canvas((width) => draw(row, width, 138));
    const element = h(
      'li',
      { class: 'fan-card' },
      h('h4', {}, name(row.name)),
      words,
      picture.element,
    );
    return { row, words, picture, element };
  });
  const list = h('ul', { class: 'fans wider', 'data-testid': 'theatres' });

  function show(): void {
    cards.sort((a, b) => b.row[which].mean - a.row[which].mean);
    replace(
      list,
      cards.map((card) => card.element),
    );
    for (const { row, words, picture } of cards) {
      words.textContent = estimate(row[which]);
      picture.redraw();
    }
  }

  const choice = (Object.keys(VERBS) as Which[]).map((id) =>
    h(
      'label',
      {},
      h('input', {
        type: 'radio',
        name: 'theatre-which',
        value: id,
        checked: id === which,
        'data-testid': `theatre-${id}`,
        onchange: () => {
          which = id;
          show();
        },
      }),
      h('span', {}, VERBS[id]),
    ),
  );
  const scale = h('input', {
    type: 'checkbox',
    'data-testid': 'theatre-shared',
    onchange: () => {
      shared = scale.checked;
      show();
    },
  });
  show();
  const likely = [...rows].sort((a, b) => (b.probability_first ?? 0) - (a.probability_first ?? 0));
  const first = likely[0];
  const made = frame({
    id: 'theatres',
    heading:
      first && first.probability_first !== null
        ? `${isolated(first.name)} is the likeliest to draw the most people (${percent(first.probability_first)})`
        : 'Where those who move on arrive',
    lead:
      `People from abroad and from the territory in other theatres, to ${day(doc.meta.until)}; as known ` +
      `on ${day(doc.meta.cutoff)}. Median with the 80 % band; the number is that of the last day.`,
    controls: [
      h('fieldset', { class: 'choice' }, h('legend', {}, 'People'), choice),
      h('label', { class: 'check' }, scale, 'same scale for all'),
    ],
    picture: h('div', { class: 'picture' }, chances(context), list),
    svg: () => {
      const across = Math.min(4, rows.length);
      const down = Math.ceil(rows.length / across);
      return s(
        'svg',
        { viewBox: `0 0 ${across * 250} ${down * 160 + 4}`, class: 'drawing' },
        cards.map(({ row }, index) => {
          const at = { x: (index % across) * 250, y: Math.floor(index / across) * 160 };
          const svg = draw(row, 240, 130);
          svg.setAttribute('x', String(at.x));
          svg.setAttribute('y', String(at.y + 20));
          return [s('text', { x: at.x + 4, y: at.y + 14, class: 'strong' }, row.name), svg];
        }),
      );
    },
    source: context.source(),
    twin: table<TheatreRow>({
      id: 'theatres',
      caption: `Theatres on ${day(doc.meta.until)}`,
      noun: 'theatres',
      rows,
      sort: { key: 'first', descending: true },
      columns: [
        { key: 'name', title: 'Theatre', value: (row) => row.name },
        {
          key: 'first',
          title: 'Chance of most arrivals',
          numeric: true,
          value: (row) => row.probability_first,
          show: (row) => percent(row.probability_first),
        },
        {
          key: 'arrived',
          title: 'Arrived since the cut-off',
          numeric: true,
          value: (row) => row.arrived.p50,
          show: (row) => cell(row.arrived),
        },
        {
          key: 'present',
          title: 'There at the end',
          numeric: true,
          value: (row) => row.present.p50,
          show: (row) => cell(row.present),
        },
        ...(['p10', 'p90', 'mean'] as const).flatMap((key) => [
          {
            key: `a${key}`,
            title: `arrived ${key}`,
            unseen: true,
            value: (row: TheatreRow) => row.arrived[key],
          },
          {
            key: `h${key}`,
            title: `there ${key}`,
            unseen: true,
            value: (row: TheatreRow) => row.present[key],
          },
        ]),
      ],
    }),
  });
  return made.element;
}

/** The theatres in order of their chance to draw most, always shown. */
function chances(context: Context): HTMLElement | null {
  const rows = context.doc.theatres.table
    .filter((row) => row.probability_first !== null)
    .sort((a, b) => (b.probability_first ?? 0) - (a.probability_first ?? 0))
    .slice(0, 8);
  if (!rows.length) return null;
  return h(
    'ol',
    { class: 'ranked', 'aria-label': 'Theatres by their chance of most arrivals' },
    rows.map((row) =>
      h(
        'li',
        {},
        h('span', { class: 'ranked-name' }, name(row.name)),
        h('span', { class: 'meter', 'aria-hidden': 'true' }, [
          h('span', { style: `width: ${100 * (row.probability_first ?? 0)}%` }),
        ]),
        h('span', { class: 'ranked-value' }, percent(row.probability_first)),
        h('span', { class: 'ranked-more' }, `${estimate(row.arrived)} arrived by the end`),
      ),
    ),
  );
}

/** Builds the section; its heading is made by the page. */
export function buildTheatres(context: Context): Node[] {
  const parts = [theatreFans(context), remnant(context), hosts(context), ending(context)].filter(
    (part): part is HTMLElement => part !== null,
  );
  return parts.length
    ? parts
    : [h('p', { class: 'empty' }, 'This forecast follows no one beyond the territory.')];
}
