/** What the evidence said about each parameter: before, after, and how much narrower. */

import '../sections.css';
import type { Context } from '../context';
import type { Quantiles, Told } from '../document';
import { h, name, s } from '../dom';
import { frame } from '../figure';
import { percent } from '../format';
import { table } from '../table';

const WIDTH = 220;
const HEIGHT = 38;

/** A number of a parameter, to three figures: units differ widely. */
export function measure(value: number): string {
  if (!Number.isFinite(value)) return 'unknown';
  const text =
    Math.abs(value) >= 1000 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
  return text.replace(/^-/, '−');
}

const spread = (given: Quantiles | null) =>
  given ? `${measure(given.p50)} (${measure(given.p10)} to ${measure(given.p90)})` : '';

/** Prior above, posterior below, on one line that just holds both. */
function spreads(row: Told, width: number): SVGElement[] {
  const ends = [row.prior, row.posterior].flatMap((each) => (each ? [each.p10, each.p90] : []));
  const low = Math.min(...ends);
  const high = Math.max(...ends);
  if (!Number.isFinite(low) || !Number.isFinite(high)) return [];
  const size = high - low || 1;
  const x = (value: number) => 5 + ((value - low) / size) * (width - 10);
  const bar = (given: Quantiles | null, kind: string, y: number) =>
    given
      ? s(
          'g',
          { class: kind },
          s('line', { class: 'spread', x1: x(given.p10), x2: x(given.p90), y1: y, y2: y }),
          s('circle', { class: 'dot', cx: x(given.p50), cy: y, r: 3.2 }),
        )
      : null;
  const parts = [
    bar(row.prior, 'prior', 10),
    row.fitted ? bar(row.posterior, 'posterior', 29) : null,
  ];
  return parts.filter((part): part is SVGGElement => part !== null);
}

function contraction(row: Told): HTMLElement | string {
  if (!row.fitted || row.contraction === null) return 'not asked';
  const share = Math.max(0, row.contraction);
  return h(
    'div',
    { class: 'contraction' },
    h('span', { class: 'meter', 'aria-hidden': 'true' }, [
      h('span', { style: `width: ${100 * share}%` }),
    ]),
    h('span', {}, share < 0.01 ? 'none' : percent(share)),
  );
}

/** The theme of a parameter: the first word of its name, where several share it. */
function themes(rows: readonly Told[]): Map<string, string> {
  const counts = new Map<string, number>();
  const first = (row: Told) => row.parameter.split('_')[0] ?? row.parameter;
  for (const row of rows) counts.set(first(row), (counts.get(first(row)) ?? 0) + 1);
  return new Map(
    rows.map((row) => [row.parameter, (counts.get(first(row)) ?? 0) > 1 ? first(row) : 'single']),
  );
}

function drawing(rows: readonly Told[]): SVGSVGElement {
  const line = 42;
  return s(
    'svg',
    { viewBox: `0 0 760 ${rows.length * line + 8}`, class: 'drawing told' },
    rows.map((row, index) => {
      const y = index * line;
      return s(
        'g',
        { transform: `translate(0 ${y})` },
        s('text', { x: 0, y: 24 }, row.parameter.replaceAll('_', ' ')),
        s('g', { transform: 'translate(250 2)' }, spreads(row, 320)),
        s(
          'text',
          { x: 590, y: 24 },
          row.fitted ? `narrower by ${percent(Math.max(0, row.contraction ?? 0))}` : 'not asked',
        ),
      );
    }),
  );
}

function headingOf(rows: readonly Told[]): string {
  const fitted = rows.filter((row) => row.fitted);
  const clear = fitted.filter((row) => (row.contraction ?? 0) >= 0.5).length;
  if (!fitted.length) return 'No parameter was asked of the data';
  return (
    `Of ${rows.length} parameters the data were asked about ${fitted.length}, and narrowed ` +
    `${clear} by half or more`
  );
}

function legend(): HTMLElement {
  const key = (kind: string, text: string) =>
    h(
      'li',
      {},
      s(
        'svg',
        { viewBox: '0 0 36 12', width: 36, height: 12, 'aria-hidden': 'true', class: 'told' },
        s('g', { class: kind }, [
          s('line', { class: 'spread', x1: 3, x2: 33, y1: 6, y2: 6 }),
          s('circle', { class: 'dot', cx: 18, cy: 6, r: 3.2 }),
        ]),
      ),
      text,
    );
  return h(
    'ul',
    { class: 'fan-legend' },
    key('prior', 'before the evidence (80 %, median)'),
    key('posterior', 'after it'),
  );
}

