/** What chance alone would do to a share of a few cases. */

/** The probabilities of 0 to n hits, each with chance p. */
export function binomial(n: number, p: number): number[] {
  if (p <= 0 || p >= 1) {
    const certain = p <= 0 ? 0 : n;
    return Array.from({ length: n + 1 }, (_, hits) => (hits === certain ? 1 : 0));
  }
  const probabilities: number[] = [];
  // In logarithms, so that many cases do not underflow.
  let log = n * Math.log1p(-p);
  for (let hits = 0; hits <= n; hits += 1) {
    probabilities.push(Math.exp(log));
    log += Math.log(n - hits) - Math.log(hits + 1) + Math.log(p) - Math.log1p(-p);
  }
  return probabilities;
}

/** The fewest and the most hits that leave at most `outside / 2` on either side. */
export function central(n: number, p: number, outside = 0.1): [number, number] {
  const probabilities = binomial(n, p);
  let low = 0;
  for (let below = probabilities[0] ?? 1; below < outside / 2 && low < n; low += 1) {
    below += probabilities[low + 1] ?? 0;
  }
  let high = n;
  for (let above = probabilities[n] ?? 1; above < outside / 2 && high > 0; high -= 1) {
    above += probabilities[high - 1] ?? 0;
  }
  return [low, Math.max(low, high)];
}
