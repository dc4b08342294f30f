/** One small fan for each home country, drawn when it comes near the screen. */

import type { Context } from '../context';
import type { Country, Figure } from '../document';
import { h, name, replace, s } from '../dom';
import { published, quantityName, sourceTitle } from '../evidence';
import { fan, fanTop } from '../fan';
import { day, estimate } from '../format';
import { isolated } from '../labels';
import { hideNote, showNote } from '../note';

/** The quantities of a country, with the colour of the fate they count and how they read. */
export const QUANTITIES: readonly { id: string; name: string; colour: string; verb: string }[] = [
  { id: 'returned', name: 'returned', colour: 'var(--home)', verb: 'have come home' },
  { id: 'killed', name: 'killed', colour: 'var(--killed)', verb: 'have been killed' },
  { id: 'remaining', name: 'remaining', colour: 'var(--in-group)', verb: 'remain abroad' },
  { id: 'departed', name: 'departed', colour: 'var(--data)', verb: 'have left' },
  { id: 'detained', name: 'detained', colour: 'var(--detained)', verb: 'are detained abroad' },
];

export const quantityOf = (id: string) =>
  QUANTITIES.find((each) => each.id === id) ?? QUANTITIES[0];

/** The figures of each origin and quantity. */
export function figuresBy(context: Context): (origin: string, quantity: string) => Figure[] {
  const lists = new Map<string, Figure[]>();
  for (const figure of context.doc.ledger.figures) {
    const key = `${figure.origin}|${figure.quantity}`;
    lists.set(key, [...(lists.get(key) ?? []), figure]);
  }
  return (origin, quantity) => lists.get(`${origin}|${quantity}`) ?? [];
}

/** What is said beside a dot. */
export function figureNote(context: Context): (figure: Figure, anchor: Element) => void {
  return (figure, anchor) =>
    showNote(
      anchor,
      h('strong', {}, `${published(figure)} ${quantityName(figure.quantity)}`),
      h('span', {}, `as of ${day(figure.as_of)}, published ${day(figure.published)}`),
      h('span', {}, sourceTitle(context.doc.ledger, figure)),
      h(
        'span',
        { class: 'note-state' },
        figure.known ? 'known at the cut-off' : 'published after the cut-off',
      ),
    );
}

export interface FanSize {
  width: number;
  height: number;
  most?: number | undefined;
  large?: boolean;
}

/** The fan of a country and quantity; null where the document has none. */
export function countryFan(
  context: Context,
  country: Country,
  quantity: string,
  figures: readonly Figure[],
  size: FanSize,
): SVGSVGElement | null {
  const series = country.counts[quantity];
  if (!series) return null;
  const { doc } = context;
  const end = country.end[quantity];
  const named = context.nameOf(country.origin);
  return fan({
    ...size,
    instants: doc.instants,
    ahead: doc.ahead,
    cutoff: doc.meta.cutoff,
    series,
    published: country.published[quantity],
    figures,
    ledger: doc.ledger,
    colour: quantityOf(quantity)?.colour ?? 'var(--data)',
    label: `${isolated(named)}, ${quantityName(quantity)}`,
    description: end
      ? `${estimate(end)} ${quantityName(quantity)} by ${day(doc.meta.until)}`
      : `${quantityName(quantity)} over time`,
    onShow: figureNote(context),
    onHide: hideNote,
  });
}

export interface Grid {
  element: HTMLElement;
  show(countries: readonly Country[], quantity: string, shared: boolean): void;
  drawing(): SVGSVGElement;
}

const HEIGHT = 138;

