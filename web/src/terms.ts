/** The glossary's terms in running text: the first use in a section leads to the glossary. */

import { type Child, h } from './dom';

/** The element id of a term's entry. */
export function termId(term: string): string {
  const plain = term.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '-');
  return `term-${plain.replace(/^-|-$/g, '')}`;
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Makes a function that turns text into text with links, each term linked once. */
export function termLinker(glossary: readonly { term: string }[]): (text: string) => Child[] {
  // The longest first: "free agent" before "agent".
  const terms = glossary.map((entry) => entry.term).filter(Boolean);
  if (!terms.length) return (text) => [text];
  const byLength = [...terms].sort((a, b) => b.length - a.length).map(escaped);
  const pattern = new RegExp(
    `(?<![\\p{L}\\p{N}])(${byLength.join('|')})(s?)(?![\\p{L}\\p{N}])`,
    'giu',
  );
  const ids = new Map(terms.map((term) => [term.toLowerCase(), termId(term)]));
  const used = new Set<string>();
  return (text) => {
    const parts: Child[] = [];
    let end = 0;
    for (const match of text.matchAll(pattern)) {
      const id = ids.get((match[1] ?? '').toLowerCase());
      if (!id || used.has(id)) continue;
      used.add(id);
      parts.push(text.slice(end, match.index), h('a', { class: 'term', href: `#${id}` }, match[0]));
      end = match.index + match[0].length;
    }
    parts.push(text.slice(end));
    return parts;
  };
}
