/** The Sankey picture on wide screens. */

import { type SankeyGraph, sankey, sankeyLinkHorizontal } from 'd3-sankey';
import { picture, s } from '../dom';
import { number } from '../format';
import { fitted, isolated, textWidth } from '../labels';
import type { Graph, Stream, StreamNode } from './graph';

const ROW = 19;
const NODE = 10;

export interface StreamsOptions {
  graph: Graph;
  width: number;
  title: string;
  onStream(stream: Stream | null): void;
}

type Laid = SankeyGraph<StreamNode, Stream>;

const longest = (nodes: readonly StreamNode[], level: number, room: number) => {
  const texts = nodes.filter((node) => node.level === level).map((node) => width(node));
  return Math.min(Math.max(0, ...texts) + 8, room);
};
const width = (node: StreamNode) =>
  textWidth(node.label) + textWidth(` ${number(node.count)}`, 12, 600);

/** Regions at the left, fates in the middle, places at the right; every node has its name and count. */
export function streamsPicture({
  graph,
  width: full,
  title,
  onStream,
}: StreamsOptions): SVGSVGElement {
  const columns = [0, 1, 2].map((level) => graph.nodes.filter((node) => node.level === level));
  const rows = Math.max(...columns.map((column) => column.length), 1);
  const height = Math.max(rows * (ROW + 8), 420);
  const left = longest(graph.nodes, 0, full * 0.25);
  const right = longest(graph.nodes, 2, full * 0.34);
  const layout = sankey<StreamNode, Stream>()
    .nodeId((node) => node.id)
    .nodeAlign((node) => node.level)
    .nodeSort(null as never)
    .nodeWidth(NODE)
    .nodePadding(ROW - 1)
    .extent([
      [left, ROW / 2],
      [full - right, height - ROW / 2],
    ]);
  const laid: Laid = layout({
    nodes: graph.nodes.map((node) => ({ ...node })),
    links: graph.streams.map((stream) => ({ ...stream })),
  });
  const path = sankeyLinkHorizontal<StreamNode, Stream>();
  const svg = picture(
    full,
    height,
    title,
    'Streams run from home regions at the left over fates in the middle to places at the right; heights are mean counts. The table below the picture gives every number.',
    s(
      'g',
      { class: 'streams' },
      laid.links.map((link, index) =>
        s('path', {
          class: 'stream',
          d: path(link),
          style: `stroke: ${link.colour}`,
          'stroke-width': Math.max(link.width ?? 0, 0.6),
          onpointerenter: () => onStream(graph.streams[index] ?? null),
          onpointerleave: () => onStream(null),
        }),
      ),
    ),
    laid.nodes.map((node) => {
      const { x0 = 0, x1 = 0, y0 = 0, y1 = 0 } = node;
      const count = number(node.count);
      const room =
        (node.level === 0 ? left : node.level === 2 ? right : (full - left - right) / 2 - 12) - 8;
      const name = fitted(node.label, room - textWidth(` ${count}`, 12, 600));
      const before = node.level === 0;
      return s(
        'g',
        { class: `stream-node level-${node.level}` },
        s('rect', {
          x: x0,
          y: y0,
          width: NODE,
          height: Math.max(y1 - y0, 1),
          style: `fill: ${node.colour}`,
        }),
        s(
          'text',
          {
            x: before ? x0 - 6 : x1 + 6,
            y: (y0 + y1) / 2,
            dy: '0.35em',
            'text-anchor': before ? 'end' : 'start',
          },
          `${isolated(name)} `,
          s('tspan', { class: 'count' }, count),
        ),
      );
    }),
  );
  svg.classList.add('sankey');
  return svg;
}
