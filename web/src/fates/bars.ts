/** The same streams on narrow screens: bars of regions, of fates, and of each fate's places. */

import { type Child, picture, s } from '../dom';
import { number } from '../format';
import { fitted, textWidth } from '../labels';
import type { Graph, Stream, StreamNode } from './graph';

const ROW = 22;
const SMALL = 19;

const isRest = (stream: Stream) => stream.target.startsWith('others:');

/** Three lists of bars on one scale, in one drawing. */
export function barsPicture(graph: Graph, width: number, title: string): SVGSVGElement {
  const most = Math.max(...graph.nodes.map((node) => node.count), 1);
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  const countRoom = textWidth(number(most), 12, 600) + 4;
  const nameRoom = Math.min(width * 0.46, 168);
  const barRoom = width - nameRoom - countRoom - 10;
  let y = 0;
  const parts: Child[] = [];

  const heading = (text: string) => {
    y += y ? 14 : 0;
    parts.push(s('text', { class: 'bars-heading', x: 0, y: y + 12 }, text));
    y += 22;
  };
  const bar = (label: string, count: number, colour: string, inner: boolean) => {
    const row = inner ? SMALL : ROW;
    const indent = inner ? 14 : 0;
    const middle = y + row / 2;
    const length = Math.max((barRoom * count) / most, 1);
    const height = inner ? 7 : 13;
    parts.push(
      s(
        'text',
        { class: inner ? 'inner' : null, x: indent, y: middle, dy: '0.35em' },
        fitted(label, nameRoom - indent - 4),
      ),
      s('rect', {
        x: nameRoom,
        y: middle - height / 2,
        width: length,
        height,
        style: `fill: ${colour}${inner ? '; fill-opacity: 0.6' : ''}`,
      }),
      s(
        'text',
        { class: inner ? 'inner' : 'count', x: nameRoom + length + 5, y: middle, dy: '0.35em' },
        number(count),
      ),
    );
    y += row;
  };

  heading('From these home regions');
  for (const node of graph.nodes)
    if (node.level === 0) bar(node.label, node.count, node.colour, false);
  heading('to these fates and places');
  for (const node of graph.nodes.filter((item): item is StreamNode => item.level === 1)) {
    bar(node.label, node.count, node.colour, false);
    const ends = graph.streams
      .filter((stream) => stream.source === node.id)
      .sort((a, b) => Number(isRest(a)) - Number(isRest(b)) || b.value - a.value);
    for (const end of ends) {
      // Under its fate, an end need not name the fate again.
      const label = (byId.get(end.target)?.label ?? end.target)
        .replace(/^.*: /, '')
        .replace(/^(\d+) more$/, '$1 more places');
      bar(label, end.value, node.colour, true);
    }
  }
  const svg = picture(
    width,
    Math.ceil(y + 4),
    title,
    'Bars of mean counts. The table below the picture gives every number.',
    parts,
  );
  svg.classList.add('fate-bars');
  return svg;
}
