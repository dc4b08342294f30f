/** How the answer moved: from forecast to forecast, and which row moved it. */

import type { Context } from '../../context';
import { select } from '../../controls';
import type { Entry, Moved, Update } from '../../document';
import { h } from '../../dom';
import { dotPlot } from '../../dotplot';
import { quantityName } from '../../evidence';
import { canvas, frame } from '../../figure';
import { capital, cell, day, digits, estimate, number } from '../../format';
import { type Column, table } from '../../table';
import { influence } from './influence';
import {
  ADULTS,
  count,
  figureOf,
  fine,
  give,
  khatMark,
  placeName,
  prose,
  quantityWords,
  rowLink,
  rowWords,
  saved,
  signed,
  text,
} from './parts';

const quantiles = ([p10 = 0, p50 = 0, p90 = 0]: readonly number[]) => ({ p10, p50, p90 });

const METHODS: Record<string, string> = {
  fitted: 'fitted',
  refitted: 'fitted again',
  reweighed: 'earlier draws weighed anew',
};

function entryName(entry: Entry, at: number): string {
  const rows = entry.added.length;
  const what = at === 0 ? 'first' : `${rows} ${rows === 1 ? 'row' : 'rows'} more`;
  return `as known on ${day(entry.cutoff)} (${what})`;
}

function history(context: Context, entries: readonly Entry[]): HTMLElement | null {
  const last = entries.at(-1);
  if (!last) return null;
  const outputs = Object.entries(last.outputs).flatMap(([origin, quantities]) =>
    Object.keys(quantities).map((quantity) => ({ origin, quantity, id: `${origin}:${quantity}` })),
  );
  let chosen = outputs.find((one) => one.id === 'foreign:returned') ?? outputs[0];
  if (!chosen) return null;
  const words = (one: { origin: string; quantity: string }) =>
    `${quantityWords(context, one.quantity)}, ${placeName(context, one.origin)}`;
  const rows = () =>
    entries.map((entry, at) => ({
      label: entryName(entry, at),
      entry,
      ...quantiles(entry.outputs[chosen?.origin ?? '']?.[chosen?.quantity ?? ''] ?? []),
    }));
  type Row = ReturnType<typeof rows>[number];
  const picture = canvas((width) => {
    const shown = rows();
    const low = Math.min(...shown.map((row) => row.p10));
    const high = Math.max(...shown.map((row) => row.p90));
    const room = (high - low || 1) * 0.1;
    return dotPlot({
      width,
      groups: [
        {
          title: '',
          rows: shown.map((row) => ({
            label: row.label,
            value: row.p50,
            low: row.p10,
            high: row.p90,
            strong: row.entry === last,
          })),
        },
      ],
      low: Math.max(0, low - room),
      high: high + room,
      format: digits,
      sides: ['', ''],
      label: shown.map((row) => `${row.label}: ${estimate(row)}`).join('; '),
    });
  });
  const twin = table<Row>({
    id: 'history',
    caption: 'The answer, forecast by forecast',
    noun: 'forecasts',
    rows: rows(),
    columns: [
      text('run', 'Run', (row) => row.entry.run),
      text(
        'cutoff',
        'As known on',
        (row) => row.entry.cutoff,
        (row) => day(row.entry.cutoff),
      ),
      text('method', 'How', (row) => METHODS[row.entry.method] ?? row.entry.method),
      count('added', 'New rows', (row) => row.entry.added.length),
      count(
        'p50',
        'Answer',
        (row) => row.p50,
        (row) => cell(row),
      ),
      saved('p10', (row) => row.p10),
      saved('p90', (row) => row.p90),
    ],
  });
  const groups = Object.keys(last.outputs).map((origin) => ({
    name: placeName(context, origin),
    options: outputs
      .filter((one) => one.origin === origin)
      .map((one) => ({ id: one.id, name: capital(words(one)) })),
  }));
  const choice = select('history-output', 'Forecast of', groups, chosen.id, (id) => {
    chosen = outputs.find((one) => one.id === id) ?? chosen;
    show();
  });
  const made = frame({
    id: 'history',
    heading: ' ',
    lead: `Median and 80 % interval on ${day(last.day)}, the first forecast above, this one dark; each stays as it was.`,
    controls: choice.element,
    picture: picture.element,
    source: context.source('the runs that this one goes back to'),
    twin,
  });
  function show(): void {
    const shown = rows();
    const [before, after] = [shown.at(0), shown.at(-1)];
    if (!chosen || !before || !after) return;
    made.heading(
      `${capital(words(chosen))}: ${number(before.p50)} at first, ${estimate(after)} now`,
    );
    twin.update(shown);
    picture.redraw();
  }
  show();
  return made.element;
}

