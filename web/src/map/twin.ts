/** The map as a table: every flow of the choice at the chosen month. */

import type { Context } from '../context';
import type { Flow } from '../document';
import { number } from '../format';
import { type Column, type Table, table } from '../table';
import { flowMeaning } from './flows';

export function flowTable(context: Context, month: () => number): Table<Flow> {
  const count = (key: 'p10' | 'p50' | 'p90' | 'mean', title: string): Column<Flow> => ({
    key,
    title,
    numeric: true,
    value: (flow) => flow[key][month()] ?? null,
    show: (flow) => number(flow[key][month()]),
  });
  return table<Flow>({
    id: 'map',
    caption: 'People at the end of each flow',
    search: 'Search places',
    noun: 'flows',
    limit: 20,
    sort: { key: 'p50', descending: true },
    columns: [
      { key: 'to', title: 'place', value: (flow) => context.nameOf(flow.to) },
      { key: 'cohort', title: 'cohort', value: (flow) => context.nameOf(flow.cohort) },
      { key: 'kind', title: 'counted', value: flowMeaning, wide: true },
      count('p50', 'median'),
      count('p10', '10th percentile'),
      count('p90', '90th percentile'),
      count('mean', 'mean'),
    ],
    rows: [],
  });
}
