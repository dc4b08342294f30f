/** Axes and bands of the pictures that run over time: years below, round numbers at the side. */

import './fans.css';
import { area, line } from 'd3-shape';
import type { Series } from './document';
import { type Child, s } from './dom';
import { dayNumber, digits } from './format';
import { type Scale, scaleLinear } from './scale';

export type { Scale };

export interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** Days since 1970 on a line; one single day still has room on both sides. */
export function timeScale(days: readonly number[], left: number, right: number): Scale {
  const known = days.filter(Number.isFinite);
  const first = known.length ? Math.min(...known) : 0;
  const last = known.length ? Math.max(...known) : 1;
  const spare = first === last ? 183 : 0;
  return scaleLinear([first - spare, last + spare], [left, right]);
}

/** A scale from nothing to a round number at or above `most`. */
export function countScale(most: number, bottom: number, top: number, ticks = 3): Scale {
  const end = Number.isFinite(most) && most > 0 ? most : 1;
  return scaleLinear([0, Math.max(end, 1)], [bottom, top]).nice(ticks);
}

/** Round values, whole ones only where people are counted. */
function roundTicks(scale: Scale, count: number, whole: boolean): number[] {
  const ticks = scale.ticks(count);
  return whole ? ticks.filter(Number.isInteger) : ticks;
}

export interface SideOptions {
  ticks?: number;
  format?: (value: number) => string;
  whole?: boolean;
}

/** Lines across and their values at the left. */
export function sideAxis(scale: Scale, box: Box, options: SideOptions = {}): SVGElement {
  const { ticks = 3, format = digits, whole = true } = options;
  return s(
    'g',
    { class: 'axis side' },
    roundTicks(scale, ticks, whole).map((value) => {
      const y = scale(value);
      return s(
        'g',
        {},
        s('line', {
          class: value === 0 ? 'base' : 'grid',
          x1: box.left,
          x2: box.right,
          y1: y,
          y2: y,
        }),
        s('text', { x: box.left - 5, y, dy: '0.32em', 'text-anchor': 'end' }, format(value)),
      );
    }),
  );
}

const yearStart = (year: number) => Date.UTC(year, 0, 1) / 86_400_000;
const yearOf = (days: number) => new Date(days * 86_400_000).getUTCFullYear();

/** Days up to which the foot is divided into months. */
const SHORT = 900;

/** Starts of months within a time, few enough for the room there is. */
function monthMarks(scale: Scale, box: Box): { at: number; text: string }[] {
  const [first = 0, last = 0] = scale.domain();
  const fit = Math.max(2, Math.floor((box.right - box.left) / 48));
  const step = [1, 2, 3, 4, 6, 12].find((size) => (last - first) / 30.4 / size <= fit + 0.5) ?? 12;
  const marks: { at: number; text: string }[] = [];
  const start = new Date(first * 86_400_000);
  for (let index = 0; ; index += 1) {
    const date = new Date(Date.UTC(start.getUTCFullYear(), index, 1));
    const at = date.getTime() / 86_400_000;
    if (at > last) return marks;
    // Where only years have room, they are named as such.
    const text = date.toISOString().slice(0, step === 12 ? 4 : 7);
    if (at >= first && index % step === 0) marks.push({ at, text });
  }
}

/** Years along the foot, as many as there is room for; months where the time is short. */
export function yearAxis(scale: Scale, box: Box, roomPerYear = 34): SVGElement {
  const [first = 0, last = 0] = scale.domain();
  if (last - first <= SHORT) return foot(scale, box, monthMarks(scale, box));
  const years: number[] = [];
  for (let year = yearOf(first); year <= yearOf(last); year += 1) {
    if (yearStart(year) >= first && yearStart(year) <= last) years.push(year);
  }
  if (!years.length) years.push(yearOf((first + last) / 2));
  const fit = Math.max(1, Math.floor((box.right - box.left) / roomPerYear));
  const step = Math.max(1, Math.ceil(years.length / fit));
  const marks = years.filter((_, index) => index % step === 0);
  return foot(
    scale,
    box,
    marks.map((year) => ({ at: yearStart(year), text: String(year) })),
  );
}

