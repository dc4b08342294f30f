/** What the reader has chosen: shared by the views, and kept in the address so that a view can be sent. */

import type { CohortId, ReportDocument } from './document';

export interface View {
  /** Index into `instants` of the chosen month, never before `ahead`. */
  instant: number;
  /** A group id (`foreign`, `local`, `all`) or an origin id. */
  from: string;
  cohort: CohortId | 'all';
  stratum: string;
  /** The home country looked at closely; an origin id, or empty for none. */
  country: string;
  /** The quantity of the home countries' fans. */
  quantity: string;
  /** The home theatre, where most people go, or everything. */
  area: 'region' | 'near' | 'world';
  /** The lever looked at closely; empty where there is none. */
  lever: string;
  theme: 'auto' | 'light' | 'dark';
}

export interface Store {
  get(): View;
  set(change: Partial<View>): void;
  /** Calls back after each change with the new and the old view; returns how to stop. */
  subscribe(listener: (view: View, before: View) => void): () => void;
}

/** What a report shows first: the last month, everyone from abroad. */
export function firstView(doc: ReportDocument): View {
  return {
    instant: Math.max(doc.instants.length - 1, 0),
    from: doc.groups[0]?.id ?? doc.origins[0]?.id ?? 'all',
    cohort: 'all',
    stratum: 'all',
    country: '',
    quantity: 'returned',
    // A small screen shows the whole world too small to read.
    area: matchMedia('(max-width: 40rem)').matches ? 'near' : 'world',
    lever: doc.whatif?.levers?.levers[0]?.name ?? '',
    theme: 'auto',
  };
}

/** How an address names an instant: by its month or, among camps, by its day. */
const unitOf = (doc: ReportDocument) =>
  doc.displacement ? { key: 'day', letters: 10 } : { key: 'month', letters: 7 };

/** Reads a view from the text behind the # of an address; what it does not know it leaves out. */
export function parseView(hash: string, doc: ReportDocument): Partial<View> {
  const given = new URLSearchParams(hash.replace(/^#/, ''));
  const view: Partial<View> = {};
  const has = (list: readonly { id: string }[], id: string | null): id is string =>
    id !== null && list.some((item) => item.id === id);
  const { key, letters } = unitOf(doc);
  const instant = doc.instants.findIndex((day) => day.slice(0, letters) === given.get(key));
  if (instant >= doc.ahead) view.instant = instant;
  const from = given.get('from');
  if (has(doc.groups, from) || has(doc.origins, from)) view.from = from;
  const cohort = given.get('cohort');
  if (has(doc.cohorts, cohort)) view.cohort = cohort as CohortId;
  const stratum = given.get('stratum');
  if (has(doc.strata, stratum)) view.stratum = stratum;
  const country = given.get('country');
  if (has(doc.origins, country)) view.country = country;
  const quantity = given.get('quantity');
  if (doc.countries.some((row) => quantity !== null && quantity in row.counts)) {
    view.quantity = quantity ?? '';
  }
  const lever = given.get('lever');
  if (doc.whatif?.levers?.levers.some((row) => row.name === lever)) view.lever = lever ?? '';
  const area = given.get('area');
  if (area === 'region' || area === 'near' || area === 'world') view.area = area;
  const theme = given.get('theme');
  if (theme === 'light' || theme === 'dark') view.theme = theme;
  return view;
}

/** Writes what differs from the first view as the text behind the #. */
export function formatView(view: View, first: View, doc: ReportDocument): string {
  const parts = new URLSearchParams();
  if (view.instant !== first.instant) {
    const { key, letters } = unitOf(doc);
    parts.set(key, doc.instants[view.instant]?.slice(0, letters) ?? '');
  }
  for (const key of [
    'from',
    'cohort',
    'stratum',
    'country',
    'quantity',
    'area',
    'lever',
    'theme',
  ] as const) {
    if (view[key] !== first[key]) parts.set(key, view[key]);
  }
  return parts.toString();
}

/** A store that starts from the address and writes each change back to it. */
export function createStore(doc: ReportDocument): Store {
  const first = firstView(doc);
  let view: View = { ...first, ...parseView(location.hash, doc) };
  const listeners = new Set<(view: View, before: View) => void>();
  let written = 0;

  function announce(next: View): void {
    const before = view;
    view = next;
    for (const listener of [...listeners]) listener(view, before);
  }

  // Browsers limit how often an address may change; while a month plays, only the last one counts.
  function write(): void {
    window.clearTimeout(written);
    written = window.setTimeout(() => {
      const text = formatView(view, first, doc);
      const old = location.hash.slice(1);
      if (text === old || (text === '' && !old.includes('='))) return;
      const address = `${location.pathname}${location.search}${text === '' ? '' : `#${text}`}`;
      try {
        history.replaceState(null, '', address);
      } catch {
        // A page without an address of its own, such as one in a frame, keeps its view to itself.
      }
    }, 250);
  }

  window.addEventListener('hashchange', () => {
    // A plain #section is a jump within the page, not a view.
    if (location.hash.includes('=')) announce({ ...first, ...parseView(location.hash, doc) });
  });

  return {
    get: () => view,
    set(change) {
      const next = { ...view, ...change };
      const same = (Object.keys(next) as (keyof View)[]).every((key) => next[key] === view[key]);
      if (same) return;
      announce(next);
      write();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
