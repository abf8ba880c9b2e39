import { type EventType, eventTypes } from '../../events/catalog.ts';
import { exampleWebhook } from '../../events/example-webhook.ts';
import { type Chance, integer, oneOf } from './chance.ts';

const maxDepth = 700;

/** Bodies as no sender writes them, and as a broken or hostile one might. */
export function hostileBody(chance: Chance): Buffer {
  const text = () => JSON.stringify(mangled(chance));
  const make = oneOf<() => string | Buffer>(chance, [
    text,
    text,
    text,
    () => text().slice(0, integer(chance, 300)),
    () => `[${Array.from({ length: integer(chance, 13) }, text)}]`,
    () => JSON.stringify(text()),
    () => `${'['.repeat(integer(chance, maxDepth))}${']'.repeat(integer(chance, maxDepth))}`,
    () => `{"event":"message","payload":${'{"a":'.repeat(integer(chance, maxDepth))}`,
    () => `{"event":"${'x'.repeat(integer(chance, 5_000))}","session":{},"payload":[]}`,
    () => '{"__proto__":{"event":"message"},"constructor":{"prototype":{}},"event":"message"}',
    () => `{"event":"message","timestamp":${oneOf(chance, ['1e999', '-0', '9e15', 'null'])}}`,
    () => '{"event":"message","session":"\\ud800","payload":{"body":"\\udfff\\u0000"}}',
    () => '',
    () => Buffer.from(Array.from({ length: integer(chance, 400) }, () => integer(chance, 256))),
  ]);
  return Buffer.from(make());
}

/** An example with some of its values exchanged for what does not belong there. */
function mangled(chance: Chance): unknown {
  const example = exampleWebhook(
    oneOf(chance, eventTypes) as EventType,
    oneOf(chance, ['waha', 'wawp']),
  );
  return exchange(JSON.parse(JSON.stringify(example)), chance);
}

const strange: readonly unknown[] = [
  null,
  true,
  -1,
  1e308,
  0.1,
  '',
  'x'.repeat(3_000),
  '\u202e\u0000\ud83d',
  '../../etc/passwd',
  '${jndi:ldap://x}',
  [],
  {},
  [[[]]],
  { id: { _serialized: {} } },
  '9'.repeat(400),
];

function exchange(value: unknown, chance: Chance): unknown {
  if (chance() < 0.06) {
    return oneOf(chance, strange);
  }
  if (Array.isArray(value)) {
    return value.map((item) => exchange(item, chance));
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const entries = Object.entries(value).map(([name, item]) => [
    chance() < 0.02 ? oneOf(chance, ['__proto__', '', 'a.b', '$']) : name,
    exchange(item, chance),
  ]);
  return Object.fromEntries(entries);
}
