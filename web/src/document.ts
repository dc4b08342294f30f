/** The report document, format 2: what Python writes and this page draws. */

export type * from './documentDisplacement';
export type * from './documentRecord';
export type * from './documentWhatIf';

import type { Displacement } from './documentDisplacement';
import type { RecordData } from './documentRecord';
import type { WhatIf } from './documentWhatIf';

/** A list of objects as a table, which spares the file their keys. */
export interface Packed {
  columns: string[];
  rows: unknown[][];
}

/** Quantiles of one number. */
export interface Quantiles {
  p10: number;
  p50: number;
  p90: number;
}

/** One number at one moment. */
export interface Spread extends Quantiles {
  mean: number;
}

/** Quantiles that run over instants. */
export interface Series {
  p10: number[];
  p50: number[];
  p90: number[];
}

export interface MeanSeries extends Series {
  mean: number[];
}

/** As a series, with the quartiles. */
export interface WideSeries extends Series {
  p25: number[];
  p75: number[];
}

export interface Meta {
  case: string;
  question: string;
  group: string;
  case_hash: string;
  cutoff: string;
  until: string;
  seed: number | null;
  draws: number | null;
  versions: Record<string, string>;
  title: string;
  /** What made the numbers and the last line of figures, where they are no forecast of a case. */
  about?: string;
  source?: string;
}

export interface Named {
  id: string;
  name: string;
}

export type CohortId = 'holdouts' | 'free_agents' | 'returnees';

export interface Fate extends Named {
  cohort: CohortId | null;
}

export interface Place extends Named {
  country: string | null;
  lon: number | null;
  lat: number | null;
  roles: string[];
  /** Within the home theatre. */
  home: boolean;
  note: string | null;
}

export interface Origin extends Named {
  region: string;
  kind: 'foreign' | 'local';
  lon: number | null;
  lat: number | null;
}

export interface Flow extends MeanSeries {
  from: string;
  stratum: string;
  cohort: CohortId;
  fate: string;
  to: string;
}

export interface MapData {
  centre: { name: string; lon: number | null; lat: number | null } | null;
  flows: Flow[];
}

export interface SankeyLink {
  group: string;
  source: string;
  target: string;
  mean: number[];
  p10: number[];
  p90: number[];
}

export interface Country {
  origin: string;
  counts: Record<string, WideSeries>;
  published: Record<string, Series>;
  end: Record<string, Spread>;
  width: number | null;
  surprise: number | null;
}

export interface TheatreRow {
  place: string;
  name: string;
  arrived: Spread;
  present: Spread;
  probability_first: number | null;
  series: { arrived: Series; present: Series };
}

export interface Remnant {
  threshold: number;
  underground: Series;
  resurgent: Series;
  strength: Series;
  probability_above: number[];
}

export interface Host extends Named {
  place: string;
  kind: string;
  from: string | null;
  until: string | null;
  affinity: number | null;
  thaw_months: number | null;
  capacity_low: number | null;
  capacity_high: number | null;
  note: string | null;
  source: string | null;
  present: Spread | null;
  arrived: Spread | null;
}

export interface Ending {
  p10: string | null;
  p50: string | null;
  p90: string | null;
  within_period: number | null;
  modes: (Named & { probability: number })[];
}

export interface Theatres {
  table: TheatreRow[];
  remnant: Remnant | null;
  hosts: Host[];
  end: Ending | null;
}

export interface PlainTable {
  title: string;
  columns: string[];
  rows: (string | number | null)[][];
}

export interface Told {
  parameter: string;
  unit: string | null;
  meaning: string | null;
  source: string | null;
  fitted: boolean;
  prior: Quantiles | null;
  posterior: Quantiles | null;
  contraction: number | null;
}

export interface Figure {
  id: string;
  kind: 'figure' | 'aggregate';
  quantity: string;
  origin: string | null;
  place: string | null;
  host: string | null;
  low: number | null;
  high: number | null;
  qualifier: string;
  as_of: string;
  published: string;
  source: string;
  note: string | null;
  tags: string[];
  known: boolean;
  used: boolean;
}

export interface Source {
  title: string;
  publisher: string | null;
  published: string | null;
  url: string | null;
}

export interface Ledger {
  figures: Figure[];
  sources: Record<string, Source>;
  disagreements: string[][];
}

export interface ReportDocument {
  format: number;
  meta: Meta;
  instants: string[];
  ahead: number;
  answer: { sentences: string[]; changes: string[] };
  regions: Named[];
  strata: Named[];
  groups: Named[];
  fates: Fate[];
  cohorts: (Named & { id: CohortId })[];
  places: Place[];
  origins: Origin[];
  /** Areas and joined codes that figures name, and countries that are neither place nor origin. */
  areas: Named[];
  map: MapData;
  shares: Record<string, Record<string, Series>>;
  sankey: { links: SankeyLink[] };
  countries: Country[];
  theatres: Theatres;
  tables: PlainTable[];
  record: RecordData | null;
  told: Told[];
  ledger: Ledger;
  glossary: { term: string; text: string }[];
  limits: string[];
  line: string[];
  /** Answers kept beside the run, if any. */
  whatif?: WhatIf;
  /** Camps of a conflict in place of all that is about a group: another kind of document. */
  kind?: 'displacement';
  displacement?: Displacement;
}
