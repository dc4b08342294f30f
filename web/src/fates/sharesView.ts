/** The shares of fates over time in their frame: whose, and on which scale. */

import type { Context } from '../context';
import { radios, select } from '../controls';
import type { Series } from '../document';
import { type Child, h } from '../dom';
import { canvas, frame } from '../figure';
import { at, day, listed, percent, shareCell } from '../format';
import { table } from '../table';
import { drawnFates, type SharesPicture, sharesPicture } from './shares';

interface Row {
  fate: string;
  day: string;
  p10: number;
  p50: number;
  p90: number;
}

/** The fate whose median share has changed most since the cut-off. */
function finding(context: Context, shares: Record<string, Series>, instant: number): string {
  const { doc } = context;
  const { ahead } = doc;
  let most = { name: '', from: 0, to: 0 };
  for (const fate of doc.fates) {
    const series = shares[fate.id];
    if (!series || fate.id === 'in_group') continue;
    const from = series.p50[ahead] ?? 0;
    const to = series.p50[instant] ?? 0;
    if (Math.abs(to - from) > Math.abs(most.to - most.from)) most = { name: fate.name, from, to };
  }
  if (!most.name || instant === ahead)
    return `Shares of each fate up to ${day(context.dayAt(instant))}`;
  const verb = most.to > most.from ? 'grows' : 'falls';
  return `From the cut-off to ${day(context.dayAt(instant))} the share ${most.name} ${verb} most: from ${percent(most.from)} to ${percent(most.to)}`;
}

export function sharesView(context: Context): Child {
  const { doc, store } = context;
  const keys = Object.keys(doc.shares);
  if (!keys.length)
    return h('p', { class: 'empty' }, 'This forecast holds no shares of fates over time.');
  const fromStore = () => {
    const { from } = store.get();
    if (keys.includes(from)) return from;
    const region = context.origin(from)?.region ?? '';
    return keys.includes(region) ? region : undefined;
  };
  let key = fromStore() ?? keys[0] ?? '';
  let own = false;
  let drawing: SharesPicture | null = null;
  const shares = () => doc.shares[key] ?? {};
  const title = () => finding(context, shares(), store.get().instant);
  const small = h('p', {});
  const board = canvas((width) => {
    drawing = sharesPicture({ context, shares: shares(), width, own, title: title() });
    drawing.update(store.get().instant);
    const { flat } = drawnFates(context, shares(), own);
    small.textContent = flat.length
      ? `Too small for this scale, never above 3 %: ${listed(flat.map((fate) => fate.name))}. Each on its own scale shows them.`
      : '';
    return drawing.svg;
  });

  const rows = (): Row[] =>
    doc.fates.flatMap((fate) => {
      const series = shares()[fate.id];
      if (!series) return [];
      return doc.instants.map((iso, index) => ({
        fate: fate.name,
        day: iso,
        ...at(series, index),
      }));
    });
  const twin = table<Row>({
    id: 'shares',
    caption: 'Share of those who ever joined in each fate, with its 80 % interval',
    search: 'Search fates and dates',
    noun: 'rows',
    limit: 24,
    columns: [
      { key: 'fate', title: 'fate', value: (row) => row.fate },
      { key: 'day', title: 'on', value: (row) => row.day, show: (row) => day(row.day) },
      {
        key: 'p50',
        title: 'share (80 % interval)',
        value: (row) => row.p50,
        show: shareCell,
        numeric: true,
      },
      {
        key: 'p10',
        title: '10th percentile',
        value: (row) => row.p10,
        show: (row) => percent(row.p10),
        numeric: true,
      },
      {
        key: 'p90',
        title: '90th percentile',
        value: (row) => row.p90,
        show: (row) => percent(row.p90),
        numeric: true,
      },
    ],
    rows: [],
  });

  const option = (id: string) => ({ id, name: context.nameOf(id) });
  const isGroup = (id: string) => doc.groups.some((group) => group.id === id);
  const whose = select(
    'shares-of',
    'Members',
    [
      { name: '', options: keys.filter(isGroup).map(option) },
      {
        name: 'from abroad, by home region',
        options: keys.filter((id) => !isGroup(id)).map(option),
      },
    ].filter((group) => group.options.length),
    key,
    (id) => {
      key = id;
      show();
    },
  );
  const scale = radios(
    'shares-scale',
    'Scale',
    [
      { id: 'same', name: 'the same for all' },
      { id: 'own', name: 'each its own' },
    ],
    'same',
    (id) => {
      own = id === 'own';
      board.redraw();
    },
  );
  const figure = frame({
    id: 'shares',
    heading: title(),
    lead: 'Share of those who ever joined; line: median, band: 80 % interval; upright line: the cut-off. Printed: the share at the month chosen above.',
    controls: [whose.element, scale.element],
    picture: board.element,
    notes: small,
    source: context.source(),
    twin,
    sync: () => twin.update(rows()),
  });

  function show(): void {
    board.redraw();
    figure.heading(title());
    figure.refresh();
  }

  store.subscribe((now, before) => {
    if (now.from !== before.from) {
      key = fromStore() ?? key;
      whose.set(key);
      show();
    } else if (now.instant !== before.instant) {
      drawing?.update(now.instant);
      figure.heading(title());
    }
  });
  return figure.element;
}
