/** Tapered curves: wide where people leave, pointed where they arrive. */

import type { Point } from '../labels';

/** A curve's points with their unit normals, from start to end. */
export interface Spine {
  points: Point[];
  normals: Point[];
  length: number;
}

const STEPS = 22;

/** A quadratic curve that bends aside by `bend` times its length. */
export function spine(from: Point, to: Point, bend: number): Spine {
  const [x0, y0] = from;
  const [x1, y1] = to;
  const length = Math.hypot(x1 - x0, y1 - y0);
  const cx = (x0 + x1) / 2 - (y1 - y0) * bend;
  const cy = (y0 + y1) / 2 + (x1 - x0) * bend;
  const points: Point[] = [];
  const normals: Point[] = [];
  for (let step = 0; step <= STEPS; step += 1) {
    const t = step / STEPS;
    const u = 1 - t;
    points.push([
      u * u * x0 + 2 * u * t * cx + t * t * x1,
      u * u * y0 + 2 * u * t * cy + t * t * y1,
    ]);
    const dx = 2 * u * (cx - x0) + 2 * t * (x1 - cx);
    const dy = 2 * u * (cy - y0) + 2 * t * (y1 - cy);
    const size = Math.hypot(dx, dy) || 1;
    normals.push([-dy / size, dx / size]);
  }
  return { points, normals, length };
}

const text = (value: number) => value.toFixed(1);

/** The outline of a curve that is `width` wide at its start. */
export function taper({ points, normals }: Spine, width: number): string {
  if (width <= 0) return '';
  const left: string[] = [];
  const right: string[] = [];
  points.forEach(([x, y], step) => {
    const [nx, ny] = normals[step] ?? [0, 0];
    const half = (width / 2) * (1 - 0.88 * (step / STEPS));
    left.push(`${text(x + nx * half)},${text(y + ny * half)}`);
    right.push(`${text(x - nx * half)},${text(y - ny * half)}`);
  });
  return `M${left.join('L')}L${right.reverse().join('L')}Z`;
}

/** A circle as a path, for what goes nowhere far enough to be a curve. */
export function disc([x, y]: Point, width: number): string {
  if (width <= 0) return '';
  const r = width / 2;
  return `M${text(x - r)},${text(y)}a${text(r)},${text(r)} 0 1,0 ${text(2 * r)},0a${text(r)},${text(r)} 0 1,0 ${text(-2 * r)},0Z`;
}
