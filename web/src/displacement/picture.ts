/** The map of camps as one drawing: made once, then brought to each day by changing sizes and counts. */

import type { Context } from '../context';
import type { Camp } from '../document';
import { type Child, picture, s } from '../dom';
import { digits, number } from '../format';
import { fitted, isolated, type Point, placeLabels, textWidth } from '../labels';
import { land } from '../map/base';
import { type Entry, keyOf, words } from '../map/legend';
import { most } from '../map/names';
import { boundsOf, frameOf, type MapFrame } from '../map/projection';
import { spine, taper } from '../map/taper';
import { campsOf, ordered, peopleAt } from './camps';

const BEND = 0.16;
const DIAMOND = 'M-4,0L0,-4L4,0L0,4Z';

export interface CampPicture {
  svg: SVGSVGElement;
  /** Shows an instant. */
  update(instant: number): void;
  /** Brings one camp out, or none. */
  light(camp: Camp | null): void;
}

type CampMap = NonNullable<ReturnType<typeof campsOf>['map']>;

function frameOfCamps({ places }: CampMap, width: number): MapFrame {
  const span = (values: number[]) => Math.max(...values) - Math.min(...values);
  const extent = Math.max(span(places.map((at) => at.lon)), span(places.map((at) => at.lat)), 0.2);
  const bounds = boundsOf(places, 0.12 * extent, 0.1 * extent);
  if (!bounds) throw new Error('no place has a position');
  return frameOf(bounds, width, width < 520 ? 1.15 : 0.8);
}

export function campPicture(
  context: Context,
  map: CampMap,
  width: number,
  onCamp: (camp: Camp | null) => void,
): CampPicture {
  const { camps } = campsOf(context);
  const { doc } = context;
  const frame = frameOfCamps(map, width);
  const points = map.places.map((at): Point => frame.point(at.lon, at.lat) ?? [0, 0]);
  const start: Point = frame.point(map.centre.lon, map.centre.lat) ?? [0, 0];
  const highest = (camp: Camp) => most([...(camp.spread?.p90 ?? camp.middle), ...camp.counted]);
  const largest = Math.max(...camps.map(highest), 1);
  const radius = Math.min(Math.max(width / 30, 13), 30);
  const size = (count: number) => (count < 0.5 ? 0 : radius * Math.sqrt(count / largest));

  // The largest at the end of the period last, so that the main curves stand whole.
  const drawn = ordered(camps, (camps[0]?.middle.length ?? 1) - 1)
    .reverse()
    .flatMap((camp) => {
      const at = camp.place === null ? undefined : points[camp.place];
      if (!at) return [];
      const flow = s('path', { class: 'camp-flow' });
      const halo = s('circle', { class: 'camp-halo', cx: at[0], cy: at[1] });
      const core = s('circle', { class: 'camp-core', cx: at[0], cy: at[1] });
      const ring = s('circle', { class: 'camp-ring', cx: at[0], cy: at[1] });
      const group = s(
        'g',
        {
          class: 'flow camp',
          onpointerenter: () => onCamp(camp),
          onpointerleave: () => onCamp(null),
        },
        halo,
        core,
        ring,
        s('circle', { class: 'hit', cx: at[0], cy: at[1], r: 10 }),
      );
      return [{ camp, at, flow, halo, core, ring, group, line: spine(start, at, BEND) }];
    });

  const diamonds = map.places.flatMap((place, at) => {
    const [x, y] = points[at] ?? [0, 0];
    if (place.camp) return [];
    const fled = place.conflict.length > 0;
    const mark = fled
      ? s('path', { class: 'fled', d: DIAMOND })
      : s('circle', { class: 'town', r: 1.6 });
    return [{ place, element: s('g', { transform: `translate(${x},${y})` }, mark), mark }];
  });

  const labels = nameCamps(drawn, frame, start, size);
  const key = keyOf(entries(context, size, largest), width, frame.height + 8);
  const clip = s('clipPath', { id: 'map-clip' }, s('rect', { width, height: frame.height }));
  const svg = picture(
    width,
    Math.ceil(frame.height + 8 + key.height),
    `Map of camps of ${doc.meta.case}`,
    'Discs are people in camps, rings the counts; curves lead to camps from the middle of the places that people flee from. The table below the picture gives every number.',
    s('defs', {}, clip),
    s(
      'g',
      { 'clip-path': 'url(#map-clip)' },
      land(context.world, new Set(map.home), frame),
      s('path', { class: 'roads', d: roads(map, points) }),
      diamonds.map((each) => each.element),
      drawn.map((each) => each.flow),
      s('circle', { class: 'camp-core', cx: start[0], cy: start[1], r: 2.5 }),
      drawn.map((each) => each.group),
    ),
    s(
      'g',
      { class: 'map-labels' },
      labels.map((label) => label.element),
    ),
    key.element,
  );
  svg.classList.add('map');

  return {
    svg,
    update(instant) {
      for (const { camp, flow, halo, core, ring, line } of drawn) {
        const people = peopleAt(camp, instant - doc.ahead);
        flow.setAttribute('d', taper(line, 0.8 * size(people.p50)));
        halo.setAttribute('r', size(people.p90).toFixed(1));
        core.setAttribute('r', size(people.p50).toFixed(1));
        ring.setAttribute('r', size(camp.counted[instant] ?? 0).toFixed(1));
      }
      for (const { place, mark } of diamonds) {
        const now = place.conflict.some(([from, to]) => from <= instant && instant <= to);
        mark.classList.toggle('now', now);
      }
      for (const { camp, count } of labels) {
        const people = number(peopleAt(camp, instant - doc.ahead).p50);
        count.textContent = ` ${people} (${number(camp.counted[instant])})`;
      }
    },
    light(lit) {
      svg.classList.toggle('lit', lit !== null);
      for (const { camp, group } of drawn) group.classList.toggle('lit', camp === lit);
    },
  };
}

