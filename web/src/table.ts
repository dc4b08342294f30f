/** A table that can be sorted, searched and read by keyboard and screen reader. */

import './tables.css';
import { h } from './dom';
import type { Cell } from './downloads';
import { digits } from './format';
import { watchTable } from './roomy';

export interface Column<Row> {
  key: string;
  title: string;
  /** What sorts, is searched and goes into the CSV. */
  value: (row: Row) => Cell;
  /** What is shown, where it differs from the value. */
  show?: (row: Row) => Node | string | null;
  numeric?: boolean;
  /** Takes the room that is left. */
  wide?: boolean;
  /** Searched and saved, but not shown: it stands within another column. */
  unseen?: boolean;
}

export interface Sort {
  key: string;
  descending: boolean;
}

export interface TableOptions<Row> {
  id: string;
  caption: string;
  columns: Column<Row>[];
  rows: readonly Row[];
  limit?: number;
  /** The label of the search field; without it there is none. */
  search?: string;
  /** What the rows are, for the count: "figures". */
  noun?: string;
  sort?: Sort;
  rowId?: (row: Row) => string;
  /** What else belongs beside the search field, as filters. */
  tools?: Node[];
}

export interface Table<Row> {
  element: HTMLElement;
  /** Put other rows in the place of these. */
  update: (rows: readonly Row[]) => void;
  /** Show only the rows that pass; null shows all. */
  filter: (keep: ((row: Row) => boolean) | null) => void;
  /** Bring the row with this id into the table and return it; null if there is none. */
  reveal: (id: string) => HTMLElement | null;
  /** The rows found, in their order, for a CSV. */
  cells: () => { columns: string[]; rows: Cell[][] };
}

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** Order of two cells, unknown ones last whatever the direction. */
export function compare(a: Cell, b: Cell, descending: boolean): number {
  const missing = (cell: Cell) => cell === null || cell === undefined || cell === '';
  if (missing(a) || missing(b)) return Number(missing(a)) - Number(missing(b));
  const order =
    typeof a === 'number' && typeof b === 'number' ? a - b : collator.compare(String(a), String(b));
  return descending ? -order : order;
}

/** Text without accents and case, as search compares it. */
export function plain(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase();
}

