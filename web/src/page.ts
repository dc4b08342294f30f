/** The page: header, section navigation, and the sections in their order. */

import type { Context } from './context';
import { h, replace } from './dom';
import { day } from './format';
import { SECTIONS, type Section } from './sections';
import { themeToggle } from './theme';

/** A section that cannot be drawn says so in words, and the rest of the page stands. */
function sectionElement(section: Section, context: Context): HTMLElement {
  const body = h('div', { class: 'section-body' });
  const element = h(
    'section',
    { id: `section-${section.id}`, 'aria-labelledby': `heading-${section.id}`, tabindex: -1 },
    h('h2', { id: `heading-${section.id}` }, section.title),
    body,
  );
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
  return element;
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
        `A forecast as known on ${day(meta.cutoff)}, up to ${day(meta.until)}`,
      ),
      themeToggle(context.store),
    ),
  );
}

function navigation(): HTMLElement {
  const links = SECTIONS.map((section) =>
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
  const { meta } = context.doc;
  const versions = Object.entries(meta.versions ?? {})
    .map(([name, version]) => `${name} ${version}`)
    .join(', ');
  const parts = [
    `Case ${meta.case}${meta.case_hash ? ` (${meta.case_hash.slice(0, 12)})` : ''}`,
    meta.seed === null ? null : `seed ${meta.seed}`,
    meta.draws === null ? null : `${meta.draws} draws`,
    versions || null,
  ];
  return h('footer', { class: 'page-footer' }, h('p', {}, `${parts.filter(Boolean).join(' · ')}`));
}

/** Fills the mount point with the whole report. */
export function buildPage(app: HTMLElement, context: Context): void {
  const nav = navigation();
  const sections = SECTIONS.map((section) => sectionElement(section, context));
  const main = app.tagName === 'MAIN' ? app : h('main', { id: 'content' });
  main.id ||= 'content';
  const skip = h(
    'a',
    { class: 'skip', href: `#${sections[0]?.id ?? main.id}` },
    'Skip to the answer',
  );
  const around = [skip, header(context), nav];
  if (main === app) {
    // Header and navigation are landmarks of their own, beside <main>.
    app.before(...around);
    replace(app, sections);
    app.after(footer(context));
  } else {
    replace(main, sections);
    replace(app, around, main, footer(context));
  }
  followReading(nav, sections);
}
