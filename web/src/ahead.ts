/** A band over the months that the forecast looks ahead. */

import {
  bands,
  countScale,
  cutoffLine,
  largest,
  type Scale,
  sideAxis,
  timeScale,
  yearAxis,
} from './axis';
import type { Context } from './context';
import type { Series } from './document';
import { type Child, s } from './dom';
import { dayNumber, digits } from './format';

export interface AheadSize {
  width: number;
  height: number;
  most?: number | undefined;
  colour: string;
  label: string;
  large?: boolean;
  /** How the values at the side are written. */
  format?: (value: number) => string;
  /** Drawn over the band: a threshold, a name. */
  over?: (x: Scale, y: Scale) => Child;
}

/** A fan over the months ahead. A share runs to 1, a count to a round number above its band. */
export function aheadFan(
  context: Context,
  series: Series & { p25?: number[]; p75?: number[] },
  size: AheadSize,
): SVGSVGElement {
  const { doc } = context;
  const { width, height, large = false } = size;
  const share = size.format !== undefined;
  const ticks = large ? 4 : 3;
  const bottom = height - (large ? 24 : 20);
  const y = countScale(size.most ?? largest(series.p90), bottom, 8, ticks);
  const longest = (size.format ?? digits)(y.domain()[1] ?? 0).length;
  const box = {
    left: Math.max(26, longest * (large ? 7 : 6.2) + 8),
    right: width - 8,
    top: 8,
    bottom,
  };
  const days = doc.instants.slice(doc.ahead).map(dayNumber);
  const x = timeScale(days, box.left, box.right);
  return s(
    'svg',
    {
      class: large ? 'fan large' : 'fan',
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      style: `--series: ${size.colour}`,
      role: 'img',
      'aria-label': size.label,
    },
    sideAxis(y, box, { ticks, whole: !share, ...(size.format ? { format: size.format } : {}) }),
    yearAxis(x, box, 36),
    bands(days, series, x, y),
    cutoffLine(x, box, doc.meta.cutoff),
    size.over?.(x, y),
  );
}
