import { expect, test } from '@jest/globals';
import { commandName, startCommand } from '../../ops/command-name.ts';

test.each([
  ['/home/me/whatsapp-event-fanout/bin/fanout.ts', true, 'npx fanout', 'npm start'],
  [
    '/home/me/app/node_modules/whatsapp-event-fanout/dist/fanout.js',
    false,
    'npx fanout',
    'npx fanout dev',
  ],
  [
    '/home/me/.npm/_npx/1f2e/node_modules/.bin/fanout',
    false,
    'npx whatsapp-event-fanout',
    'npx whatsapp-event-fanout dev',
  ],
  ['/usr/local/bin/fanout', false, 'fanout', 'fanout dev'],
  [
    '/usr/local/lib/node_modules/whatsapp-event-fanout/dist/fanout.js',
    false,
    'fanout',
    'fanout dev',
  ],
  [
    String.raw`C:\app\node_modules\whatsapp-event-fanout\dist\fanout.js`,
    false,
    'npx fanout',
    'npx fanout dev',
  ],
])('what is run from %s is called as a person can call it', (file, isSource, name, start) => {
  expect(commandName(file, isSource)).toBe(name);
  expect(startCommand(file, isSource)).toBe(start);
});
