/** Who said so: published judgements, pooled, compared with the forecast, and what became of them. */

import type { Context } from '../../context';
import type {
  Claim,
  ExpertScores,
  Experts,
  Judgement,
  OverallScores,
  Pool,
  Scores,
} from '../../document';
import { h, name } from '../../dom';
import { quantityName } from '../../evidence';
import { frame } from '../../figure';
import { capital, cell, day, month } from '../../format';
import { type Column, table } from '../../table';
import {
  asked,
  count,
  figureOf,
  fine,
  noted,
  prose,
  rowLink,
  saved,
  sourceLink,
  text,
} from './parts';

const MEASURES: Record<string, string> = {
  brier: 'chance of an event (Brier score)',
  crps_log: 'number of people (CRPS on log(1 + n))',
  crps_share: 'share (CRPS)',
  crps_years: 'day (CRPS, years)',
  tau: 'order of places (Kendall’s τ, more is better)',
};

const METHODS: Record<string, string> = {
  linear: 'linear',
  log_linear: 'log-linear',
  cooke: 'Cooke’s weights',
  borda: 'Borda count',
};

/** What an event is, of which a chance is given. */
const EVENTS: Record<string, string> = {
  rises: 'that it rises by a quarter or more',
  mass: 'that half of the number named or more come',
  ends: 'that the end comes in time',
  lives_on: 'that 1,000 or more are left after the end',
};

const VERDICTS: Record<string, string> = { 'came true': 'right', 'did not': 'wrong' };

const verdictMark = (text: string, right: boolean | undefined): HTMLElement | string =>
  right === undefined
    ? text
    : h(
        'span',
        {},
        h('span', { class: right ? 'mark right' : 'mark wrong' }, right ? 'right' : 'wrong'),
        text.replace(/^(right|wrong):?/, ''),
      );

/** Where a judgement is about. */
const whereabouts = (row: { area?: string; place?: string }): string =>
  [row.area, row.place].filter((id): id is string => Boolean(id)).join(', ');

/** What was published later, each figure a link to the ledger, else its source. */
function later(
  context: Context,
  row: { figure_ids: string[]; sources: string[] },
): HTMLElement | null {
  const figures = row.figure_ids.filter((id) => figureOf(context, id));
  const parts = figures.length
    ? figures.slice(0, 4).map((id) => h('li', {}, rowLink(context, id)))
    : row.sources.slice(0, 3).map((key) => h('li', {}, sourceLink(context, key)));
  return parts.length ? h('ul', { class: 'known-list row-note' }, parts) : null;
}

function claims(context: Context, answer: Experts): HTMLElement | null {
  const rows = answer.claims;
  const [first] = rows;
  if (!first) return null;
  const so = (verdict: string) => rows.filter((row) => row.verdict === verdict).length;
  const made = frame({
    id: 'claims',
    heading: `What was said on ${day(first.published)}: of ${rows.length} claims ${so('came true')} came true, ${so('partly')} partly, ${so('did not')} did not`,
    lead:
      `The account of ${first.expert}, claim by claim: how surely it was put, the forecast’s own ` +
      'number, what was published later, and the verdict. A place that was named comes true with any ' +
      'number counted there; the numbers can still be far apart.',
    picture: null,
    source: asked(context, answer, 'the published account, and figures published later'),
    twin: table<Claim>({
      id: 'claims',
      caption: 'Claims, forecast, later figures and verdict',
      noun: 'claims',
      rows,
      columns: [
        text('name', 'Place or cohort', (row) => capital(row.name)),
        text('cohort', 'Of', (row) => row.cohort),
        text('words', 'Put as', (row) => (row.words ? `“${row.words}”` : '')),
        text(
          'p50',
          'Forecast',
          (row) => row.p50,
          (row) =>
            row.p50 === undefined
              ? ''
              : noted(cell({ p10: row.p10 ?? 0, p50: row.p50, p90: row.p90 ?? 0 }), row.counts),
        ),
        saved('p10', (row) => row.p10),
        saved('p90', (row) => row.p90),
        text(
          'later',
          'Published later',
          (row) => row.published_later,
          (row) => h('div', {}, row.published_later, later(context, row)),
          true,
        ),
        text(
          'verdict',
          'Verdict',
          (row) => row.verdict,
          (row) => h('span', { class: `mark ${VERDICTS[row.verdict] ?? ''}` }, row.verdict),
        ),
        saved('figure_ids', (row) => row.figure_ids.join(' ')),
      ],
    }),
  });
  return made.element;
}

const TITLES = { score: 'Score', pool: 'Pool', model: 'This forecast', reference: 'Past endings' };

const others = <Row extends Scores>(): Column<Row>[] =>
  (['pool', 'model', 'reference'] as const).map((key) =>
    count(
      key,
      TITLES[key],
      (row) => row[key],
      (row) => {
        const compared = row[`n_${key}`];
        if (row[key] === undefined || !compared) return '';
        // Only the same questions can be compared.
        return compared === row.n
          ? fine(row[key])
          : `${fine(row[key])} against ${fine(row[`score_with_${key}`])} on ${compared}`;
      },
    ),
  );

