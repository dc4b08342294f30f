/** A small box beside what is pointed at or focused; the words are also in that element's label. */

import { type Child, h, replace } from './dom';

let box: HTMLElement | null = null;

export function showNote(anchor: Element, ...content: Child[]): void {
  if (!box) {
    box = h('div', { class: 'note', 'aria-hidden': 'true', 'data-testid': 'note' });
    document.body.append(box);
    // A note must not stay behind when its place has moved.
    window.addEventListener('scroll', hideNote, { passive: true, capture: true });
    window.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') hideNote();
    });
  }
  replace(box, ...content);
  box.hidden = false;
  const at = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = box;
  const left = Math.min(
    Math.max(8, at.left + at.width / 2 - width / 2),
    document.documentElement.clientWidth - width - 8,
  );
  const above = at.top - height - 8;
  box.style.left = `${left}px`;
  box.style.top = `${above > 8 ? above : at.bottom + 8}px`;
}

export function hideNote(): void {
  if (box) box.hidden = true;
}
