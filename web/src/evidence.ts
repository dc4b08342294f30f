/** Published figures as words and as marks on a picture. */

import type { Box, Scale } from './axis';
import type { Context } from './context';
import type { Figure, Ledger } from './document';
import { s } from './dom';
import { day, dayNumber, digits } from './format';

/** The element id of a figure's row in the ledger. */
export const rowId = (figure: string): string => `ledger-${figure}`;

/** A published number as it was published: digits are not rounded here. */
export function published(figure: Pick<Figure, 'low' | 'high' | 'qualifier'>): string {
  const { low, high, qualifier } = figure;
  const text = (value: number | null) =>
    value === null ? 'unknown' : Number.isInteger(value) ? digits(value) : String(value);
  if (qualifier === 'at_least' || (high === null && low !== null)) return `at least ${text(low)}`;
  if (qualifier === 'at_most' || (low === null && high !== null)) return `at most ${text(high)}`;
  if (low !== high) return `${text(low)} to ${text(high)}`;
  return qualifier === 'about' ? `about ${text(low)}` : text(low);
}

/** A day short enough for a table: "7 Mar 2017". */
export const shortDay = (iso: string): string => day(iso).replace(/([A-Z][a-z]{2})[a-z]+/, '$1');

/** The day of an instant: the last one begins the day after the period, and stands for its end. */
export const momentDay = (instant: string, until: string): string =>
  until && instant > until ? until : instant;

/** The quantity's name in plain words: `minors_departed` is "minors departed". */
export const quantityName = (quantity: string): string => {
  const words = quantity.replace(/_km2$/, ' (km²)').replace(/_percent$/, ' (%)');
  return words.replaceAll('_', ' ');
};

/** The source of a figure: its title, or its key where the ledger does not list it. */
export function sourceTitle(ledger: Ledger, figure: Figure): string {
  const source = ledger.sources[figure.source];
  if (!source) return figure.source || 'source unknown';
  return source.publisher && !source.title.includes(source.publisher)
    ? `${source.publisher}: ${source.title}`
    : source.title;
}

/** Where the people of a figure came from or are. */
export function whereOf(context: Context, figure: Figure): string {
  const parts = [figure.origin, figure.place].filter((id): id is string => Boolean(id));
  const names = parts.map((id) => {
    const whole = context.nameOf(id);
    return whole === id ? id.split('+').map(context.nameOf).join(' and ') : whole;
  });
  if (figure.host) names.push(figure.host);
  return names.join(', ') || 'everywhere';
}

/** One line on a figure, as a screen reader gives it. */
export function figureLine(figure: Figure, ledger: Ledger): string {
  return (
    `${published(figure)} ${quantityName(figure.quantity)}, as of ${day(figure.as_of)}, ` +
    `published ${day(figure.published)}${figure.known ? '' : ' (after the cut-off)'}. ` +
    `${sourceTitle(ledger, figure)}. Leads to its row in the ledger.`
  );
}

/** The middle of what was published: where its dot stands. */
export function middle(figure: Figure): number | null {
  if (figure.low === null) return figure.high;
  return figure.high === null ? figure.low : (figure.low + figure.high) / 2;
}

/** A figure's mark: a dot, with a bar for a range and an arrow for "at least" and "at most". */
function mark(figure: Figure, x: number, y: Scale, box: Box): SVGElement[] {
  const low = figure.low === null ? null : y(figure.low);
  const high = figure.high === null ? null : y(figure.high);
  const at = y(middle(figure) ?? 0);
  const parts: SVGElement[] = [];
  const bar = (from: number, to: number) =>
    parts.push(s('line', { class: 'range', x1: x, x2: x, y1: from, y2: to }));
  const arrow = (tip: number, step: number) =>
    parts.push(
      s('path', {
        class: 'arrow',
        d: `M${x - 2.5},${tip - step}L${x},${tip}L${x + 2.5},${tip - step}`,
      }),
    );
  if (low !== null && high !== null && low !== high) bar(low, high);
  else if (high === null && low !== null) {
    const tip = Math.max(box.top, low - 14);
    bar(low, tip);
    arrow(tip, -3);
  } else if (low === null && high !== null) {
    const tip = Math.min(box.bottom, high + 14);
    bar(high, tip);
    arrow(tip, 3);
  }
  // The wide ring is what finger and pointer hit; it is not seen.
  parts.push(s('circle', { class: 'hit', cx: x, cy: at, r: 8 }));
  parts.push(s('circle', { class: 'dot', cx: x, cy: at, r: 2.8 }));
  return parts;
}

export interface DotsOptions {
  figures: readonly Figure[];
  ledger: Ledger;
  x: Scale;
  y: Scale;
  box: Box;
  onShow?: (figure: Figure, anchor: Element) => void;
  onHide?: () => void;
}

/**
 * Figures as links to their rows. Only one of a picture's dots is reached by the tab key; the arrow
 * keys go on to the next, so that a page of pictures can be passed with few keystrokes.
 */
export function dots(options: DotsOptions): SVGElement | null {
  const { ledger, x, y, box } = options;
  const inside = options.figures
    .filter((figure) => {
      const at = x(dayNumber(figure.as_of));
      return middle(figure) !== null && at >= box.left - 1 && at <= box.right + 1;
    })
    .sort((a, b) => a.as_of.localeCompare(b.as_of));
  if (!inside.length) return null;
  const links = inside.map((figure, index) => {
    const show = () => options.onShow?.(figure, link);
    const link = s(
      'a',
      {
        href: `#${rowId(figure.id)}`,
        class: figure.known ? 'evidence known' : 'evidence later',
        tabindex: index === 0 ? 0 : -1,
        'data-testid': `dot-${figure.id}`,
        'aria-label': figureLine(figure, ledger),
        onfocus: show,
        onmouseenter: show,
        onblur: () => options.onHide?.(),
        onmouseleave: () => options.onHide?.(),
        onkeydown: (event: KeyboardEvent) => move(event, index),
      },
      mark(figure, x(dayNumber(figure.as_of)), y, box),
    );
    return link;
  });
  const goals: Record<string, (index: number) => number> = {
    ArrowRight: (index) => Math.min(index + 1, links.length - 1),
    ArrowLeft: (index) => Math.max(index - 1, 0),
    Home: () => 0,
    End: () => links.length - 1,
  };
  function move(event: KeyboardEvent, index: number): void {
    const next = goals[event.key]?.(index);
    if (next === undefined) return;
    event.preventDefault();
    for (const [at, link] of links.entries())
      link.setAttribute('tabindex', at === next ? '0' : '-1');
    links[next]?.focus();
  }
  const known = inside.filter((figure) => figure.known).length;
  return s(
    'g',
    {
      class: 'dots',
      role: 'group',
      'aria-label': `${inside.length} published figures, ${known} known at the cut-off; arrow keys go through them`,
    },
    links,
  );
}
