/** What would tell most: figures that would narrow the forecast, and what to look out for early. */

import type { Context } from '../../context';
import type { Indicators, Information, Observable, Watched, Worth } from '../../document';
import { h, name } from '../../dom';
import { dotPlot } from '../../dotplot';
import { shortDay } from '../../evidence';
import { canvas, frame } from '../../figure';
import { capital, day, digits, number, percent } from '../../format';
import { isolated } from '../../labels';
import { type Column, table } from '../../table';
import { ADULTS, around, asked, count, fine, points, prose, saved, text } from './parts';

const SHOWN = 15;
const OBSERVABLES = 6;

const figureName = (row: Worth): string => `${row.name}, ${row.words}`;

function worth(context: Context, answer: Information): HTMLElement {
  const persons = answer.unit === 'persons';
  const width = (value: number) => (persons ? number(value) : fine(value));
  const shown = answer.figures.slice(0, SHOWN);
  const [top] = shown;
  const groups = [
    {
      title: '',
      rows: shown.flatMap((row) => [
        {
          label: figureName(row),
          value: row.width_cut,
          low: row.width_cut - row.width_cut_error,
          high: row.width_cut + row.width_cut_error,
          strong: true,
        },
        {
          label: '',
          value: row.crps_cut,
          low: row.crps_cut - row.crps_cut_error,
          high: row.crps_cut + row.crps_cut_error,
        },
      ]),
    },
  ];
  const picture = canvas((wide) =>
    dotPlot({
      width: wide,
      groups,
      ...around(groups, 0),
      format: (value) => points(value).replace('.0', ''),
      sides: ['', ''],
      label: `Expected cut of the interval: ${shown
        .slice(0, 5)
        .map((row) => `${figureName(row)} ${points(row.width_cut)}`)
        .join('; ')}`,
    }),
  );
  const made = frame({
    id: 'information',
    heading: top
      ? `${isolated(top.name)}, ${top.words}: of ${digits(answer.compared)} figures that could be published it would tell most`
      : 'No figure was compared',
    lead:
      `What is to be narrowed: ${answer.target_words}, whose 80 % interval is ${width(answer.width)} ` +
      `${persons ? 'people' : 'on log(1 + n)'} wide. Figures as of ${day(answer.as_of)} that could be ` +
      'published. Dark: by how much the interval would be expected to narrow; pale: the same of the ' +
      'score (CRPS), which ranks them. Bars are one standard error to each side.',
    picture: picture.element,
    source: asked(context, answer, 'the saved run'),
    twin: table<Worth>({
      id: 'information',
      caption: 'Figures by what they would be worth',
      noun: 'figures',
      limit: SHOWN,
      rows: answer.figures,
      columns: [
        text('figure', 'Figure', figureName, (row) => name(figureName(row))),
        count(
          'rank',
          'Rank',
          (row) => row.rank,
          (row) =>
            row.rank_best === row.rank_worst
              ? String(row.rank)
              : `${row.rank} (${row.rank_best}–${row.rank_worst})`,
        ),
        ...(['width', 'crps'] as const).flatMap((which) => [
          count<Worth>(
            which,
            which === 'width' ? 'Interval cut' : 'Score cut',
            (row) => row[`${which}_cut`],
            (row) => `${points(row[`${which}_cut`])} ± ${points(row[`${which}_cut_error`])}`,
          ),
          saved<Worth>(`${which}_cut_error`, (row) => row[`${which}_cut_error`]),
        ]),
        count(
          'left',
          'Width left',
          (row) => row.width,
          (row) => width(row.width),
        ),
        text(
          'last',
          'Last known',
          (row) => row.last_on,
          (row) =>
            row.last_on ? `${number(row.last)}, ${shortDay(row.last_on)}` : 'never published',
        ),
      ],
    }),
  });
  return made.element;
}

const cohortName = (context: Context, row: Watched): string => capital(context.nameOf(row.cohort));

