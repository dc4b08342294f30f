/** What stays behind: people underground, people active again, and the chance of a strong remnant. */

import { aheadFan } from '../ahead';
import { largest, type Scale } from '../axis';
import type { Context } from '../context';
import type { Remnant, Series } from '../document';
import { type Child, h, s } from '../dom';
import { momentDay } from '../evidence';
import { canvas, frame } from '../figure';
import { at, cell, day, digits, estimate, percent } from '../format';
import { table } from '../table';

interface Panel {
  title: string;
  series: Series;
  colour: string;
  share?: boolean;
}

const HEIGHT = 200;

function panels(remnant: Remnant): Panel[] {
  const chance = remnant.probability_above;
  return [
    { title: 'underground', series: remnant.underground, colour: 'var(--underground)' },
    { title: 'active again', series: remnant.resurgent, colour: 'var(--resurgent, var(--accent))' },
    { title: 'both together', series: remnant.strength, colour: 'var(--underground)' },
    {
      title: `chance of ${digits(remnant.threshold)} or more active again`,
      series: { p10: chance, p50: chance, p90: chance },
      colour: 'var(--text)',
      share: true,
    },
  ];
}

/** The threshold as a line across, where it lies within the picture. */
function threshold(value: number) {
  return (x: Scale, y: Scale): Child => {
    const [left = 0, right = 0] = x.range();
    const at = y(value);
    const [bottom = 0, top = 0] = y.range();
    if (at < top || at > bottom) return null;
    return s(
      'g',
      { class: 'threshold' },
      s('line', { x1: left, x2: right, y1: at, y2: at }),
      s('text', { x: right, y: at - 4, 'text-anchor': 'end' }, digits(value)),
    );
  };
}

function draw(
  context: Context,
  remnant: Remnant,
  panel: Panel,
  width: number,
  height: number,
): SVGSVGElement {
  const counts = [remnant.underground, remnant.resurgent, remnant.strength];
  const last = context.doc.instants.length - context.doc.ahead - 1;
  const end = at(panel.series, last);
  const words = panel.share ? percent(end.p50) : estimate(end);
  return aheadFan(context, panel.series, {
    width,
    height,
    most: panel.share ? 1 : largest(...counts.map((series) => series.p90)),
    colour: panel.colour,
    label: `${panel.title}: ${words} on ${day(context.doc.meta.until)}`,
    ...(panel.share ? { format: (value: number) => `${Math.round(100 * value)} %` } : {}),
    ...(panel.title === 'active again' ? { over: threshold(remnant.threshold) } : {}),
  });
}

function twin(context: Context, remnant: Remnant) {
  const { doc } = context;
  const rows = doc.instants.slice(doc.ahead).map((instant, index) => ({
    instant: momentDay(instant, doc.meta.until),
    index,
  }));
  type Row = (typeof rows)[number];
  const counts = [
    ['underground', remnant.underground],
    ['active again', remnant.resurgent],
    ['both together', remnant.strength],
  ] as const;
  return table<Row>({
    id: 'remnant',
    caption: 'The remnant, month by month',
    noun: 'days',
    limit: 13,
    rows,
    columns: [
      {
        key: 'day',
        title: 'Day',
        value: (row) => row.instant,
        show: (row) => day(row.instant),
      },
      ...counts.map(([title, series]) => ({
        key: title,
        title,
        numeric: true,
        value: (row: Row) => series.p50[row.index] ?? null,
        show: (row: Row) => cell(at(series, row.index)),
      })),
      {
        key: 'chance',
        title: `chance of ${digits(remnant.threshold)} or more active again`,
        numeric: true,
        value: (row) => remnant.probability_above[row.index] ?? null,
        show: (row) => percent(remnant.probability_above[row.index]),
      },
      ...counts.flatMap(([title, series]) =>
        (['p10', 'p90'] as const).map((key) => ({
          key: `${title}-${key}`,
          title: `${title} ${key}`,
          unseen: true,
          value: (row: Row) => series[key][row.index] ?? null,
        })),
      ),
    ],
  });
}

/** The remnant's picture; null where the document has none. */
export function remnant(context: Context): HTMLElement | null {
  const { doc } = context;
  const { remnant: data } = doc.theatres;
  if (!data?.strength.p50.length) return null;
  const last = data.strength.p50.length - 1;
  const all = panels(data);
  const cards = all.map((panel) => {
    const end = at(panel.series, last);
    return h(
      'li',
      { class: 'fan-card' },
      h('h4', {}, panel.title),
      h('p', { class: 'fan-number' }, panel.share ? percent(end.p50) : estimate(end)),
      canvas((width) => draw(context, data, panel, width, HEIGHT)).element,
    );
  });
  const made = frame({
    id: 'remnant',
    heading: `The remnant: ${digits(data.threshold)} or more active again by ${day(doc.meta.until)} with a chance of ${percent(data.probability_above[last])}`,
    lead:
      'People who stay in the territory after its end, hidden or active again, on one scale. Median ' +
      `with the 80 % band; the number is that of ${day(doc.meta.until)}.`,
    picture: h('div', { class: 'picture' }, h('ul', { class: 'fans wide' }, cards)),
    svg: () =>
      s(
        'svg',
        { viewBox: '0 0 760 520', class: 'drawing' },
        all.map((panel, index) => {
          const x = (index % 2) * 385;
          const y = Math.floor(index / 2) * 260;
          const svg = draw(context, data, panel, 370, 220);
          svg.setAttribute('x', String(x));
          svg.setAttribute('y', String(y + 24));
          return [s('text', { x, y: y + 16, class: 'strong' }, panel.title), svg];
        }),
      ),
    source: context.source(),
    twin: twin(context, data),
  });
  return made.element;
}
