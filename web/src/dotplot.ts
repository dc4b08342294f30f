/** Numbers with their intervals on one line each, in groups that have a heading. */

import { scaleLinear } from 'd3-scale';
import { s } from './dom';

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
const GROUP = 30;
const TOP = 34;

export function dotPlot(options: DotPlotOptions): SVGSVGElement {
  const { width, groups, format, sides } = options;
  const lines = groups.reduce((sum, group) => sum + group.rows.length, 0);
  const height = TOP + groups.length * GROUP + lines * ROW + 8;
  const left = Math.min(210, Math.max(104, width * 0.28));
  const right = width - 14;
  const x = scaleLinear([options.low, options.high], [left, right]);
  const within = (value: number) => Math.min(Math.max(value, options.low), options.high);
  const ticks = x.ticks(width > 600 ? 8 : 4);
  const zero = x(0);
  let y = TOP;
  const parts: SVGElement[] = [];
  for (const group of groups) {
    y += GROUP;
    parts.push(s('text', { class: 'strong', x: 0, y: y - 8 }, group.title));
    for (const row of group.rows) {
      const middle = y + ROW / 2;
      const low = row.low === null ? row.value : row.low;
      const high = row.high === null ? row.value : row.high;
      parts.push(
        s(
          'g',
          { class: row.strong ? 'skill strong-row' : 'skill' },
          s('line', { class: 'grid', x1: left, x2: right, y1: middle, y2: middle }),
          s('text', { x: left - 10, y: middle, dy: '0.32em', 'text-anchor': 'end' }, row.label),
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
          s('circle', { class: 'dot', cx: x(within(row.value)), cy: middle, r: 4.5 }),
        ),
      );
      y += ROW;
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
