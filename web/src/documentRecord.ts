/** The record's part of the report document: scores, baselines, coverage, misses. */

import type { Quantiles } from './document';

export interface QuantityScore {
  quantity: string;
  rows: number;
  origins: number;
  crps: number;
  crps_se: number | null;
  crps_median: number | null;
  covers50: number | null;
  covers80: number | null;
  covers95: number | null;
}

export interface BaselineScore {
  quantity: string;
  baseline: string;
  name: string;
  forecast: number;
  score: number;
  skill: number;
  skill_low: number | null;
  skill_high: number | null;
  best: boolean;
  rows: number;
}

export interface Miss extends Quantiles {
  figure: string;
  origin: string;
  quantity: string;
  as_of: string;
  observed: number;
  crps: number;
  known: string[];
}

export interface ScoredFigure extends Quantiles {
  figure: string;
  crps: number;
  pit: number | null;
}

export interface CutoffScore {
  cutoff: string;
  quantity: string;
  rows: number;
  crps: number;
  baseline: string;
  score: number;
  skill: number;
  skill_low: number | null;
  skill_high: number | null;
  covers50: number | null;
  covers80: number | null;
  covers95: number | null;
}

export interface RecordData {
  text: string[];
  quantities: QuantityScore[];
  baselines: BaselineScore[];
  coverage: { quantity: string; level: number; share: number; rows: number }[];
  histogram: { counts: number[]; p_value: number | null } | null;
  misses: Miss[];
  rows: ScoredFigure[];
  cutoffs: CutoffScore[] | null;
}
