import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readMessage } from '../../../ops/dead-letters/dead-letter-message.ts';
import {
  NotADeadLetterMessageError,
  readExported,
  writeExported,
} from '../../../ops/dead-letters/export-and-import.ts';

describe('an exported message', () => {
  const attribute = fc.oneof(
    fc.record({
      DataType: fc.constantFrom('String', 'Number.int'),
      StringValue: fc.string({ minLength: 1 }),
    }),
    fc.record({
      DataType: fc.constant('Binary'),
      BinaryValue: fc.uint8Array({ minLength: 1 }).map((bytes) => Buffer.from(bytes)),
    }),
  );

  test('comes back as it was', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'a"\\\n\u0000\u2028😀\uD800'), minLength: 1 }),
        fc.dictionary(fc.string({ minLength: 1 }), attribute, { maxKeys: 10 }),
        (Body, MessageAttributes) => {
          const line = writeExported(readMessage({ MessageId: 'm', Body, MessageAttributes }));
          expect(line).not.toContain('\n');
          const entry = readExported(line, false);
          expect(entry.MessageBody).toBe(Body);
          expect(entry.MessageAttributes ?? {}).toEqual({ ...MessageAttributes });
        },
      ),
    );
  });

  test('is either read or refused, for any content of its line, and the error does not contain it', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (line) => {
        try {
          expect(typeof readExported(line, true).MessageBody).toBe('string');
        } catch (error) {
          expect(error).toBeInstanceOf(NotADeadLetterMessageError);
        }
      }),
    );
  });
});