const roads = ({ roads: pairs }: CampMap, points: readonly Point[]): string =>
  pairs
    .map((pair) => `M${pair.map((at) => points[at]?.map((x) => x.toFixed(1)).join(',')).join('L')}`)
    .join('');

/** Names and counts where they find room, beside the circle as large as it gets; the largest camps first. */
function nameCamps(
  drawn: readonly { camp: Camp; at: Point }[],
  frame: MapFrame,
  start: Point,
  size: (count: number) => number,
) {
  const font = frame.width < 520 ? 11 : 12;
  const peak = (camp: Camp) => size(most([...camp.middle, ...camp.counted]));
  const taken = drawn.map(({ camp, at: [x, y] }) => {
    const half = Math.max(peak(camp) * 0.8, 3);
    return { x0: x - half, x1: x + half, y0: y - half, y1: y + half };
  });
  const named = [...drawn].reverse().map((each) => ({
    ...each,
    text: fitted(isolated(each.camp.name), 170, font),
  }));
  const spots = placeLabels(
    named.map(({ camp, at, text }) => {
      const counts = [camp.middle, camp.counted].map((list) => number(most(list)));
      const width = textWidth(text, font) + textWidth(` ${counts[0]} (${counts[1]})`, font, 600);
      return { at, width, height: font + 3, away: start, apart: peak(camp) };
    }),
    { x0: 2, y0: 2, x1: frame.width - 2, y1: frame.height - 2 },
    taken,
  );
  return named.flatMap(({ camp, text }, index) => {
    const spot = spots[index];
    if (!spot) return [];
    const count = s('tspan', { class: 'count' });
    const style = `font-size: ${font}px`;
    const place = { x: spot.x, y: spot.y, dy: '0.35em', style };
    return [{ camp, count, element: s('text', place, text, count) }];
  });
}

/** What the marks mean. */
function entries(context: Context, size: (count: number) => number, largest: number): Entry[] {
  const { camps, rules } = campsOf(context);
  let example = 10 ** Math.floor(Math.log10(largest));
  while (example > 1 && size(example) > 12) example /= 10;
  const entry = (text: string, mark: (x: number, y: number) => Child): Entry => ({
    width: 28 + textWidth(text),
    draw: (x, y) => [mark(x + 11, y), words(text, x + 26, y)],
  });
  const circle = (kind: string, r: number) => (cx: number, cy: number) =>
    s('circle', { class: kind, cx, cy, r });
  const diamond = (kind: string) => (x: number, y: number) =>
    s('path', { class: kind, d: DIAMOND, transform: `translate(${x},${y})` });
  const middle = rules === 'flee' ? 'expected' : 'median';
  return [
    entry(`${digits(example)} people (${middle})`, circle('camp-core', size(example))),
    ...(camps.some((camp) => camp.spread)
      ? [entry('90th percentile', circle('camp-halo', 10))]
      : []),
    entry('counted', circle('camp-ring', 8)),
    entry('people flee from here that day', diamond('fled now')),
    entry('only on other days', diamond('fled')),
    entry('road', (x, y) => s('path', { class: 'roads', d: `M${x - 9},${y}h20` })),
  ];
}
