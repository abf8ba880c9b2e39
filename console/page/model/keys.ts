import { isPaused, setPaused } from './event-list.ts';
import { goTo, opened, tabs } from './store.ts';

/** Keys that work everywhere but in a text field, and what they do. */
export const keyHelp = [
  ['1 to 5', 'go to a view'],
  ['↑ ↓ PgUp PgDn Home End', 'go through the events'],
  ['Enter', 'open the event'],
  ['Esc', 'close the event'],
  ['/', 'search'],
  ['p', 'stop the list, or let it go on'],
] as const;

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement && target.matches('input, textarea, select');

/** Listens for the keys. */
export function startKeys(): void {
  addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    if (event.key === 'Escape') {
      opened.value = undefined;
      return;
    }
    if (isTyping(event.target)) {
      return;
    }
    const tab = tabs[Number(event.key) - 1];
    if (tab) {
      goTo(tab);
    } else if (event.key === 'p') {
      setPaused(!isPaused.value);
    } else if (event.key === '/') {
      event.preventDefault();
      document.getElementById('search')?.focus();
    }
  });
}
