/** What a reader takes away: a picture as SVG or PNG, a table as CSV. */

import { h, s } from './dom';

export type Cell = string | number | boolean | null | undefined;

const NUMBER = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i;
// What a spreadsheet may take for the start of a formula, with the full-width forms.
const FORMULA = /^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/;

/** One cell as RFC 4180 text; what a spreadsheet would run as a formula gets a leading apostrophe. */
export function csvCell(value: Cell): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : '';
  const text = String(value);
  const safe = FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** A table as CSV: UTF-8 with a byte order mark, lines ended by CR LF. */
export function csv(columns: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const lines = [columns, ...rows].map((row) => row.map(csvCell).join(','));
  return `\uFEFF${lines.join('\r\n')}\r\n`;
}

/** A file name without spaces or signs that any system refuses. */
export function fileName(...parts: string[]): string {
  const plain = parts
    .join('-')
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[^A-Za-z0-9_-]+/g, '-')
    .replace(/-+/g, '-')
    .replace(/^-|-$/g, '')
    .toLowerCase();
  return plain.slice(0, 80) || 'dispersal';
}

function save(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

export function saveCsv(
  columns: readonly string[],
  rows: readonly (readonly Cell[])[],
  name: string,
): void {
  save(new Blob([csv(columns, rows)], { type: 'text/csv;charset=utf-8' }), `${name}.csv`);
}

// The properties that the style sheet sets on drawings; a file on its own has no style sheet. These
// are handed down from element to element, so only a change needs to be written.
const INHERITED = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-opacity',
  'stroke-dasharray',
  'stroke-linecap',
  'stroke-linejoin',
  'font-family',
  'font-size',
  'font-weight',
  'font-style',
  'font-variant-numeric',
  'text-anchor',
  'letter-spacing',
  'paint-order',
];

// These hold for one element, and are written where they are not what they are at first.
const OWN: Record<string, string> = {
  opacity: '1',
  'dominant-baseline': 'auto',
  'stop-color': 'rgb(0, 0, 0)',
  'stop-opacity': '1',
  'vector-effect': 'none',
  'mix-blend-mode': 'normal',
};

function inlineStyles(from: Element, to: Element, above: ReadonlyMap<string, string>): void {
  const style = getComputedStyle(from);
  if (style.display === 'none' || style.visibility === 'hidden') {
    to.remove();
    return;
  }
  const here = new Map(INHERITED.map((name) => [name, style.getPropertyValue(name)]));
  const changed = [...here].filter(([name, value]) => above.get(name) !== value);
  for (const [name, first] of Object.entries(OWN)) {
    const value = style.getPropertyValue(name);
    if (value && value !== first) changed.push([name, value]);
  }
  for (const name of ['style', 'class', 'tabindex', 'href', 'role']) to.removeAttribute(name);
  if (changed.length) {
    to.setAttribute('style', changed.map(([name, value]) => `${name}:${value}`).join(';'));
  }
  const copies = Array.from(to.children);
  for (const [index, child] of Array.from(from.children).entries()) {
    const copy = copies[index];
    if (copy) inlineStyles(child, copy, here);
  }
}

/** Lines of at most `width` characters, broken at spaces. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/).filter(Boolean)) {
    if (line && line.length + word.length + 1 > width) {
      lines.push(line);
      line = word;
    } else line = line ? `${line} ${word}` : word;
  }
  return line ? [...lines, line] : lines;
}

interface Size {
  x: number;
  y: number;
  width: number;
  height: number;
}

function sizeOf(svg: SVGSVGElement): Size {
  const box = svg.viewBox.baseVal;
  if (box && box.width > 0) return { x: box.x, y: box.y, width: box.width, height: box.height };
  const shown = svg.getBoundingClientRect();
  return { x: 0, y: 0, width: shown.width || 800, height: shown.height || 500 };
}

/** The colour behind an element: its own or the nearest one above it. */
function background(element: Element): string {
  for (let at: Element | null = element; at; at = at.parentElement) {
    const colour = getComputedStyle(at).backgroundColor;
    if (colour && colour !== 'transparent' && !/rgba\(.*, 0\)/.test(colour)) return colour;
  }
  return '#ffffff';
}

/** A drawing that stands alone: styles inlined, its title above, its source below. */
export function standalone(svg: SVGSVGElement, title: string, source: string): SVGSVGElement {
  if (svg.isConnected) return framed(svg, title, source);
  // Styles are computed only inside the page, so a drawing made for saving visits it for a moment.
  const host = h(
    'div',
    { class: 'frame', style: 'position:absolute;left:-99999px;top:0', 'aria-hidden': 'true' },
    svg,
  );
  document.body.append(host);
  const made = framed(svg, title, source);
  host.remove();
  return made;
}

function framed(svg: SVGSVGElement, title: string, source: string): SVGSVGElement {
  const size = sizeOf(svg);
  const page = getComputedStyle(document.body);
  const font = page.fontFamily;
  const margin = 16;
  const small = 11;
  const large = 16;
  const width = Math.max(size.width, 320);
  const titleLines = wrap(title, Math.floor(width / (large * 0.54)));
  const sourceLines = wrap(source, Math.floor(width / (small * 0.52)));
  const top = margin + titleLines.length * large * 1.3 + 10;
  const height = top + size.height + 10 + sourceLines.length * small * 1.4 + margin;

  const copy = svg.cloneNode(true) as SVGSVGElement;
  inlineStyles(svg, copy, new Map());
  for (const [name, value] of Object.entries({
    x: margin,
    y: top,
    width: size.width,
    height: size.height,
  })) {
    copy.setAttribute(name, String(value));
  }
  copy.setAttribute('viewBox', `${size.x} ${size.y} ${size.width} ${size.height}`);

  const texts = (lines: string[], y: number, at: number, weight: number) =>
    lines.map((line, index) =>
      s(
        'text',
        {
          x: margin,
          y: y + index * at * (weight > 400 ? 1.3 : 1.4) + at,
          style: `font-family:${font};font-size:${at}px;font-weight:${weight};fill:${page.color}`,
        },
        line,
      ),
    );
  const full = width + 2 * margin;
  const outer = s(
    'svg',
    { xmlns: 'http://www.w3.org/2000/svg', width: full, height, viewBox: `0 0 ${full} ${height}` },
    s('title', {}, title),
    s('rect', { width: full, height, style: `fill:${background(svg)}` }),
    texts(titleLines, margin - 4, large, 600),
    copy,
    texts(sourceLines, top + size.height + 8, small, 400),
  );
  return outer;
}

const serialise = (svg: SVGSVGElement) => new XMLSerializer().serializeToString(svg);

export function saveSvg(svg: SVGSVGElement, name: string, title: string, source: string): void {
  const text = `<?xml version="1.0" encoding="UTF-8"?>\n${serialise(standalone(svg, title, source))}`;
  save(new Blob([text], { type: 'image/svg+xml;charset=utf-8' }), `${name}.svg`);
}

/** The drawing as PNG at twice its size (less where a canvas would be too large). */
export async function savePng(
  svg: SVGSVGElement,
  name: string,
  title: string,
  source: string,
): Promise<void> {
  const outer = standalone(svg, title, source);
  const { width, height } = outer.viewBox.baseVal;
  const scale = Math.min(2, 12_000 / Math.max(width, height));
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(serialise(outer))}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = Math.ceil(width * scale);
  canvas.height = Math.ceil(height * scale);
  const context = canvas.getContext('2d');
  if (!context) return;
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/png'));
  if (blob) save(blob, `${name}.png`);
}
