/** The map's key, inside the picture so that a saved file carries it. */

import { type Child, s } from '../dom';
import { digits } from '../format';
import { textWidth } from '../labels';
import { mark } from './base';
import { spine, taper } from './taper';

export interface Entry {
  width: number;
  draw: (x: number, y: number) => Child;
}

const LINE = 24;

export function words(text: string, x: number, y: number): SVGElement {
  return s('text', { x, y, dy: '0.35em', class: 'key' }, text);
}

export interface LegendOptions {
  width: number;
  top: number;
  cohorts: readonly { id: string; name: string }[];
  scale: (count: number) => number;
  most: number;
}

/** Counts whose width the key shows: powers of ten up to the largest on the map. */
function sizes(most: number): number[] {
  if (most < 2) return [];
  const top = Math.max(Math.floor(Math.log10(Math.max(most, 1))), 0);
  const powers = [10 ** (top - 2), 10 ** (top - 1), 10 ** top];
  return powers.filter((count) => count >= Math.min(10, 10 ** top));
}

/** Cohort colours, widths, the halo and the marks, in as many lines as they need. */
export function legend(options: LegendOptions): { element: SVGElement; height: number } {
  const { cohorts, scale, most } = options;
  const entries: Entry[] = cohorts.map((cohort) => ({
    width: 22 + textWidth(cohort.name),
    draw: (x, y) => [
      s('rect', { class: `flow-core ${cohort.id}`, x, y: y - 5, width: 14, height: 10, rx: 1.5 }),
      words(cohort.name, x + 20, y),
    ],
  }));
  const example = (x: number, y: number, core: number, halo: number) => {
    const line = spine([x, y], [x + 44, y], 0);
    return [
      s('path', { class: 'key-halo', d: taper(line, halo) }),
      s('path', { class: 'key-core', d: taper(line, core) }),
    ];
  };
  for (const count of sizes(most)) {
    const label = count === 1 ? '1 person' : `${digits(count)} people`;
    entries.push({
      width: 52 + textWidth(label),
      draw: (x, y) => [example(x, y, Math.min(scale(count), 20), 0), words(label, x + 50, y)],
    });
  }
  const halo = 'median, and pale up to the 90th percentile';
  entries.push({
    width: 52 + textWidth(halo),
    draw: (x, y) => [example(x, y, 7, 15), words(halo, x + 50, y)],
  });
  const kinds = { sanctuary: 'sanctuary', theatre: 'theatre', origin: 'home country' } as const;
  for (const [kind, label] of Object.entries(kinds)) {
    entries.push({
      width: 16 + textWidth(label),
      draw: (x, y) => [
        s('g', { transform: `translate(${x + 5},${y})` }, mark(kind as keyof typeof kinds)),
        words(label, x + 14, y),
      ],
    });
  }
  return keyOf(entries, options.width, options.top);
}

/** Entries of a key, in as many lines as they need. */
export function keyOf(
  entries: readonly Entry[],
  width: number,
  top: number,
): { element: SVGElement; height: number } {
  let x = 0;
  let y = top + LINE / 2;
  const drawn = entries.map((entry) => {
    if (x > 0 && x + entry.width > width) {
      x = 0;
      y += LINE;
    }
    const element = entry.draw(x, y);
    x += entry.width + 18;
    return element;
  });
  const element = s('g', { class: 'map-key' }, drawn);
  return { element, height: y + LINE / 2 - top };
}
