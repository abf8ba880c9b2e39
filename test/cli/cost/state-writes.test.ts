import { expect, test } from '@jest/globals';
import { stateWrites } from '../../../cli/cost/state-writes.ts';
import { eventTypes } from '../../../events/catalog.ts';
import { exampleWebhook } from '../../../events/example-webhook.ts';
import { normalizeWebhook } from '../../../events/normalize.ts';
import { parse } from '../../../events/parse.ts';
import { callRegisters } from '../../../lambdas/state/call-registers.ts';
import { groupRegisters } from '../../../lambdas/state/group-registers.ts';
import { labelRegisters } from '../../../lambdas/state/label-registers.ts';
import { messageRegisters } from '../../../lambdas/state/message-registers.ts';
import { type Register, registersOf } from '../../../lambdas/state/register.ts';
import { sessionRegisters } from '../../../lambdas/state/session-registers.ts';
import { toItem } from '../../../lambdas/state/to-item.ts';

const tables = [messageRegisters, groupRegisters, callRegisters, labelRegisters, sessionRegisters];

function registersFor(type: (typeof eventTypes)[number]): readonly Register[] {
  const [envelope] = normalizeWebhook(Buffer.from(JSON.stringify(exampleWebhook(type, 'waha'))), {
    receivedAt: new Date(),
    requestId: 'request',
  }).events;
  const event = parse(
    JSON.stringify({ source: 'whatsapp', 'detail-type': type, detail: envelope }),
  );
  return tables.flatMap((table) => registersOf(table as never, event as never));
}

/** Write units of one item, which all have less than 1 KB; a place in a list that moves is two. */
function unitsOf({ keeps, list, sk }: Register): number {
  if (keeps === 'constant') return 0;
  if (!list) return 1;
  return sk === 'activity' ? 3 : 2;
}

test.each(eventTypes)('%s writes as much state as the cost model says', (type) => {
  const registers = registersFor(type);
  for (const register of registers) {
    expect(JSON.stringify(toItem(register, 365)).length).toBeLessThan(1_024);
  }
  const units = registers.reduce((sum, register) => sum + unitsOf(register), 0);
  expect(stateWrites[type] ?? 0).toBe(units);
});
