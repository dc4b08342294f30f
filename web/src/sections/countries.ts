/** Home countries: a fan for each, with the figures that were published. */

import type { Context } from '../context';
import type { Country } from '../document';
import { h } from '../dom';
import { fanLegend } from '../fanLegend';
import { frame } from '../figure';
import { day, listed, number } from '../format';
import { isolated } from '../labels';
import { compare, plain, table } from '../table';
import { countryGrid, figuresBy, QUANTITIES, quantityOf } from './countryGrid';
import { countryView } from './countryView';

type Order = 'expected' | 'uncertainty' | 'surprise' | 'name';

const ORDERS: readonly [Order, string][] = [
  ['expected', 'most expected'],
  ['uncertainty', 'least certain'],
  ['surprise', 'largest surprise'],
  ['name', 'name'],
];

/** How wide the forecast of a country is: the 80 % interval on the scale of factors. */
function widthOf(country: Country, quantity: string): number | null {
  const end = country.end[quantity];
  return end ? Math.log((1 + end.p90) / (1 + end.p10)) : null;
}

function ordered(
  context: Context,
  countries: readonly Country[],
  order: Order,
  quantity: string,
): Country[] {
  const value = (country: Country) => {
    if (order === 'expected') return country.end[quantity]?.mean ?? null;
    if (order === 'uncertainty') return widthOf(country, quantity);
    if (order === 'surprise') return country.surprise;
    return context.nameOf(country.origin);
  };
  return [...countries].sort((a, b) => compare(value(a), value(b), order !== 'name'));
}

function headingOf(context: Context, quantity: string): string {
  const { doc } = context;
  const abroad = doc.countries.filter((each) => context.origin(each.origin)?.kind !== 'local');
  const top = ordered(context, abroad.length ? abroad : doc.countries, 'expected', quantity)
    .filter((country) => (country.end[quantity]?.p50 ?? 0) >= 1)
    .slice(0, 3)
    .map((country) => {
      const end = country.end[quantity];
      return `${isolated(context.nameOf(country.origin))} (${(end?.p50 ?? 0) < 5 ? '' : 'about\u00a0'}${number(end?.p50)})`;
    });
  const verb = quantityOf(quantity)?.verb ?? quantity;
  if (!top.length) return `Few or none ${verb} in any country`;
  const who = abroad.length && abroad.length < doc.countries.length ? 'From abroad, most' : 'Most';
  return `${who} ${verb}: ${listed(top)}`;
}

function twinOf(context: Context, quantity: () => string) {
  const end = (country: Country) => country.end[quantity()];
  const figuresOf = figuresBy(context);
  const regions = new Map(context.doc.regions.map(({ id, name }) => [id, name]));
  return table<Country>({
    id: 'countries',
    caption: `Home countries on ${day(context.doc.meta.until)}, the quantity chosen above`,
    noun: 'countries',
    rows: context.doc.countries,
    columns: [
      { key: 'name', title: 'Country', value: (row) => context.nameOf(row.origin) },
      {
        key: 'region',
        title: 'Region',
        value: (row) => {
          const region = context.origin(row.origin)?.region ?? '';
          return regions.get(region) ?? region;
        },
      },
      { key: 'quantity', title: 'Quantity', value: () => quantity() },
      { key: 'p10', title: '10 %', numeric: true, value: (row) => end(row)?.p10 ?? null },
      { key: 'p50', title: 'median', numeric: true, value: (row) => end(row)?.p50 ?? null },
      { key: 'p90', title: '90 %', numeric: true, value: (row) => end(row)?.p90 ?? null },
      { key: 'mean', title: 'mean', numeric: true, value: (row) => end(row)?.mean ?? null },
      {
        key: 'width',
        title: 'log width',
        numeric: true,
        value: (row) => {
          const width = widthOf(row, quantity());
          return width === null ? null : Number(width.toFixed(2));
        },
      },
      { key: 'surprise', title: 'surprise', numeric: true, value: (row) => row.surprise },
      {
        key: 'figures',
        title: 'figures',
        numeric: true,
        value: (row) => figuresOf(row.origin, quantity()).length,
      },
    ],
  });
}

