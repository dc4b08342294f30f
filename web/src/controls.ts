/** Small choices: one of a few as radio buttons, one of many as a list. */

import { type Child, h } from './dom';

export interface Option {
  id: string;
  name: string;
  /** A CSS colour shown beside the name. */
  colour?: string;
}

export interface Choice {
  element: HTMLElement;
  set(id: string): void;
}

/** One of a few, all seen at once. */
export function radios(
  id: string,
  label: string,
  options: readonly Option[],
  chosen: string,
  onchange: (id: string) => void,
): Choice {
  const inputs = options.map((option) =>
    h('input', {
      type: 'radio',
      name: id,
      value: option.id,
      'data-testid': `${id}-${option.id}`,
      checked: option.id === chosen,
      onchange: () => onchange(option.id),
    }),
  );
  const labels = options.map((option, at) =>
    h(
      'label',
      {},
      inputs[at],
      h(
        'span',
        {},
        option.colour ? h('i', { class: 'swatch', style: `--swatch: ${option.colour}` }) : null,
        option.name,
      ),
    ),
  );
  return {
    element: h('fieldset', { class: 'choice' }, h('legend', {}, label), labels),
    set(value) {
      for (const input of inputs) input.checked = input.value === value;
    },
  };
}

/** One of many, in groups that have a name. */
export function select(
  id: string,
  label: string,
  groups: readonly { name: string; options: readonly Option[] }[],
  chosen: string,
  onchange: (id: string) => void,
): Choice {
  const option = (item: Option): Child =>
    h('option', { value: item.id, selected: item.id === chosen }, item.name);
  const list = h(
    'select',
    { id, 'data-testid': id, onchange: () => onchange(list.value) },
    groups.map((group) =>
      group.name
        ? h('optgroup', { label: group.name }, group.options.map(option))
        : group.options.map(option),
    ),
  );
  return {
    element: h('label', { class: 'field', for: id }, h('span', {}, label), list),
    set(value) {
      list.value = value;
    },
  };
}
