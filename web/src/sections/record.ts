import type { Context } from '../context';

/** Builds the section; its heading is made by the page. */
export function buildRecord(_context: Context): Node[] {
  return [];
}
