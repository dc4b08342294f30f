/** The largest flows and the marked places as buttons: what the pointer finds on the map, the keyboard finds here. */

import type { Context } from '../context';
import type { Flow, Place } from '../document';
import { type Child, h, name, replace } from '../dom';
import { at, cell } from '../format';
import { markKind } from './base';
import { cohortColour } from './choices';
import { flowKey } from './flows';

const LISTED = 10;

export const isFlow = (item: Flow | Place): item is Flow => 'p50' in item;

export interface FlowList {
  flows: HTMLElement;
  places: HTMLElement;
  /** Lists the largest of these flows. */
  fill(flows: readonly Flow[]): void;
  /** Prints the counts of a month counted from the cut-off. */
  update(month: number): void;
}

export function flowList(context: Context, onItem: (item: Flow | Place | null) => void): FlowList {
  const flows = h('ul', { class: 'map-list', 'data-testid': 'map-list' });
  let rows: { flow: Flow; count: HTMLElement }[] = [];

  const button = (item: Flow | Place, ...content: Child[]) =>
    h(
      'button',
      {
        type: 'button',
        'data-testid': isFlow(item) ? `flow-${flowKey(item)}` : `place-${item.id}`,
        onfocus: () => onItem(item),
        onblur: () => onItem(null),
        onpointerenter: () => onItem(item),
        onpointerleave: () => onItem(null),
        onclick: () => onItem(item),
      },
      ...content,
    );
  const marked = context.doc.places.filter((place) => markKind(place) !== 'place');
  const places = h(
    'ul',
    { class: 'map-list' },
    marked.map((place) =>
      h('li', {}, button(place, h('span', { class: 'end' }, name(place.name)))),
    ),
  );
  return {
    flows,
    places,
    fill(selected) {
      const last = (flow: Flow) => flow.mean.at(-1) ?? 0;
      const largest = [...selected].sort((a, b) => last(b) - last(a)).slice(0, LISTED);
      rows = largest.map((flow) => ({ flow, count: h('span', { class: 'count' }) }));
      const items = rows.map(({ flow, count }) =>
        h(
          'li',
          {},
          button(
            flow,
            h('i', { class: 'swatch', style: `--swatch: ${cohortColour(flow.cohort)}` }),
            h(
              'span',
              { class: 'end' },
              name(context.nameOf(flow.to)),
              flow.fate === 'resurgent' ? ', active again' : '',
            ),
            count,
          ),
        ),
      );
      replace(flows, items);
    },
    update(month) {
      for (const { flow, count } of rows) count.textContent = cell(at(flow, month));
    },
  };
}
