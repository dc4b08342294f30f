import type { Context } from '../context';
import { type Child, h } from '../dom';
import { buildLimits } from '../sections/limits';
import { campsOf } from './camps';

/** What the numbers cannot tell, and what of the folder is read otherwise than it may be meant. */
export function buildCampLimits(context: Context): Child {
  const { notes } = campsOf(context);
  return [
    buildLimits(context),
    notes.length
      ? h(
          'details',
          { class: 'camp-notes', open: notes.length < 8 },
          h('summary', {}, `Read otherwise than it may be meant (${notes.length})`),
          h(
            'ul',
            { class: 'points' },
            notes.map((note) => h('li', { dir: 'auto' }, note)),
          ),
        )
      : null,
  ];
}
