/** Numbers on a line of pixels, with round values along it: all that the pictures need of a scale. */

export interface Scale {
  (value: number): number;
  domain(): [number, number];
  range(): [number, number];
  /** About so many round values within the domain. */
  ticks(count: number): number[];
  /** The same scale, its domain widened to round values. */
  nice(count: number): Scale;
}

/** The step between round values: 1, 2 or 5 times a power of ten; a fraction as minus its inverse. */
function stepOf(low: number, high: number, count: number): number {
  const size = (high - low) / count;
  const power = Math.floor(Math.log10(size));
  const rest = size / 10 ** power;
  const factor =
    rest >= Math.sqrt(50) ? 10 : rest >= Math.sqrt(10) ? 5 : rest >= Math.SQRT2 ? 2 : 1;
  // Whole numbers divide more exactly than fractions multiply.
  return power < 0 ? -(10 ** -power) / factor : factor * 10 ** power;
}

export function scaleLinear(
  [low, high]: readonly [number, number],
  range: readonly [number, number],
): Scale {
  const size = high - low;
  const scale = (value: number) =>
    range[0] + (size ? (value - low) / size : 0.5) * (range[1] - range[0]);
  return Object.assign(scale, {
    domain: (): [number, number] => [low, high],
    range: (): [number, number] => [...range],
    ticks(count: number) {
      if (!(size > 0)) return [low];
      const step = stepOf(low, high, count);
      const at = (index: number) => (step < 0 ? index / -step : index * step);
      const ticks: number[] = [];
      const first = Math.round(step < 0 ? low * -step : low / step) - 1;
      for (let index = first; at(index) <= high; index += 1) {
        if (at(index) >= low) ticks.push(at(index));
      }
      return ticks;
    },
    nice(count: number) {
      let [from, to] = [low, high];
      for (let last = 0, turn = 0; turn < 10; turn += 1) {
        const step = stepOf(from, to, count);
        if (step === last || !Number.isFinite(step)) break;
        last = step;
        const by = step < 0 ? -1 / step : step;
        from = step < 0 ? Math.floor(from * -step) / -step : Math.floor(from / by) * by;
        to = step < 0 ? Math.ceil(to * -step) / -step : Math.ceil(to / by) * by;
      }
      return scaleLinear([from, to], range);
    },
  });
}
