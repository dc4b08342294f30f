/** Whether the intervals were as wide as they should be: coverage, and where the figures fell. */

import { area } from 'd3-shape';
import { countScale, sideAxis } from '../axis';
import { central } from '../binomial';
import type { Context } from '../context';
import type { QuantityScore, RecordData } from '../document';
import { h, s } from '../dom';
import { quantityName } from '../evidence';
import { canvas, frame } from '../figure';
import { day, digits, percent } from '../format';
import { scaleLinear } from '../scale';
import { table } from '../table';

interface Panel {
  quantity: string;
  rows: number;
  points: { level: number; share: number }[];
}

function panels(record: RecordData): Panel[] {
  const quantities = [...new Set(record.coverage.map((row) => row.quantity))];
  return quantities.map((quantity) => {
    const points = record.coverage.filter((row) => row.quantity === quantity);
    return { quantity, rows: Math.max(...points.map((row) => row.rows)), points };
  });
}

const STEPS = Array.from({ length: 41 }, (_, step) => step / 40);

/** Promised against held: on the diagonal the intervals are as wide as they should be. */
function coverageSvg(panel: Panel, size: number): SVGSVGElement {
  const box = { left: 38, right: size - 8, top: 8, bottom: size - 30 };
  const x = scaleLinear([0, 1], [box.left, box.right]);
  const y = scaleLinear([0, 1], [box.bottom, box.top]);
  const limits = STEPS.map((p) => central(panel.rows, p).map((hits) => hits / panel.rows));
  const band = area<number>()
    .x((p) => x(p))
    .y0((_, index) => y(limits[index]?.[0] ?? 0))
    .y1((_, index) => y(limits[index]?.[1] ?? 0));
  const words = panel.points
    .map((point) => `${percent(point.share)} in the ${percent(point.level)} interval`)
    .join(', ');
  return s(
    'svg',
    {
      class: 'coverage',
      viewBox: `0 0 ${size} ${size}`,
      width: size,
      height: size,
      role: 'img',
      'aria-label': `${quantityName(panel.quantity)}: ${words}`,
    },
    s('path', { class: 'chance', d: band(STEPS) ?? '' }),
    sideAxis(y, box, { ticks: 3, whole: false, format: (value) => `${Math.round(100 * value)} %` }),
    [0, 0.5, 1].map((tick) =>
      s(
        'g',
        { class: 'axis' },
        s(
          'text',
          { x: x(tick), y: box.bottom + 15, 'text-anchor': tick === 1 ? 'end' : 'middle' },
          `${100 * tick} %`,
        ),
      ),
    ),
    s('line', { class: 'diagonal', x1: x(0), y1: y(0), x2: x(1), y2: y(1) }),
    panel.points.map((point) =>
      s('circle', { class: 'dot', cx: x(point.level), cy: y(point.share), r: 4.5 }),
    ),
  );
}

function coverage(context: Context, record: RecordData): HTMLElement | null {
  const all = panels(record);
  if (!all.length) return null;
  const eighty = record.coverage.filter((row) => row.level === 0.8);
  const rows = eighty.reduce((sum, row) => sum + row.rows, 0);
  const held = eighty.reduce((sum, row) => sum + row.share * row.rows, 0) / rows;
  const cards = all.map((panel) =>
    h(
      'li',
      { class: 'fan-card' },
      h('h4', {}, quantityName(panel.quantity)),
      h(
        'p',
        { class: 'fan-number' },
        `${digits(panel.rows)} ${panel.rows === 1 ? 'figure' : 'figures'}`,
      ),
      canvas((width) => coverageSvg(panel, Math.min(width, 260))).element,
    ),
  );
  const made = frame({
    id: 'coverage',
    heading: rows
      ? `The 80 % intervals held ${percent(held)} of the later figures`
      : 'How often the intervals held',
    lead:
      'Across: how often an interval should hold. Up: how often it did. Above the diagonal the ' +
      'forecast was too careful, below too sure; within the grey, 90 % of what chance alone would do.',
    picture: h('div', { class: 'picture' }, h('ul', { class: 'fans coverages' }, cards)),
    svg: () =>
      s(
        'svg',
        { viewBox: `0 0 ${all.length * 220} 240`, class: 'drawing' },
        all.map((panel, index) => {
          const svg = coverageSvg(panel, 210);
          svg.setAttribute('x', String(index * 220));
          svg.setAttribute('y', '24');
          const words = `${quantityName(panel.quantity)} (${panel.rows})`;
          return [s('text', { x: index * 220 + 4, y: 14, class: 'strong' }, words), svg];
        }),
      ),
    source: `Scores on figures published after ${day(context.doc.meta.cutoff)}, listed in the ledger.`,
    twin: table<QuantityScore>({
      id: 'coverage',
      caption: 'Scores and coverage',
      noun: 'quantities',
      rows: record.quantities,
      columns: [
        { key: 'quantity', title: 'Quantity', value: (row) => quantityName(row.quantity) },
        { key: 'rows', title: 'Figures', numeric: true, value: (row) => row.rows },
        { key: 'origins', title: 'Countries', numeric: true, value: (row) => row.origins },
        { key: 'crps', title: 'CRPS', numeric: true, value: (row) => row.crps },
        { key: 'se', title: 'Standard error', numeric: true, value: (row) => row.crps_se },
        { key: 'median', title: 'Median', numeric: true, value: (row) => row.crps_median },
        ...(['covers50', 'covers80', 'covers95'] as const).map((key) => ({
          key,
          title: `in ${key.slice(6)} %`,
          numeric: true,
          value: (row: QuantityScore) => row[key],
          show: (row: QuantityScore) => percent(row[key]),
        })),
      ],
    }),
  });
  return made.element;
}

