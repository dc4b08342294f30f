/** The map's two frames: the world as far as the data goes, and the home theatre with its neighbours. */

import { type GeoProjection, geoEqualEarth } from 'd3-geo';
import type { ReportDocument } from '../document';
import type { Point } from '../labels';

export interface MapFrame {
  projection: GeoProjection;
  width: number;
  height: number;
  /** Where a place lies in the picture; null if it has no position. */
  point(lon: number | null, lat: number | null): Point | null;
}

interface Bounds {
  west: number;
  east: number;
  south: number;
  north: number;
}

type Located = { lon: number | null; lat: number | null };

function boundsOf(items: readonly Located[], lonPad: number, latPad: number): Bounds | null {
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

/** The part of the world that a view shows. */
export function mapBounds(doc: ReportDocument, area: 'region' | 'world'): Bounds {
  const centre = doc.map.centre ? [doc.map.centre] : [];
  if (area === 'region') {
    const home = doc.places.filter((place) => place.home);
    const bounds = boundsOf([...home, ...centre], 7, 4.5);
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
export function mapFrame(doc: ReportDocument, area: 'region' | 'world', width: number): MapFrame {
  const bounds = mapBounds(doc, area);
  const wide = bounds.east - bounds.west > 170;
  // Centred near 11° east, the edge of the world runs through the Bering Strait and cuts no land.
  const rotate: [number, number] = [wide ? -11 : -(bounds.west + bounds.east) / 2, 0];
  const projection = geoEqualEarth().rotate(rotate);
  const points = grid(bounds);
  projection.fitWidth(1000, points);
  const ys = points.coordinates.map((at) => projection(at)?.[1] ?? 0);
  const ratio = (Math.max(...ys) - Math.min(...ys)) / 1000;
  const height = Math.round(width * Math.min(Math.max(ratio, 0.46), width < 520 ? 0.8 : 0.62));
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