export function countryGrid(context: Context): Grid {
  const element = h('ul', { class: 'fans', 'data-testid': 'fans' });
  const figuresOf = figuresBy(context);
  let shown: readonly Country[] = [];
  let quantity = 'returned';
  let shared = false;
  let width = 0;
  const waiting = new Map<Element, Country>();
  const tops = new Map<string, number>();

  // One scale for those from abroad, another for local members: beside them the others would vanish.
  function top(country: Country): number | undefined {
    if (!shared) return undefined;
    const kind = (each: Country) => context.origin(each.origin)?.kind ?? 'foreign';
    const mine = kind(country);
    let most = tops.get(mine);
    if (most === undefined) {
      most = 0;
      for (const { counts, published, origin } of shown.filter((each) => kind(each) === mine)) {
        const series = counts[quantity];
        const figures = figuresOf(origin, quantity);
        if (series)
          most = Math.max(most, fanTop({ series, published: published[quantity], figures }));
      }
      tops.set(mine, most);
    }
    return most;
  }

  const watch =
    'IntersectionObserver' in window
      ? new IntersectionObserver(
          (entries) => {
            for (const entry of entries) if (entry.isIntersecting) draw(entry.target);
          },
          { rootMargin: '400px' },
        )
      : null;

  function draw(holder: Element): void {
    const country = waiting.get(holder);
    if (!country) return;
    waiting.delete(holder);
    watch?.unobserve(holder);
    const size = { width: Math.max(width, 140), height: HEIGHT, most: top(country) };
    const figures = figuresOf(country.origin, quantity);
    const svg = countryFan(context, country, quantity, figures, size);
    replace(holder, svg ?? h('p', { class: 'empty' }, 'not forecast'));
  }

  const drawAll = () => {
    for (const holder of [...waiting.keys()]) draw(holder);
  };

  // The rest follows in idle moments, so that find-in-page and print meet whole pictures.
  function drawLater(): void {
    const idle = window.requestIdleCallback ?? ((run: () => void) => window.setTimeout(run, 50));
    idle(() => {
      for (const holder of [...waiting.keys()].slice(0, 6)) draw(holder);
      if (waiting.size) drawLater();
    });
  }

  function card(country: Country): HTMLElement {
    const holder = h('div', { class: 'fan-holder' });
    waiting.set(holder, country);
    const end = country.end[quantity];
    const open = h(
      'button',
      {
        type: 'button',
        class: 'fan-open',
        'data-testid': `country-${country.origin}`,
        onclick: () => context.store.set({ country: country.origin }),
      },
      name(context.nameOf(country.origin)),
      h('span', { class: 'unseen' }, ', look closer'),
    );
    return h(
      'li',
      { class: 'fan-card', 'data-origin': country.origin },
      h('h4', {}, open),
      h('p', { class: 'fan-number' }, end ? estimate(end) : 'not forecast'),
      holder,
    );
  }

  function redraw(): void {
    for (const holder of element.querySelectorAll('.fan-holder')) {
      const origin = holder.closest('li')?.dataset.origin;
      const country = shown.find((each) => each.origin === origin);
      if (country) waiting.set(holder, country);
    }
    start();
  }

  function start(): void {
    if (!watch || width === 0) return;
    for (const holder of waiting.keys()) watch.observe(holder);
    drawLater();
  }

  new ResizeObserver(() => {
    const now = Math.floor(element.querySelector('.fan-holder')?.clientWidth ?? 0);
    // Paper scales the pictures that are there.
    if (now === 0 || now === width || matchMedia('print').matches) return;
    width = now;
    redraw();
  }).observe(element);
  window.addEventListener('beforeprint', drawAll);

  return {
    element,
    show(countries, chosen, together) {
      tops.clear();
      shared = together;
      shown = countries;
      quantity = chosen;
      watch?.disconnect();
      waiting.clear();
      replace(element, countries.map(card));
      start();
      if (!watch) drawAll();
    },
    drawing() {
      const across = Math.min(6, Math.max(1, shown.length));
      const down = Math.ceil(shown.length / across);
      return s(
        'svg',
        { viewBox: `0 0 ${across * 200} ${down * 150 + 4}`, class: 'drawing' },
        shown.map((country, index) => {
          const x = (index % across) * 200;
          const y = Math.floor(index / across) * 150;
          const figures = figuresOf(country.origin, quantity);
          const cell = { width: 190, height: 120, most: top(country) };
          const svg = countryFan(context, country, quantity, figures, cell);
          svg?.setAttribute('x', String(x));
          svg?.setAttribute('y', String(y + 20));
          const named = context.nameOf(country.origin);
          return [s('text', { x: x + 4, y: y + 14, class: 'strong' }, named), svg];
        }),
      );
    },
  };
}
