/** Every published figure, with its source; and those that contradict one another. */

import type { Context } from '../context';
import type { Figure } from '../document';
import { type Child, h } from '../dom';
import {
  middle,
  published,
  quantityName,
  rowId,
  shortDay,
  sourceTitle,
  whereOf,
} from '../evidence';
import { frame } from '../figure';
import { day, digits } from '../format';
import { link, webAddress } from '../links';
import { type Column, type Table, table } from '../table';
import { disagreements } from './disagreements';

/** The name, which leads to the country's fan where it has one of this quantity. */
function where(context: Context, figure: Figure): Node | string {
  const words = whereOf(context, figure);
  const { origin, quantity } = figure;
  const country = context.doc.countries.find((each) => each.origin === origin);
  if (!country?.counts[quantity]) return words;
  return h(
    'a',
    {
      class: 'to-fan',
      href: `#country=${encodeURIComponent(country.origin)}&quantity=${quantity}`,
      onclick: (event: MouseEvent) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        // Chosen anew even if it is the present one, so that the reader is taken there.
        context.store.set({ country: '' });
        context.store.set({ country: country.origin, quantity });
      },
    },
    words,
  );
}

function columns(context: Context): Column<Figure>[] {
  const { ledger } = context.doc;
  const source = (figure: Figure): Child[] => [
    link(ledger.sources[figure.source]?.url, sourceTitle(ledger, figure)),
    figure.note ? h('span', { class: 'row-note' }, figure.note) : null,
    figure.tags.length
      ? h('span', { class: 'row-tags' }, `tagged ${figure.tags.map(quantityName).join(', ')}`)
      : null,
  ];
  return [
    {
      key: 'where',
      title: 'Who or where',
      value: (figure) => whereOf(context, figure),
      show: (figure) => where(context, figure),
    },
    { key: 'quantity', title: 'Counted', value: (figure) => quantityName(figure.quantity) },
    {
      key: 'figure',
      title: 'Figure',
      numeric: true,
      value: (figure) => middle(figure),
      show: (figure) => published(figure),
    },
    { key: 'as_of', title: 'As of', value: (f) => f.as_of, show: (f) => shortDay(f.as_of) },
    {
      key: 'published',
      title: 'Published',
      value: (f) => f.published,
      show: (f) => shortDay(f.published),
    },
    {
      key: 'known',
      title: 'At the cut-off',
      value: (f) => `${f.known ? 'known' : 'later'}, ${f.used ? 'used' : 'not used'}`,
    },
    {
      key: 'source',
      title: 'Source',
      wide: true,
      value: (figure) => sourceTitle(ledger, figure),
      show: (figure) => h('div', {}, source(figure)),
    },
    { key: 'low', title: 'Low', unseen: true, value: (f) => f.low },
    { key: 'high', title: 'High', unseen: true, value: (f) => f.high },
    { key: 'qualifier', title: 'Qualifier', unseen: true, value: (f) => f.qualifier },
    { key: 'note', title: 'Note', unseen: true, value: (f) => f.note },
    { key: 'tags', title: 'Tags', unseen: true, value: (f) => f.tags.join(', ') },
    {
      key: 'url',
      title: 'Address',
      unseen: true,
      value: (f) => webAddress(ledger.sources[f.source]?.url),
    },
    { key: 'id', title: 'Figure id', unseen: true, value: (f) => f.id },
  ];
}

type Choice = [value: string, text: string];

function choose(
  label: string,
  testid: string,
  choices: readonly Choice[],
  onchange: () => void,
): { element: HTMLElement; input: HTMLSelectElement } {
  const input = h(
    'select',
    { 'data-testid': testid, onchange },
    choices.map(([value, text]) => h('option', { value }, text)),
  );
  return { element: h('label', { class: 'field' }, h('span', {}, label), input), input };
}

/** Takes each link to a figure to its row, wherever in the page it stands. */
function follow(ledger: Table<Figure>, reset: () => void): void {
  let found: HTMLElement | null = null;
  function go(id: string): boolean {
    reset();
    const row = ledger.reveal(id);
    if (!row) return false;
    found?.classList.remove('found');
    row.classList.add('found');
    found = row;
    row.focus({ preventScroll: true });
    row.scrollIntoView({ block: 'center', behavior: 'instant' });
    return true;
  }
  document.addEventListener('click', (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || !(event.target instanceof Element))
      return;
    const target = event.target.closest('a')?.getAttribute('href');
    if (target?.startsWith('#ledger-') && go(target.slice(1))) event.preventDefault();
  });
  const fromAddress = () => {
    const id = decodeURIComponent(location.hash.slice(1));
    if (id.startsWith('ledger-')) go(id);
  };
  window.addEventListener('hashchange', fromAddress);
  requestAnimationFrame(fromAddress);
}

/** Builds the section; its heading is made by the page. */
export function buildLedger(context: Context): Node[] {
  const { figures } = context.doc.ledger;
  if (!figures.length) {
    return [
      h('p', { class: 'empty' }, 'No published figures: the forecast rests on its priors alone.'),
    ];
  }
  const quantities = [...new Set(figures.map((figure) => figure.quantity))].sort();
  const narrow = () => {
    grid.filter((figure) => {
      const wanted = [
        [quantity.input.value, figure.quantity],
        [known.input.value, figure.known ? 'known' : 'later'],
        [used.input.value, figure.used ? 'used' : 'not used'],
      ];
      return wanted.every(([choice, value]) => !choice || choice === value);
    });
  };
  const quantity = choose(
    'Counted',
    'ledger-quantity',
    [['', 'all'], ...quantities.map((id): Choice => [id, quantityName(id)])],
    narrow,
  );
  const known = choose(
    'At the cut-off',
    'ledger-known',
    [
      ['', 'all'],
      ['known', 'known'],
      ['later', 'later'],
    ],
    narrow,
  );
  const used = choose(
    'Forecast',
    'ledger-used',
    [
      ['', 'all'],
      ['used', 'used'],
      ['not used', 'not used'],
    ],
    narrow,
  );
  const grid = table<Figure>({
    id: 'ledger',
    caption: 'Published figures',
    noun: 'figures',
    search: 'Search',
    limit: 25,
    sort: { key: 'as_of', descending: false },
    columns: columns(context),
    rows: figures,
    rowId: (figure) => rowId(figure.id),
    tools: [quantity.element, known.element, used.element],
  });
  follow(grid, () => {
    for (const { input } of [quantity, known, used]) input.value = '';
    grid.filter(null);
  });
  const early = figures.filter((figure) => figure.known).length;
  const taken = figures.filter((figure) => figure.used).length;
  const view = frame({
    id: 'ledger',
    heading: `${digits(figures.length)} published figures, ${digits(early)} of them known at the cut-off`,
    lead:
      `The forecast used ${taken}. Figures that were known but not used count something else, or ` +
      'repeat another. Figures published later are shown to check the forecast, and never entered it.',
    picture: null,
    source: `Sources: as linked in each row. Cut-off ${day(context.doc.meta.cutoff)}.`,
    twin: grid,
  });
  return [view.element, ...disagreements(context)];
}