/** Ticks with their words along the foot. */
function foot(scale: Scale, box: Box, marks: readonly { at: number; text: string }[]): SVGElement {
  return s(
    'g',
    { class: 'axis foot' },
    marks.map(({ at, text }) => {
      const x = Math.min(Math.max(scale(at), box.left), box.right);
      // Words at the very edge stay within the picture.
      const half = 3 * text.length;
      const anchor =
        x > box.right - half ? 'end' : x < box.left + 8 && half < 15 ? 'start' : 'middle';
      return s(
        'g',
        {},
        s('line', { class: 'tick', x1: x, x2: x, y1: box.bottom, y2: box.bottom + 4 }),
        s('text', { x, y: box.bottom + 15, 'text-anchor': anchor }, text),
      );
    }),
  );
}

/** The day the forecast was made as: an upright line with its name where there is room. */
export function cutoffLine(
  scale: Scale,
  box: Box,
  cutoff: string,
  label?: string,
): SVGElement | null {
  const x = scale(dayNumber(cutoff));
  if (!Number.isFinite(x) || x < box.left || x > box.right) return null;
  const late = x > (box.left + box.right) / 2;
  return s(
    'g',
    { class: 'cutoff' },
    s('line', { x1: x, x2: x, y1: box.top, y2: box.bottom }),
    label
      ? s(
          'text',
          { x: x + (late ? -5 : 5), y: box.top + 9, 'text-anchor': late ? 'end' : 'start' },
          label,
        )
      : null,
  );
}

type Edges = { low: readonly number[]; high: readonly number[] };

/** The outline between two edges over the days; days without both are left out. */
export function bandPath(days: readonly number[], edges: Edges, x: Scale, y: Scale): string {
  const drawn = area<number>()
    .defined((_, index) => Number.isFinite(edges.low[index]) && Number.isFinite(edges.high[index]))
    .x((day) => x(day))
    .y0((_, index) => y(edges.low[index] ?? 0))
    .y1((_, index) => y(edges.high[index] ?? 0));
  return drawn([...days]) ?? '';
}

export function linePath(
  days: readonly number[],
  values: readonly number[],
  x: Scale,
  y: Scale,
): string {
  const drawn = line<number>()
    .defined((_, index) => Number.isFinite(values[index]))
    .x((day) => x(day))
    .y((_, index) => y(values[index] ?? 0));
  return drawn([...days]) ?? '';
}

/** The 80 % band, the 50 % band where there is one, and the median. */
export function bands(
  days: readonly number[],
  series: Series & { p25?: number[]; p75?: number[] },
  x: Scale,
  y: Scale,
): Child[] {
  const { p25, p75 } = series;
  const single = days.length === 1 ? x(days[0] ?? 0) : null;
  if (single !== null) {
    // One moment alone has no area; it is an upright bar.
    const bar = (low = 0, high = 0, name = '') =>
      s('line', { class: name, x1: single, x2: single, y1: y(low), y2: y(high) });
    return [
      bar(series.p10[0], series.p90[0], 'bar outer'),
      p25 && p75 ? bar(p25[0], p75[0], 'bar inner') : null,
      s('circle', { class: 'median-dot', cx: single, cy: y(series.p50[0] ?? 0), r: 3 }),
    ];
  }
  return [
    s('path', {
      class: 'band outer',
      d: bandPath(days, { low: series.p10, high: series.p90 }, x, y),
    }),
    p25 && p75
      ? s('path', { class: 'band inner', d: bandPath(days, { low: p25, high: p75 }, x, y) })
      : null,
    s('path', { class: 'median', d: linePath(days, series.p50, x, y) }),
  ];
}

/** The largest number of several lists; 0 where there is none. */
export function largest(...lists: readonly (readonly number[] | undefined)[]): number {
  let most = 0;
  for (const list of lists) {
    for (const value of list ?? []) if (Number.isFinite(value) && value > most) most = value;
  }
  return most;
}
