/** The map as one drawing: made once for a choice, then brought to each month by changing outlines and counts. */

import type { Context } from '../context';
import type { Flow, Place } from '../document';
import { picture, s } from '../dom';
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
import type { View } from '../state';
import { land, markKind, marks } from './base';
import { flowKey } from './flows';
import { legend } from './legend';
import { type MapFrame, mapFrame } from './projection';
import { disc, type Spine, spine, taper } from './taper';

/** Flows shorter than this are circles: there is no room for a curve. */
const SHORT = 16;

const BENDS: Record<string, number> = {
  returned: 0.14,
  elsewhere: -0.16,
  third_country: -0.26,
  underground: 0.22,
  resurgent: -0.22,
};

interface Drawn {
  flow: Flow;
  spine: Spine | null;
  at: Point;
  group: SVGGElement;
  halo: SVGPathElement;
  core: SVGPathElement;
}

interface DrawnLabel {
  element: SVGTextElement;
  counts: { flow: Flow; span: SVGTSpanElement }[];
}

export interface MapPicture {
  svg: SVGSVGElement;
  /** Shows a month, counted from the cut-off. */
  update(month: number): void;
  /** Brings one flow out, or none. */
  light(key: string | null): void;
  /** Flows that end outside the frame. */
  beyond: Flow[];
  /** Flows whose end has no known position. */
  unplaced: Flow[];
}

export interface MapOptions {
  context: Context;
  view: View;
  flows: Flow[];
  width: number;
  /** Counts are printed from here on; null leaves it to the room there is. */
  threshold: number | null;
  onFlow(flow: Flow | null): void;
  onPlace(place: Place | null): void;
}

const most = (values: readonly number[]) => values.reduce((a, b) => Math.max(a, b), 0);
const cssCohort = (cohort: string) => cohort.replace('_', '-');

