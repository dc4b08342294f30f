/** Links out of the page: only to web addresses, and without telling them where the reader came from. */

import { type Child, h } from './dom';

/** The address if it is an http or https one, else null: nothing in the data can become a script. */
export function webAddress(url: string | null | undefined): string | null {
  if (!url) return null;
  try {
    const { protocol, href } = new URL(url);
    return protocol === 'http:' || protocol === 'https:' ? href : null;
  } catch {
    return null;
  }
}

/** A link to a web address or to a place in this page; bare text where it is neither. */
export function link(url: string | null | undefined, ...children: Child[]): HTMLElement {
  if (url?.startsWith('#')) return h('a', { href: url }, ...children);
  const address = webAddress(url);
  if (!address) return h('span', {}, ...children);
  return h('a', { href: address, rel: 'noopener noreferrer', target: '_blank' }, ...children);
}