/** The values that take a chance past a level, as a cell. */
function crossing(row: Observable, level: 'half' | 'likely'): string {
  const chance = row[`${level}_chance`];
  if (chance === undefined) return '';
  const label = row[`${level}_label`];
  if (row.kind === 'end_mode') return label ?? '';
  const above = row[`${level}_above`];
  const value =
    row.kind === 'end_month'
      ? `${above ? 'from' : 'up to'} ${label}`
      : `${above ? 'at least' : 'less than'} ${number(row[`${level}_value`])}`;
  return `${value} (${percent(chance)} chance)`;
}

function watch(context: Context, answer: Indicators): HTMLElement {
  type Row = { cohort: Watched; row: Observable };
  const rows = answer.cohorts.flatMap((cohort) =>
    cohort.observables.map((row): Row => ({ cohort, row })),
  );
  const groups = answer.cohorts
    .filter((cohort) => cohort.observables.length)
    .map((cohort) => ({
      title: `${cohortName(context, cohort)} above ${number(cohort.threshold)} (${percent(cohort.chance)} chance now)`,
      rows: cohort.observables.slice(0, OBSERVABLES).map((row) => ({
        label: row.words,
        value: row.auc,
        low: row.auc_low,
        high: row.auc_high,
        strong: row.auc_low > (cohort.floor ?? 0.5),
      })),
    }));
  const picture = canvas((width) =>
    dotPlot({
      width,
      groups,
      low: 0.4,
      high: 1,
      format: (value) => value.toFixed(1),
      sides: ['', ''],
      label: `How well observables tell each cohort: ${groups
        .map((group) => `${group.title}: ${group.rows[0]?.label} ${fine(group.rows[0]?.value)}`)
        .join('; ')}`,
    }),
  );
  const level = (key: 'half' | 'likely', title: string): Column<Row>[] => [
    text(
      key,
      title,
      ({ row }) => row[`${key}_value`] ?? row[`${key}_label`],
      ({ row }) => crossing(row, key),
    ),
    saved(`${key}_chance`, ({ row }) => row[`${key}_chance`]),
  ];
  const made = frame({
    id: 'indicators',
    heading: `What to look out for by ${day(answer.by)}`,
    lead:
      `How well ${digits(answer.compared)} observables of that day tell whether a cohort is large on ` +
      `${day(answer.at)}: AUC, the chance that one puts a large outcome before a small one, with an ` +
      '80 % interval. 0.5 tells nothing; pale ones tell no more than chance might.',
    picture: picture.element,
    source: asked(context, answer, 'the saved run'),
    twin: table<Row>({
      id: 'indicators',
      caption: 'Observables, and the values that take the chance past a half and past 80 %',
      noun: 'observables',
      limit: 20,
      rows,
      columns: [
        text('observable', 'Observable', ({ row }) => row.words),
        text(
          'cohort',
          'Tells',
          ({ cohort }) => `${cohortName(context, cohort)} above ${number(cohort.threshold)}`,
        ),
        count(
          'chance',
          'Chance now',
          ({ cohort }) => cohort.chance,
          ({ cohort }) => percent(cohort.chance),
        ),
        count(
          'auc',
          'AUC',
          ({ row }) => row.auc,
          ({ row }) => `${fine(row.auc)} (${fine(row.auc_low)}–${fine(row.auc_high)})`,
        ),
        ...level('half', 'More likely than not'),
        ...level('likely', 'Likely (80 %)'),
      ],
    }),
  });
  made.element.querySelector('.figure-lead')?.after(
    h(
      'ul',
      { class: 'points', 'data-testid': 'indicator-sentences' },
      answer.cohorts.map((cohort) => h('li', {}, cohort.sentence)),
    ),
  );
  return made.element;
}

/** Builds the section; its heading is made by the page. */
export function buildTelling(context: Context): Node[] {
  const { information, indicators } = context.doc.whatif ?? {};
  return [
    prose(
      context,
      'The value of information is what a figure, not yet published, would be expected to take from the spread of the forecast. An indicator is something that can be seen early and tells one outcome from another.',
      ADULTS,
    ),
    ...(information ? [worth(context, information)] : []),
    ...(indicators ? [watch(context, indicators)] : []),
  ];
}
