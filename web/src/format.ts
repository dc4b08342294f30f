/** Numbers and days as a person reads them; the same rules as `dispersal.forecast.wording`. */

import type { Quantiles } from './document';

/** Counts below this are not given as digits. */
const FEW = 5;

/** A space that keeps a number with its unit. */
const NBSP = '\u00a0';

const MONTHS =
  'January February March April May June July August September October November December'.split(
    ' ',
  );

/** A count to two significant figures, in steps of five where it begins with a 1. */
export function rounded(count: number): number {
  const size = Math.abs(count);
  if (size < 10) return Math.floor(count + 0.5);
  let step = 10 ** (Math.floor(Math.log10(size)) - 1);
  if (step >= 10 && size < 20 * step) step /= 2;
  return Math.round(Math.floor(count / step + 0.5) * step);
}

/** A whole number with commas between thousands. */
export function digits(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** A count in words a table can hold: "none", "a few", "1,250". */
export function number(count: number | null | undefined): string {
  if (count === null || count === undefined || !Number.isFinite(count)) return 'unknown';
  if (count < 0.5) return 'none';
  if (count < FEW) return `a${NBSP}few`;
  return digits(rounded(count));
}

/** A median with its 80 % interval: "about 800 (620 to 1,050)". */
export function estimate({ p10, p50, p90 }: Quantiles): string {
  const low = number(p10);
  const middle = number(p50);
  const high = number(p90);
  if (p50 < FEW) {
    if (high === middle) return middle;
    return `${middle} (at most ${p90 < FEW ? '' : `about${NBSP}`}${high})`;
  }
  const about = `about${NBSP}${middle}`;
  return low === high ? about : `${about} (${low}${NBSP}to${NBSP}${high})`;
}

/** A median with its 80 % interval, short enough for a table: "800 (620–1,050)". */
export function cell({ p10, p50, p90 }: Quantiles): string {
  if (p90 < FEW) return number(p50);
  const end = (count: number) => (count < 0.5 ? '0' : count < FEW ? '<5' : number(count));
  return `${number(p50)} (${end(p10)}–${end(p90)})`;
}

/** A share as a percentage; nearly none and nearly all are not rounded to none and all. */
export function percent(share: number | null | undefined): string {
  if (share === null || share === undefined || !Number.isFinite(share)) return 'unknown';
  if (share < 0.01) return `under${NBSP}1${NBSP}%`;
  if (share > 0.99) return `over${NBSP}99${NBSP}%`;
  return `${Math.floor(100 * share + 0.5)}${NBSP}%`;
}

/** A median share with its 80 % interval, short enough for a table: "40 % (31–52)". */
export function shareCell({ p10, p50, p90 }: Quantiles): string {
  const short = (share: number) =>
    percent(share).replace(`under${NBSP}`, '<').replace(`over${NBSP}`, '>');
  const [low, middle, high] = [short(p10), short(p50), short(p90)];
  if (low === high) return middle;
  const bare = (text: string) => text.replace(`${NBSP}%`, '');
  return `${middle} (${bare(low)}–${bare(high)})`;
}

/** A day in words: "7 March 2017". What is no ISO day stays as it is. */
export function day(iso: string | null | undefined): string {
  const parts = /^(\d{4})-(\d{2})-(\d{2})/.exec(iso ?? '');
  const monthName = MONTHS[Number(parts?.[2]) - 1];
  return parts && monthName
    ? `${Number(parts[3])}${NBSP}${monthName}${NBSP}${parts[1]}`
    : (iso ?? 'unknown');
}

/** The month of a day in words: "October 2019". */
export function month(iso: string | null | undefined): string {
  const parts = /^(\d{4})-(\d{2})/.exec(iso ?? '');
  const monthName = MONTHS[Number(parts?.[2]) - 1];
  return parts && monthName ? `${monthName}${NBSP}${parts[1]}` : (iso ?? 'unknown');
}

/** A list in words: "Libya, Yemen and Mali". */
export function listed(parts: readonly string[]): string {
  return parts.length < 2
    ? (parts[0] ?? '')
    : `${parts.slice(0, -1).join(', ')} and ${parts[parts.length - 1]}`;
}

/** A text with its first letter as a capital. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The quantiles of a series at one place; what is missing counts as zero. */
export function at(
  series: { p10: number[]; p50: number[]; p90: number[] },
  index: number,
): Quantiles {
  return {
    p10: series.p10[index] ?? 0,
    p50: series.p50[index] ?? 0,
    p90: series.p90[index] ?? 0,
  };
}

/** Days since 1970 of an ISO day, to place it on an axis. */
export function dayNumber(iso: string): number {
  return Date.parse(`${iso.slice(0, 10)}T00:00:00Z`) / 86_400_000;
}
