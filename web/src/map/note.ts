/** The fixed note beside the map: what a flow or a place is, in a few lines. */

import type { Context } from '../context';
import type { Flow, Place } from '../document';
import { type Child, h, name } from '../dom';
import { at, day, estimate, number } from '../format';
import type { View } from '../state';
import { flowMeaning } from './flows';

const ROLES: Record<string, string> = {
  home_theatre: 'home theatre',
  sanctuary: 'sanctuary',
  theatre: 'another theatre',
  third_country: 'third country',
  custody: 'place of custody',
  transit: 'transit country',
};

/** Whom a view is about, in words: "members from abroad", "members from Tunisia". */
export function whom(context: Context, from: string): string {
  if (context.origin(from)) return `members from ${context.nameOf(from)}`;
  return from === 'foreign' ? 'members from abroad' : context.nameOf(from);
}

export function flowNote(context: Context, flow: Flow, view: View): Child {
  const month = view.instant - context.doc.ahead;
  const cohort = context.nameOf(flow.cohort);
  const stratum = flow.stratum === 'all' ? '' : `, ${context.nameOf(flow.stratum)}`;
  const where = flow.fate === 'returned' ? undefined : context.place(flow.to);
  return [
    h('p', { class: 'note-title' }, name(context.nameOf(flow.to))),
    h('p', { class: 'note-number', 'data-testid': 'map-note-number' }, estimate(at(flow, month))),
    h(
      'p',
      {},
      h('i', { class: 'swatch', style: `--swatch: var(--${flow.cohort.replace('_', '-')})` }),
      ` ${cohort}${stratum}: ${flowMeaning(flow)} on ${day(context.dayAt(view.instant))}; mean ${number(flow.mean[month])}.`,
    ),
    where?.note ? h('p', { class: 'note-more', dir: 'auto' }, where.note) : null,
  ];
}

export function placeNote(
  context: Context,
  place: Place,
  flows: readonly Flow[],
  view: View,
): Child {
  const month = view.instant - context.doc.ahead;
  const here = flows.filter((flow) => flow.to === place.id && flow.fate !== 'returned');
  const roles = place.roles.map((role) => ROLES[role] ?? role.replaceAll('_', ' '));
  return [
    h('p', { class: 'note-title' }, name(place.name)),
    h('p', {}, roles.join(', ') || 'place'),
    here.length
      ? here.map((flow) =>
          h(
            'p',
            {},
            h('i', { class: 'swatch', style: `--swatch: var(--${flow.cohort.replace('_', '-')})` }),
            ` ${estimate(at(flow, month))} ${flowMeaning(flow)}`,
          ),
        )
      : h('p', {}, 'Hardly anyone of this choice is expected here.'),
    place.note ? h('p', { class: 'note-more', dir: 'auto' }, place.note) : null,
  ];
}

/** What stands in the note while nothing is pointed at. */
export function restNote(context: Context, flows: readonly Flow[], view: View): Child {
  const month = view.instant - context.doc.ahead;
  const sums = context.doc.cohorts.map((cohort) => {
    const own = flows.filter((flow) => flow.cohort === cohort.id);
    return { cohort, count: own.reduce((sum, flow) => sum + (flow.mean[month] ?? 0), 0) };
  });
  const shown = sums.filter(({ cohort }) => view.cohort === 'all' || view.cohort === cohort.id);
  return [
    h('p', { class: 'note-title' }, name(whom(context, view.from))),
    h('p', {}, `On average over all draws, ${day(context.dayAt(view.instant))}:`),
    shown.map(({ cohort, count }) =>
      h(
        'p',
        {},
        h('i', { class: 'swatch', style: `--swatch: var(--${cohort.id.replace('_', '-')})` }),
        ` ${count < 0.5 ? 'no' : number(count)} ${cohort.name}`,
      ),
    ),
    h(
      'p',
      { class: 'note-more screen-only' },
      'Point at a curve, or step through the list, for its interval.',
    ),
  ];
}
