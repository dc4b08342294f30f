/** What the marks of a fan mean. */

import { h, s } from './dom';

export function fanLegend(): HTMLElement {
  const key = (text: string, ...marks: SVGElement[]) =>
    h(
      'li',
      {},
      s('svg', { viewBox: '0 0 28 16', width: 28, height: 16, 'aria-hidden': 'true' }, marks),
      text,
    );
  const dot = (kind: string) =>
    s('g', { class: `evidence ${kind}` }, s('circle', { class: 'dot', cx: 14, cy: 8, r: 3 }));
  return h(
    'ul',
    { class: 'fan-legend', style: '--series: var(--data)' },
    key('median', s('path', { class: 'median', d: 'M2,8H26' })),
    key('50 % of draws', s('path', { class: 'band inner', d: 'M2,3H26V13H2Z' })),
    key('80 % of draws', s('path', { class: 'band outer', d: 'M2,3H26V13H2Z' })),
    key('80 % of what would be published', s('path', { class: 'published', d: 'M2,3H26M2,13H26' })),
    key('figure known at the cut-off', dot('known')),
    key('figure published later', dot('later')),
    key(
      'range',
      s('g', { class: 'evidence known' }, [
        s('line', { class: 'range', x1: 14, x2: 14, y1: 1, y2: 15 }),
        s('circle', { class: 'dot', cx: 14, cy: 8, r: 3 }),
      ]),
    ),
    key(
      'at least (arrow down: at most)',
      s('g', { class: 'evidence known' }, [
        s('line', { class: 'range', x1: 14, x2: 14, y1: 12, y2: 2 }),
        s('path', { class: 'arrow', d: 'M11.5,5L14,2L16.5,5' }),
        s('circle', { class: 'dot', cx: 14, cy: 12, r: 3 }),
      ]),
    ),
    key('cut-off', s('g', { class: 'cutoff' }, s('line', { x1: 14, x2: 14, y1: 1, y2: 15 }))),
  );
}
