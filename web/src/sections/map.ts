import type { Context } from '../context';
import { radios, select } from '../controls';
import type { CohortId, Flow, Place } from '../document';
import { type Child, h, name, replace } from '../dom';
import { canvas, frame } from '../figure';
import { at, capital, cell, day, number, percent } from '../format';
import { markKind } from '../map/base';
import { flowKey, flowMeaning, selectFlows } from '../map/flows';
import { flowNote, placeNote, restNote, whom } from '../map/note';
import { type MapPicture, mapPicture } from '../map/picture';
import { monthSlider } from '../months';
import type { View } from '../state';
import { table } from '../table';
import './map.css';

const LISTED = 10;
const THRESHOLDS = [5, 20, 100, 500];
const cohortColour = (cohort: string) => `var(--${cohort.replace('_', '-')})`;

/** The finding in one line: how those counted here divide among the cohorts. */
function finding(context: Context, flows: readonly Flow[], view: View): string {
  const month = view.instant - context.doc.ahead;
  const sum = (cohort: CohortId) =>
    flows.reduce(
      (total, flow) => total + (flow.cohort === cohort ? (flow.mean[month] ?? 0) : 0),
      0,
    );
  const [home, near, on] = [sum('returnees'), sum('holdouts'), sum('free_agents')];
  const all = home + near + on;
  const date = day(context.doc.instants[view.instant]);
  if (view.cohort !== 'all')
    return `${whom(context, view.from)}: ${context.nameOf(view.cohort)} on ${date}`;
  if (all < 0.5) return `Nobody has left yet on ${date}`;
  return `On ${date}, of those who left, ${percent(home / all)} are home, ${percent(near / all)} stay near the lost territory and ${percent(on / all)} have moved on`;
}

