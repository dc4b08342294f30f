/** The streams from home region to fate to place, as nodes and links of one month. */

import type { Context } from '../context';
import type { SankeyLink } from '../document';

export interface StreamNode {
  id: string;
  label: string;
  level: 0 | 1 | 2;
  /** A CSS colour. */
  colour: string;
  /** On average over the draws. */
  count: number;
}

export interface Stream {
  source: string;
  target: string;
  value: number;
  p10: number | null;
  p90: number | null;
  colour: string;
}

export interface Graph {
  nodes: StreamNode[];
  streams: Stream[];
}

/** Places named on the right; the others are put together, fate by fate. */
const NAMED_PLACES = 18;

const NEUTRAL = 'var(--data-soft)';

const COLOURS: Record<string, string> = {
  in_group: 'var(--in-group)',
  underground: 'var(--underground)',
  resurgent: 'var(--resurgent)',
  detained: 'var(--detained)',
  moving: 'var(--moving)',
  elsewhere: 'var(--elsewhere)',
  third_country: 'var(--third-country)',
  home_at_large: 'var(--home)',
  home_in_custody: 'var(--home-custody)',
  home_in_programme: 'var(--home-programme)',
  demobilised: 'var(--demobilised)',
  killed: 'var(--killed)',
};

/** The colour of a fate, the same on every picture. */
export const fateColour = (fate: string): string => COLOURS[fate] ?? 'var(--data)';

const level = (id: string): 0 | 1 | 2 =>
  id.startsWith('region:') ? 0 : id.startsWith('fate:') ? 1 : 2;

const bare = (id: string) => id.slice(id.indexOf(':') + 1);

/** The links of a group that lead somewhere. */
export function groupLinks(context: Context, group: string): SankeyLink[] {
  return context.doc.sankey.links.filter((link) => link.group === group && link.target !== 'none');
}

/** The right-hand ends large enough, over the months, to be named. */
function namedEnds(links: readonly SankeyLink[], limit: number): Set<string> {
  const size = new Map<string, number>();
  for (const link of links) {
    if (level(link.target) !== 2) continue;
    const last = Math.max(link.mean.at(-1) ?? 0, link.mean[0] ?? 0);
    size.set(link.target, (size.get(link.target) ?? 0) + last);
  }
  const ranked = [...size].sort((a, b) => b[1] - a[1]).slice(0, limit);
  return new Set(ranked.map(([id]) => id));
}

/** Nodes and streams of a group at a month counted from the cut-off; none below half a person. */
export function graphAt(
  context: Context,
  group: string,
  month: number,
  limit = NAMED_PLACES,
): Graph {
  const { doc } = context;
  const links = groupLinks(context, group);
  const named = namedEnds(links, limit);
  const streams = new Map<string, Stream>();
  const others = new Map<string, number>();
  for (const link of links) {
    const value = link.mean[month] ?? 0;
    const fate = bare(level(link.source) === 1 ? link.source : link.target);
    const merged = level(link.target) === 2 && !named.has(link.target);
    const target = merged ? `others:${fate}` : link.target;
    if (merged) others.set(target, (others.get(target) ?? 0) + 1);
    const key = `${link.source}>${target}`;
    const old = streams.get(key);
    // Quantiles do not add up, so what is put together has none.
    streams.set(key, {
      source: link.source,
      target,
      value: (old?.value ?? 0) + value,
      p10: old || merged ? null : (link.p10[month] ?? null),
      p90: old || merged ? null : (link.p90[month] ?? null),
      colour: fateColour(fate),
    });
  }
  const kept = [...streams.values()].filter((stream) => stream.value >= 0.5);
  const into = new Map<string, number>();
  const outOf = new Map<string, number>();
  for (const { source, target, value } of kept) {
    into.set(target, (into.get(target) ?? 0) + value);
    outOf.set(source, (outOf.get(source) ?? 0) + value);
  }
  const label = (id: string) => {
    if (id.startsWith('others:')) {
      const count = others.get(id) ?? 0;
      return `${context.nameOf(bare(id))}: ${count} more`;
    }
    return id.startsWith('home:') ? `home: ${context.nameOf(bare(id))}` : context.nameOf(bare(id));
  };
  const ids = [...new Set(kept.flatMap(({ source, target }) => [source, target]))];
  const nodes = ids.map((id) => ({
    id,
    label: label(id),
    level: level(id),
    colour: level(id) === 1 ? fateColour(bare(id)) : NEUTRAL,
    count: Math.max(into.get(id) ?? 0, outOf.get(id) ?? 0),
  }));
  const fateRank = new Map(doc.fates.map((fate, at) => [`fate:${fate.id}`, at]));
  const firstFate = (id: string) =>
    Math.min(...kept.filter((s) => s.target === id).map((s) => fateRank.get(s.source) ?? 99));
  const regionRank = new Map(doc.regions.map((region, at) => [`region:${region.id}`, at]));
  const rank = (node: StreamNode) =>
    node.level === 0
      ? (regionRank.get(node.id) ?? 99)
      : node.level === 1
        ? (fateRank.get(node.id) ?? 99)
        : firstFate(node.id) * 2 + (node.id.startsWith('others:') ? 1 : 0);
  nodes.sort((a, b) => a.level - b.level || rank(a) - rank(b) || b.count - a.count);
  return { nodes, streams: kept };
}
