/** Elements from text and nodes only: nothing in the data can become markup. */

export type Child = Node | string | number | null | undefined | false | readonly Child[];

/** Functions are listeners: `onclick` and the like, added as such and never written as markup. */
export type Attribute = string | number | boolean | null | undefined | ((event: never) => void);

export type Attributes = Record<string, Attribute>;

const SVG = 'http://www.w3.org/2000/svg';

function append(parent: Element, children: readonly Child[]): void {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    if (Array.isArray(child)) append(parent, child);
    else parent.append(child instanceof Node ? child : String(child));
  }
}

/** Sets attributes: `true` is an empty attribute; `false`, `null` and `undefined` take it away. */
export function setAttributes(element: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') {
      element.addEventListener(name.replace(/^on/, ''), value as EventListener);
    } else if (value === false || value === null || value === undefined) {
      element.removeAttribute(name);
    } else {
      element.setAttribute(name, value === true ? '' : String(value));
    }
  }
}

/** Makes an HTML element. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  setAttributes(element, attributes);
  append(element, children);
  return element;
}

/** Makes an SVG element. */
export function s<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): SVGElementTagNameMap[K] {
  const element = document.createElementNS(SVG, tag);
  setAttributes(element, attributes);
  append(element, children);
  return element;
}

/** Puts new children in the place of all old ones. */
export function replace(parent: Element, ...children: Child[]): void {
  parent.replaceChildren();
  append(parent, children);
}

/** A name from the data, in its own direction of writing. */
export function name(text: string): HTMLElement {
  return h('bdi', { dir: 'auto' }, text);
}

/** An SVG picture with the name and description that a screen reader gives. */
export function picture(
  width: number,
  height: number,
  title: string,
  description: string,
  ...children: Child[]
): SVGSVGElement {
  // A <title> would pop up as a tooltip over the whole picture.
  return s(
    'svg',
    { viewBox: `0 0 ${width} ${height}`, width, height, role: 'img', 'aria-label': title },
    s('desc', {}, description),
    ...children,
  );
}
