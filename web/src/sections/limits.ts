import type { Context } from '../context';
import { type Child, h } from '../dom';
import { termLinker } from '../terms';
import './words.css';

/** A sentence whose first words name its subject ("Definitions differ.") shows them in bold. */
function item(sentence: string, link: (text: string) => Child[]): HTMLElement {
  const lead = /^([^.?!:]{3,60}[.?!:])\s+(.+)$/s.exec(sentence);
  return lead
    ? h('li', {}, h('strong', {}, lead[1]), ' ', link(lead[2] ?? ''))
    : h('li', {}, link(sentence));
}

/** What the forecast cannot know, and the line the project keeps. */
export function buildLimits({ doc }: Context): Child {
  const link = termLinker(doc.glossary);
  const list = (sentences: readonly string[], missing: string) =>
    sentences.length
      ? h(
          'ul',
          { class: 'points' },
          sentences.map((sentence) => item(sentence, link)),
        )
      : h('p', { class: 'empty' }, missing);
  return h(
    'div',
    { class: 'two-columns' },
    h(
      'div',
      {},
      h('h3', { class: 'figure-title' }, 'What these numbers cannot tell'),
      list(doc.limits, 'This report names no limits; read its numbers with care.'),
    ),
    h(
      'div',
      {},
      h('h3', { class: 'figure-title' }, 'The line this project keeps'),
      list(doc.line, 'Aggregate figures only: a member is a count, never a person.'),
    ),
  );
}
