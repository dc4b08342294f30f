/** Tables fill when they are first seen, and scroll in a frame only where they must. */

interface Watched {
  wake: () => void;
  fits: () => boolean;
  place: (roomy: boolean) => void;
}

const watched = new WeakMap<Element, Watched>();

// One observer for all tables, which first fills, then measures, then writes: one layout for all.
// Where there is room, a table stands in the page and its head under the page's navigation; where
// there is not, it scrolls in its own frame, which the keyboard can then reach.
const observer = new ResizeObserver((entries) => {
  const seen = entries.flatMap(({ target }) => watched.get(target) ?? []);
  for (const each of seen) each.wake();
  const fits = seen.map((each) => each.fits());
  for (const [index, each] of seen.entries()) each.place(fits[index] ?? false);
});

export function watchTable(grid: Element, each: Watched): void {
  watched.set(grid, each);
  observer.observe(grid);
}
