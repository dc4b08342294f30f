import type { Context } from '../context';
import type { PlainTable } from '../document';
import { type Child, h } from '../dom';
import { frame } from '../figure';
import { termLinker } from '../terms';
import './words.css';

const NUMBER_LIKE = /^[\s<~]*(\d|none|a few|unknown|under|over|$)/i;

/** Columns after the first whose cells are all numbers in words or digits stand on the right. */
function numericColumns(table: PlainTable): boolean[] {
  return table.columns.map(
    (_, at) => at > 0 && table.rows.every((row) => NUMBER_LIKE.test(String(row[at] ?? ''))),
  );
}

/** Where room is short, a number may stand above its interval, but neither is broken. */
function interval(text: string): Child {
  const at = text.indexOf(' (');
  if (at < 0) return text;
  return [text.slice(0, at + 1), h('span', { class: 'interval' }, text.slice(at + 1))];
}

function plainTable(table: PlainTable, id: string): HTMLElement {
  const numeric = numericColumns(table);
  const kind = (at: number) => (numeric[at] ? 'number' : null);
  const cells = (row: PlainTable['rows'][number]) =>
    table.columns.map((_, at) =>
      at === 0
        ? h('th', { scope: 'row', dir: 'auto' }, row[at] ?? '')
        : h(
            'td',
            // On narrow screens each row stands as a small card, its cells named by their columns.
            {
              class: kind(at),
              dir: numeric[at] ? null : 'auto',
              'data-column': table.columns[at] ?? '',
            },
            interval(String(row[at] ?? '')),
          ),
    );
  return h(
    'div',
    // What scrolls has to be within reach of the keyboard.
    {
      class: table.columns.length > 4 ? 'plain-table cards' : 'plain-table',
      role: 'region',
      'aria-labelledby': `${id}-title`,
      tabindex: 0,
    },
    h(
      'table',
      { 'data-testid': `${id}-rows`, 'aria-labelledby': `${id}-title` },
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          table.columns.map((column, at) => h('th', { scope: 'col', class: kind(at) }, column)),
        ),
      ),
      h(
        'tbody',
        {},
        table.rows.map((row) => h('tr', {}, cells(row))),
      ),
    ),
  );
}

/** The answer in sentences, what would change it most, and the numbers as three tables. */
export function buildAnswer(context: Context): Child {
  const { doc } = context;
  const link = termLinker(doc.glossary);
  const [first, ...rest] = doc.answer.sentences;
  const words = h(
    'div',
    { class: 'answer prose', 'data-testid': 'answer-sentences' },
    first
      ? [h('p', { class: 'lead' }, link(first)), rest.map((sentence) => h('p', {}, link(sentence)))]
      : h('p', { class: 'empty' }, 'This report came without sentences.'),
  );
  const changes = doc.answer.changes.length
    ? h(
        'aside',
        { class: 'changes', 'aria-labelledby': 'changes-title' },
        h('h3', { id: 'changes-title' }, 'What would change the answer most'),
        h(
          'ol',
          { 'data-testid': 'answer-changes' },
          doc.answer.changes.map((sentence) => {
            const named = /^([^:]{3,60}):\s+(.+)$/s.exec(sentence);
            return named
              ? h('li', {}, h('strong', {}, named[1]), h('p', {}, link(named[2] ?? '')))
              : h('li', {}, h('p', {}, link(sentence)));
          }),
        ),
      )
    : null;
  // Wide tables take the whole width, after those that stand side by side.
  const wide = (table: PlainTable) => table.columns.length > 4;
  const tables = [...doc.tables]
    .sort((a, b) => Number(wide(a)) - Number(wide(b)))
    .map((table) => {
      const id = `answer-${doc.tables.indexOf(table) + 1}`;
      const element = plainTable(table, id);
      const cells = () => ({ columns: table.columns, rows: table.rows });
      const framed = frame({
        id,
        heading: table.title,
        picture: null,
        source: context.source(),
        twin: { element, cells },
      }).element;
      if (wide(table)) framed.classList.add('whole');
      return framed;
    });
  return [
    h('div', { class: 'answer-columns' }, words, changes),
    tables.length ? h('div', { class: 'answer-tables' }, tables) : null,
  ];
}
