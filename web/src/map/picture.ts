/** The map as one drawing: made once for a choice, then brought to each month by changing outlines and counts. */

import type { Context } from '../context';
import type { Flow, Place } from '../document';
import { picture, s } from '../dom';
import { number } from '../format';
import type { Point } from '../labels';
import type { View } from '../state';
import { land, marks } from './base';
import { flowKey } from './flows';
import { legend } from './legend';
import { cssCohort, mapLabels, most } from './names';
import { mapFrame } from './projection';
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

/** A flow with its place in the picture. */
export interface Drawn {
  flow: Flow;
  spine: Spine | null;
  at: Point;
  group: SVGGElement;
  halo: SVGPathElement;
  core: SVGPathElement;
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
