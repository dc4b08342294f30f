/** Camps: their people on a day, in numbers and in a table. */

import type { Context } from '../context';
import type { Camp, Displacement, Quantiles } from '../document';
import { number } from '../format';
import { type Column, type Table, table } from '../table';

/** The part of the document about camps; the page is built only if there is one. */
export function campsOf({ doc }: Context): Displacement {
  if (!doc.displacement) throw new Error('no camps');
  return doc.displacement;
}

/** People in a camp on a day counted from the first that is forecast. */
export function peopleAt({ middle, spread }: Camp, at: number): Quantiles {
  const p50 = middle[at] ?? 0;
  return { p10: spread?.p10[at] ?? p50, p50, p90: spread?.p90[at] ?? p50 };
}

/** Camps by the people in them on a day, the largest first. */
export const ordered = (camps: readonly Camp[], at: number): Camp[] =>
  [...camps].sort((a, b) => (b.middle[at] ?? 0) - (a.middle[at] ?? 0));

/** All camps on the chosen day. */
export function campTable(context: Context, id: string): Table<Camp> {
  const { camps } = campsOf(context);
  const { doc, store } = context;
  const at = () => store.get().instant - doc.ahead;
  const count = (key: string, title: string, value: (camp: Camp) => number): Column<Camp> => ({
    key,
    title,
    numeric: true,
    value,
    show: (camp) => number(value(camp)),
  });
  const ends = camps.some((camp) => camp.spread)
    ? [
        count('p10', '10th percentile', (camp) => peopleAt(camp, at()).p10),
        count('p90', '90th percentile', (camp) => peopleAt(camp, at()).p90),
      ]
    : [];
  return table<Camp>({
    id,
    caption: 'People in camps on the chosen day',
    noun: 'camps',
    limit: 20,
    rows: camps,
    columns: [
      { key: 'camp', title: 'camp', value: (camp) => camp.name },
      { key: 'country', title: 'country', value: (camp) => camp.country },
      { key: 'day', title: 'day', value: () => context.dayAt(store.get().instant), unseen: true },
      count('middle', ends.length ? 'median' : 'expected', (camp) => peopleAt(camp, at()).p50),
      ...ends,
      count('counted', 'counted', (camp) => camp.counted[store.get().instant] ?? 0),
    ],
  });
}
