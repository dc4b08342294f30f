/** Labels that never overlap: the most important first, each at the first free spot around its point. */

/** A place in a picture. */
export type Point = readonly [number, number];

export interface Rect {
  x0: number;
  y0: number;
  x1: number;
  y1: number;
}

export interface Label {
  at: Point;
  width: number;
  height: number;
  /** Where it would rather stand: away from this point. */
  away: Point | null;
  /** How far it keeps from its point, where a circle stands there. */
  apart?: number;
}

export interface Placed {
  /** Left end of the text and its middle line. */
  x: number;
  y: number;
  rect: Rect;
}

const context = document.createElement('canvas').getContext('2d');
const widths = new Map<string, number>();

/** The width of a text in pixels, with a little to spare. */
export function textWidth(text: string, size = 12, weight = 400): number {
  const key = `${size} ${weight} ${text}`;
  let width = widths.get(key);
  if (width === undefined) {
    if (context) context.font = `${weight} ${size}px ${getComputedStyle(document.body).fontFamily}`;
    width = context ? context.measureText(text).width : text.length * size * 0.58;
    widths.set(key, width);
  }
  return width + 1;
}

const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;

/** A name that keeps its own direction beside a count, where an element for it is not to be had. */
export function isolated(text: string): string {
  return RIGHT_TO_LEFT.test(text) ? `\u2068${text}\u2069` : text;
}

/** A text cut to a width, with an ellipsis where it had to be cut. */
export function fitted(text: string, room: number, size = 12, weight = 400): string {
  if (textWidth(text, size, weight) <= room) return text;
  const letters = [...text];
  while (letters.length > 1 && textWidth(`${letters.join('')}…`, size, weight) > room)
    letters.pop();
  return `${letters.join('').trimEnd()}…`;
}

const overlap = (a: Rect, b: Rect) => a.x0 < b.x1 && b.x0 < a.x1 && a.y0 < b.y1 && b.y0 < a.y1;

const DIRECTIONS: readonly Point[] = [
  [1, 0],
  [-1, 0],
  [1, -0.8],
  [1, 0.8],
  [-1, -0.8],
  [-1, 0.8],
  [0, -1],
  [0, 1],
];

function spot(label: Label, direction: Point, distance: number): Placed {
  const [dx, dy] = direction;
  const left = dx > 0 ? distance : dx < 0 ? -distance - label.width : -label.width / 2;
  const x = label.at[0] + left;
  const y = label.at[1] + dy * (distance + label.height / 2);
  const rect = {
    x0: x - 2,
    x1: x + label.width + 2,
    y0: y - label.height / 2,
    y1: y + label.height / 2,
  };
  return { x, y, rect };
}

/** Finds a place for each label within the frame; null for those that find none. */
export function placeLabels(
  labels: readonly Label[],
  frame: Rect,
  taken: Rect[],
): (Placed | null)[] {
  const used = [...taken];
  return labels.map((label) => {
    const toward: Point = label.away
      ? [label.at[0] - label.away[0], label.at[1] - label.away[1]]
      : [1, 0];
    const size = Math.hypot(...toward) || 1;
    const score = ([x, y]: Point) => (x * toward[0] + y * toward[1]) / size / Math.hypot(x, y);
    const ordered = [...DIRECTIONS].sort((a, b) => score(b) - score(a));
    for (const distance of [6, 13, 22].map((gap) => gap + (label.apart ?? 0))) {
      for (const direction of ordered) {
        const placed = spot(label, direction, distance);
        const { rect } = placed;
        const inside =
          rect.x0 >= frame.x0 && rect.x1 <= frame.x1 && rect.y0 >= frame.y0 && rect.y1 <= frame.y1;
        if (!inside || used.some((other) => overlap(rect, other))) continue;
        used.push(rect);
        return placed;
      }
    }
    return null;
  });
}
