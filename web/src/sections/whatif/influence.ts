/** Which rows of evidence hold the forecast up. */

import type { Context } from '../../context';
import type { Influence, Influencing } from '../../document';
import { h } from '../../dom';
import { dotPlot } from '../../dotplot';
import { published, quantityName, rowId, shortDay } from '../../evidence';
import { canvas, frame } from '../../figure';
import { digits, estimate } from '../../format';
import { table } from '../../table';
import {
  around,
  asked,
  count,
  figureOf,
  fine,
  give,
  khatMark,
  placeName,
  rowWords,
  saved,
  signed,
  sourceLink,
  text,
} from './parts';

const SHOWN = 15;

function words(context: Context, row: Influencing): string {
  if (figureOf(context, row.row)) return rowWords(context, row.row);
  const value = published({ low: row.low ?? null, high: row.high ?? null, qualifier: 'point' });
  return `${placeName(context, row.origin)}, ${value} ${quantityName(row.quantity)}, ${shortDay(row.as_of)}`;
}

/** The rows that the forecast would miss most, with a warning where the weights cannot tell. */
export function influence(context: Context, answer: Influence): HTMLElement | null {
  const rows = answer.rows.filter((row) => row.shift !== undefined);
  if (!rows.length) return null;
  const sure = rows.find((row) => row.trusted);
  const groups = [
    {
      title: '',
      rows: rows.slice(0, SHOWN).map((row) => ({
        label: `${words(context, row)}${row.trusted ? '' : ' (?)'}`,
        value: row.shift ?? 0,
        low: (row.shift ?? 0) - (row.error ?? 0),
        high: (row.shift ?? 0) + (row.error ?? 0),
        strong: row.trusted,
      })),
    },
  ];
  const heading = sure
    ? `It rests most on: ${words(context, sure)} (${signed(sure.shift ?? 0)}), of the rows that can be told`
    : 'Of no row can the weights surely tell how far the forecast rests on it';
  const picture = canvas((width) =>
    dotPlot({
      width,
      groups,
      ...around(groups),
      format: signed,
      sides: ['fewer with the row', 'more with it'],
      label: heading,
    }),
  );
  const warned = answer.doubtful.length;
  const made = frame({
    id: 'influence',
    heading,
    lead:
      `What each row of evidence adds to the mean of ${answer.output.words} (${estimate(answer.output)}), ` +
      'people, with one standard error to each side: the forecast with the row less without it.',
    picture: picture.element,
    notes: warned
      ? h(
          'p',
          {},
          `Of ${digits(warned)} ${warned === 1 ? 'row' : 'rows'} the weights cannot tell (k-hat above 0.7): pale, with a question mark. `,
          'Leaving such a row out would move the fit too far; only a fit without it would say by how much.',
        )
      : null,
    source: asked(
      context,
      answer,
      'the draws of the saved run, weighed as if each row were not there',
    ),
    twin: table<Influencing>({
      id: 'influence',
      caption: 'Rows of evidence by how far the forecast rests on them',
      noun: 'rows',
      limit: SHOWN,
      rows,
      columns: [
        text(
          'row',
          'Row',
          (row) => words(context, row),
          (row) =>
            figureOf(context, row.row)
              ? h('a', { href: `#${rowId(row.row)}` }, words(context, row))
              : words(context, row),
        ),
        count(
          'shift',
          'Adds',
          (row) => row.shift,
          (row) => give(row.shift ?? 0, row.error),
        ),
        saved('error', (row) => row.error),
        count(
          'half',
          'In half-widths',
          (row) => row.half_widths,
          (row) => fine(row.half_widths),
        ),
        count(
          'khat',
          'k-hat',
          (row) => row.khat,
          (row) => (row.method === 'refit' ? 'fitted without it' : khatMark(row.khat)),
        ),
        saved('trusted', (row) => (row.trusted ? 'yes' : 'no')),
        text(
          'source',
          'Source',
          (row) => context.doc.ledger.sources[row.source]?.title ?? row.source,
          (row) => h('span', {}, sourceLink(context, row.source)),
          true,
        ),
        saved('id', (row) => row.row),
      ],
    }),
  });
  return made.element;
}
