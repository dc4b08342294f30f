/** What drives it: which inputs the spread of the forecast comes from. */

import type { Context } from '../../context';
import { radios } from '../../controls';
import type { Driven, Driver } from '../../document';
import { h, name, s } from '../../dom';
import { dotPlot } from '../../dotplot';
import { canvas, frame } from '../../figure';
import { capital, day, estimate, number } from '../../format';
import { fitted, textWidth } from '../../labels';
import { scaleLinear } from '../../scale';
import { type Column, table } from '../../table';
import { measure } from '../told';
import {
  ADULTS,
  around,
  asked,
  count,
  fine,
  noted,
  placeName,
  prose,
  quantityWords,
  saved,
  signed,
  text,
} from './parts';

/** Inputs that a picture shows; the table has them all. */
const SHOWN = 12;

const inputName = (row: Driver): string =>
  row.kind === 'evidence'
    ? 'all that was fitted'
    : row.input.replaceAll('_', ' ').replace(':', ': ');

/** `returned_total`, `returned:TUN` or `elsewhere@LBY` in words. */
function outputName(context: Context, output: string): string {
  const [quantity = '', where] = output.replace(/_total$/, ':foreign').split(/[:@]/);
  const words = quantityWords(context, quantity);
  return where ? `${words}, ${placeName(context, where)}` : words;
}

function sobol(driven: Driven, width: number): SVGSVGElement {
  const groups = [
    {
      title: '',
      rows: driven.inputs.slice(0, SHOWN).flatMap((row) => [
        {
          label: inputName(row),
          value: row.total ?? 0,
          low: row.total_low ?? null,
          high: row.total_high ?? null,
          strong: true,
        },
        {
          label: '',
          value: row.first ?? 0,
          low: row.first_low ?? null,
          high: row.first_high ?? null,
        },
      ]),
    },
  ];
  return dotPlot({
    width,
    groups,
    ...around(groups, 0),
    format: fine,
    sides: ['', ''],
    label: `Total and first-order Sobol indices: ${driven.inputs
      .slice(0, 5)
      .map((row) => `${inputName(row)} ${fine(row.total ?? 0)}`)
      .join(', ')}`,
  });
}

const ROW = 24;
const TOP = 26;

/** Bars from the mean to the output's mean with an input at its 10 % and at its 90 %. */
function tornado(driven: Driven, width: number): SVGSVGElement {
  const rows = driven.inputs
    .filter((row) => row.low !== undefined && row.high !== undefined)
    .sort((a, b) => spanOf(b) - spanOf(a))
    .slice(0, SHOWN);
  const stacked = width < 560;
  const line = stacked ? 38 : ROW;
  const longest = Math.max(0, ...rows.map((row) => textWidth(inputName(row))));
  const left = stacked ? 8 : Math.min(width * 0.4, longest + 14);
  const ends = rows.flatMap((row) => [row.low ?? 0, row.high ?? 0]);
  const low = Math.min(driven.mean, ...ends);
  const high = Math.max(driven.mean, ...ends);
  const x = scaleLinear([low, high === low ? low + 1 : high], [left + 44, width - 48]);
  const height = TOP + rows.length * line + 6;
  const middle = x(driven.mean);
  return s(
    'svg',
    {
      class: 'tornado',
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      role: 'img',
      'aria-label': `Tornado: ${rows
        .slice(0, 5)
        .map((row) => `${inputName(row)} from ${number(row.low)} to ${number(row.high)}`)
        .join('; ')}`,
    },
    s('line', { class: 'middle', x1: middle, x2: middle, y1: TOP - 8, y2: height }),
    s('text', { x: middle, y: 11, 'text-anchor': 'middle' }, `mean ${number(driven.mean)}`),
    rows.map((row, at) => {
      const y = TOP + at * line + (stacked ? 16 : 3);
      const bar = (value: number, kind: string) => {
        const [from, to] = [Math.min(middle, x(value)), Math.max(middle, x(value))];
        // Where both ends lie on one side, the shorter bar is drawn over the longer one.
        return s('rect', { class: kind, x: from, y, width: Math.max(to - from, 0.5), height: 14 });
      };
      const [one, other] = [row.low ?? 0, row.high ?? 0];
      const bars = [bar(one, 'low'), bar(other, 'high')];
      if (Math.abs(one - driven.mean) < Math.abs(other - driven.mean)) bars.reverse();
      const [first, last] = [Math.min(one, other), Math.max(one, other)];
      return s(
        'g',
        {},
        stacked
          ? s('text', { x: 0, y: y - 4 }, fitted(inputName(row), width))
          : s(
              'text',
              { x: left - 6, y: y + 11, 'text-anchor': 'end' },
              fitted(inputName(row), left - 8),
            ),
        bars,
        s(
          'text',
          { x: Math.min(x(first), middle) - 4, y: y + 11, 'text-anchor': 'end' },
          signed(first - driven.mean),
        ),
        s('text', { x: Math.max(x(last), middle) + 4, y: y + 11 }, signed(last - driven.mean)),
      );
    }),
  );
}

