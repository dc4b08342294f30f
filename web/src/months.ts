/** The slider of months, or of days: a range with its day in words, steps and play; one for the whole page. */

import type { Context } from './context';
import { h } from './dom';
import { capital, day } from './format';

const PLAY_MS = 320;

/** In how many steps play passes the whole time at most. */
const PLAYED = 120;

/** A slider bound to the store's instant. */
export function monthSlider(context: Context, id: string): HTMLElement {
  const { doc, store } = context;
  const first = doc.ahead;
  const last = doc.instants.length - 1;
  const unit = doc.displacement ? 'day' : 'month';
  let timer = 0;

  const name = (index: number) => day(context.dayAt(index));
  const output = h('output', {
    class: 'month-now',
    for: `${id}-month`,
    'data-testid': `${id}-month-now`,
    'aria-live': 'polite',
  });
  const range = h('input', {
    type: 'range',
    id: `${id}-month`,
    'data-testid': `${id}-month`,
    'aria-label': capital(unit),
    min: first,
    max: last,
    step: 1,
    disabled: last <= first,
    oninput: () => {
      stop();
      store.set({ instant: Number(range.value) });
    },
  });

  function show(): void {
    const { instant } = store.get();
    range.value = String(instant);
    range.setAttribute('aria-valuetext', name(instant).replaceAll('\u00a0', ' '));
    output.textContent = name(instant);
    back.disabled = instant <= first;
    on.disabled = instant >= last;
  }

  function step(by: number): void {
    const { instant } = store.get();
    store.set({ instant: Math.min(Math.max(instant + by, first), last) });
  }

  function stop(): void {
    if (!timer) return;
    window.clearInterval(timer);
    timer = 0;
    play.textContent = 'Play';
    play.setAttribute('aria-pressed', 'false');
    output.setAttribute('aria-live', 'polite');
  }

  function start(): void {
    if (store.get().instant >= last) store.set({ instant: first });
    play.textContent = 'Pause';
    play.setAttribute('aria-pressed', 'true');
    // A screen reader is not read every month that passes, only where it stops.
    output.setAttribute('aria-live', 'off');
    timer = window.setInterval(() => {
      step(Math.ceil((last - first) / PLAYED));
      if (store.get().instant >= last) stop();
    }, PLAY_MS);
  }

  const button = (label: string, purpose: string, test: string, onclick: () => void) =>
    h(
      'button',
      { type: 'button', 'aria-label': purpose || null, 'data-testid': `${id}-${test}`, onclick },
      label,
    );
  const play = button('Play', '', 'play', () => (timer ? stop() : start()));
  play.setAttribute('aria-pressed', 'false');
  play.disabled = last <= first;
  const back = button('‹', `One ${unit} back`, 'back', () => {
    stop();
    step(-1);
  });
  const on = button('›', `One ${unit} on`, 'on', () => {
    stop();
    step(1);
  });

  store.subscribe((view, before) => {
    if (view.instant !== before.instant) show();
  });
  show();
  return h(
    'div',
    { class: 'months' },
    h('div', { class: 'months-buttons' }, play, back, on),
    h(
      'div',
      { class: 'months-range' },
      range,
      h(
        'div',
        { class: 'months-ends', 'aria-hidden': 'true' },
        h('span', {}, name(first)),
        h('span', {}, name(last)),
      ),
    ),
    output,
  );
}