/** Flows by cohort on a map, month by month. */
export function buildMap(context: Context): Child {
  const { doc, store } = context;
  if (!doc.map.flows.length) {
    return h(
      'p',
      { class: 'empty' },
      'This forecast holds no flows to draw: nobody is expected to leave, or the places are not known.',
    );
  }
  let selection = selectFlows(doc, store.get());
  let drawing: MapPicture | null = null;
  let threshold: number | null = null;
  const note = h('div', { class: 'map-note', 'aria-live': 'polite', 'data-testid': 'map-note' });
  const list = h('ul', { class: 'map-list', 'data-testid': 'map-list' });
  const missing = h('p', { class: 'map-missing', 'data-testid': 'map-missing', role: 'status' });
  const beyond = h('p', { class: 'map-beyond' });
  let rows: { flow: Flow; count: HTMLElement }[] = [];
  let shown: Flow | Place | null = null;

  const month = () => store.get().instant - doc.ahead;
  const isFlow = (item: Flow | Place): item is Flow => 'p50' in item;

  function explain(item: Flow | Place | null): void {
    shown = item;
    const view = store.get();
    if (!item) replace(note, restNote(context, selection.flows, view));
    else if (isFlow(item)) replace(note, flowNote(context, item, view));
    else replace(note, placeNote(context, item, selection.flows, view));
    drawing?.light(item && isFlow(item) ? flowKey(item) : null);
  }

  const board = canvas((width) => {
    drawing = mapPicture({
      context,
      view: store.get(),
      flows: selection.flows,
      width,
      threshold,
      onFlow: explain,
      onPlace: explain,
    });
    drawing.update(month());
    const names = (flows: readonly Flow[]) => new Set(flows.map((flow) => flow.to)).size;
    const parts = [
      drawing.beyond.length ? `${names(drawing.beyond)} ends lie beyond this view` : '',
      drawing.unplaced.length
        ? `${names(drawing.unplaced)} have no known position and are in the table only`
        : '',
    ].filter(Boolean);
    beyond.textContent = parts.length ? `${parts.join('; ')}.` : '';
    return drawing.svg;
  });

  /** The largest flows as buttons: what the pointer finds on the map, the keyboard finds here. */
  function listFlows(): void {
    const last = (flow: Flow) => flow.mean.at(-1) ?? 0;
    const largest = [...selection.flows].sort((a, b) => last(b) - last(a)).slice(0, LISTED);
    rows = largest.map((flow) => ({ flow, count: h('span', { class: 'count' }) }));
    const button = (item: Flow | Place, ...content: Child[]) =>
      h(
        'button',
        {
          type: 'button',
          'data-testid': isFlow(item) ? `flow-${flowKey(item)}` : `place-${item.id}`,
          onfocus: () => explain(item),
          onblur: () => explain(null),
          onpointerenter: () => explain(item),
          onpointerleave: () => explain(null),
          onclick: () => explain(item),
        },
        ...content,
      );
    replace(
      list,
      rows.map(({ flow, count }) =>
        h(
          'li',
          {},
          button(
            flow,
            h('i', { class: 'swatch', style: `--swatch: ${cohortColour(flow.cohort)}` }),
            h(
              'span',
              { class: 'end' },
              name(context.nameOf(flow.to)),
              flow.fate === 'resurgent' ? ', active again' : '',
            ),
            count,
          ),
        ),
      ),
    );
    replace(
      places,
      doc.places
        .filter((place) => markKind(place) !== 'place')
        .map((place) => h('li', {}, button(place, h('span', { class: 'end' }, name(place.name))))),
    );
  }
  const places = h('ul', { class: 'map-list' });

  const twin = table<Flow>({
    id: 'map',
    caption: 'People at the end of each flow',
    search: 'Search places',
    noun: 'flows',
    limit: 20,
    sort: { key: 'p50', descending: true },
    columns: [
      { key: 'to', title: 'place', value: (flow) => context.nameOf(flow.to) },
      { key: 'cohort', title: 'cohort', value: (flow) => context.nameOf(flow.cohort) },
      { key: 'kind', title: 'counted', value: flowMeaning, wide: true },
      {
        key: 'p50',
        title: 'median',
        value: (flow) => flow.p50[month()] ?? null,
        show: (flow) => number(flow.p50[month()]),
        numeric: true,
      },
      {
        key: 'p10',
        title: '10th percentile',
        value: (flow) => flow.p10[month()] ?? null,
        show: (flow) => number(flow.p10[month()]),
        numeric: true,
      },
      {
        key: 'p90',
        title: '90th percentile',
        value: (flow) => flow.p90[month()] ?? null,
        show: (flow) => number(flow.p90[month()]),
        numeric: true,
      },
      {
        key: 'mean',
        title: 'mean',
        value: (flow) => flow.mean[month()] ?? null,
        show: (flow) => number(flow.mean[month()]),
        numeric: true,
      },
    ],
    rows: selection.flows,
  });

  const view = store.get();
  const cohorts = radios(
    'map-cohort',
    'Cohort',
    [
      { id: 'all', name: 'all' },
      ...doc.cohorts.map((item) => ({ ...item, colour: cohortColour(item.id) })),
    ],
    view.cohort,
    (id) =>
      store.set({
        cohort: id as View['cohort'],
        ...(id === 'holdouts' ? { area: 'region' as const } : {}),
      }),
  );
  const from = select(
    'map-from',
    'From',
    [
      { name: '', options: doc.groups },
      ...doc.regions.map((region) => ({
        name: region.name,
        options: doc.origins.filter((origin) => origin.region === region.id),
      })),
      {
        name: 'other',
        options: doc.origins.filter(
          (origin) => !doc.regions.some((region) => region.id === origin.region),
        ),
      },
    ].filter((group) => group.options.length),
    view.from,
    (id) => store.set({ from: id }),
  );
  const stratum = select(
    'map-stratum',
    'Who',
    [{ name: '', options: doc.strata }],
    view.stratum,
    (id) => store.set({ stratum: id }),
  );
  const area = radios(
    'map-area',
    'View',
    [
      { id: 'world', name: 'world' },
      { id: 'near', name: 'where most are' },
      { id: 'region', name: doc.map.centre?.name || 'region' },
    ],
    view.area,
    (id) => store.set({ area: id as View['area'] }),
  );
  const print = select(
    'map-threshold',
    'Print counts',
    [
      {
        name: '',
        options: [
          { id: '', name: 'where there is room' },
          ...THRESHOLDS.map((count) => ({ id: String(count), name: `from ${count}` })),
        ],
      },
    ],
    '',
    (id) => {
      threshold = id ? Number(id) : null;
      board.redraw();
    },
  );

  const figure = frame({
    id: 'map',
    heading: finding(context, selection.flows, view),
    lead: ' ',
    controls: [
      cohorts.element,
      from.element,
      doc.strata.length > 1 ? stratum.element : null,
      area.element,
      print.element,
    ],
    picture: h(
      'div',
      { class: 'map-layout' },
      h('div', { class: 'map-board' }, missing, board.element, monthSlider(context, 'map')),
      h(
        'div',
        { class: 'map-side' },
        note,
        h('h4', {}, 'Largest flows'),
        list,
        h(
          'details',
          { class: 'screen-only' },
          h('summary', {}, 'Sanctuaries and theatres'),
          places,
        ),
      ),
    ),
    notes: beyond,
    source: context.source(),
    twin,
    sync: () => twin.update(selection.flows),
  });

  function showMonth(): void {
    const now = store.get();
    drawing?.update(month());
    for (const { flow, count } of rows) count.textContent = cell(at(flow, month()));
    figure.heading(finding(context, selection.flows, now));
    figure.lead(
      `${capital(whom(context, now.from))}${now.stratum === 'all' ? '' : `, ${context.nameOf(now.stratum)} only`}: people at the end of each flow; for homes, those who came home since ${day(doc.meta.cutoff)}. Numbers are medians.`,
    );
    explain(shown);
    figure.refresh();
  }

  function showChoice(): void {
    selection = selectFlows(doc, store.get());
    missing.textContent =
      selection.missing ??
      (selection.flows.length
        ? ''
        : 'Nobody of this choice is expected to be anywhere on this map.');
    missing.hidden = missing.textContent === '';
    shown = null;
    listFlows();
    board.redraw();
    showMonth();
  }

  store.subscribe((now, before) => {
    const chosen = (['from', 'cohort', 'stratum', 'area'] as const).some(
      (key) => now[key] !== before[key],
    );
    if (chosen) {
      cohorts.set(now.cohort);
      from.set(now.from);
      stratum.set(now.stratum);
      area.set(now.area);
      showChoice();
    } else if (now.instant !== before.instant) showMonth();
  });
  showChoice();
  return figure.element;
}