/** Builds the section; its heading is made by the page. */
export function buildCountries(context: Context): Node[] {
  const { doc, store } = context;
  if (!doc.countries.length) {
    return [h('p', { class: 'empty' }, 'This forecast has no home countries of its own.')];
  }
  const grid = countryGrid(context);
  const mixed = new Set(doc.countries.map((each) => context.origin(each.origin)?.kind)).size > 1;
  const quantity = () => quantityOf(store.get().quantity)?.id ?? 'returned';
  const twin = twinOf(context, quantity);

  const radios = QUANTITIES.filter(({ id }) => doc.countries.some((each) => each.counts[id])).map(
    ({ id, name }) => ({
      id,
      name,
      input: h('input', {
        type: 'radio',
        name: 'fan-quantity',
        value: id,
        'data-testid': `fan-quantity-${id}`,
        onchange: () => store.set({ quantity: id }),
      }),
    }),
  );
  const order = h(
    'select',
    { 'data-testid': 'fan-order', onchange: () => draw() },
    ORDERS.map(([value, text]) => h('option', { value }, text)),
  );
  const present = new Set(doc.countries.map((each) => context.origin(each.origin)?.region));
  const region = h(
    'select',
    { 'data-testid': 'fan-region', onchange: () => draw() },
    h('option', { value: '' }, 'all'),
    doc.regions
      .filter(({ id }) => present.has(id))
      .map(({ id, name }) => h('option', { value: id }, name)),
  );
  const text = h('input', {
    type: 'search',
    'data-testid': 'fan-search',
    autocomplete: 'off',
    oninput: () => draw(),
  });
  const shared = h('input', {
    type: 'checkbox',
    'data-testid': 'fan-shared',
    onchange: () => draw(),
  });
  const count = h('p', { class: 'table-count', 'aria-live': 'polite', 'data-testid': 'fan-count' });

  const made = frame({
    id: 'countries',
    heading: headingOf(context, quantity()),
    lead:
      `Adults from each home country, as its own figures count them, to ${day(doc.meta.until)}; as ` +
      `known on ${day(doc.meta.cutoff)}. The number under each name is the median on the last day ` +
      'with its 80 % interval. Choose a name to look closer, a dot to see its source.',
    controls: [
      h(
        'fieldset',
        { class: 'choice' },
        h('legend', {}, 'Adults who'),
        radios.map(({ input, name }) => h('label', {}, input, h('span', {}, name))),
      ),
      h('label', { class: 'field' }, h('span', {}, 'Sort by'), order),
      h('label', { class: 'field' }, h('span', {}, 'Region'), region),
      h('label', { class: 'field' }, h('span', {}, 'Name'), text),
      h(
        'label',
        { class: 'check' },
        shared,
        mixed ? 'same scale for all from abroad' : 'same scale for all',
      ),
      h('a', { class: 'skip-figure', href: '#section-theatres' }, 'Go past the countries'),
    ],
    picture: h('div', { class: 'picture' }, fanLegend(), count, grid.element),
    svg: () => grid.drawing(),
    source: context.source(),
    twin,
    sync: () => twin.update(chosen()),
  });

  function chosen(): Country[] {
    const words = plain(text.value).split(/\s+/).filter(Boolean);
    const fits = doc.countries.filter((country) => {
      const origin = context.origin(country.origin);
      const names = plain(`${context.nameOf(country.origin)} ${country.origin}`);
      return (
        (!region.value || origin?.region === region.value) &&
        words.every((word) => names.includes(word))
      );
    });
    return ordered(context, fits, order.value as Order, quantity());
  }

  function draw(): void {
    const fits = chosen();
    for (const { id, input } of radios) input.checked = id === quantity();
    grid.show(fits, quantity(), shared.checked);
    count.textContent = fits.length
      ? `${fits.length} of ${doc.countries.length} countries`
      : 'No country of that name and region.';
    made.heading(headingOf(context, quantity()));
    made.refresh();
  }

  store.subscribe((view, before) => {
    if (view.quantity !== before.quantity) draw();
  });
  draw();
  return [countryView(context), made.element];
}
