/** A fan chart: 80 and 50 % bands, median, cut-off line, what would be published, and the evidence. */

import {
  bands,
  countScale,
  cutoffLine,
  largest,
  linePath,
  type Scale,
  sideAxis,
  timeScale,
  yearAxis,
} from './axis';
import type { Figure, Ledger, Series } from './document';
import { type Child, s } from './dom';
import { dots } from './evidence';
import { dayNumber, digits } from './format';

export interface FanOptions {
  width: number;
  height: number;
  /** ISO days the series run over. */
  instants: readonly string[];
  ahead: number;
  cutoff: string;
  series: Series & { p25?: number[]; p75?: number[] };
  /** What the national series would publish, over instants[ahead..]. */
  published?: Series | undefined;
  figures: readonly Figure[];
  ledger?: Ledger;
  /** The colour of the quantity, a CSS colour. */
  colour: string;
  label: string;
  description: string;
  /** The top of the side axis; that of its own numbers if not given. */
  most?: number | undefined;
  /** Large pictures name the cut-off and have more values at the side. */
  large?: boolean;
  onShow?: (figure: Figure, anchor: Element) => void;
  onHide?: () => void;
  /** What else is drawn, between the bands and the dots. */
  more?: (x: Scale, y: Scale) => Child;
}

/** The highest number a fan shows, for scales that are shared. */
export function fanTop(options: Pick<FanOptions, 'series' | 'published' | 'figures'>): number {
  return largest(
    options.series.p90,
    options.published?.p90,
    options.figures.flatMap((figure) => [figure.low ?? 0, figure.high ?? 0]),
  );
}

export function fan(options: FanOptions): SVGSVGElement {
  const { width, height, instants, series, published, large = false } = options;
  const ticks = large ? 5 : 3;
  const days = instants.map(dayNumber);
  const most = options.most ?? fanTop(options);
  const bottom = height - (large ? 26 : 20);
  const top = large ? 14 : 8;
  const y = countScale(most, bottom, top, ticks);
  const longest = digits(y.domain()[1] ?? 0).length;
  const box = {
    left: Math.max(large ? 44 : 26, longest * (large ? 7 : 6.2) + 8),
    right: width - (large ? 12 : 6),
    top,
    bottom,
  };
  const x = timeScale(days, box.left, box.right);
  const aheadDays = days.slice(options.ahead);
  return s(
    'svg',
    {
      class: large ? 'fan large' : 'fan',
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      style: `--series: ${options.colour}`,
      role: 'group',
      'aria-label': options.label,
    },
    s('desc', {}, options.description),
    sideAxis(y, box, { ticks }),
    yearAxis(x, box, large ? 44 : 36),
    bands(days, series, x, y),
    published && published.p10.length > 1
      ? [published.p10, published.p90].map((edge) =>
          s('path', { class: 'published', d: linePath(aheadDays, edge, x, y) }),
        )
      : null,
    options.more?.(x, y),
    cutoffLine(x, box, options.cutoff, large ? 'cut-off' : undefined),
    dots({
      figures: options.figures,
      ledger: options.ledger ?? { figures: [], sources: {}, disagreements: [] },
      x,
      y,
      box,
      ...(options.onShow ? { onShow: options.onShow } : {}),
      ...(options.onHide ? { onHide: options.onHide } : {}),
    }),
  );
}
