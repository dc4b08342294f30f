/** What if: what each lever would change, against the same draws without it. */

import { type Context, unpacked } from '../../context';
import { select } from '../../controls';
import type { Difference, Lever, Levers } from '../../document';
import { type Child, h, replace } from '../../dom';
import { type DotGroup, dotPlot } from '../../dotplot';
import { canvas, frame } from '../../figure';
import { capital, day, digits, number } from '../../format';
import { type Column, table } from '../../table';
import {
  around,
  asked,
  count,
  noted,
  placeName,
  prose,
  quantityWords,
  saved,
  share,
  signed,
  signedCell,
  sourceLink,
  text,
} from './parts';

const FATES = ['returned', 'free_agents', 'holdouts', 'detained', 'killed'];

const EFFECT: Record<Lever['effect'], string> = {
  prior: 'from the prior',
  evidence: 'from the evidence',
  both: 'from both',
};

const effectMark = (effect: Lever['effect']): HTMLElement =>
  h('span', { class: `mark ${effect}` }, EFFECT[effect]);

/** Whether the 80 % interval lies on one side of nothing. */
const clear = (row: Difference): boolean => row.p10 > 0 || row.p90 < 0;

/** Whom the case has: those from abroad, or local members where there are no others. */
const groupOf = (context: Context): string => context.doc.groups[0]?.id ?? 'foreign';

const ofWhom = (context: Context): string => (groupOf(context) === 'foreign' ? ' from abroad' : '');

/** Their fate that changes most; nothing where none does. */
const mostOf = (context: Context, rows: readonly Difference[]): Difference | undefined =>
  rows
    .filter((row) => row.by === 'fate' && row.origin === groupOf(context))
    .filter((row) => row.up > 0 || row.down > 0)
    .sort((a, b) => Math.abs(b.mean) - Math.abs(a.mean))[0];

const byOf = (rows: readonly Difference[], by: string) => rows.filter((row) => row.by === by);

function overview(context: Context, answer: Levers, rows: Map<string, Difference[]>): HTMLElement {
  const one = (lever: Lever, quantity: string) =>
    rows
      .get(lever.name)
      ?.find(
        (row) => row.by === 'fate' && row.quantity === quantity && row.origin === groupOf(context),
      );
  /** What changes where none of the columns does. */
  const elsewhere = (lever: Lever): string => {
    if (FATES.some((quantity) => (one(lever, quantity)?.mean ?? 0) !== 0)) return '';
    const most = mostOf(context, rows.get(lever.name) ?? []);
    return most
      ? `${quantityWords(context, most.quantity)}: ${signedCell(most)}`
      : 'changes nothing in any draw';
  };
  const made = frame({
    id: 'levers',
    heading: `${answer.levers.length} ${answer.levers.length === 1 ? 'lever' : 'levers'}, and how many more or fewer people each means`,
    lead:
      `Men, women and minors${ofWhom(context)} on ${day(answer.date)}, with the lever less without it: mean and 80 % ` +
      'interval over paired draws. A lever whose effect comes from the prior tells what was ' +
      'assumed, not what was seen.',
    picture: null,
    source: asked(context, answer, 'the saved run with and without each lever'),
    twin: table<Lever>({
      id: 'levers',
      caption: 'Levers and the mean differences that they make',
      noun: 'levers',
      rows: answer.levers,
      columns: [
        text(
          'lever',
          'Lever',
          (row) => row.title,
          (row) => noted(row.title, elsewhere(row)),
        ),
        text(
          'effect',
          'Effect',
          (row) => EFFECT[row.effect],
          (row) => effectMark(row.effect),
        ),
        ...FATES.map((quantity) =>
          count<Lever>(
            quantity,
            capital(quantityWords(context, quantity)),
            (row) => one(row, quantity)?.mean,
            (row) => {
              const found = one(row, quantity);
              return found ? signedCell(found) : null;
            },
          ),
        ),
        ...FATES.flatMap((quantity) =>
          (['p10', 'p90'] as const).map((end) =>
            saved<Lever>(`${quantity} ${end}`, (row) => one(row, quantity)?.[end]),
          ),
        ),
        saved('name', (row) => row.name),
      ],
    }),
  });
  return made.element;
}

function words(context: Context, lever: Lever): Child {
  const { least, median } = lever.variance_cut;
  const cut =
    least === undefined || median === undefined
      ? `It changes nothing for those${ofWhom(context) || ' who joined'} in any draw.`
      : `Pairing the draws (common random numbers) cut the variance of these differences ${digits(Math.floor(least))}-fold ` +
        `at the least, ${digits(Math.floor(median))}-fold in the median, against two independent runs.`;
  return [
    h(
      'p',
      {},
      lever.rationale,
      ' ',
      lever.source ? ['Source: ', sourceLink(context, lever.source), '.'] : null,
    ),
    h('p', {}, effectMark(lever.effect), ' ', lever.rests_on),
    lever.mechanisms.length ? h('p', {}, capital(lever.mechanisms.join('; ')), '.') : null,
    h('p', {}, cut),
    h(
      'details',
      { 'data-testid': 'lever-changes' },
      h('summary', {}, `What it changes in the case (${lever.changes.length})`),
      h(
        'ul',
        {},
        lever.changes.map((change) => h('li', {}, change)),
      ),
    ),
  ];
}

const dots = (rows: readonly Difference[], label: (row: Difference) => string) =>
  rows.map((row) => ({
    label: label(row),
    value: row.mean,
    low: row.p10,
    high: row.p90,
    strong: clear(row),
  }));

function plotted(groups: readonly DotGroup[], width: number, label: string): SVGSVGElement {
  const shown = groups.filter((group) => group.rows.length);
  return dotPlot({
    width,
    groups: shown,
    ...around(shown),
    format: signed,
    sides: ['fewer with it', 'more with it'],
    label,
  });
}