function histogram(context: Context, record: RecordData): HTMLElement | null {
  const counts = record.histogram?.counts ?? [];
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (!total) return null;
  const [low, high] = central(total, 1 / counts.length);
  const outside = counts.filter((count) => count < low || count > high).length;
  const p = record.histogram?.p_value ?? null;
  const picture = canvas((width) => {
    const size = { width: Math.min(width, 640), height: 220 };
    const box = { left: 34, right: size.width - 4, top: 8, bottom: size.height - 36 };
    const y = countScale(Math.max(high, ...counts), box.bottom, box.top, 4);
    const step = (box.right - box.left) / counts.length;
    return s(
      'svg',
      {
        class: 'histogram',
        viewBox: `0 0 ${size.width} ${size.height}`,
        ...size,
        role: 'img',
        'aria-label': `Counts by tenth of the forecast, lowest first: ${counts.join(', ')}`,
      },
      s('rect', {
        class: 'chance',
        x: box.left,
        width: box.right - box.left,
        y: y(high),
        height: y(low) - y(high),
      }),
      sideAxis(y, box, { ticks: 4 }),
      counts.map((count, index) =>
        s('rect', {
          class: 'column',
          x: box.left + index * step + 1.5,
          width: step - 3,
          y: y(count),
          height: box.bottom - y(count),
        }),
      ),
      s('line', {
        class: 'diagonal',
        x1: box.left,
        x2: box.right,
        y1: y(total / counts.length),
        y2: y(total / counts.length),
      }),
      s(
        'g',
        { class: 'axis' },
        s('text', { x: box.left, y: box.bottom + 16 }, 'below the forecast'),
        s('text', { x: box.right, y: box.bottom + 16, 'text-anchor': 'end' }, 'above the forecast'),
      ),
    );
  });
  const made = frame({
    id: 'histogram',
    heading: outside
      ? `${outside} of ${counts.length} tenths of the forecast held more or fewer figures than chance allows`
      : 'Figures fell into all tenths of the forecast alike',
    lead: [
      'Each later figure falls into one tenth of its forecast; were the forecasts right, all would be ' +
        'alike, as the line says, within the grey 90 % of what chance would do. ',
      p === null
        ? null
        : `A fit this poor or poorer has probability ${p < 0.001 ? 'under 0.001' : p.toFixed(3)}.`,
    ],
    picture: picture.element,
    source: `${digits(total)} figures published after ${day(context.doc.meta.cutoff)}.`,
    twin: table({
      id: 'histogram',
      caption: 'Figures by tenth of their forecast',
      rows: counts.map((count, index) => ({ count, index })),
      columns: [
        {
          key: 'tenth',
          title: 'Tenth of the forecast',
          value: (row) => row.index,
          show: (row) => `${row.index * 10} to ${row.index * 10 + 10} %`,
        },
        { key: 'count', title: 'Figures', numeric: true, value: (row) => row.count },
      ],
    }),
  });
  return made.element;
}

export function calibration(context: Context, record: RecordData): (HTMLElement | null)[] {
  return [coverage(context, record), histogram(context, record)];
}
