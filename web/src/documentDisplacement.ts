/** The part of a document about displacement: camps by day, and what lies around them. */

export interface CampPlace {
  name: string;
  lon: number;
  lat: number;
  camp: boolean;
  /** First and last instants of the times in which people flee from here. */
  conflict: [number, number][];
}

export interface Camp {
  name: string;
  country: string;
  /** Index into the places of the map; null without a position. */
  place: number | null;
  /** Median or expected count over instants[ahead..]. */
  middle: number[];
  /** Quantiles of draws; null for expected counts. */
  spread: { p10: number[]; p25: number[]; p50: number[]; p75: number[]; p90: number[] } | null;
  /** The folder's figures and the lines between them, over all instants. */
  counted: number[];
  /** Flee's rules without capacities, over all instants. */
  beside: number[] | null;
  figures: { date: string; count: number; known: boolean }[];
}

export interface CampError {
  name: string;
  rescaled: number;
  normal: number;
  crps: number | null;
  /** Fed the answer: by capacities that are the highest counts. */
  fed: boolean;
  own: boolean;
}

export interface Displacement {
  rules: 'flee' | 'dispersal';
  findings: { camps: string; errors: string };
  /** Null where the folder gives no coordinates. */
  map: {
    home: string[];
    centre: { lon: number; lat: number };
    places: CampPlace[];
    roads: [number, number][];
  } | null;
  /** In words, what has no position. */
  missing: string | null;
  camps: Camp[];
  errors: CampError[];
  coverage: { level: number; share: number }[];
  notes: string[];
}
