import { addressOf, type View, views } from './address.ts';
import { connection } from './store.ts';

type Route = (url: string, replace?: boolean) => void;

let route: Route = () => {};

/** Connects {@link goTo} with the page's router. */
export function connectRouter(used: Route): void {
  route = used;
}

/** Goes to an address. With `replace`, the present address is not kept in the browser's history. */
export function goTo(url: string, replace = false): void {
  if (url !== `${location.pathname}${location.search}`) {
    route(url, replace);
  }
}

/** The keys that work everywhere except in a text field, and their descriptions. */
export const keyHelp = [
  ['1 to 5', 'go to a view'],
  ['j k', 'next and previous row'],
  ['↑ ↓ PgUp PgDn Home End', 'go through the events'],
  ['Enter', 'open the row'],
  ['Esc', 'close what is open'],
  ['/', 'search'],
  ['p', 'pause or resume the list of events'],
  ['?', 'show these keys'],
] as const;

/** Actions of keys that do not change the address. */
export interface KeyActions {
  readonly pause: () => void;
  readonly help: () => void;
}

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.matches('input, textarea, select') || target.isContentEditable || target.shadowRoot);

/** Listens for the keys. */
export function startKeys({ pause, help }: KeyActions): void {
  addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) {
      return;
    }
    if (connection.value.state === 'gone') {
      // The fields are disabled and have lost the focus: these keys were meant for one of them.
      return;
    }
    if (event.key === 'Escape' && isTyping(event.target)) {
      // Esc in a text field leaves the field only, so that a draft is not closed by mistake.
      (event.target as HTMLElement).blur();
      (event.target as HTMLElement).shadowRoot?.querySelector<HTMLElement>(':focus')?.blur();
      return;
    }
    if (event.key === 'Escape') {
      document.querySelector<HTMLElement>('[data-close]')?.click();
      return;
    }
    if (isTyping(event.target)) {
      return;
    }
    const view = Object.keys(views)[Number(event.key) - 1] as View | undefined;
    if (view) {
      goTo(addressOf[view]());
    } else if (event.key === 'p') {
      pause();
    } else if (event.key === '?') {
      help();
    } else if (event.key === '/') {
      event.preventDefault();
      document.querySelector<HTMLElement>('input[type="search"]')?.focus();
    } else if (event.key === 'j' || event.key === 'k') {
      step(event.key === 'j' ? 1 : -1);
    }
  });
}

/** Moves to the next row of the view. */
function step(by: 1 | -1): void {
  const list = document.querySelector<HTMLElement>('[role="listbox"]');
  if (list) {
    list.focus();
    const key = by === 1 ? 'ArrowDown' : 'ArrowUp';
    list.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
    return;
  }
  const rows = [...document.querySelectorAll<HTMLElement>('main [data-row]')].filter(
    (row) => row.offsetParent !== null,
  );
  const at = rows.indexOf(document.activeElement as HTMLElement);
  const present = at < 0 ? rows.findIndex((row) => row.ariaCurrent === 'true') : at;
  rows[Math.max(0, Math.min(rows.length - 1, present + by))]?.focus();
}
