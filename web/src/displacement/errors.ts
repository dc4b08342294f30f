/** Errors beside those of rules without a model, and how often intervals held. */

import type { Context } from '../context';
import type { CampError } from '../document';
import { type Child, s } from '../dom';
import { canvas, frame } from '../figure';
import { percent } from '../format';
import { fitted, textWidth } from '../labels';
import { scaleLinear } from '../scale';
import { table } from '../table';
import { campsOf } from './camps';
import './displacement.css';

const ROW = 26;
/** Where there is little room a name stands above its bar. */
const STACKED = 42;

const wordsOf = ({ name, fed }: CampError) => (fed ? `${name} (fed the answer)` : name);

interface Line {
  words: string;
  value: number;
  text: string;
  kind: string;
  /** Where the bar should end. */
  goal?: number;
}

/** Bars under each other from `top` on, and the height that they take. */
function bars(lines: readonly Line[], most: number, width: number, top: number) {
  const stacked = width < 560;
  const row = stacked ? STACKED : ROW;
  const left = stacked ? 0 : Math.max(...lines.map((line) => textWidth(line.words, 12, 600))) + 12;
  const x = scaleLinear([0, most], [left, width - 48]);
  const drawn: Child = lines.map(({ words, value, text, kind, goal }, at) => {
    const y = top + at * row + (stacked ? 19 : 3);
    return s(
      'g',
      { class: `camp-bar ${kind}` },
      stacked
        ? s('text', { x: 0, y: y - 6 }, fitted(words, width))
        : s('text', { x: left - 10, y: y + 8, dy: '0.35em', 'text-anchor': 'end' }, words),
      s('rect', { x: left, y, width: Math.max(x(value) - left, 1), height: 16 }),
      goal === undefined
        ? null
        : s('line', { class: 'goal', x1: x(goal), x2: x(goal), y1: y - 3, y2: y + 19 }),
      s(
        'text',
        { class: 'count', x: Math.max(x(value), x(goal ?? 0)) + 6, y: y + 8, dy: '0.35em' },
        text,
      ),
    );
  });
  return { drawn, height: lines.length * row };
}

function draw(context: Context, width: number): SVGSVGElement {
  const { errors, coverage, findings } = campsOf(context);
  const ofErrors = errors.map((each) => ({
    words: wordsOf(each),
    value: each.rescaled,
    text: each.rescaled.toFixed(2),
    kind: each.own ? 'own' : each.fed ? 'fed' : '',
  }));
  const ofCoverage = coverage.map(({ level, share }) => ({
    words: `${percent(level)} interval`,
    value: share,
    text: percent(share),
    kind: 'own',
    goal: level,
  }));
  const most = Math.max(...errors.map((each) => each.rescaled), 0.01);
  const title = (text: string, y: number) => s('text', { class: 'strong', x: 0, y }, text);
  const upper = bars(ofErrors, most, width, 24);
  const second = 24 + upper.height + 30;
  const lower = ofCoverage.length ? bars(ofCoverage, 1, width, second + 12) : null;
  const height = lower ? second + 12 + lower.height + 8 : second - 24;
  return s(
    'svg',
    {
      class: 'camp-bars',
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      role: 'img',
      'aria-label': findings.errors,
    },
    s(
      'desc',
      {},
      [...ofErrors, ...ofCoverage].map((line) => `${line.words}: ${line.text}`).join('; '),
    ),
    title('Error, rescaled: 0 is right, 2 entirely wrong', 12),
    upper.drawn,
    lower
      ? [
          title('Counts inside intervals; the upright line is where they should be', second),
          lower.drawn,
        ]
      : null,
  );
}

/** Builds the section. */
export function buildCampErrors(context: Context): HTMLElement {
  const { errors, findings } = campsOf(context);
  const board = canvas((width) => draw(context, Math.min(width, 860)));
  const value = (key: 'rescaled' | 'normal' | 'crps', title: string) => ({
    key,
    title,
    numeric: true,
    value: (row: CampError) => row[key],
    show: (row: CampError) => row[key]?.toFixed(3) ?? null,
  });
  const twin = table<CampError>({
    id: 'errors',
    caption: 'Errors, 0 to 2 where rescaled',
    noun: 'forecasts',
    rows: errors,
    columns: [
      { key: 'forecast', title: 'forecast', value: (row) => row.name, wide: true },
      { key: 'fed', title: 'fed the answer', value: (row) => (row.fed ? 'yes' : 'no') },
      value('rescaled', 'rescaled'),
      value('normal', 'as it is'),
      ...(errors.some((row) => row.crps !== null) ? [value('crps', 'CRPS')] : []),
    ],
  });
  return frame({
    id: 'errors',
    heading: findings.errors,
    lead:
      'Flee’s own error: per day, the sum over camps of |forecast − count| ÷ the sum of counts, then ' +
      'the mean over days; rescaled, after the forecast is scaled to the total that was counted. ' +
      'Fed the answer: in published folders capacities are the highest counts.',
    picture: board.element,
    source: context.source(),
    twin,
  }).element;
}
