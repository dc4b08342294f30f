/** The still part of the map: land, home theatre, borders, and the marks of places. */

import { geoPath } from 'd3-geo';
import { feature, merge, mesh } from 'topojson-client';
import type { GeometryCollection, MultiPolygon, Polygon, Topology } from 'topojson-specification';
import type { Context } from '../context';
import type { Place } from '../document';
import { type Child, s } from '../dom';
import type { MapFrame } from './projection';

type Countries = GeometryCollection<{ a3?: string; name?: string }>;

/** Land in one tone, the countries of the home theatre in a darker one, thin borders. */
export function land(world: Topology | null, home: ReadonlySet<string>, frame: MapFrame): Child {
  const countries = world?.objects.countries as Countries | undefined;
  if (!world || !countries) return null;
  const path = geoPath(frame.projection).digits(1);
  const shapes = countries.geometries as ((Polygon | MultiPolygon) & {
    properties?: { a3?: string };
  })[];
  const inHome = shapes.filter((shape) => home.has(shape.properties?.a3 ?? ''));
  return [
    s('path', { class: 'land', d: path(feature(world, countries)) }),
    inHome.length ? s('path', { class: 'land-home', d: path(merge(world, inHome)) }) : null,
    s('path', { class: 'borders', d: path(mesh(world, countries, (a, b) => a !== b)) }),
  ];
}

/** What a place is on the map; the most telling of its roles. */
export function markKind(place: Place): 'theatre' | 'sanctuary' | 'place' {
  if (place.roles.includes('sanctuary')) return 'sanctuary';
  return place.roles.includes('theatre') ? 'theatre' : 'place';
}

/** The mark of a kind of place, around 0, 0. */
export function mark(kind: 'theatre' | 'sanctuary' | 'place' | 'origin'): SVGElement {
  if (kind === 'theatre') return s('path', { class: 'mark', d: 'M-4,0L0,-4L4,0L0,4Z' });
  if (kind === 'sanctuary') return s('path', { class: 'mark', d: 'M-4,3.2L0,-4L4,3.2Z' });
  return s('circle', { class: `mark ${kind}`, r: kind === 'origin' ? 1.7 : 2.2 });
}

/** The theatres and sanctuaries of the case, and where members come from. */
export function marks(
  context: Context,
  frame: MapFrame,
  from: string,
  onPlace: (place: Place | null) => void,
): Child {
  const { doc } = context;
  const single = context.origin(from);
  const origins = single
    ? [single]
    : doc.origins.filter((item) => from === 'all' || item.kind === from);
  const at = (item: { lon: number | null; lat: number | null }) => frame.point(item.lon, item.lat);
  return [
    origins.map((origin) => {
      const point = at(origin);
      return point && s('g', { transform: `translate(${point[0]},${point[1]})` }, mark('origin'));
    }),
    doc.places
      .filter((place) => markKind(place) !== 'place')
      .map((place) => {
        const point = at(place);
        return (
          point &&
          s(
            'g',
            {
              class: 'place',
              transform: `translate(${point[0]},${point[1]})`,
              onpointerenter: () => onPlace(place),
              onpointerleave: () => onPlace(null),
            },
            s('circle', { class: 'hit', r: 10 }),
            mark(markKind(place)),
          )
        );
      }),
  ];
}
