/** The page: header, section navigation, and the sections in their order. */

import type { Context } from './context';
import { h, replace } from './dom';
import { day } from './format';
import { type Section, sectionsOf } from './sections';
import { themeToggle } from './theme';

/** A section with its heading; what stands under it comes with `fill`. */
function sectionElement(
  section: Section,
  context: Context,
): { element: HTMLElement; fill(): void } {
  const body = h('div', { class: 'section-body' });
  const element = h(
    'section',
    { id: `section-${section.id}`, 'aria-labelledby': `heading-${section.id}`, tabindex: -1 },
    h('h2', { id: `heading-${section.id}` }, section.title),
    body,
  );
  return { element, fill: () => fillSection(body, section, context) };
}

/** A section that cannot be drawn says so in words, and the rest of the page stands. */
function fillSection(body: HTMLElement, section: Section, context: Context): void {
  try {
    replace(body, section.build(context));
  } catch (error) {
    console.warn(`section ${section.id} could not be drawn`, error);
    const reason = error instanceof Error ? error.message : String(error);
    replace(
      body,
      h(
        'p',
        { class: 'failure', role: 'note' },
        `This part could not be drawn from the data of this report (${reason}). The other parts stand.`,
      ),
    );
  }
}

function header(context: Context): HTMLElement {
  const { meta } = context.doc;
  return h(
    'header',
    { class: 'page-header' },
    h(
      'div',
      { class: 'page-header-inner' },
      h('p', { class: 'brand' }, 'Dispersal'),
      h('h1', {}, h('bdi', { dir: 'auto' }, meta.title || meta.case)),
      meta.question ? h('p', { class: 'question' }, meta.question) : null,
      h(
        'p',
        { class: 'asked' },
        meta.about ?? `A forecast as known on ${day(meta.cutoff)}, up to ${day(meta.until)}`,
      ),
      themeToggle(context.store),
    ),
  );
}

function navigation(shown: readonly Section[]): HTMLElement {
  const links = shown.map((section) =>
    h('li', {}, h('a', { href: `#section-${section.id}` }, section.short)),
  );
  const nav = h('nav', { class: 'page-nav', 'aria-label': 'Sections' }, h('ol', {}, ...links));
  return nav;
}

/** Marks the section that is being read in the navigation. */
function followReading(nav: HTMLElement, sections: HTMLElement[]): void {
  const watch = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) {
        if (!entry.isIntersecting) continue;
        for (const link of nav.querySelectorAll('a')) {
          const here = link.getAttribute('href') === `#${entry.target.id}`;
          if (here) link.setAttribute('aria-current', 'true');
          else link.removeAttribute('aria-current');
        }
      }
    },
    { rootMargin: '-20% 0px -70% 0px' },
  );
  for (const section of sections) watch.observe(section);
}

function footer(context: Context): HTMLElement {
  const { meta, displacement } = context.doc;
  const versions = Object.entries(meta.versions ?? {})
    .map(([name, version]) => `${name} ${version}`)
    .join(', ');
  const parts = [
    `${displacement ? 'Folder' : 'Case'} ${meta.case}${meta.case_hash ? ` (${meta.case_hash.slice(0, 12)})` : ''}`,
    meta.seed === null ? null : `seed ${meta.seed}`,
    meta.draws === null ? null : `${meta.draws} draws`,
    versions || null,
  ];
  return h('footer', { class: 'page-footer' }, h('p', {}, `${parts.filter(Boolean).join(' · ')}`));
}

/** Sections that are read first are built at once, so that the first picture need not wait for the last table. */
const AT_ONCE = 2;

/** Runs tasks one after the other, letting the page be drawn between them. */
function inTurn(tasks: readonly (() => void)[], done: () => void): void {
  setTimeout(() => {
    const [first, ...rest] = tasks;
    first?.();
    if (rest.length) inTurn(rest, done);
    else done();
  });
}

/** Fills the mount point with the whole report; once all of it stands it has the attribute `data-ready`. */
export function buildPage(app: HTMLElement, context: Context): void {
  const shown = sectionsOf(context);
  const nav = navigation(shown);
  const sections = shown.map((section) => sectionElement(section, context));
  const elements = sections.map((section) => section.element);
  const main = app.tagName === 'MAIN' ? app : h('main');
  const skip = h('a', { class: 'skip', href: `#${elements[0]?.id}` }, 'Skip to the answer');
  const around = [skip, header(context), nav];
  if (main === app) {
    // Header and navigation are landmarks of their own, beside <main>.
    app.before(...around);
    replace(app, elements);
    app.after(footer(context));
  } else {
    replace(main, elements);
    replace(app, around, main, footer(context));
  }
  for (const section of sections.slice(0, AT_ONCE)) section.fill();
  const later = sections.slice(AT_ONCE).map((section) => section.fill);
  inTurn(later, () => {
    followReading(nav, elements);
    // The place the address names moves as the parts above it grow.
    const place = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    if (place) place.scrollIntoView();
    app.dataset.ready = '';
  });
}
