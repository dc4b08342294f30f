/** Light and dark: as the system says, unless the reader chooses. */

import { h } from './dom';
import type { Store, View } from './state';

const NAMES: Record<View['theme'], string> = { auto: 'Auto', light: 'Light', dark: 'Dark' };

/** Three radio buttons; the choice is set on the root element and kept in the address. */
export function themeToggle(store: Store): HTMLElement {
  const apply = (theme: View['theme']) => {
    if (theme === 'auto') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
  };
  const radios = (Object.keys(NAMES) as View['theme'][]).map((theme) => {
    const input = h('input', {
      type: 'radio',
      name: 'theme',
      value: theme,
      'data-testid': `theme-${theme}`,
      checked: store.get().theme === theme,
      onchange: () => store.set({ theme }),
    });
    return { theme, input, label: h('label', {}, input, h('span', {}, NAMES[theme])) };
  });
  store.subscribe((view, before) => {
    if (view.theme === before.theme) return;
    apply(view.theme);
    for (const { theme, input } of radios) input.checked = theme === view.theme;
  });
  apply(store.get().theme);
  return h(
    'fieldset',
    { class: 'choice theme' },
    h('legend', {}, 'Colours'),
    ...radios.map((radio) => radio.label),
  );
}
