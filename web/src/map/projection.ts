/** The map's two frames: the world as far as the data goes, and the home theatre with its neighbours. */

import { type GeoProjection, geoEqualEarth } from 'd3-geo';
import type { ReportDocument } from '../document';
import type { Point } from '../labels';
import type { View } from '../state';

export interface MapFrame {
  projection: GeoProjection;
  width: number;
  height: number;
  /** Where a place lies in the picture; null if it has no position. */
  point(lon: number | null, lat: number | null): Point | null;
}

export interface Bounds {
  west: number;
  east: number;
  south: number;
  north: number;
}

type Located = { lon: number | null; lat: number | null };

export function boundsOf(items: readonly Located[], lonPad: number, latPad: number): Bounds | null {
  const lons: number[] = [];
  const lats: number[] = [];
  for (const { lon, lat } of items) {
    if (lon === null || lat === null || !Number.isFinite(lon) || !Number.isFinite(lat)) continue;
    lons.push(lon);
    lats.push(lat);
  }
  if (!lons.length) return null;
  return {
    west: Math.max(Math.min(...lons) - lonPad, -180),
    east: Math.min(Math.max(...lons) + lonPad, 180),
    south: Math.max(Math.min(...lats) - latPad, -56),
    north: Math.min(Math.max(...lats) + latPad, 78),
  };
}

const WORLD: Bounds = { west: -130, east: 160, south: -45, north: 70 };

/** The value below which a share of the weight lies. */
function quantile(items: readonly { at: number; weight: number }[], share: number): number {
  const sorted = [...items].sort((a, b) => a.at - b.at);
  let left = share * sorted.reduce((sum, item) => sum + item.weight, 0);
  for (const { at, weight } of sorted) {
    left -= weight;
    if (left <= 0) return at;
  }
  return sorted.at(-1)?.at ?? 0;
}

/** Where most people go: the middle of all ends, weighted by how many are there at the end. */
function mostEnds(doc: ReportDocument): Located[] {
  const where = new Map<string, Located>([...doc.places, ...doc.origins].map((x) => [x.id, x]));
  const lons: { at: number; weight: number }[] = [];
  const lats: { at: number; weight: number }[] = [];
  for (const flow of doc.map.flows) {
    const end = where.get(flow.to);
    if (flow.stratum !== 'all' || end?.lon == null || end.lat == null) continue;
    const weight = flow.mean.at(-1) ?? 0;
    lons.push({ at: end.lon, weight });
    lats.push({ at: end.lat, weight });
  }
  if (!lons.length) return [];
  const corner = (share: number) => ({ lon: quantile(lons, share), lat: quantile(lats, share) });
  return [corner(0.02), corner(0.98)];
}

/** The part of the world that a view shows. */
export function mapBounds(doc: ReportDocument, area: View['area']): Bounds {
  const centre = doc.map.centre ? [doc.map.centre] : [];
  if (area === 'region') {
    const home = doc.places.filter((place) => place.home);
    const bounds = boundsOf([...home, ...centre], 7, 4.5);
    if (bounds) return bounds;
  }
  if (area === 'near') {
    const bounds = boundsOf([...mostEnds(doc), ...centre], 6, 5);
    if (bounds) return bounds;
  }
  const shown = [...centre, ...doc.places, ...doc.origins];
  return boundsOf(shown, 9, 8) ?? WORLD;
}

/** A grid of points over the bounds: fitting it fits the area, whatever way round a polygon would run. */
function grid({ west, east, south, north }: Bounds): {
  type: 'MultiPoint';
  coordinates: [number, number][];
} {
  const coordinates: [number, number][] = [];
  for (let i = 0; i <= 12; i += 1) {
    for (let j = 0; j <= 8; j += 1) {
      coordinates.push([west + ((east - west) * i) / 12, south + ((north - south) * j) / 8]);
    }
  }
  return { type: 'MultiPoint', coordinates };
}

/** An equal-area projection that fills the width with the area a view shows. */
export function mapFrame(doc: ReportDocument, area: View['area'], width: number): MapFrame {
  return frameOf(mapBounds(doc, area), width, width < 520 ? 0.8 : 0.62);
}

/** The same for any area; `tallest` is the greatest height, of the width. */
export function frameOf(bounds: Bounds, width: number, tallest: number): MapFrame {
  const wide = bounds.east - bounds.west > 170;
  // Centred near 11° east, the edge of the world runs through the Bering Strait and cuts no land.
  const rotate: [number, number] = [wide ? -11 : -(bounds.west + bounds.east) / 2, 0];
  const projection = geoEqualEarth().rotate(rotate);
  const points = grid(bounds);
  projection.fitWidth(1000, points);
  const ys = points.coordinates.map((at) => projection(at)?.[1] ?? 0);
  const ratio = (Math.max(...ys) - Math.min(...ys)) / 1000;
  const height = Math.round(width * Math.min(Math.max(ratio, 0.46), tallest));
  projection.fitExtent(
    [
      [0, 0],
      [width, height],
    ],
    points,
  );
  projection.clipExtent([
    [-2, -2],
    [width + 2, height + 2],
  ]);
  return {
    projection,
    width,
    height,
    point(lon, lat) {
      if (lon === null || lat === null || !Number.isFinite(lon) || !Number.isFinite(lat))
        return null;
      // Points are not clipped: a curve may leave the frame.
      const clip = projection.clipExtent();
      projection.clipExtent(null);
      const at = projection([lon, lat]);
      projection.clipExtent(clip);
      return at;
    },
  };
}
