import type { Context } from '../context';
import type { CohortId, Flow, Place } from '../document';
import { type Child, h, replace } from '../dom';
import { canvas, frame } from '../figure';
import { capital, day, percent } from '../format';
import { mapChoices } from '../map/choices';
import { flowKey, type Selection, selectFlows } from '../map/flows';
import { flowList, isFlow } from '../map/list';
import { flowNote, placeNote, restNote, whom } from '../map/note';
import { type MapPicture, mapPicture } from '../map/picture';
import { flowTable } from '../map/twin';
import { monthSlider } from '../months';
import type { View } from '../state';
import './map.css';

/** The finding in one line: how those counted here divide among the cohorts. */
function finding(context: Context, { flows, missing }: Selection, view: View): string {
  const month = view.instant - context.doc.ahead;
  const date = day(context.dayAt(view.instant));
  const who = capital(whom(context, view.from));
  if (view.cohort !== 'all') return `${who}: ${context.nameOf(view.cohort)} on ${date}`;
  if (missing) return `${who}, ${context.nameOf(view.stratum)}: those who come home, on ${date}`;
  const sum = (cohort: CohortId) => {
    const own = flows.filter((flow) => flow.cohort === cohort);
    return own.reduce((total, flow) => total + (flow.mean[month] ?? 0), 0);
  };
  const [home, near, on] = [sum('returnees'), sum('holdouts'), sum('free_agents')];
  const all = home + near + on;
  if (all < 0.5) return `Nobody is counted on this map on ${date}`;
  return `On ${date}, of those counted on this map, ${percent(home / all)} have come home since the cut-off, ${percent(near / all)} stay near the lost territory and ${percent(on / all)} have moved on`;
}

/** Which ends the picture cannot show, in words. */
function outside({ beyond, unplaced }: MapPicture): string {
  const ends = (flows: readonly Flow[]) => {
    const count = new Set(flows.map((flow) => flow.to)).size;
    return `${count} ${count === 1 ? 'end' : 'ends'}`;
  };
  const parts = [
    beyond.length ? `${ends(beyond)} beyond this view` : '',
    unplaced.length ? `${ends(unplaced)} without a known position` : '',
  ].filter(Boolean);
  return parts.length ? `Not seen here, but in the table: ${parts.join(', ')}.` : '';
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
  let shown: Flow | Place | null = null;
  const month = () => store.get().instant - doc.ahead;
  const note = h('div', { class: 'map-note', 'aria-live': 'polite', 'data-testid': 'map-note' });
  const missing = h('p', { class: 'map-missing', 'data-testid': 'map-missing', role: 'status' });
  const beyond = h('p', { class: 'map-beyond' });

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
    beyond.textContent = outside(drawing);
    return drawing.svg;
  });
  const choices = mapChoices(context, (count) => {
    threshold = count;
    board.redraw();
  });
  const list = flowList(context, explain);
  const twin = flowTable(context, month);
  const figure = frame({
    id: 'map',
    heading: finding(context, selection, store.get()),
    lead: ' ',
    controls: choices.elements,
    picture: h(
      'div',
      { class: 'map-layout' },
      h('div', { class: 'map-board' }, missing, board.element, monthSlider(context, 'map')),
      h(
        'div',
        { class: 'map-side' },
        note,
        h('h4', {}, 'Largest flows'),
        list.flows,
        h(
          'details',
          { class: 'screen-only' },
          h('summary', {}, 'Sanctuaries and theatres'),
          list.places,
        ),
      ),
    ),
    notes: beyond,
    source: context.source(),
    twin,
    sync: () => twin.update(selection.flows),
  });

  function showMonth(): void {
    const view = store.get();
    drawing?.update(month());
    list.update(month());
    figure.heading(finding(context, selection, view));
    const who = capital(whom(context, view.from));
    const stratum = view.stratum === 'all' ? '' : `, ${context.nameOf(view.stratum)} only`;
    figure.lead(
      `${who}${stratum}: the median number of people at the end of each flow; for homes, of those who came home since ${day(doc.meta.cutoff)}. The dead, the detained, those on the way and those still in the group are not on the map.`,
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
    list.fill(selection.flows);
    board.redraw();
    showMonth();
  }

  const keys = ['from', 'cohort', 'stratum', 'area'] as const;
  store.subscribe((now, before) => {
    if (keys.some((key) => now[key] !== before[key])) {
      choices.set(now);
      showChoice();
    } else if (now.instant !== before.instant) showMonth();
  });
  showChoice();
  return figure.element;
}
