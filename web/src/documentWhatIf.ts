/** Answers kept beside the run: levers, experts, updates, influence, drivers, figures worth most, indicators. */

/** What every answer begins with. */
export interface Answered {
  kind: string;
  case: string;
  case_hash: string;
  cutoff: string;
  seed: number;
  draws: number;
  versions: Record<string, string>;
}

/** A paired difference between a lever and the base: a row of a lever, by the names of its columns. */
export interface Difference {
  by: 'fate' | 'stratum' | 'country' | 'place';
  quantity: string;
  origin: string;
  place: string;
  stratum: string;
  base: number;
  lever: number;
  mean: number;
  p10: number;
  p50: number;
  p90: number;
  up: number;
  down: number;
  variance_cut: number | null;
  name: string;
}

export interface Lever {
  name: string;
  title: string;
  rationale: string;
  source: string;
  changes: string[];
  effect: 'prior' | 'evidence' | 'both';
  rests_on: string;
  mechanisms: string[];
  parameters: Record<string, number>;
  variance_cut: { least?: number; median?: number };
  rows: unknown[][];
}

export interface Levers extends Answered {
  date: string;
  columns: string[];
  levers: Lever[];
}

export interface Driver {
  input: string;
  kind: string;
  meaning: string;
  unit: string;
  first?: number;
  first_low?: number;
  first_high?: number;
  total?: number;
  total_low?: number;
  total_high?: number;
  p10?: number;
  p90?: number;
  low?: number;
  high?: number;
}

export interface Driven {
  output: string;
  p10: number;
  p50: number;
  p90: number;
  mean: number;
  inputs: Driver[];
}

export interface Sensitivity extends Answered {
  date: string;
  outputs: Driven[];
}

export interface Worth {
  rank: number;
  figure: string;
  kind: string;
  quantity: string;
  words: string;
  where: string;
  name: string;
  width: number;
  width_cut: number;
  width_cut_error: number;
  crps_cut: number;
  crps_cut_error: number;
  variance_cut?: number;
  variance_regression?: number;
  size?: number;
  repeat?: number;
  last?: number;
  last_on?: string;
  age_days?: number;
  rank_best: number;
  rank_worst: number;
}

export interface Information extends Answered {
  target: string;
  target_words: string;
  unit: string;
  as_of: string;
  width: number;
  crps: number;
  compared: number;
  figures: Worth[];
}

export interface Observable {
  observable: string;
  kind: string;
  words: string;
  auc: number;
  auc_low: number;
  auc_high: number;
  rising: boolean;
  half_value?: number;
  half_low?: number;
  half_high?: number;
  half_label?: string;
  half_above?: boolean;
  half_chance?: number;
  likely_value?: number;
  likely_low?: number;
  likely_high?: number;
  likely_label?: string;
  likely_above?: boolean;
  likely_chance?: number;
}

export interface Watched {
  cohort: string;
  quantity: string;
  threshold: number;
  chance: number;
  floor?: number;
  p10: number;
  p50: number;
  p90: number;
  sentence: string;
  observables: Observable[];
}

export interface Indicators extends Answered {
  by: string;
  at: string;
  compared: number;
  cohorts: Watched[];
}

export interface Judgement {
  judgement_id: string;
  expert: string;
  published: string;
  later: boolean;
  quantity: string;
  area?: string;
  place?: string;
  kind: string;
  proposition?: string;
  words?: string;
  probability?: number;
  says: string;
  outcome?: string;
  outcome_low?: number;
  outcome_high?: number;
  measured_from?: string;
  measured_to?: string;
  figure_ids: string[];
  sources: string[];
  scored: boolean;
  verdict: string;
  right?: boolean;
  reached?: number;
  named?: number;
  measure?: string;
  score?: number;
  pool?: number;
  model?: number;
  reference?: number;
  pool_says?: string;
  model_says?: string;
  reference_says?: string;
  log_score?: number;
  interval_score?: number;
}

export interface Scores {
  measure: string;
  n: number;
  right: number;
  wrong: number;
  score: number;
  n_pool: number;
  score_with_pool?: number;
  pool?: number;
  n_model: number;
  score_with_model?: number;
  model?: number;
  n_reference: number;
  score_with_reference?: number;
  reference?: number;
}

export interface ExpertScores extends Scores {
  expert: string;
}

export interface OverallScores extends Scores {
  when: string;
}

export interface Pool {
  quantity: string;
  area?: string;
  place?: string;
  kind: string;
  proposition?: string;
  judgements: string[];
  experts: string[];
  method: string;
  p10?: number;
  p50?: number;
  p90?: number;
  chance?: number;
  order?: Record<string, number>;
  says: string;
  weights?: number[];
  fallback?: string;
  outcome?: string;
  measure?: string;
  score?: number;
  model?: number;
  reference?: number;
}

export interface Claim {
  judgement_id: string;
  expert: string;
  published: string;
  cohort?: string;
  name: string;
  words?: string;
  p10?: number;
  p50?: number;
  p90?: number;
  forecast?: string;
  counts?: string;
  until?: string;
  published_later?: string;
  figure_ids: string[];
  sources: string[];
  verdict: string;
}

export interface Experts extends Answered {
  counts: { judgements: number; scored: number; right: number; wrong: number };
  judgements: Judgement[];
  by_expert: ExpertScores[];
  overall: OverallScores[];
  pools: Pool[];
  claims: Claim[];
  words?: unknown[];
  word_sources?: Record<string, string>;
}

export interface NewRow {
  row: string;
  origin: string;
  quantity: string;
  low?: number;
  high?: number;
  qualifier: string;
  as_of: string;
  published: string;
  source: string;
  unused?: string;
}

export interface Moved {
  quantity: string;
  origin: string;
  before: number[];
  after: number[];
  persons: number;
  error: number;
  shift: number;
  width?: number;
  found: string;
  row?: string;
  by: number;
  khat?: number;
}

export interface Update extends Answered {
  before: string;
  run: string;
  method: string;
  why: string[];
  khat?: number;
  effective?: number;
  of?: number;
  diagnostics: Record<string, number>;
  rows: NewRow[];
  notes: string[];
  day: string;
  moved: Moved[];
  seconds: Record<string, number>;
}

export interface Entry {
  run: string;
  cutoff: string;
  case_hash: string;
  seed: number;
  draws: number;
  added: string[];
  method: string;
  day: string;
  outputs: Record<string, Record<string, number[]>>;
}

export interface Influencing {
  row: string;
  source: string;
  origin: string;
  quantity: string;
  low?: number;
  high?: number;
  as_of: string;
  shift?: number;
  error?: number;
  half_widths?: number;
  khat?: number;
  trusted: boolean;
  method: string;
}

export interface Influence extends Answered {
  output: { name: string; words: string; p10: number; p50: number; p90: number };
  doubtful: string[];
  rows: Influencing[];
}

export interface WhatIf {
  levers?: Levers;
  experts?: Experts;
  update?: Update;
  history?: { forecasts: Entry[] };
  influence?: Influence;
  sensitivity?: Sensitivity;
  information?: Information;
  indicators?: Indicators;
}