const scored = <Row extends Scores>(): Column<Row>[] => [
  text('measure', 'Of what', (row) => MEASURES[row.measure] ?? row.measure),
  count('n', 'Scored', (row) => row.n),
  count('right', 'Right', (row) => row.right),
  count('wrong', 'Wrong', (row) => row.wrong),
  count(
    'score',
    'Score',
    (row) => row.score,
    (row) => fine(row.score),
  ),
  ...others<Row>(),
];

type Score = keyof typeof TITLES;

/** Scores on one question. */
const alone = <Row extends { [key in Score]?: number }>(keys: readonly Score[]): Column<Row>[] =>
  keys.map((key) =>
    count(
      key,
      TITLES[key],
      (row) => row[key],
      (row) => fine(row[key]),
    ),
  );

function tables(context: Context, answer: Experts): HTMLElement[] {
  const { counts } = answer;
  const source = asked(context, answer, 'published judgements, and figures published later');
  const overall = frame({
    id: 'expert-scores',
    heading: `Of ${counts.judgements} judgements ${counts.scored} can be scored: ${counts.right} right, ${counts.wrong} wrong, the others took no side or named places`,
    lead:
      'Mean scores; less is better, but for orders of places. “Score” is the experts’ own, beside it ' +
      'those of their pool, of this forecast, and of what followed past endings, on the same questions; ' +
      'judgements made after the cut-off knew more than the forecast did.',
    picture: null,
    source,
    twin: table<OverallScores>({
      id: 'expert-scores',
      caption: 'Scores of experts, pool, forecast and past endings',
      noun: 'measures',
      rows: answer.overall,
      columns: [text('when', 'Published', (row) => row.when), ...scored<OverallScores>()],
    }),
  });
  const question = (row: Pool | Judgement) =>
    `${capital(quantityName(row.quantity))}${whereabouts(row) ? `, ${whereabouts(row)}` : ''}`;
  const pools = frame({
    id: 'pools',
    heading: 'What the judgements say together',
    lead: 'Pools of the judgements known at the cut-off, question by question; scored where an outcome is known.',
    picture: null,
    source,
    twin: table<Pool>({
      id: 'pools',
      caption: 'Opinion pools',
      noun: 'pools',
      search: 'Search',
      limit: 12,
      rows: [...answer.pools].sort((a, b) => b.judgements.length - a.judgements.length),
      columns: [
        text('question', 'Question', question),
        text('method', 'Pool', (row) => METHODS[row.method] ?? row.method),
        count('n', 'Judgements', (row) => row.judgements.length),
        text(
          'says',
          'Says',
          (row) => row.says,
          (row) => noted(row.says, EVENTS[row.proposition ?? '']),
        ),
        text(
          'outcome',
          'Outcome',
          (row) => row.outcome,
          (row) => noted(row.outcome, row.fallback),
          true,
        ),
        ...alone<Pool>(['score', 'model', 'reference']),
        saved('experts', (row) => row.experts.join('; ')),
      ],
    }),
  });
  const who = frame({
    id: 'by-expert',
    heading: 'Who was right',
    lead: 'By expert and measure, best first within each; few judgements each, so the order is mostly chance.',
    picture: null,
    source,
    twin: table<ExpertScores>({
      id: 'by-expert',
      caption: 'Scores by expert',
      noun: 'experts',
      search: 'Search',
      limit: 12,
      rows: answer.by_expert,
      columns: [
        text(
          'expert',
          'Expert',
          (row) => row.expert,
          (row) => name(row.expert),
        ),
        ...scored<ExpertScores>(),
      ],
    }),
  });
  const every = frame({
    id: 'judgements',
    heading: 'Every judgement, and what became of it',
    lead: 'As published, with the outcome in later figures and the verdict.',
    picture: null,
    source,
    twin: table<Judgement>({
      id: 'judgements',
      caption: 'Judgements with outcome and verdict',
      noun: 'judgements',
      search: 'Search',
      limit: 10,
      rows: answer.judgements,
      columns: [
        text(
          'expert',
          'Expert',
          (row) => row.expert,
          (row) => noted(name(row.expert), month(row.published)),
        ),
        saved('published', (row) => row.published),
        text('question', 'Question', question),
        text(
          'says',
          'Says',
          (row) => row.says,
          (row) => noted(row.says, row.words && `“${row.words}”`),
        ),
        text(
          'outcome',
          'Outcome',
          (row) => row.outcome,
          (row) => (row.scored ? h('div', {}, row.outcome, later(context, row)) : ''),
          true,
        ),
        text(
          'verdict',
          'Verdict',
          (row) => row.verdict,
          (row) => verdictMark(row.verdict, row.right),
        ),
        ...alone<Judgement>(['score', 'pool', 'model', 'reference']),
        saved('judgement_id', (row) => row.judgement_id),
      ],
    }),
  });
  return [overall.element, pools.element, who.element, every.element];
}

/** Builds the section; its heading is made by the page. */
export function buildExperts(context: Context): Node[] {
  const answer = context.doc.whatif?.experts;
  if (!answer) return [];
  const account = claims(context, answer);
  return [
    prose(
      context,
      'Published judgements, read as claims that can be checked: pooled as known at the cut-off, compared with this forecast and with what followed past endings, and scored on figures published later. They inform no prior unless asked to.',
    ),
    ...(account ? [account] : []),
    ...tables(context, answer),
  ];
}
