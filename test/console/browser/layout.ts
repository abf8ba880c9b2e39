import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';

/** The windows for which the page is made. */
export const windows = [
  { name: 'a desktop', width: 1440, height: 900 },
  { name: 'a small desktop', width: 1024, height: 768 },
  { name: 'a phone', width: 390, height: 844 },
] as const;

/** Each window, light and dark. */
export const looks = windows.flatMap((window) =>
  (['light', 'dark'] as const).map((colorScheme) => ({ ...window, colorScheme })),
);

const axe = readFileSync(
  fileURLToPath(new URL('../../../node_modules/axe-core/axe.min.js', import.meta.url)),
  'utf8',
);

/** What axe finds against WCAG 2.2 AA. */
export async function axeFindings(page: Page): Promise<unknown> {
  await page.evaluate(axe);
  return page.evaluate(
    `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })
      .then(({ violations }) => violations.map(({ id, nodes }) =>
        [id, nodes.slice(0, 3).map(({ html, failureSummary }) => html + failureSummary)]))`,
  );
}

/** Runs in the page: what is cut, squeezed, uneven, overlaps, or makes the page wider than the window. */
const findMisplaced = `(() => {
  const found = [];
  const wider = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  if (wider > 0) found.push('the page is wider than the window by ' + wider);
  const name = (element) =>
    element.tagName.toLowerCase() + '.' + element.className + ' ' + (element.innerText ?? '').slice(0, 40);
  // What of an element can be seen: what scrolls cuts its content, and that is no fault.
  const shown = (element) => {
    let { left, top, right, bottom } = element.getBoundingClientRect();
    for (let box = element.parentElement; box; box = box.parentElement) {
      const { overflowX, overflowY } = getComputedStyle(box);
      const edge = box.getBoundingClientRect();
      if (overflowX !== 'visible') { left = Math.max(left, edge.left); right = Math.min(right, edge.right); }
      if (overflowY !== 'visible') { top = Math.max(top, edge.top); bottom = Math.min(bottom, edge.bottom); }
    }
    return { left, top, right, bottom };
  };
  const isVisible = (element) =>
    element.checkVisibility({ visibilityProperty: true }) && !element.closest('.hidden, .skip');
  const controls = [...document.querySelectorAll('a, button, input, select, textarea, summary')]
    .filter(isVisible)
    .map((element) => ({ element, ...shown(element) }))
    .filter(({ left, top, right, bottom }) => right - left > 2 && bottom - top > 2);
  for (const { element, left, right } of controls) {
    const { scrollWidth, clientWidth } = element;
    const full = element.getBoundingClientRect();
    const scrolls = element.closest('.scroll, .json, .list');
    if (!scrolls && (left > full.left + 1 || right < full.right - 1)) found.push('cut: ' + name(element));
    if (!element.matches('input, textarea, select') && clientWidth > 0 && scrollWidth > clientWidth + 1) {
      const { textOverflow } = getComputedStyle(element);
      if (textOverflow !== 'ellipsis') found.push('text is cut: ' + name(element));
    }
  }
  for (const [index, a] of controls.entries()) {
    for (const b of controls.slice(index + 1)) {
      if (a.element.contains(b.element) || b.element.contains(a.element)) continue;
      const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (width > 2 && height > 2 && !a.element.closest('header') && !b.element.closest('header'))
        found.push('overlap: ' + name(a.element) + ' / ' + name(b.element));
    }
  }
  for (const [index, a] of controls.entries()) {
    if (!a.element.closest('.fields, .filters, .actions')) continue;
    const row = a.element.closest('.fields, .filters, .actions');
    for (const b of controls.slice(index + 1)) {
      if (b.element.closest('.fields, .filters, .actions') !== row) continue;
      if (a.element.matches('[type=checkbox], .small') || b.element.matches('[type=checkbox], .small')) continue;
      const isOneRow = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 4;
      if (isOneRow && Math.abs(a.bottom + a.top - b.bottom - b.top) > 3)
        found.push('not in line: ' + name(a.element) + ' / ' + name(b.element));
    }
  }
  for (const panel of [...document.querySelectorAll('.panel, .detail, .pipeline')].filter(isVisible)) {
    const { overflowY } = getComputedStyle(panel);
    if (overflowY === 'visible' && panel.scrollHeight > panel.clientHeight + 2)
      found.push('sticks out of its panel: ' + name(panel));
  }
  for (const element of [...document.querySelectorAll('body *')].filter(isVisible)) {
    const texts = [...element.childNodes].filter((node) => node.nodeType === 3 && node.data.trim().length > 3);
    if (texts.length === 0 || element.closest('svg, .json, .editor')) continue;
    const style = getComputedStyle(element);
    const isFlex = style.display.includes('flex') && element.childElementCount > 0;
    if (isFlex && !(parseFloat(style.columnGap) > 0)) found.push('words run together: ' + name(element));
    for (let box = element; box !== document.body; box = box.parentElement) {
      const isCut = getComputedStyle(box).textOverflow === 'ellipsis' && box.scrollWidth > box.clientWidth;
      if (isCut && box.clientWidth < 40) found.push('squeezed: ' + name(box));
    }
    for (const node of texts) {
      const range = document.createRange();
      range.selectNodeContents(node);
      const lines = new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size;
      if (lines > 2 && node.data.trim().length / lines < 5) found.push('squeezed: ' + name(element));
    }
  }
  return found;
})()`;

/** What is cut, squeezed, uneven, overlaps, or makes the page wider than its window. */
export const misplaced = (page: Page) => page.evaluate(findMisplaced) as Promise<string[]>;

/** The sizes of all text that is shown, in pixels. */
export const fontSizes = (page: Page) =>
  page.evaluate(
    `[...new Set([...document.querySelectorAll('body *')]
      .filter((element) => element.checkVisibility() &&
        [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== ''))
      .map((element) => parseFloat(getComputedStyle(element).fontSize)))]`,
  ) as Promise<number[]>;
