/** What the forecast was worth: scored on figures it never saw, against simple rules. */

import '../sections.css';
import type { Context } from '../context';
import type { BaselineScore, CutoffScore, RecordData } from '../document';
import { h } from '../dom';
import { type DotGroup, dotPlot } from '../dotplot';
import { quantityName } from '../evidence';
import { canvas, frame } from '../figure';
import { day, digits, percent } from '../format';
import { type Column, table } from '../table';
import { calibration } from './calibration';
import { misses } from './misses';

/** A skill as a percentage with its sign. */
export const skillText = (skill: number | null): string =>
  skill === null ? 'unknown' : `${skill < 0 ? '−' : ''}${Math.round(100 * Math.abs(skill))} %`;

/** Where the axis begins: far misses are cut at twice the baseline's error, with an arrow. */
function lowest(rows: readonly { skill: number; skill_low: number | null }[]): number {
  const least = Math.min(0, ...rows.map((row) => Math.min(row.skill, row.skill_low ?? row.skill)));
  return Math.max(-1, Math.floor(least * 5) / 5);
}

function grouped<Row extends { quantity: string; rows: number }>(
  rows: readonly Row[],
  row: (each: Row) => DotGroup['rows'][number],
): DotGroup[] {
  const quantities = [...new Set(rows.map((each) => each.quantity))];
  return quantities.map((quantity) => {
    const mine = rows.filter((each) => each.quantity === quantity);
    const counts = [...new Set(mine.map((each) => each.rows))];
    const many = Math.max(...counts);
    const figures = `${counts.length > 1 ? 'up to ' : ''}${digits(many)} ${many === 1 ? 'figure' : 'figures'}`;
    return { title: `${quantityName(quantity)}, ${figures}`, rows: mine.map(row) };
  });
}

type Scored = BaselineScore | CutoffScore;

const scores = <Row extends Scored>(): Column<Row>[] => [
  { key: 'score', title: 'Its CRPS', numeric: true, value: (row) => row.score },
  {
    key: 'skill',
    title: 'Skill',
    numeric: true,
    value: (row) => row.skill,
    show: (row) => skillText(row.skill),
  },
  {
    key: 'interval',
    title: '90 % interval',
    numeric: true,
    value: (row) => row.skill_low,
    show: (row) =>
      row.skill_low === null ? '' : `${skillText(row.skill_low)} to ${skillText(row.skill_high)}`,
  },
  { key: 'skill_high', title: 'Interval, high', unseen: true, value: (row) => row.skill_high },
  { key: 'rows', title: 'Figures', numeric: true, value: (row) => row.rows },
];

/** What the best rows say: beaten, and beaten beyond doubt. */
function verdict(record: RecordData): string {
  const best = record.baselines.filter((row) => row.best);
  if (!best.length) return 'The forecast against simple rules';
  const better = best.filter((row) => row.skill > 0);
  const surely = best.filter((row) => (row.skill_low ?? -1) > 0);
  const of = `${better.length} of ${best.length} quantities`;
  return (
    `Nearer than the best simple rule in ${of}` +
    (surely.length < better.length ? `, beyond doubt in ${surely.length}` : '')
  );
}

function skill(context: Context, record: RecordData): HTMLElement | null {
  const { baselines } = record;
  if (!baselines.length) return null;
  const picture = canvas((width) =>
    dotPlot({
      width,
      groups: grouped(baselines, (row) => ({
        label: row.name,
        value: row.skill,
        low: row.skill_low,
        high: row.skill_high,
        strong: row.best,
      })),
      low: lowest(baselines),
      high: 1,
      format: skillText,
      sides: ['rule nearer', 'forecast nearer'],
      label: verdict(record),
    }),
  );
  const made = frame({
    id: 'skill',
    heading: verdict(record),
    lead:
      'Skill is one minus the forecast’s error over that of the rule (CRPS, on the same figures): ' +
      '100 % would be perfect, 0 % is no better than the rule. Bars are 90 % intervals over ' +
      'countries; the best rule of each quantity is dark.',
    picture: picture.element,
    source: `Scores on figures published after ${day(context.doc.meta.cutoff)}, listed in the ledger.`,
    twin: table<BaselineScore>({
      id: 'skill',
      caption: 'Skill against simple rules',
      noun: 'comparisons',
      rows: baselines,
      columns: [
        { key: 'quantity', title: 'Quantity', value: (row) => quantityName(row.quantity) },
        { key: 'name', title: 'Rule', value: (row) => row.name },
        { key: 'forecast', title: 'CRPS', numeric: true, value: (row) => row.forecast },
        ...scores<BaselineScore>(),
        { key: 'best', title: 'Best rule', value: (row) => (row.best ? 'best' : '') },
      ],
    }),
  });
  return made.element;
}

function cutoffs(record: RecordData): HTMLElement | null {
  const rows = record.cutoffs ?? [];
  if (!rows.length) return null;
  const days = new Set(rows.map((row) => row.cutoff));
  const picture = canvas((width) =>
    dotPlot({
      width,
      groups: grouped(rows, (row) => ({
        label: day(row.cutoff),
        value: row.skill,
        low: row.skill_low,
        high: row.skill_high,
        strong: (row.skill_low ?? -1) > 0,
      })),
      low: lowest(rows),
      high: 1,
      format: skillText,
      sides: ['rule nearer', 'forecast nearer'],
      label: 'Skill against the best rule by cut-off',
    }),
  );
  const made = frame({
    id: 'cutoffs',
    heading: `The same question asked on ${days.size} ${days.size === 1 ? 'day' : 'different days'}`,
    lead:
      'Fitted each time on what was known by that day, scored on what came after, against the rule ' +
      'that was best on the same figures. Dark where the 90 % interval lies above nothing.',
    picture: picture.element,
    source: 'Scores of the saved backtest.',
    twin: table<CutoffScore>({
      id: 'cutoffs',
      caption: 'Scores by cut-off',
      noun: 'scores',
      rows,
      columns: [
        { key: 'quantity', title: 'Quantity', value: (row) => quantityName(row.quantity) },
        {
          key: 'cutoff',
          title: 'Cut-off',
          value: (row) => row.cutoff,
          show: (row) => day(row.cutoff),
        },
        { key: 'crps', title: 'CRPS', numeric: true, value: (row) => row.crps },
        { key: 'baseline', title: 'Best rule', value: (row) => row.baseline.replaceAll('_', ' ') },
        ...scores<CutoffScore>(),
        ...(['covers50', 'covers80', 'covers95'] as const).map((key) => ({
          key,
          title: `in ${key.slice(6)} %`,
          numeric: true,
          value: (row: CutoffScore) => row[key],
          show: (row: CutoffScore) => percent(row[key]),
        })),
      ],
    }),
  });
  return made.element;
}

/** Builds the section; its heading is made by the page. */
export function buildRecord(context: Context): Node[] {
  const { record } = context.doc;
  if (!record) {
    const words =
      'There is no record for this report: no figures published after the cut-off were given to ' +
      'score it on. What the forecast is worth is therefore not shown here, and should not be assumed.';
    return [h('p', { class: 'empty', 'data-testid': 'no-record' }, words)];
  }
  const text = h(
    'div',
    { class: 'prose' },
    record.text.map((sentence) => h('p', {}, sentence)),
  );
  const parts = [
    skill(context, record),
    ...calibration(context, record),
    cutoffs(record),
    misses(context, record),
  ];
  return [text, ...parts.filter((part): part is HTMLElement => part !== null)];
}
