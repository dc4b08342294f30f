/** The share of each fate over time: one small picture a fate, on one scale or each on its own. */

import {
  type Box,
  bands,
  cutoffLine,
  largest,
  type Scale,
  sideAxis,
  timeScale,
  yearAxis,
} from '../axis';
import type { Context } from '../context';
import type { Fate, Series } from '../document';
import { picture, s } from '../dom';
import { at, dayNumber, shareCell } from '../format';
import { fitted } from '../labels';
import { scaleLinear } from '../scale';
import { fateColour } from './graph';

const HEIGHT = 148;
const GAP = 22;

export interface SharesPicture {
  svg: SVGSVGElement;
  /** Marks an instant in every panel and prints its shares. */
  update(instant: number): void;
}

export interface SharesOptions {
  context: Context;
  shares: Record<string, Series>;
  width: number;
  own: boolean;
  title: string;
}

/** Shares that never get above this would be flat lines on a common scale. */
const FLAT = 0.03;

/** The fates drawn, and those said in words instead since on this scale there is nothing to see. */
export function drawnFates(
  { doc }: Context,
  shares: Record<string, Series>,
  own: boolean,
): { drawn: Fate[]; flat: Fate[] } {
  const all = doc.fates.filter((fate) => fate.id in shares);
  const isFlat = (fate: Fate) => !own && largest(shares[fate.id]?.p90) < FLAT;
  const drawn = all.filter((fate) => !isFlat(fate));
  return drawn.length ? { drawn, flat: all.filter(isFlat) } : { drawn: all, flat: [] };
}

/** The next round share at or above what is drawn. */
function top(share: number): number {
  return [0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.4, 0.5, 0.6, 0.8].find((end) => share <= end) ?? 1;
}

const shareText = (value: number) => `${Number((value * 100).toFixed(1))} %`;

export function sharesPicture(options: SharesOptions): SharesPicture {
  const { context, shares, width, own } = options;
  const { doc } = context;
  const days = doc.instants.map(dayNumber);
  const fates = drawnFates(context, shares, own).drawn;
  const columns = Math.min(Math.max(Math.floor((width + GAP) / 250), width < 300 ? 1 : 2), 4);
  const panel = (width - GAP * (columns - 1)) / columns;
  const rows = Math.ceil(fates.length / columns);
  const common = top(Math.max(...fates.map((fate) => largest(shares[fate.id]?.p90)), 0));
  const marks: { line: SVGLineElement; text: SVGTSpanElement; series: Series; x: Scale }[] = [];

  const panels = fates.map((fate, index) => {
    const series = shares[fate.id] as Series;
    const box: Box = { left: 38, right: panel - 6, top: 42, bottom: HEIGHT - 20 };
    const x = timeScale(days, box.left, box.right);
    const most = own ? top(largest(series.p90)) : common;
    const y = scaleLinear([0, most], [box.bottom, box.top]);
    const line = s('line', { class: 'now', y1: box.top, y2: box.bottom });
    const text = s('tspan');
    marks.push({ line, text, series, x });
    const left = (index % columns) * (panel + GAP);
    const down = Math.floor(index / columns) * (HEIGHT + GAP);
    return s(
      'g',
      { transform: `translate(${left},${down})`, style: `--series: ${fateColour(fate.id)}` },
      s('rect', {
        x: 0,
        y: 5,
        width: 10,
        height: 10,
        rx: 1.5,
        style: `fill: ${fateColour(fate.id)}`,
      }),
      s('text', { class: 'panel-title', x: 16, y: 14 }, fitted(fate.name, panel - 18, 13, 600)),
      s('text', { class: 'panel-share', x: 16, y: 31 }, text),
      sideAxis(y, box, { ticks: 2, format: shareText, whole: false }),
      yearAxis(x, box, 42),
      bands(days, series, x, y),
      cutoffLine(x, box, doc.meta.cutoff),
      line,
    );
  });
  const svg = picture(
    width,
    Math.max(rows * (HEIGHT + GAP) - GAP, 20),
    options.title,
    'One panel a fate: the median share of those who ever joined, with its 80 % band, over time; an upright line marks the cut-off. The table below the picture gives every number.',
    panels,
  );
  svg.classList.add('shares');
  return {
    svg,
    update(instant) {
      const day = days[instant] ?? 0;
      for (const { line, text, series, x } of marks) {
        line.setAttribute('x1', String(x(day)));
        line.setAttribute('x2', String(x(day)));
        line.toggleAttribute('hidden', instant >= days.length - 1);
        text.textContent = shareCell(at(series, instant));
      }
    },
  };
}
