import { render } from 'preact';
import { enter } from './model/api.ts';
import { startKeys } from './model/keys.ts';
import { startLive } from './model/live.ts';
import { Frame } from './views/frame.tsx';

const root = document.getElementById('console') as HTMLElement;

try {
  await enter();
  startLive();
  startKeys();
  root.replaceChildren();
  render(<Frame />, root);
} catch (error) {
  root.textContent = (error as Error).message;
}
