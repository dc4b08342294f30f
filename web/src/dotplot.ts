/** Numbers with their intervals on one line each, in groups that have a heading. */

import { s } from './dom';
import { fitted, isolated } from './labels';
import { scaleLinear } from './scale';

export interface DotRow {
  label: string;
  value: number;
  low: number | null;
  high: number | null;
  /** Drawn filled and dark. */
  strong?: boolean;
}

export interface DotGroup {
  title: string;
  rows: readonly DotRow[];
}

export interface DotPlotOptions {
  width: number;
  groups: readonly DotGroup[];
  low: number;
  high: number;
  format: (value: number) => string;
  /** The words at the two sides of nothing. */
  sides: readonly [string, string];
  label: string;
}

const ROW = 21;
/** A row without a label is a second mark of the row above it. */
const SECOND = 13;
/** Where there is little room a label stands above its line. */
const STACKED = 36;
const GROUP = 30;
const TOP = 34;

export function dotPlot(options: DotPlotOptions): SVGSVGElement {
  const { width, groups, format, sides } = options;
  const stacked = width < 560;
  const rowOf = (each: DotRow) => (!each.label ? SECOND : stacked ? STACKED : ROW);
  const lines = groups.flatMap((group) => group.rows).reduce((sum, each) => sum + rowOf(each), 0);
  const heads = groups.filter((group) => group.title).length;
  const height = TOP + heads * GROUP + lines + 8;
  const longest = Math.max(
    0,
    ...groups.flatMap((each) => each.rows.map((one) => one.label.length)),
  );
  const left = stacked ? 24 : Math.min(width * 0.45, Math.max(120, longest * 6.6 + 16));
  const right = width - 20;
  const x = scaleLinear([options.low, options.high], [left, right]);
  const within = (value: number) => Math.min(Math.max(value, options.low), options.high);
  const ticks = x.ticks(width > 600 ? 8 : 4);
  const zero = x(0);
  let y = TOP;
  const parts: SVGElement[] = [];
  for (const group of groups) {
    if (group.title) {
      y += GROUP;
      parts.push(s('text', { class: 'strong', x: 0, y: y - 8 }, group.title));
    }
    for (const each of group.rows) {
      const row = rowOf(each);
      const middle = y + (stacked && each.label ? row - 8 : row / 2);
      const low = each.low === null ? each.value : each.low;
      const high = each.high === null ? each.value : each.high;
      parts.push(
        s(
          'g',
          { class: each.strong ? 'skill strong-row' : 'skill' },
          s('line', { class: 'grid', x1: left, x2: right, y1: middle, y2: middle }),
          stacked
            ? s('text', { x: 0, y: middle - 9 }, isolated(fitted(each.label, width)))
            : s(
                'text',
                { x: left - 10, y: middle, dy: '0.32em', 'text-anchor': 'end' },
                isolated(fitted(each.label, left - 14)),
              ),
          s('line', {
            class: 'range',
            x1: x(within(low)),
            x2: x(within(high)),
            y1: middle,
            y2: middle,
          }),
          low < options.low
            ? s('path', {
                class: 'arrow',
                d: `M${left + 5},${middle - 4}L${left},${middle}L${left + 5},${middle + 4}`,
              })
            : null,
          s('circle', { class: 'dot', cx: x(within(each.value)), cy: middle, r: 4.5 }),
        ),
      );
      y += row;
    }
  }
  return s(
    'svg',
    {
      class: 'dotplot',
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      role: 'img',
      'aria-label': options.label,
    },
    ticks.map((tick) =>
      s(
        'g',
        { class: 'axis' },
        s('line', {
          class: tick === 0 ? 'zero' : 'grid',
          x1: x(tick),
          x2: x(tick),
          y1: TOP - 6,
          y2: height,
        }),
        s('text', { x: x(tick), y: TOP - 10, 'text-anchor': 'middle' }, format(tick)),
      ),
    ),
    s('text', { class: 'side-word', x: zero - 8, y: 10, 'text-anchor': 'end' }, sides[0]),
    s('text', { class: 'side-word', x: zero + 8, y: 10 }, sides[1]),
    parts,
  );
}
