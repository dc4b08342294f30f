import type { Context } from '../context';
import { type Child, h } from '../dom';
import { termId } from '../terms';
import './words.css';

/** Every term the report uses, in alphabetical order, so that no view needs a long tooltip. */
export function buildGlossary({ doc }: Context): Child {
  if (!doc.glossary.length) {
    return h('p', { class: 'empty' }, 'This report came without a glossary.');
  }
  const entries = [...doc.glossary].sort((a, b) => a.term.localeCompare(b.term, 'en'));
  return h(
    'dl',
    { class: 'glossary' },
    entries.map((entry) =>
      h(
        'div',
        { id: termId(entry.term), tabindex: -1 },
        h('dt', {}, h('bdi', { dir: 'auto' }, entry.term)),
        h('dd', { dir: 'auto' }, entry.text),
      ),
    ),
  );
}
