/** One home country looked at closely: a large fan, all quantities, and its figures. */

import type { Context } from '../context';
import type { Country } from '../document';
import { h, replace } from '../dom';
import { momentDay, published, quantityName, rowId, sourceTitle } from '../evidence';
import { fanLegend } from '../fanLegend';
import { canvas, frame } from '../figure';
import { cell, day, estimate } from '../format';
import { isolated } from '../labels';
import { table } from '../table';
import { countryFan, figuresBy, QUANTITIES, quantityOf } from './countryGrid';

interface Moment {
  day: string;
  p10: number | null;
  p25: number | null;
  p50: number | null;
  p75: number | null;
  p90: number | null;
}

function moments(context: Context, country: Country, quantity: string): Moment[] {
  const series = country.counts[quantity];
  if (!series) return [];
  return context.doc.instants.map((instant, index) => ({
    day: momentDay(instant, context.doc.meta.until),
    p10: series.p10[index] ?? null,
    p25: series.p25[index] ?? null,
    p50: series.p50[index] ?? null,
    p75: series.p75[index] ?? null,
    p90: series.p90[index] ?? null,
  }));
}

function ends(country: Country, until: string): HTMLElement {
  const rows = QUANTITIES.filter(({ id }) => country.end[id]);
  return h(
    'div',
    { class: 'country-ends' },
    h('p', {}, `By ${day(until)}, adults:`),
    h(
      'dl',
      {},
      rows.map(({ id, name: words }) => {
        const end = country.end[id];
        return h('div', {}, h('dt', {}, words), h('dd', {}, end ? cell(end) : 'unknown'));
      }),
    ),
  );
}

/** What stands in the place of the large view: nothing while no country is chosen. */
export function countryView(context: Context): HTMLElement {
  const { doc, store } = context;
  const figuresOf = figuresBy(context);
  const element = h('div', { id: 'country-view', 'data-testid': 'country-view', hidden: true });

  function evidence(origin: string, quantity: string): HTMLElement | null {
    const figures = [...figuresOf(origin, quantity)].sort((a, b) => a.as_of.localeCompare(b.as_of));
    if (!figures.length) {
      return h('p', { class: 'figure-notes' }, 'No published figure of this quantity.');
    }
    return h(
      'details',
      { class: 'country-figures', open: figures.length <= 6 },
      h('summary', {}, `Published figures (${figures.length})`),
      h(
        'ul',
        {},
        figures.map((figure) =>
          h(
            'li',
            { class: figure.known ? 'known' : 'later' },
            h(
              'a',
              { href: `#${rowId(figure.id)}` },
              `${published(figure)}, as of ${day(figure.as_of)}`,
            ),
            ` ${sourceTitle(doc.ledger, figure)}${figure.known ? '' : ' (after the cut-off)'}`,
          ),
        ),
      ),
    );
  }

  function close(): void {
    const { country } = store.get();
    store.set({ country: '' });
    document.querySelector<HTMLElement>(`[data-testid="country-${CSS.escape(country)}"]`)?.focus();
  }

  function show(): void {
    const { country: origin, quantity: wanted } = store.get();
    const country = doc.countries.find((each) => each.origin === origin);
    element.hidden = !country;
    if (!country) {
      replace(element);
      return;
    }
    const quantity = quantityOf(wanted)?.id ?? 'returned';
    const named = context.nameOf(origin);
    const end = country.end[quantity];
    const picture = canvas((width) =>
      countryFan(context, country, quantity, figuresOf(origin, quantity), {
        width,
        height: Math.round(Math.min(380, Math.max(240, width * 0.45))),
        large: true,
      }),
    );
    const twin = table<Moment>({
      id: 'country',
      caption: `${named}, ${quantityName(quantity)}, at each moment`,
      noun: 'moments',
      limit: 12,
      rows: moments(context, country, quantity),
      columns: [
        { key: 'day', title: 'Day', value: (row) => row.day, show: (row) => day(row.day) },
        ...(['p10', 'p25', 'p50', 'p75', 'p90'] as const).map((key) => ({
          key,
          title: key === 'p50' ? 'median' : `${key.slice(1)} %`,
          numeric: true,
          value: (row: Moment) => row[key],
        })),
      ],
    });
    const buttons = h(
      'div',
      { class: 'view-buttons' },
      h(
        'button',
        {
          type: 'button',
          'data-testid': 'country-map',
          onclick: () => {
            store.set({ from: origin });
            document.getElementById('section-map')?.scrollIntoView();
          },
        },
        'Show on the map',
      ),
      h('button', { type: 'button', 'data-testid': 'country-close', onclick: close }, 'Close'),
    );
    const made = frame({
      id: 'country',
      heading: end ? `${isolated(named)}: ${estimate(end)} ${quantityName(quantity)}` : named,
      lead:
        `Adults ${quantityName(quantity)}, as the country's own figures count them, to ` +
        `${day(doc.meta.until)}; as known on ${day(doc.meta.cutoff)}.`,
      controls: buttons,
      picture: picture.element,
      notes: [fanLegend(), ends(country, doc.meta.until), evidence(origin, quantity)],
      source: context.source(),
      twin,
    });
    replace(element, made.element);
  }

  store.subscribe((view, before) => {
    const opened = view.country !== before.country;
    if (!opened && view.quantity === before.quantity) return;
    show();
    if (opened && view.country) {
      element.scrollIntoView({ block: 'start', behavior: 'instant' });
      element
        .querySelector<HTMLElement>('[data-testid="country-close"]')
        ?.focus({ preventScroll: true });
    }
  });
  show();
  return element;
}