/** Builds the section; its heading is made by the page. */
export function buildTold(context: Context): Node[] {
  const rows = context.doc.told;
  if (!rows.length) {
    return [h('p', { class: 'empty' }, 'This report lists no parameters.')];
  }
  const theme = themes(rows);
  const choices = [...new Set(theme.values())].sort();
  const which = h(
    'select',
    { 'data-testid': 'told-fitted', onchange: () => narrow() },
    h('option', { value: 'fitted' }, 'asked of the data'),
    h('option', { value: 'forward' }, 'not asked'),
    h('option', { value: '' }, 'all'),
  );
  const group = h(
    'select',
    { 'data-testid': 'told-theme', onchange: () => narrow() },
    h('option', { value: '' }, 'all'),
    choices.map((each) => h('option', { value: each }, each)),
  );
  const keep = (row: Told) =>
    (!which.value || row.fitted === (which.value === 'fitted')) &&
    (!group.value || theme.get(row.parameter) === group.value);
  const narrow = () => {
    picture.filter(keep);
    made.refresh();
  };
  const field = (label: string, input: HTMLElement) =>
    h('label', { class: 'field' }, h('span', {}, label), input);
  const picture = table<Told>({
    id: 'told',
    caption: 'Parameters before and after the evidence',
    noun: 'parameters',
    search: 'Search',
    limit: 25,
    sort: { key: 'contraction', descending: true },
    rows,
    tools: [field('Parameters', which), field('About', group)],
    columns: [
      {
        key: 'parameter',
        title: 'Parameter',
        value: (row) => `${row.parameter.replaceAll('_', ' ')} ${row.meaning ?? ''}`,
        show: (row) =>
          h(
            'div',
            {},
            name(row.parameter.replaceAll('_', ' ')),
            h(
              'span',
              { class: 'row-note' },
              [row.meaning, row.unit ? `(${row.unit})` : ''].filter(Boolean).join(' '),
            ),
          ),
      },
      {
        key: 'theme',
        title: 'About',
        unseen: true,
        value: (row) => theme.get(row.parameter) ?? '',
      },
      {
        key: 'picture',
        title: 'Before and after',
        value: (row) => row.contraction,
        show: (row) =>
          s(
            'svg',
            {
              viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
              width: WIDTH,
              height: HEIGHT,
              class: 'told',
              'aria-hidden': 'true',
            },
            spreads(row, WIDTH),
          ),
      },
      {
        key: 'numbers',
        title: 'Median and 80 % interval',
        value: (row) => row.posterior?.p50 ?? null,
        show: (row) =>
          h(
            'div',
            { class: 'pair' },
            h('span', {}, h('span', { class: 'unseen' }, 'before: '), spread(row.prior)),
            row.fitted
              ? h('span', {}, h('span', { class: 'unseen' }, 'after: '), spread(row.posterior))
              : null,
          ),
      },
      {
        key: 'contraction',
        title: 'Narrower by',
        numeric: true,
        value: (row) => (row.fitted ? row.contraction : null),
        show: contraction,
      },
      {
        key: 'source',
        title: 'Where the prior comes from',
        wide: true,
        value: (row) => row.source,
      },
      { key: 'unit', title: 'Unit', unseen: true, value: (row) => row.unit },
    ],
  });
  const twin = table<Told>({
    id: 'parameters',
    caption: 'Parameters in numbers',
    noun: 'parameters',
    limit: 25,
    rows,
    columns: [
      { key: 'parameter', title: 'Parameter', value: (row) => row.parameter },
      ...(['prior', 'posterior'] as const).flatMap((side) =>
        (['p10', 'p50', 'p90'] as const).map((key) => ({
          key: `${side}-${key}`,
          title: `${side} ${key}`,
          numeric: true,
          value: (row: Told) => row[side]?.[key] ?? null,
        })),
      ),
      { key: 'contraction', title: 'contraction', numeric: true, value: (row) => row.contraction },
      { key: 'fitted', title: 'asked', value: (row) => (row.fitted ? 'yes' : 'no') },
      { key: 'unit', title: 'unit', value: (row) => row.unit },
      { key: 'meaning', title: 'meaning', unseen: true, value: (row) => row.meaning },
      { key: 'source', title: 'source', unseen: true, value: (row) => row.source },
    ],
  });
  const made = frame({
    id: 'told',
    heading: headingOf(rows),
    lead:
      'Each line runs from the lowest to the highest of both spreads. Where before and after look ' +
      'alike, the answer rests on the prior, and its source says whose judgement that is.',
    picture: h('div', { class: 'picture' }, legend(), picture.element),
    svg: () =>
      drawing(rows.filter(keep).sort((a, b) => (b.contraction ?? 0) - (a.contraction ?? 0))),
    source: context.source(),
    twin,
    sync: () => twin.filter(keep),
  });
  narrow();
  return [made.element];
}
