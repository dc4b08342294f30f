/** What the sections of questions put to a run share: signed counts, names in texts, links to evidence. */

import '../../sections.css';
import './whatif.css';
import type { Context } from '../../context';
import type { Answered, Figure } from '../../document';
import { type Child, h } from '../../dom';
import type { DotGroup, DotRow } from '../../dotplot';
import { published, quantityName, rowId, shortDay, whereOf } from '../../evidence';
import { digits, rounded } from '../../format';
import { link } from '../../links';
import type { Column } from '../../table';
import { termLinker } from '../../terms';

/** Quantities that have no fate's or cohort's name. */
const QUANTITIES: Record<string, string> = {
  returned: 'returnees',
  killed: 'dead',
  departed: 'ever joined',
  remaining: 'still away and alive',
  holdouts: 'holdouts',
  free_agents: 'free agents',
};

/** A quantity as what it counts, by its fate's name where it is one. */
export function quantityWords(context: Context, quantity: string): string {
  const name = QUANTITIES[quantity] ?? context.nameOf(quantity);
  return name === quantity ? quantityName(quantity) : name;
}

/** A difference of counts: "+120", "−35", "+<5", "0". */
export function signed(value: number): string {
  const size = Math.abs(value);
  if (size < 0.5) return '0';
  return `${value < 0 ? '−' : '+'}${size < 5 ? '<5' : digits(rounded(size))}`;
}

/** A mean difference with its interval, short enough for a table: "+120 (+80 to +160)". */
export function signedCell(row: { mean: number; p10: number; p90: number }): string {
  const [low, middle, high] = [signed(row.p10), signed(row.mean), signed(row.p90)];
  return low === middle && middle === high ? middle : `${middle} (${low} to ${high})`;
}

/** A column of numbers. */
export const count = <Row>(
  key: string,
  title: string,
  value: (row: Row) => number | null | undefined,
  show?: Column<Row>['show'],
): Column<Row> => ({
  key,
  title,
  numeric: true,
  value: (row) => value(row) ?? null,
  ...(show ? { show } : {}),
});

/** A column of text. */
export const text = <Row>(
  key: string,
  title: string,
  value: (row: Row) => string | number | null | undefined,
  show?: Column<Row>['show'],
  wide = false,
): Column<Row> => ({
  key,
  title,
  wide,
  value: (row) => value(row) ?? null,
  ...(show ? { show } : {}),
});

/** A column that is saved but not shown. */
export const saved = <Row>(
  key: string,
  value: (row: Row) => string | number | null | undefined,
): Column<Row> => ({ key, title: key, unseen: true, value: (row) => value(row) ?? null });

/** A number to two decimals. */
export const fine = (value: number | null | undefined): string =>
  value === null || value === undefined
    ? ''
    : value
        .toFixed(2)
        .replace(/^-(?!0\.00$)/, '−')
        .replace('-', '');

/** A movement of a mean with its standard error. */
export const give = (value: number, error: number | undefined): string => {
  const size = error ?? 0;
  return `${signed(value)} ± ${size < 0.5 ? '<1' : size < 5 ? '<5' : digits(rounded(size))}`;
};

/** Above this k-hat, weights tell too little. */
const LARGEST_KHAT = 0.7;

export const khatMark = (khat: number | undefined): HTMLElement | string =>
  khat !== undefined && khat > LARGEST_KHAT
    ? h('span', { class: 'mark wrong' }, `${fine(khat)}, too large`)
    : fine(khat);

/** A text with a note under it. */
export const noted = (content: Child, note: Child): HTMLElement =>
  h('div', {}, content, note ? h('span', { class: 'row-note' }, note) : null);

/** A share of draws, 0 and all of them included. */
export const share = (value: number): string =>
  value <= 0
    ? '0 %'
    : value >= 1
      ? '100 %'
      : `${Math.min(99, Math.max(1, Math.round(100 * value)))} %`;

/** A percentage with its sign and one decimal. */
export const points = (value: number): string => `${(100 * value).toFixed(1).replace('-', '−')} %`;

/** A name, or a code with underscores in words. */
export function placeName(context: Context, id: string): string {
  const known = context.nameOf(id);
  return known === id ? id.replaceAll('_', ' ') : known;
}

const found = new WeakMap<Context, Map<string, Figure>>();

/** A figure of the ledger. */
export function figureOf(context: Context, id: string): Figure | undefined {
  let figures = found.get(context);
  if (!figures) {
    figures = new Map(context.doc.ledger.figures.map((figure) => [figure.id, figure]));
    found.set(context, figures);
  }
  return figures.get(id);
}

/** A row of evidence in a few words, without a link. */
export function rowWords(context: Context, id: string): string {
  const figure = figureOf(context, id);
  return figure
    ? `${whereOf(context, figure)}, ${published(figure)} ${quantityName(figure.quantity)}, ${shortDay(figure.as_of)}`
    : id;
}

/** A row of evidence as a link to the ledger; its id where the ledger does not show it. */
export function rowLink(context: Context, id: string | undefined): Child {
  if (!id) return '';
  return figureOf(context, id) ? h('a', { href: `#${rowId(id)}` }, rowWords(context, id)) : id;
}

/** Sources by their titles, with a link out where the ledger has one; a text that is no key stays. */
export function sourceLink(context: Context, key: string): Child {
  const source = context.doc.ledger.sources[key];
  return source ? link(source.url, source.title) : key;
}

/** Whom a count is of, where it is not everyone. */
export const ADULTS =
  'Those who joined, returned, died, are held or remain are counted as published figures count them: adults.';

/** Text with links to the glossary. */
export const prose = (context: Context, ...texts: string[]): HTMLElement => {
  const linked = termLinker(context.doc.glossary);
  return h(
    'div',
    { class: 'prose' },
    texts.map((text) => h('p', {}, linked(text))),
  );
};

/** The last line of a figure: how many draws, and from which cut-off. */
export const asked = (context: Context, answer: Answered, what: string, unit = 'draws'): string =>
  context.source(`${what} (${digits(answer.draws)} ${unit}, seed ${answer.seed})`);

/** Limits of an axis around nothing, with room for the words at both sides. */
export function around(groups: readonly DotGroup[], least = 0.3): { low: number; high: number } {
  const values = groups.flatMap((group) =>
    group.rows.flatMap((row: DotRow) => [row.value, row.low ?? 0, row.high ?? 0]),
  );
  const low = Math.min(0, ...values);
  const high = Math.max(0, ...values);
  const size = high - low || 1;
  return {
    low: least ? Math.min(low - size * 0.04, -least * high) : low,
    high: Math.max(high + size * 0.04, -least * low),
  };
}
