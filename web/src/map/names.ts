/** Names and printed counts on the map. */

import type { Flow } from '../document';
import { s } from '../dom';
import { number } from '../format';
import {
  fitted,
  isolated,
  type Label,
  type Placed,
  type Point,
  placeLabels,
  textWidth,
} from '../labels';
import { markKind } from './base';
import type { Drawn, MapOptions } from './picture';
import type { MapFrame } from './projection';

export interface DrawnLabel {
  element: SVGTextElement;
  counts: { flow: Flow; span: SVGTSpanElement }[];
}

/** The largest number of a list; 0 for an empty one. */
export const most = (values: readonly number[]): number =>
  values.reduce((a, b) => Math.max(a, b), 0);

/** A cohort's name as style sheets spell it. */
export const cssCohort = (cohort: string): string => cohort.replace('_', '-');

/** Names and counts where they find room: the home theatre, the largest ends, then the other theatres. */
export function mapLabels(
  { context, view, threshold }: MapOptions,
  frame: MapFrame,
  drawn: readonly Drawn[],
  start: Point | null,
  inside: (at: Point) => boolean,
): { still: SVGElement[]; counted: DrawnLabel[] } {
  const { doc } = context;
  const small = frame.width < 520;
  const size = small ? 11 : 12;
  const ends = new Map<string, Drawn[]>();
  for (const item of drawn) {
    // What lies within the home theatre is too close together for names, but for the close-up.
    const near = view.area !== 'region' && context.place(item.flow.to)?.home;
    if (near || !inside(item.at)) continue;
    ends.set(item.flow.to, [...(ends.get(item.flow.to) ?? []), item]);
  }
  const peak = (items: readonly Drawn[]) => most(items.map((item) => most(item.flow.p50)));
  const bySize = [...ends.entries()].sort((a, b) => peak(b[1]) - peak(a[1]));
  const main = bySize
    .filter(([, items]) => peak(items) >= (threshold ?? 3))
    .slice(0, threshold === null ? (small ? 7 : 18) : 60);
  // The next theatres are what many ask for, however few go there.
  const isTheatre = (id: string) => context.place(id)?.roles.includes('theatre') ?? false;
  const theatres = bySize.filter(
    ([to, items]) => isTheatre(to) && peak(items) >= 0.5 && !main.some(([id]) => id === to),
  );
  const ranked = threshold === null && !small ? [...main, ...theatres] : main;
  const labels: Label[] = [];
  const add = (at: Point, width: number, away: Point | null) =>
    labels.push({ at, width, height: size + 3, away });

  const centreName = doc.map.centre?.name ?? '';
  if (start && centreName && view.area === 'world')
    add(start, textWidth(centreName, size, 600), null);
  const offset = labels.length;
  const named = ranked.map(([to, items]) => {
    // A small map leaves out what a name has in brackets rather than cutting the name.
    const full = context.nameOf(to);
    const name = fitted(small ? full.replace(/ \(.*\)$/, '') : full, small ? 150 : 190, size);
    const widest = items.reduce((sum, { flow }) => {
      const texts = [most(flow.p50), flow.p50.at(-1) ?? 0].map(number);
      return (
        sum +
        Math.max(
          ...texts.map((text) => textWidth(`${items.length > 1 ? ' ·' : ''} ${text}`, size, 600)),
        )
      );
    }, 0);
    add(items[0]?.at ?? [0, 0], textWidth(name, size) + widest, start);
    return { name, items };
  });
  const counts = new Set(ranked.map(([to]) => to));
  const bare = doc.places.flatMap((place) => {
    if (markKind(place) === 'place' || counts.has(place.id)) return [];
    if ((place.home || small) && view.area !== 'region') return [];
    const at = frame.point(place.lon, place.lat);
    if (!at || !inside(at)) return [];
    const name = fitted(place.name, 190, size);
    add(at, textWidth(name, size), start);
    return [name];
  });

  const edge = { x0: 2, y0: 2, x1: frame.width - 2, y1: frame.height - 2 };
  const taken = doc.places.flatMap((place) => {
    const at = markKind(place) === 'place' ? null : frame.point(place.lon, place.lat);
    return at ? [{ x0: at[0] - 4, x1: at[0] + 4, y0: at[1] - 4, y1: at[1] + 4 }] : [];
  });
  const placed = placeLabels(labels, edge, taken);
  const text = (spot: Placed, ...content: (string | SVGElement)[]) =>
    s('text', { x: spot.x, y: spot.y, dy: '0.35em', style: `font-size: ${size}px` }, ...content);
  const still: SVGElement[] = [];
  const counted: DrawnLabel[] = [];
  placed.forEach((spot, index) => {
    if (!spot) return;
    const end = named[index - offset];
    if (index < offset) {
      const element = text(spot, centreName);
      element.classList.add('centre-name');
      still.push(element);
    } else if (end) {
      const largestFirst = [...end.items].sort((a, b) => most(b.flow.p50) - most(a.flow.p50));
      const counts = largestFirst.map(({ flow }) => ({
        flow,
        span: s('tspan', { class: `count ${cssCohort(flow.cohort)}` }),
      }));
      const element = text(spot, isolated(end.name), ...counts.map((count) => count.span));
      counted.push({ element, counts });
    } else {
      const element = text(spot, bare[index - offset - named.length] ?? '');
      element.classList.add('bare');
      still.push(element);
    }
  });
  return { still, counted };
}
