/** A fan for each camp, with the figures that were counted. */

import { largest, linePath } from '../axis';
import type { Context } from '../context';
import type { Camp } from '../document';
import { h, name, s } from '../dom';
import { fan } from '../fan';
import { canvas, frame } from '../figure';
import { dayNumber, estimate } from '../format';
import { isolated } from '../labels';
import { campsOf, campTable, peopleAt } from './camps';
import './displacement.css';

const HEIGHT = 150;

/** The side axis is made for people and figures; Flee's line may leave the picture. */
const topOf = ({ spread, middle, figures }: Camp): number =>
  largest(
    spread?.p90 ?? middle,
    figures.map((figure) => figure.count),
  );

function campFan(context: Context, camp: Camp, width: number, height: number, most?: number) {
  const { doc } = context;
  const days = doc.instants.map(dayNumber);
  const unknown = Array<number>(doc.ahead).fill(Number.NaN);
  const later = (values: readonly number[] = []) => [...unknown, ...values];
  const { spread } = camp;
  const top = most ?? topOf(camp);
  return fan({
    width,
    height,
    instants: doc.instants,
    ahead: doc.ahead,
    cutoff: doc.meta.cutoff,
    series: {
      p10: later(spread?.p10),
      p50: later(camp.middle),
      p90: later(spread?.p90),
      ...(spread ? { p25: later(spread.p25), p75: later(spread.p75) } : {}),
    },
    figures: [],
    colour: 'var(--data)',
    label: `${isolated(camp.name)}: people in the camp by day`,
    description: `On the last day ${estimate(peopleAt(camp, camp.middle.length - 1))} people; ${camp.figures.length} figures were counted.`,
    most: top,
    more: (x, y) => {
      const high = y.domain()[1];
      const beside = camp.beside?.map((people) => (people > high ? Number.NaN : people));
      return [
        beside ? s('path', { class: 'beside', d: linePath(days, beside, x, y) }) : null,
        camp.figures.map(({ date, count, known }) =>
          s(
            'g',
            { class: known ? 'evidence known' : 'evidence later' },
            s('circle', { class: 'dot', cx: x(dayNumber(date)), cy: y(count), r: 2.4 }),
          ),
        ),
      ];
    },
  });
}

function key(context: Context): HTMLElement {
  const { camps, rules } = campsOf(context);
  const spread = camps.some((camp) => camp.spread);
  const item = (text: string, mark: SVGElement) =>
    h(
      'li',
      {},
      s('svg', { viewBox: '0 0 28 16', width: 28, height: 16, 'aria-hidden': 'true' }, mark),
      text,
    );
  const dot = (kind: string) =>
    s('g', { class: `evidence ${kind}` }, s('circle', { class: 'dot', cx: 14, cy: 8, r: 3 }));
  const line = (kind: string) => s('path', { class: kind, d: 'M2,8H26' });
  const band = (kind: string) => s('path', { class: `band ${kind}`, d: 'M2,3H26V13H2Z' });
  const own = rules === 'flee' ? 'Flee’s rules, with the folder’s capacities' : 'median';
  return h(
    'ul',
    { class: 'fan-legend', style: '--series: var(--data)' },
    item(own, line('median')),
    spread ? [item('50 % of draws', band('inner')), item('80 % of draws', band('outer'))] : null,
    spread ? item('counted, known at the cut-off', dot('known')) : null,
    item(spread ? 'counted later' : 'counted', dot('later')),
    camps.some((camp) => camp.beside)
      ? item('Flee’s rules, no camp ever full', line('beside'))
      : null,
  );
}

/** Builds the section. */
export function buildCampFans(context: Context): HTMLElement {
  const { camps, findings } = campsOf(context);
  const shared = h('input', {
    type: 'checkbox',
    'data-testid': 'fan-shared',
    onchange: () => {
      for (const card of cards) card.redraw();
    },
  });
  const most = () => (shared.checked ? Math.max(...camps.map(topOf)) : undefined);
  const cards = camps.map((camp) =>
    canvas((width) => campFan(context, camp, Math.max(width, 140), HEIGHT, most())),
  );
  const grid = h(
    'ul',
    { class: 'fans camp-fans', 'data-testid': 'fans' },
    camps.map((camp, at) =>
      h(
        'li',
        { class: 'fan-card' },
        h('h4', {}, name(camp.name)),
        h(
          'p',
          { class: 'fan-number' },
          `${camp.country}: ${estimate(peopleAt(camp, camp.middle.length - 1))}`,
        ),
        cards[at]?.element,
      ),
    ),
  );
  const twin = campTable(context, 'camps');
  return frame({
    id: 'camps',
    heading: findings.camps,
    lead:
      'People in each camp by day. The number under each name is that of the last day. Counts are ' +
      'the figures of the camp’s own file, not those of days between them.',
    controls: h('label', { class: 'check' }, shared, 'same scale for all'),
    picture: h('div', { class: 'picture' }, key(context), grid),
    svg: () => sheet(context, most()),
    source: context.source(),
    twin,
    sync: () => twin.update(camps),
  }).element;
}

/** All fans as one drawing, to be saved. */
function sheet(context: Context, most: number | undefined): SVGSVGElement {
  const { camps } = campsOf(context);
  const across = Math.min(4, camps.length);
  const down = Math.ceil(camps.length / across);
  return s(
    'svg',
    { viewBox: `0 0 ${across * 240} ${down * 176 + 4}`, class: 'drawing' },
    camps.map((camp, index) => {
      const x = (index % across) * 240;
      const y = Math.floor(index / across) * 176;
      const svg = campFan(context, camp, 230, 146, most);
      svg.setAttribute('x', String(x));
      svg.setAttribute('y', String(y + 20));
      return [s('text', { x: x + 4, y: y + 14, class: 'strong' }, camp.name), svg];
    }),
  );
}