const columns = (context: Context): Column<Difference>[] => [
  text('quantity', 'People', (row) => quantityWords(context, row.quantity)),
  text('stratum', 'Of them', (row) =>
    row.stratum === 'all' ? 'everyone' : context.nameOf(row.stratum),
  ),
  count(
    'base',
    'Without it',
    (row) => row.base,
    (row) => number(row.base),
  ),
  count(
    'with',
    'With it',
    (row) => row.lever,
    (row) => number(row.lever),
  ),
  count('mean', 'Difference', (row) => row.mean, signedCell),
  ...(['p10', 'p50', 'p90'] as const).map((key) => saved<Difference>(key, (row) => row[key])),
  count(
    'up',
    'Draws with more',
    (row) => row.up,
    (row) => share(row.up),
  ),
  count(
    'down',
    'Draws with fewer',
    (row) => row.down,
    (row) => share(row.down),
  ),
];

/** Builds the section; its heading is made by the page. */
export function buildLevers(context: Context): Node[] {
  const answer = context.doc.whatif?.levers;
  const first = answer?.levers[0];
  if (!answer || !first) return [];
  const rows = new Map(
    answer.levers.map((lever) => [
      lever.name,
      unpacked<Difference>({ columns: answer.columns, rows: lever.rows }),
    ]),
  );
  const chosen = () =>
    answer.levers.find((lever) => lever.name === context.store.get().lever) ?? first;
  const mine = () => rows.get(chosen().name) ?? [];
  const name = (row: Difference) => row.name || placeName(context, row.place || row.origin);

  const fates = () => mine().filter((row) => row.by === 'fate' || row.by === 'stratum');
  const groups = (): DotGroup[] => {
    const all = byOf(mine(), 'fate').filter((row) => row.origin === groupOf(context));
    const main = FATES.flatMap((quantity) => all.find((row) => row.quantity === quantity) ?? []);
    const rest = all.filter((row) => !FATES.includes(row.quantity) && (row.up > 0 || row.down > 0));
    return [
      {
        title: capital(context.nameOf(groupOf(context))),
        rows: dots(main, (row) => quantityWords(context, row.quantity)),
      },
      { title: 'By fate', rows: dots(rest, (row) => quantityWords(context, row.quantity)) },
    ];
  };
  const most = (by: string) =>
    byOf(mine(), by)
      .sort((a, b) => Math.abs(b.mean) - Math.abs(a.mean))
      .slice(0, 8);
  const where = (row: Difference) => `${name(row)}, ${quantityWords(context, row.quantity)}`;
  const whereGroups = (): DotGroup[] => [
    { title: 'Home countries', rows: dots(most('country'), where) },
    { title: 'Places', rows: dots(most('place'), where) },
  ];

  const about = h('div', {
    class: 'lever-words',
    'data-testid': 'lever-words',
    'aria-live': 'polite',
  });
  const picture = canvas((width) =>
    plotted(groups(), width, `${chosen().title}: differences by fate`),
  );
  const places = canvas((width) =>
    plotted(whereGroups(), width, `${chosen().title}: differences by home country and place`),
  );
  const twin = table<Difference>({
    id: 'lever',
    caption: 'Differences that the lever makes, by fate and stratum',
    noun: 'differences',
    rows: fates(),
    columns: [text('origin', 'From', (row) => context.nameOf(row.origin)), ...columns(context)],
  });
  const placesTwin = table<Difference>({
    id: 'lever-places',
    caption: 'Home countries and places that change most',
    noun: 'differences',
    rows: [],
    columns: [text('where', 'Where', name), ...columns(context)],
  });
  const choice = select(
    'lever-choice',
    'Lever',
    [{ name: '', options: answer.levers.map(({ name: id, title }) => ({ id, name: title })) }],
    chosen().name,
    (lever) => context.store.set({ lever }),
  );
  const made = frame({
    id: 'lever',
    heading: first.title,
    controls: choice.element,
    picture: h('div', {}, about, picture.element),
    source: asked(context, answer, 'the saved run with and without the lever'),
    twin,
  });
  const second = frame({
    id: 'lever-places',
    heading: 'Where it would show',
    lead: `The home countries and places that change most, on ${day(answer.date)}.`,
    picture: places.element,
    source: asked(context, answer, 'the saved run with and without the lever'),
    twin: placesTwin,
  });

  function show(): void {
    const lever = chosen();
    const all = byOf(mine(), 'fate').filter((row) => row.origin === groupOf(context));
    const home = all.find((row) => row.quantity === 'returned' && (row.up > 0 || row.down > 0));
    const told = home ?? mostOf(context, all);
    made.heading(
      told
        ? `${lever.title}: ${signedCell(told)} ${quantityWords(context, told.quantity)}${ofWhom(context)} by ${day(answer?.date)}`
        : lever.title,
    );
    made.lead(
      'Paired differences, with the lever less without it: mean with the 80 % interval; dark where the interval lies on one side of nothing.',
    );
    choice.set(lever.name);
    replace(about, words(context, lever));
    twin.update(fates());
    placesTwin.update(mine().filter((row) => row.by === 'country' || row.by === 'place'));
    picture.redraw();
    places.redraw();
    second.heading(`Where it would show: ${lever.title}`);
  }
  show();
  context.store.subscribe((view, before) => {
    if (view.lever !== before.lever) show();
  });
  return [
    prose(
      context,
      'A lever is a change of the case: a policy, a border, a host, the end. Both worlds take the same draws and the same random numbers, so that what differs between them is the lever alone.',
    ),
    overview(context, answer, rows),
    made.element,
    second.element,
  ];
}
