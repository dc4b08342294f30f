import type { Context } from '../context';
import type { Child } from '../dom';
import { sharesView } from '../fates/sharesView';
import { streamsView } from '../fates/streamsView';
import './fates.css';

/** From home region to fate to place at a month, and the share of each fate over time. */
export function buildFates(context: Context): Child {
  return [streamsView(context), sharesView(context)];
}