export function table<Row>(options: TableOptions<Row>): Table<Row> {
  const { id, columns: every, noun = 'rows', limit = Number.POSITIVE_INFINITY } = options;
  const columns = every.filter((column) => !column.unseen);
  let all = options.rows;
  let keep: ((row: Row) => boolean) | null = null;
  let sort = options.sort;
  let query = '';
  let open = false;
  // Rows are made when the table is first seen: most twins never are.
  let awake = false;
  let found: readonly Row[] = all;
  const texts = new Map<Row, string>();

  const body = h('tbody', {});
  const count = h('p', {
    class: 'table-count',
    'aria-live': 'polite',
    'data-testid': `count-${id}`,
  });
  const field = h('input', {
    type: 'search',
    id: `search-${id}`,
    'data-testid': `search-${id}`,
    autocomplete: 'off',
    spellcheck: 'false',
    oninput: () => {
      query = field.value;
      render();
    },
  });
  const more = h('button', {
    type: 'button',
    class: 'table-more',
    'data-testid': `more-${id}`,
    onclick: () => {
      open = !open;
      render();
    },
  });

  const heads = columns.map((column) => {
    const arrow = h('span', { class: 'sort-arrow', 'aria-hidden': 'true' });
    const button = h(
      'button',
      {
        type: 'button',
        'data-testid': `sort-${id}-${column.key}`,
        onclick: () => {
          const descending = sort?.key === column.key ? !sort.descending : Boolean(column.numeric);
          sort = { key: column.key, descending };
          render();
        },
      },
      column.title,
      arrow,
    );
    const cell = h('th', { scope: 'col', class: kind(column) }, button);
    return { column, arrow, cell };
  });

  const captionId = `caption-${id}`;
  const grid = h(
    'table',
    { class: 'sortable', 'data-testid': `table-${id}` },
    h('caption', { id: captionId }, options.caption),
    h('thead', {}, h('tr', {}, ...heads.map((head) => head.cell))),
    body,
  );
  const frame = h(
    'div',
    { class: 'table-frame', role: 'region', 'aria-labelledby': captionId, tabindex: 0 },
    grid,
  );
  const tools =
    options.search || options.tools?.length
      ? h(
          'div',
          { class: 'table-tools' },
          options.search
            ? h(
                'label',
                { class: 'field table-search', for: `search-${id}` },
                h('span', {}, options.search),
                field,
              )
            : null,
          ...(options.tools ?? []),
        )
      : null;
  const element = h('div', { class: 'table', id: `table-${id}` }, tools, count, frame, more);

  watchTable(grid, {
    wake: () => {
      if (!awake) render();
    },
    fits: () => grid.offsetWidth <= frame.clientWidth,
    place: (roomy) => {
      frame.classList.toggle('roomy', roomy);
      if (roomy) frame.removeAttribute('tabindex');
      else frame.setAttribute('tabindex', '0');
    },
  });

  function kind(column: Column<Row>): string {
    return column.numeric ? 'number' : column.wide ? 'wide' : 'text';
  }

  function textOf(row: Row): string {
    let text = texts.get(row);
    if (text === undefined) {
      text = plain(every.map((column) => column.value(row) ?? '').join(' \n'));
      texts.set(row, text);
    }
    return text;
  }

  function find(): void {
    const words = plain(query).split(/\s+/).filter(Boolean);
    found = all.filter(
      (row) => (!keep || keep(row)) && words.every((word) => textOf(row).includes(word)),
    );
    const column = columns.find((each) => each.key === sort?.key);
    if (column && sort) {
      const { descending } = sort;
      found = [...found].sort((a, b) => compare(column.value(a), column.value(b), descending));
    }
  }

  function line(row: Row): HTMLTableRowElement {
    const cells = columns.map((column, index) => {
      const value = column.value(row);
      const content = column.show ? column.show(row) : value === null ? '' : String(value ?? '');
      const empty = content === '' || content === null;
      return h(
        index === 0 ? 'th' : 'td',
        {
          class: kind(column),
          scope: index === 0 ? 'row' : null,
          dir: column.numeric ? null : 'auto',
        },
        empty ? h('span', { class: 'missing' }, '–') : content,
      );
    });
    return h(
      'tr',
      { id: options.rowId?.(row) ?? null, tabindex: options.rowId ? -1 : null },
      ...cells,
    );
  }

  function render(): void {
    awake = true;
    find();
    for (const { column, arrow, cell } of heads) {
      const active = sort?.key === column.key;
      if (active) cell.setAttribute('aria-sort', sort?.descending ? 'descending' : 'ascending');
      else cell.removeAttribute('aria-sort');
      arrow.textContent = active ? (sort?.descending ? '↓' : '↑') : '';
    }
    const shown = open ? found : found.slice(0, limit);
    body.replaceChildren(...shown.map(line));
    const rest = found.length - Math.min(found.length, limit);
    more.hidden = rest <= 0;
    more.textContent = open
      ? `Show the first ${limit}`
      : `Show all ${digits(found.length)} ${noun}`;
    more.setAttribute('aria-expanded', String(open));
    count.hidden = !tools && rest <= 0;
    count.textContent =
      found.length === 0
        ? `No ${noun} found.`
        : `${digits(found.length)} of ${digits(all.length)} ${noun}` +
          (shown.length < found.length ? `, the first ${shown.length} shown` : '');
    frame.hidden = found.length === 0;
  }

  return {
    element,
    update(rows) {
      all = rows;
      texts.clear();
      if (awake) render();
    },
    filter(by) {
      keep = by;
      if (awake) render();
    },
    reveal(rowId) {
      const at = (rows: readonly Row[]) => rows.findIndex((row) => options.rowId?.(row) === rowId);
      if (at(all) < 0) return null;
      find();
      if (at(found) < 0) {
        keep = null;
        query = '';
        field.value = '';
        find();
      }
      if (at(found) >= limit) open = true;
      render();
      return body.querySelector<HTMLElement>(`#${CSS.escape(rowId)}`);
    },
    cells: () => {
      find();
      return {
        columns: every.map((column) => column.title),
        rows: found.map((row) => every.map((column) => column.value(row))),
      };
    },
  };
}
