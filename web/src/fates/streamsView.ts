/** The Sankey in its frame, at the month and for the group that the page shows. */

import type { Context } from '../context';
import { radios } from '../controls';
import type { SankeyLink } from '../document';
import { type Child, h, replace } from '../dom';
import { canvas, frame } from '../figure';
import { capital, day, listed, number } from '../format';
import { monthSlider } from '../months';
import { table } from '../table';
import { barsPicture } from './bars';
import { graphAt, groupLinks, type Stream } from './graph';
import { streamsPicture } from './streams';

const NARROW = 680;

/** The fates that hold most people, in one sentence. */
function finding(context: Context, group: string, month: number): string {
  const totals = new Map<string, number>();
  for (const link of groupLinks(context, group)) {
    if (!link.target.startsWith('fate:')) continue;
    const fate = context.doc.fates.find((item) => `fate:${item.id}` === link.target);
    const name = fate?.cohort === 'returnees' ? 'home' : (fate?.name ?? link.target);
    totals.set(name, (totals.get(name) ?? 0) + (link.mean[month] ?? 0));
  }
  const all = [...totals.values()].reduce((sum, count) => sum + count, 0);
  const first = [...totals]
    .sort((a, b) => b[1] - a[1])
    .slice(0, 3)
    .filter(([, count]) => count >= 0.5);
  if (!first.length) return 'Nobody is counted at this month';
  const parts = first.map(([name, count]) => `${number(count)} ${name}`);
  return `Of ${number(all)} who ever joined ${group === 'local' ? 'locally' : 'from abroad'}, on average ${listed(parts)}`;
}

export function streamsView(context: Context): Child {
  const { doc, store } = context;
  const groups = doc.groups.filter((group) => groupLinks(context, group.id).length);
  if (!groups.length)
    return h(
      'p',
      { class: 'empty' },
      'This forecast holds no streams from region to fate to draw.',
    );
  const fromStore = () => groups.find((group) => group.id === store.get().from)?.id;
  let group = fromStore() ?? groups[0]?.id ?? '';
  const month = () => store.get().instant - doc.ahead;
  const title = () => finding(context, group, month());
  const note = h('p', { class: 'stream-note', 'aria-live': 'polite', 'data-testid': 'fates-note' });

  const names = new Map<string, string>();
  function explain(stream: Stream | null): void {
    if (!stream) {
      replace(
        note,
        'Heights are means over the draws, which add up as medians would not.',
        h('span', { class: 'screen-only' }, ' Point at a stream for its interval.'),
      );
      return;
    }
    const interval =
      stream.p10 === null || stream.p90 === null
        ? ''
        : ` (80 % interval ${number(stream.p10)} to ${number(stream.p90)})`;
    replace(
      note,
      h(
        'strong',
        {},
        `${capital(names.get(stream.source) ?? stream.source)} → ${names.get(stream.target) ?? stream.target}`,
      ),
      `: ${number(stream.value)} on average${interval}.`,
    );
  }

  const board = canvas((width) => {
    const graph = graphAt(context, group, month(), width < NARROW ? 14 : 18);
    names.clear();
    for (const node of graph.nodes) names.set(node.id, node.label);
    if (!graph.streams.length)
      return h('p', { class: 'empty' }, 'Nobody is counted at this month.');
    return width < NARROW
      ? barsPicture(graph, width, title())
      : streamsPicture({ graph, width, title: title(), onStream: explain });
  });

  const kinds: Record<string, string> = {
    region: 'home region',
    fate: 'fate',
    place: 'place',
    home: 'home, in',
  };
  const end = (id: string) => {
    const [kind = '', ...rest] = id.split(':');
    return `${kind === 'home' ? 'home: ' : ''}${context.nameOf(rest.join(':') || kind)}`;
  };
  const value = (key: 'mean' | 'p10' | 'p90', title: string) => ({
    key,
    title,
    numeric: true,
    value: (link: SankeyLink) => link[key][month()] ?? null,
    show: (link: SankeyLink) => number(link[key][month()]),
  });
  const twin = table<SankeyLink>({
    id: 'fates',
    caption: 'Streams from home region to fate and from fate to place',
    search: 'Search streams',
    noun: 'streams',
    limit: 20,
    sort: { key: 'mean', descending: true },
    columns: [
      {
        key: 'step',
        title: 'step',
        value: (link) =>
          `${kinds[link.source.split(':')[0] ?? ''] ?? ''} to ${link.target.startsWith('fate:') ? 'fate' : 'place'}`,
      },
      { key: 'source', title: 'from', value: (link) => end(link.source) },
      { key: 'target', title: 'to', value: (link) => end(link.target) },
      value('mean', 'mean'),
      value('p10', '10th percentile'),
      value('p90', '90th percentile'),
    ],
    rows: groupLinks(context, group),
  });
  const choice = radios('fates-group', 'Members', groups, group, (id) => store.set({ from: id }));
  const figure = frame({
    id: 'fates',
    heading: title(),
    lead: ' ',
    controls: groups.length > 1 ? choice.element : null,
    picture: h('div', {}, monthSlider(context, 'fates'), board.element),
    notes: note,
    source: context.source(),
    twin,
    sync: () => twin.update(groupLinks(context, group)),
  });

  function show(): void {
    board.redraw();
    figure.heading(title());
    figure.lead(
      `Home region, fate and place on ${day(context.dayAt(store.get().instant))}; mean counts.`,
    );
    explain(null);
    figure.refresh();
  }

  store.subscribe((now, before) => {
    const chosen = fromStore() ?? group;
    if (now.instant === before.instant && chosen === group) return;
    group = chosen;
    choice.set(group);
    show();
  });
  show();
  return figure.element;
}
