/** People in camps on a map, day by day. */

import type { Context } from '../context';
import type { Camp } from '../document';
import { type Child, h, name, replace } from '../dom';
import { canvas, frame } from '../figure';
import { cell, day, estimate, number } from '../format';
import { isolated } from '../labels';
import { monthSlider } from '../months';
import { campsOf, campTable, ordered, peopleAt } from './camps';
import { type CampPicture, campPicture } from './picture';
import '../sections/map.css';
import './displacement.css';

/** Builds the section. */
export function buildCampMap(context: Context): Child {
  const { map, missing, camps, rules } = campsOf(context);
  if (!map)
    return h('p', { class: 'empty', 'data-testid': 'no-map' }, missing ?? 'There is no map.');
  const { doc, store } = context;
  const at = () => store.get().instant - doc.ahead;
  let drawing: CampPicture | null = null;
  let shown: Camp | null = null;
  const note = h('div', { class: 'map-note', 'aria-live': 'polite', 'data-testid': 'map-note' });

  const counted = (camp: Camp) => number(camp.counted[store.get().instant]);
  const inAll = (value: (camp: Camp) => number | undefined) =>
    camps.reduce((sum, camp) => sum + (value(camp) ?? 0), 0);

  function explain(camp: Camp | null): void {
    shown = camp;
    const when = day(context.dayAt(store.get().instant));
    replace(
      note,
      camp
        ? [
            h('p', { class: 'note-title' }, name(camp.name)),
            h('p', { class: 'note-number' }, estimate(peopleAt(camp, at()))),
            h(
              'p',
              {},
              `people in the camp in ${camp.country} on ${when}; counted: ${counted(camp)}.`,
            ),
          ]
        : [
            h('p', { class: 'note-title' }, `All camps, ${when}`),
            h(
              'p',
              { class: 'note-number' },
              `${number(inAll((each) => each.counted[store.get().instant]))} counted`,
            ),
            h(
              'p',
              { class: 'note-more screen-only' },
              'Point at a camp, or step through the list, for its interval.',
            ),
          ],
    );
    drawing?.light(camp);
  }

  const board = canvas((width) => {
    drawing = campPicture(context, map, width, explain);
    drawing.update(store.get().instant);
    return drawing.svg;
  });
  const rows = ordered(camps, (camps[0]?.middle.length ?? 1) - 1).map((camp) => {
    const count = h('span', { class: 'count' });
    const item = h(
      'li',
      {},
      h(
        'button',
        {
          type: 'button',
          onfocus: () => explain(camp),
          onblur: () => explain(null),
          onpointerenter: () => explain(camp),
          onpointerleave: () => explain(null),
          onclick: () => explain(camp),
        },
        h('span', { class: 'end' }, name(camp.name)),
        count,
      ),
    );
    return { camp, count, item };
  });
  const twin = campTable(context, 'map');
  const figure = frame({
    id: 'map',
    heading: ' ',
    lead:
      `People in each camp, ${rules === 'flee' ? 'expected' : 'median'}, with the count in brackets. Curves begin in the middle of the ` +
      'places that people flee from: which of these those in a camp come from is not known.',
    picture: h(
      'div',
      { class: 'map-layout' },
      h('div', { class: 'map-board' }, board.element, monthSlider(context, 'map')),
      h(
        'div',
        { class: 'map-side camp-side' },
        note,
        h('h4', {}, 'Camps'),
        h(
          'ul',
          { class: 'map-list', 'data-testid': 'map-list' },
          rows.map((row) => row.item),
        ),
      ),
    ),
    notes: missing,
    source: context.source(),
    twin,
    sync: () => twin.update(camps),
  });

  function showDay(): void {
    const { instant } = store.get();
    drawing?.update(instant);
    for (const { camp, count } of rows) {
      const people = peopleAt(camp, at());
      count.textContent = camp.spread ? cell(people) : number(people.p50);
    }
    const [first] = ordered(camps, at());
    if (first) {
      const people = estimate(peopleAt(first, at()));
      figure.heading(
        `On ${day(context.dayAt(instant))} most people are in ${isolated(first.name)}, ${people}`,
      );
    }
    explain(shown);
    figure.refresh();
  }
  store.subscribe((now, before) => {
    if (now.instant !== before.instant) showDay();
  });
  showDay();
  return figure.element;
}
