import { existsSync } from 'node:fs';

/** Where Debian and others put it; CHROMIUM names another. */
const places = [
  process.env.CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];

/** The Chromium of this machine. @throws when there is none: says how to get it */
export function findChromium(): string {
  const found = places.find((path) => path !== undefined && existsSync(path));
  if (found !== undefined) {
    return found;
  }
  throw new Error(
    'There is no Chromium. Install it (on Debian: apt-get install chromium), or name it: CHROMIUM=/path/to/chromium.',
  );
}
