import type { Context } from '../context';
import type { Child } from '../dom';

/** Builds the section; its heading is made by the page. */
export function buildGlossary(_context: Context): Child {
  return null;
}
