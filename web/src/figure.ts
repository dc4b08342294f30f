/** The frame every view stands in: heading, lead, picture, source line, table twin and downloads. */

import { type Child, h, replace } from './dom';
import { type Cell, fileName, saveCsv, savePng, saveSvg } from './downloads';

/** The table that says what a picture shows; `table()` makes one. */
export interface Twin {
  element: HTMLElement;
  cells: () => { columns: string[]; rows: Cell[][] };
}

export interface FrameOptions {
  /** Stem of file names and of test ids: `<id>-table`, `<id>-svg`, `<id>-png`, `<id>-csv`. */
  id: string;
  /** States the finding. */
  heading: string;
  /** Quantity, unit and date, under the heading. */
  lead?: Child;
  /** Choices above the picture. */
  controls?: Child;
  /** Holds the picture; null for a table that stands alone, which is then always shown. */
  picture: HTMLElement | null;
  /** The drawing to save, which need not be in the page; else the first `svg` in the picture. */
  svg?: () => SVGSVGElement | null;
  /** What stands under the picture: a legend, a note. */
  notes?: Child;
  /** The last line. */
  source: string;
  twin: Twin;
  /** Brings the twin up to date; called only when it is about to be read. */
  sync?: () => void;
}

export interface Frame {
  element: HTMLElement;
  heading(text: string): void;
  lead(...content: Child[]): void;
  /** Call after the picture has changed, so that the table follows. */
  refresh(): void;
}

/** Puts a picture into its frame. */
export function frame(options: FrameOptions): Frame {
  const { id, picture, twin } = options;
  const title = h('h3', { class: 'figure-title', id: `${id}-title` }, options.heading);
  const lead = h('p', { class: 'figure-lead', hidden: !options.lead }, options.lead);
  const holder = h(
    'div',
    { class: 'twin', id: `${id}-twin`, hidden: picture !== null },
    twin.element,
  );
  const file = () => fileName('dispersal', id);
  const drawing = () => options.svg?.() ?? picture?.querySelector('svg') ?? null;
  const words = () => title.textContent ?? id;

  function refresh(): void {
    if (!holder.hidden) options.sync?.();
  }

  function button(kind: string, purpose: string, onclick: () => void): HTMLButtonElement {
    return h(
      'button',
      { type: 'button', 'data-testid': `${id}-${kind.toLowerCase()}`, onclick },
      kind,
      h('span', { class: 'unseen' }, `: ${purpose}, ${options.heading}`),
    );
  }

  const toggle = button('Table', 'the same as a table', () => {
    holder.hidden = !holder.hidden;
    toggle.setAttribute('aria-expanded', String(!holder.hidden));
    refresh();
  });
  toggle.setAttribute('aria-expanded', 'false');
  toggle.setAttribute('aria-controls', holder.id);

  const tools = h('div', { class: 'tools' }, [
    picture && toggle,
    picture &&
      button('SVG', 'save the picture', () => {
        const svg = drawing();
        if (svg) saveSvg(svg, file(), words(), options.source);
      }),
    picture &&
      button('PNG', 'save the picture', () => {
        const svg = drawing();
        if (svg) void savePng(svg, file(), words(), options.source);
      }),
    button('CSV', 'save the table', () => {
      options.sync?.();
      const { columns, rows } = twin.cells();
      saveCsv(columns, rows, file());
    }),
  ]);

  const element = h(
    'figure',
    {
      class: 'frame',
      id: `figure-${id}`,
      'data-testid': `figure-${id}`,
      'aria-labelledby': title.id,
    },
    title,
    lead,
    options.controls ? h('div', { class: 'controls' }, options.controls) : null,
    picture,
    options.notes ? h('div', { class: 'figure-notes' }, options.notes) : null,
    picture ? null : holder,
    h('figcaption', {}, h('p', { class: 'source' }, options.source), tools),
    picture ? holder : null,
  );
  refresh();
  return {
    element,
    heading(text) {
      title.textContent = text;
    },
    lead(...content) {
      lead.hidden = content.length === 0;
      replace(lead, ...content);
    },
    refresh,
  };
}

export interface Canvas {
  element: HTMLElement;
  /** Draws again at the present width: at once if it is in sight, else soon. */
  redraw(): void;
}

const SOON_MS = 200;

/** The width of the text area of an A4 page in CSS pixels. */
const PAPER_WIDTH = 688;

/** A holder that draws at its width, and again when the width changes. */
export function canvas(draw: (width: number) => Child): Canvas {
  const element = h('div', { class: 'picture' });
  let width = 0;
  let inSight = false;
  let waiting = 0;

  function paint(at = width): void {
    window.clearTimeout(waiting);
    waiting = 0;
    if (at > 0) replace(element, draw(at));
  }
  const resized = new ResizeObserver(() => {
    const now = Math.floor(element.clientWidth);
    // Paper has its own width, drawn before printing begins.
    if (now === width || now === 0 || matchMedia('print').matches) return;
    width = now;
    paint();
  });
  resized.observe(element);
  const seen = new IntersectionObserver(
    (entries) => {
      inSight = entries.at(-1)?.isIntersecting ?? false;
      if (inSight && waiting) paint();
    },
    { rootMargin: '50%' },
  );
  seen.observe(element);
  // A wide picture shrunk to paper would have letters too small to read.
  window.addEventListener('beforeprint', () => paint(Math.min(width, PAPER_WIDTH)));
  window.addEventListener('afterprint', () => paint());
  return {
    element,
    redraw() {
      if (inSight) paint();
      else {
        // While a month plays elsewhere on the page, what is not seen need not keep up.
        window.clearTimeout(waiting);
        waiting = window.setTimeout(() => paint(), SOON_MS);
      }
    },
  };
}