export function mapPicture(options: MapOptions): MapPicture {
  const { context, view, width } = options;
  const { doc } = context;
  const frame = mapFrame(doc, view.area, width);
  const centre = doc.map.centre;
  const start = centre && frame.point(centre.lon, centre.lat);
  const target = (flow: Flow) => {
    const end = flow.fate === 'returned' ? context.origin(flow.to) : context.place(flow.to);
    return end ? frame.point(end.lon, end.lat) : null;
  };
  const largest = Math.max(...options.flows.map((flow) => most(flow.p90)), 1);
  const widest = Math.min(Math.max(width / 30, 13), view.area === 'region' ? 44 : 32);
  const scale = (count: number) =>
    count < 0.5 ? 0 : Math.max(0.7, widest * Math.sqrt(count / largest));

  const unplaced: Flow[] = [];
  const drawn: Drawn[] = [];
  // The thickest last, so that the main flows stand whole.
  for (const flow of [...options.flows].sort((a, b) => most(a.p50) - most(b.p50))) {
    const at = target(flow);
    if (!at) {
      unplaced.push(flow);
      continue;
    }
    const far = start && Math.hypot(at[0] - start[0], at[1] - start[1]) >= SHORT;
    const cohort = cssCohort(flow.cohort);
    const halo = s('path', { class: `flow-halo ${cohort}` });
    const core = s('path', { class: `flow-core ${cohort}` });
    const group = s(
      'g',
      {
        class: 'flow',
        onpointerenter: () => options.onFlow(flow),
        onpointerleave: () => options.onFlow(null),
      },
      halo,
      core,
    );
    const line = far ? spine(start, at, BENDS[flow.fate] ?? 0.15) : null;
    drawn.push({ flow, at, group, halo, core, spine: line });
  }
  const inside = ([x, y]: Point) => x >= 0 && x <= width && y >= 0 && y <= frame.height;
  // In the close-up, what leads away stays behind what stays near.
  for (const item of drawn) item.group.classList.toggle('away', !inside(item.at));
  const labels = mapLabels(options, frame, drawn, start, inside);
  const key = legend({
    width,
    top: frame.height + 8,
    cohorts: doc.cohorts
      .filter((cohort) => view.cohort === 'all' || cohort.id === view.cohort)
      .map((cohort) => ({ id: cssCohort(cohort.id), name: cohort.name })),
    scale,
    most: largest,
  });
  const home = new Set(
    doc.places.filter((place) => place.home).map((place) => place.country ?? ''),
  );
  const clip = s('clipPath', { id: 'map-clip' }, s('rect', { width, height: frame.height }));
  const svg = picture(
    width,
    Math.ceil(frame.height + 8 + key.height),
    `Map of flows from ${centre?.name ?? 'the home theatre'}`,
    'Curves run from the lost territory to where people are; thick where they leave, thin where they arrive. The table below the picture gives every number.',
    s('defs', {}, clip),
    s(
      'g',
      { 'clip-path': 'url(#map-clip)' },
      land(context.world, home, frame),
      s(
        'g',
        { class: 'flows' },
        drawn.map((item) => item.group),
      ),
      s('g', { class: 'marks' }, marks(context, frame, view.from, options.onPlace)),
    ),
    s(
      'g',
      { class: 'map-labels' },
      labels.still,
      labels.counted.map((label) => label.element),
    ),
    key.element,
  );
  svg.classList.add('map');

  return {
    svg,
    unplaced,
    beyond: drawn.filter((item) => !inside(item.at)).map((item) => item.flow),
    update(month) {
      for (const { flow, spine: line, at, group, halo, core } of drawn) {
        const outer = scale(flow.p90[month] ?? 0);
        const inner = scale(flow.p50[month] ?? 0);
        group.toggleAttribute('hidden', outer === 0);
        halo.setAttribute('d', line ? taper(line, outer) : disc(at, outer));
        core.setAttribute('d', line ? taper(line, inner) : disc(at, inner));
      }
      const least = options.threshold ?? 0.5;
      for (const { element, counts } of labels.counted) {
        let any = false;
        let before = '';
        for (const { flow, span } of counts) {
          const count = flow.p50[month] ?? 0;
          span.textContent = count < 0.5 ? '' : `${before} ${number(count)}`;
          if (count >= 0.5) before = ' ·';
          any ||= count >= least;
        }
        element.toggleAttribute('hidden', !any);
      }
    },
    light(lit) {
      svg.classList.toggle('lit', lit !== null);
      for (const { flow, group } of drawn) group.classList.toggle('lit', flowKey(flow) === lit);
    },
  };
}

/** Names and counts where they find room: the home theatre, the largest ends, then the other theatres. */
function mapLabels(
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
  const ranked = [...ends.entries()]
    .filter(([, items]) => peak(items) >= (threshold ?? 3))
    .sort((a, b) => peak(b[1]) - peak(a[1]))
    .slice(0, threshold === null ? (small ? 7 : 18) : 60);
  const labels: Label[] = [];
  const add = (at: Point, width: number, away: Point | null) =>
    labels.push({ at, width, height: size + 3, away });

  const centreName = doc.map.centre?.name ?? '';
  if (start && centreName && view.area === 'world')
    add(start, textWidth(centreName, size, 600), null);
  const offset = labels.length;
  const named = ranked.map(([to, items]) => {
    const name = fitted(context.nameOf(to), small ? 96 : 170, size);
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
  const bare = doc.places.flatMap((place) => {
    if (markKind(place) === 'place' || ends.has(place.id) || (small && view.area !== 'region'))
      return [];
    if (place.home && view.area !== 'region') return [];
    const at = frame.point(place.lon, place.lat);
    if (!at || !inside(at)) return [];
    const name = fitted(place.name, 150, size);
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
      const bySize = [...end.items].sort((a, b) => most(b.flow.p50) - most(a.flow.p50));
      const counts = bySize.map(({ flow }) => ({
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
