/** When and how the territory ends. */

import { timeScale, yearAxis } from '../axis';
import type { Context } from '../context';
import type { Ending } from '../document';
import { h, name, s } from '../dom';
import { canvas, frame } from '../figure';
import { day, dayNumber, month, percent } from '../format';
import { table } from '../table';

const HEIGHT = 92;

/** The line of the days: the period, the 80 % interval of the end, its median. */
function when(context: Context, end: Ending, width: number): SVGSVGElement {
  const { meta } = context.doc;
  const marks = [meta.cutoff, meta.until, end.p10, end.p50, end.p90];
  const days = marks.filter((mark): mark is string => Boolean(mark)).map(dayNumber);
  const box = { left: 12, right: width - 12, top: 10, bottom: HEIGHT - 24 };
  const x = timeScale(days, box.left, box.right);
  const middle = (box.top + box.bottom) / 2 + 6;
  const at = (mark: string) => x(dayNumber(mark));
  const low = end.p10 ? at(end.p10) : box.left;
  const high = end.p90 ? at(end.p90) : box.right;
  const dated = (mark: string, words: string, anchor: string) =>
    s(
      'g',
      { class: 'cutoff' },
      s('line', { x1: at(mark), x2: at(mark), y1: box.top, y2: box.bottom }),
      s(
        'text',
        { x: at(mark) + (anchor === 'start' ? 5 : -5), y: box.top + 8, 'text-anchor': anchor },
        words,
      ),
    );
  return s(
    'svg',
    {
      class: 'fan large ending',
      viewBox: `0 0 ${width} ${HEIGHT}`,
      width,
      height: HEIGHT,
      style: '--series: var(--in-group)',
      role: 'img',
      'aria-label': `The territory ends between ${month(end.p10)} and ${month(end.p90)} with 80 % probability, the middle is ${month(end.p50)}`,
    },
    s('line', { class: 'axis-line', x1: box.left, x2: box.right, y1: box.bottom, y2: box.bottom }),
    yearAxis(x, box, 44),
    s('line', { class: 'bar', x1: low, x2: high, y1: middle, y2: middle }),
    end.p50 ? s('circle', { class: 'median-dot', cx: at(end.p50), cy: middle, r: 5 }) : null,
    dated(meta.cutoff, 'cut-off', 'start'),
    dated(meta.until, 'end of the period', at(meta.until) > width / 2 ? 'end' : 'start'),
  );
}

function modes(end: Ending): HTMLElement | null {
  if (!end.modes.length) return null;
  const rows = [...end.modes].sort((a, b) => b.probability - a.probability);
  return h(
    'ul',
    { class: 'ranked', 'aria-label': 'How it ends' },
    rows.map((mode) =>
      h(
        'li',
        {},
        h('span', { class: 'ranked-name' }, name(mode.name)),
        h('span', { class: 'meter', 'aria-hidden': 'true' }, [
          h('span', { style: `width: ${100 * mode.probability}%` }),
        ]),
        h('span', { class: 'ranked-value' }, percent(mode.probability)),
      ),
    ),
  );
}

/** The end of the territory; null where the document has none. */
export function ending(context: Context): HTMLElement | null {
  const { end } = context.doc.theatres;
  if (!end || (!end.p50 && !end.modes.length)) return null;
  const { until } = context.doc.meta;
  const picture = canvas((width) => when(context, end, width));
  const made = frame({
    id: 'ending',
    heading: end.p50
      ? `The territory is most likely lost about ${month(end.p50)}`
      : 'How the territory is lost',
    lead: [
      end.p10 && end.p90
        ? `With 80 % probability between ${month(end.p10)} and ${month(end.p90)}. `
        : null,
      end.within_period === null
        ? null
        : `By ${day(until)} it is lost in ${percent(end.within_period)} of the draws.`,
    ],
    picture: h('div', {}, picture.element, modes(end)),
    source: context.source(),
    twin: table({
      id: 'ending',
      caption: 'The end of the territory',
      rows: [
        { what: '10 % of draws have it by', value: end.p10 ?? 'after the period' },
        { what: 'half of draws have it by', value: end.p50 ?? 'after the period' },
        { what: '90 % of draws have it by', value: end.p90 ?? 'after the period' },
        { what: `within the period, to ${until}`, value: end.within_period },
        ...end.modes.map((mode) => ({ what: mode.name, value: mode.probability })),
      ],
      columns: [
        { key: 'what', title: 'What', value: (row) => row.what },
        {
          key: 'value',
          title: 'When, or how likely',
          value: (row) => row.value,
          show: (row) => (typeof row.value === 'string' ? day(row.value) : percent(row.value)),
        },
      ],
    }),
  });
  return made.element;
}