const spanOf = (row: Driver): number => Math.abs((row.high ?? 0) - (row.low ?? 0));

const interval = (which: 'first' | 'total', title: string): Column<Driver>[] => [
  count(
    which,
    title,
    (row) => row[which],
    (row) =>
      row[which] === undefined
        ? ''
        : `${fine(row[which])} (${fine(row[`${which}_low`])} to ${fine(row[`${which}_high`])})`,
  ),
  saved(`${title}, low`, (row) => row[`${which}_low`]),
  saved(`${title}, high`, (row) => row[`${which}_high`]),
];

/** Builds the section; its heading is made by the page. */
export function buildDrivers(context: Context): Node[] {
  const answer = context.doc.whatif?.sensitivity;
  const first = answer?.outputs[0];
  if (!answer || !first) return [];
  let driven = first;
  const picture = canvas((width) => sobol(driven, width));
  const bars = canvas((width) => tornado(driven, width));
  const inputColumn = text<Driver>(
    'input',
    'Input',
    (row) => `${inputName(row)} ${row.meaning}`,
    (row) => noted(name(inputName(row)), row.meaning === row.input ? '' : row.meaning),
  );
  const twin = table<Driver>({
    id: 'drivers',
    caption: 'Sobol indices of each input, with 90 % intervals',
    noun: 'inputs',
    rows: driven.inputs,
    columns: [
      inputColumn,
      text('kind', 'Kind', (row) => row.kind),
      ...interval('total', 'Total index'),
      ...interval('first', 'First order'),
    ],
  });
  const ends = (row: Driver, end: 'p10' | 'p90') =>
    row[end] === undefined ? '' : `${measure(row[end])} ${row.unit}`;
  const barsTwin = table<Driver>({
    id: 'tornado',
    caption: 'The output with each input at the ends of its 80 % range',
    noun: 'inputs',
    rows: driven.inputs,
    columns: [
      inputColumn,
      text(
        'p10',
        'Input at its 10 %',
        (row) => row.p10,
        (row) => ends(row, 'p10'),
      ),
      count(
        'low',
        'Mean there',
        (row) => row.low,
        (row) => number(row.low),
      ),
      text(
        'p90',
        'Input at its 90 %',
        (row) => row.p90,
        (row) => ends(row, 'p90'),
      ),
      count(
        'high',
        'Mean at 90 %',
        (row) => row.high,
        (row) => number(row.high),
      ),
      count('span', 'Apart', spanOf, (row) => number(spanOf(row))),
    ],
  });
  const source = asked(context, answer, 'expected counts over the range of all inputs', 'points');
  const choice =
    answer.outputs.length > 1
      ? radios(
          'drivers-output',
          'Forecast',
          answer.outputs.map(({ output }) => ({ id: output, name: outputName(context, output) })),
          driven.output,
          (id) => {
            driven = answer.outputs.find((each) => each.output === id) ?? driven;
            show();
          },
        )
      : null;
  const made = frame({
    id: 'drivers',
    heading: ' ',
    lead:
      'Dark: the total index, the share of the variance that would stay if all but this input were ' +
      'known. Pale, under it: the first-order index, the share that would go if it alone were ' +
      'known. Bars are 90 % intervals; small negative values are chance.',
    controls: choice?.element,
    picture: picture.element,
    source,
    twin,
  });
  const key = (kind: string, text: string) =>
    h('li', {}, h('i', { class: 'swatch', style: `--swatch: var(--data-${kind})` }), text);
  const second = frame({
    id: 'tornado',
    heading: ' ',
    lead: 'The mean of the forecast with one input at an end of its 80 % range and all others wherever they may be.',
    picture: bars.element,
    notes: h(
      'ul',
      { class: 'legend' },
      key('soft', 'input at its 10 %'),
      key('strong', 'input at its 90 %'),
    ),
    source,
    twin: barsTwin,
  });
  function show(): void {
    const top = driven.inputs[0];
    const what = capital(outputName(context, driven.output));
    made.heading(
      top
        ? `${what} on ${day(answer?.date)}: the spread comes most from ${inputName(top)} (total index ${fine(top.total ?? 0)})`
        : what,
    );
    second.heading(`${what}: ${estimate(driven)}, and what moves it`);
    twin.update(driven.inputs);
    barsTwin.update(driven.inputs.filter((row) => row.low !== undefined));
    picture.redraw();
    bars.redraw();
  }
  show();
  return [
    prose(
      context,
      'A Sobol index is an input’s share of the variance of a forecast. Inputs are the parameters, what the case leaves open and, as one, everything that the evidence fitted. Counts are expected ones.',
      ADULTS,
    ),
    made.element,
    second.element,
  ];
}
