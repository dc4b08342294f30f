/** The map's choices: cohort, whose, stratum, view, and from which count on to print. */

import type { Context } from '../context';
import { radios, select } from '../controls';
import type { Child } from '../dom';
import type { View } from '../state';

const THRESHOLDS = [5, 20, 100, 500];

export const cohortColour = (cohort: string): string => `var(--${cohort.replace('_', '-')})`;

export interface Choices {
  elements: Child[];
  set(view: View): void;
}

/** Groups first, then home countries by region. */
function whose({ doc }: Context) {
  const known = new Set(doc.regions.map((region) => region.id));
  const groups = [
    { name: '', options: doc.groups },
    ...doc.regions.map((region) => ({
      name: region.name,
      options: doc.origins.filter((origin) => origin.region === region.id),
    })),
    { name: 'other', options: doc.origins.filter((origin) => !known.has(origin.region)) },
  ];
  return groups.filter((group) => group.options.length);
}

export function mapChoices(context: Context, onThreshold: (count: number | null) => void): Choices {
  const { doc, store } = context;
  const view = store.get();
  const cohortOptions = doc.cohorts.map((item) => ({ ...item, colour: cohortColour(item.id) }));
  const cohort = radios(
    'map-cohort',
    'Cohort',
    [{ id: 'all', name: 'all' }, ...cohortOptions],
    view.cohort,
    (id) => {
      // Holdouts stay within the home theatre, which the world shows too small.
      const area = id === 'holdouts' ? { area: 'region' as const } : {};
      store.set({ cohort: id as View['cohort'], ...area });
    },
  );
  const from = select('map-from', 'From', whose(context), view.from, (id) =>
    store.set({ from: id }),
  );
  const stratum = select(
    'map-stratum',
    'Who',
    [{ name: '', options: doc.strata }],
    view.stratum,
    (id) => store.set({ stratum: id }),
  );
  const area = radios(
    'map-area',
    'View',
    [
      { id: 'world', name: 'world' },
      { id: 'near', name: 'where most are' },
      { id: 'region', name: doc.map.centre?.name || 'region' },
    ],
    view.area,
    (id) => store.set({ area: id as View['area'] }),
  );
  const print = select(
    'map-threshold',
    'Print counts',
    [
      {
        name: '',
        options: [
          { id: '', name: 'where there is room' },
          ...THRESHOLDS.map((count) => ({ id: String(count), name: `from ${count}` })),
        ],
      },
    ],
    '',
    (id) => onThreshold(id ? Number(id) : null),
  );
  return {
    elements: [
      cohort.element,
      from.element,
      doc.strata.length > 1 ? stratum.element : null,
      area.element,
      print.element,
    ],
    set(now) {
      cohort.set(now.cohort);
      from.set(now.from);
      stratum.set(now.stratum);
      area.set(now.area);
    },
  };
}