/** What was done to bring the run up to date, in sentences. */
function told(update: Update): string[] {
  const unused = update.rows.filter((row) => row.unused).length;
  const rows = `${update.rows.length} new ${update.rows.length === 1 ? 'row' : 'rows'}`;
  const how =
    update.method === 'reweighed'
      ? `by weighing its draws anew${update.khat === undefined ? '' : ` (k-hat ${update.khat.toFixed(2)}, worth ${digits(update.effective ?? 0)} of ${digits(update.of ?? 0)} draws)`}.`
      : `by fitting again from its draws on${update.why.length ? `, because the weights could not be trusted: ${update.why[0]}` : ''}.`;
  return [
    `This forecast brings ${update.before} up to date with ${rows}, ${how}`,
    ...(unused
      ? [
          `${unused} of the rows change nothing: ${[...new Set(update.rows.flatMap((row) => row.unused ?? []))].join('; ')}.`,
        ]
      : []),
    ...update.notes,
  ];
}

function moves(context: Context, update: Update): HTMLElement | null {
  const [top] = update.moved;
  if (!top) return null;
  const output = (row: Moved) => `${placeName(context, row.origin)}, ${quantityName(row.quantity)}`;
  const mover = (id: string) => {
    const row = update.rows.find((one) => one.row === id);
    if (figureOf(context, id) || !row) return rowWords(context, id);
    return `${placeName(context, row.origin)}, ${quantityName(row.quantity)}`;
  };
  const columns: Column<Moved>[] = [
    text('output', 'Forecast of', output),
    count(
      'before',
      'Before',
      (row) => row.before[1],
      (row) => cell(quantiles(row.before)),
    ),
    count(
      'after',
      'Now',
      (row) => row.after[1],
      (row) => cell(quantiles(row.after)),
    ),
    count(
      'persons',
      'Moved by',
      (row) => row.persons,
      (row) => give(row.persons, row.error),
    ),
    saved('error', (row) => row.error),
    count(
      'shift',
      'In half-widths',
      (row) => row.shift,
      (row) => fine(row.shift),
    ),
    text(
      'row',
      'Moved most by',
      (row) => (row.row ? mover(row.row) : ''),
      (row) =>
        row.row && figureOf(context, row.row)
          ? h('span', {}, rowLink(context, row.row))
          : row.row
            ? mover(row.row)
            : '',
      true,
    ),
    count(
      'by',
      'That row alone',
      (row) => (row.row ? row.by : null),
      (row) => (row.row ? signed(row.by) : ''),
    ),
    count(
      'khat',
      'k-hat',
      (row) => row.khat,
      (row) => khatMark(row.khat),
    ),
  ];
  const made = frame({
    id: 'moved',
    heading: `Moved most: ${output(top)}, by ${signed(top.persons)}`,
    lead:
      `The mean on ${day(update.day)}, with its Monte Carlo error; in halves of the earlier 80 % ` +
      'interval; and the new row without which it would change most. Where k-hat is above 0.7, the ' +
      'weights that tell the rows apart cannot be trusted.',
    picture: null,
    source: context.source('the run before and this one'),
    twin: table<Moved>({
      id: 'moved',
      caption: 'What moved, and the row that moved it most',
      noun: 'forecasts',
      limit: 12,
      rows: update.moved,
      columns,
    }),
  });
  return made.element;
}

/** Builds the section; its heading is made by the page. */
export function buildMoved(context: Context): Node[] {
  const { update, history: past, influence: held } = context.doc.whatif ?? {};
  const parts = [
    prose(context, ...(update ? told(update) : []), ADULTS),
    past ? history(context, past.forecasts) : null,
    update ? moves(context, update) : null,
    held ? influence(context, held) : null,
  ];
  return parts.filter((part): part is HTMLElement => part !== null);
}
