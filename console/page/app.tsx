import { render } from 'preact';
import { LocationProvider } from 'preact-iso/router';
import { addressOf, base, filter, filterIn, viewOf } from './model/address.ts';
import { enter } from './model/api.ts';
import { isPaused, setPaused } from './model/event-list.ts';
import { startLive } from './model/live.ts';
import { startKeys } from './model/router.ts';
import { Frame, isHelpOpen } from './views/frame.tsx';

const root = document.getElementById('console') as HTMLElement;

/** Whether the router can decode the address. A link that was cut may end inside an escape sequence. */
function isReadable(path: string): boolean {
  try {
    return decodeURIComponent(path) !== '' && path !== `${base}/`;
  } catch {
    return false;
  }
}

try {
  await enter();
  if (!isReadable(location.pathname)) {
    history.replaceState(null, '', addressOf.events());
  }
  if (viewOf(location.pathname) === 'events') {
    filter.value = filterIn(Object.fromEntries(new URLSearchParams(location.search)));
  }
  startLive();
  startKeys({
    pause: () => setPaused(!isPaused.value),
    help: () => {
      isHelpOpen.value = true;
    },
  });
  root.replaceChildren();
  render(
    <LocationProvider scope={base}>
      <Frame />
    </LocationProvider>,
    root,
  );
} catch (error) {
  root.textContent = (error as Error).message;
}
