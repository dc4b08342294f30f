/** What every section is given: the document, its names, the map and the reader's choices. */

import type { Topology } from 'topojson-specification';
import type { Origin, Packed, Place, ReportDocument } from './document';
import { day } from './format';
import { createStore, type Store } from './state';

export interface Context {
  doc: ReportDocument;
  /** Country shapes by ISO 3166-1 alpha-3; null where the page carries none. */
  world: Topology | null;
  store: Store;
  origin(id: string): Origin | undefined;
  place(id: string): Place | undefined;
  /** The name of anything with an id: place, origin, region, group, fate, cohort, stratum. */
  nameOf(id: string): string;
  /** The day of an instant, as ISO text; the last instant stands for the last day of the period. */
  dayAt(instant: number): string;
  /** The last line of a figure: what it rests on and the cut-off date. */
  source(what?: string): string;
}

/** The data of a script element; null where there is none or it is empty. */
function data<T>(id: string): T | null {
  const text = document.getElementById(id)?.textContent?.trim();
  return text ? (JSON.parse(text) as T) : null;
}

/** A list of objects, whether the file has it as such or as a table. */
export function unpacked<T>(list: readonly T[] | Packed | null | undefined): T[] {
  if (!list) return [];
  if (!('columns' in list)) return [...list];
  return list.rows.map(
    (row) => Object.fromEntries(list.columns.map((column, at) => [column, row[at]])) as T,
  );
}

/** Every list there, whatever the input left out, so that views need not ask. */
function complete(given: Partial<ReportDocument>): ReportDocument {
  const instants = given.instants ?? [];
  return {
    format: 2,
    ...given,
    meta: {
      case: '',
      question: '',
      group: '',
      case_hash: '',
      until: '',
      seed: null,
      draws: null,
      versions: {},
      title: 'Dispersal',
      ...given.meta,
      cutoff: given.meta?.cutoff ?? '',
    },
    instants,
    ahead: Math.min(given.ahead ?? 0, Math.max(instants.length - 1, 0)),
    answer: { sentences: given.answer?.sentences ?? [], changes: given.answer?.changes ?? [] },
    regions: given.regions ?? [],
    strata: given.strata ?? [],
    groups: given.groups ?? [],
    fates: given.fates ?? [],
    cohorts: given.cohorts ?? [],
    places: given.places ?? [],
    origins: given.origins ?? [],
    areas: given.areas ?? [],
    map: { centre: given.map?.centre ?? null, flows: unpacked(given.map?.flows) },
    shares: given.shares ?? {},
    sankey: { links: given.sankey?.links ?? [] },
    countries: given.countries ?? [],
    theatres: {
      table: given.theatres?.table ?? [],
      remnant: given.theatres?.remnant ?? null,
      hosts: given.theatres?.hosts ?? [],
      end: given.theatres?.end ?? null,
    },
    tables: given.tables ?? [],
    record: given.record ?? null,
    told: given.told ?? [],
    ledger: {
      figures: unpacked(given.ledger?.figures),
      sources: given.ledger?.sources ?? {},
      disagreements: given.ledger?.disagreements ?? [],
    },
    glossary: given.glossary ?? [],
    limits: given.limits ?? [],
    line: given.line ?? [],
  };
}

/** Reads the page's data and makes the context of all sections. */
export function createContext(): Context {
  const doc = complete(data<Partial<ReportDocument>>('dispersal-data') ?? {});
  const origins = new Map(doc.origins.map((item) => [item.id, item]));
  const places = new Map(doc.places.map((item) => [item.id, item]));
  const named = [
    ...doc.areas,
    ...doc.regions,
    ...doc.strata,
    ...doc.cohorts,
    ...doc.fates,
    ...doc.groups,
    ...doc.places,
    ...doc.origins,
  ];
  const names = new Map(named.map((item) => [item.id, item.name]));
  return {
    doc,
    world: data<Topology>('dispersal-world'),
    store: createStore(doc),
    origin: (id) => origins.get(id),
    place: (id) => places.get(id),
    dayAt(instant) {
      const day = doc.instants[instant] ?? '';
      return doc.meta.until && day > doc.meta.until ? doc.meta.until : day;
    },
    nameOf: (id) => names.get(id) ?? id,
    source: (what = 'published figures listed in the ledger') =>
      doc.meta.source ??
      `Source: Dispersal's forecast of ${doc.meta.group || doc.meta.case}, made from ${what}; as known on ${day(doc.meta.cutoff)}.`,
  };
}
