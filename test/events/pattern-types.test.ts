import { expect, test } from '@jest/globals';
import { pattern } from '../../events/pattern.ts';

/** Compiled, and run only where it compiles: each `@ts-expect-error` is a test of the compiler's. */
test('an unknown event type does not compile', () => {
  // @ts-expect-error no such event type
  pattern({ type: 'message.sent' });
  // @ts-expect-error no such event type in a list
  pattern({ type: ['message', 'message.sent'] });
  // @ts-expect-error no such category
  pattern({ category: 'mails' });
  expect(pattern({ type: 'message' })['detail-type']).toEqual(['message']);
});

test('a path that no selected event type has does not compile', () => {
  // @ts-expect-error no such field
  pattern({ type: 'message', where: { 'data.subject': 'x' } });
  // @ts-expect-error a call has no body
  pattern({ type: 'call.received', where: { 'data.body': 'x' } });
  // @ts-expect-error an object is no leaf
  pattern({ type: 'message', where: { 'data.chat': 'x' } });
  expect(() =>
    // @ts-expect-error raw is the sender's
    pattern({ type: 'message', where: { 'raw.body': 'x' } }),
  ).toThrow('"raw.body" is not a path of an envelope: expected meta.… or data.…');
  // @ts-expect-error not inside of $or either
  pattern({ type: 'message', where: { $or: [{ 'data.nope': 'x' }, { 'data.body': 'y' }] } });
  // One of the event types has it.
  pattern({ type: ['message', 'call.received'], where: { 'data.callId': { exists: false } } });
  // The event types of the category have it.
  pattern({ category: 'calls', where: { 'data.outcome': 'ringing' } });
  // @ts-expect-error the event types of the category do not have it
  pattern({ category: 'calls', where: { 'data.body': 'x' } });
  // Lists are looked through.
  pattern({ type: 'group.v2.participants', where: { 'data.participants.role': 'admin' } });
  pattern({ type: 'poll.vote', where: { 'data.choices': { prefix: 'Tue' } } });
});

test('a value that the field cannot have does not compile', () => {
  // @ts-expect-error no such kind of address
  pattern({ type: 'message', where: { 'data.chat.kind': 'grup' } });
  // @ts-expect-error not text but true or false
  pattern({ type: 'message', where: { 'meta.fromMe': 'false' } });
  // @ts-expect-error not text but a number
  pattern({ type: 'message.ack', where: { 'data.ack.level': '3' } });
  // @ts-expect-error the event type is another
  pattern({ type: 'message', where: { 'meta.type': 'call.received' } });
  // @ts-expect-error the category is another
  pattern({ type: 'message', where: { 'meta.category': 'calls' } });
  // @ts-expect-error not in a list of values either
  pattern({ type: 'message', where: { 'data.chat.kind': ['group', 'grup'] } });
  expect(() =>
    // @ts-expect-error an empty list matches nothing
    pattern({ type: 'message', where: { 'data.chat.kind': [] } }),
  ).toThrow('"data.chat.kind" has no condition, so nothing matches.');
});

test('an operator for another type of field does not compile', () => {
  // @ts-expect-error no prefix of true or false
  pattern({ type: 'message', where: { 'meta.fromMe': { prefix: 't' } } });
  // @ts-expect-error no numeric range of text
  pattern({ type: 'message', where: { 'data.body': { numeric: ['>', 1] } } });
  // @ts-expect-error no wildcard in a number
  pattern({ type: 'message.ack', where: { 'data.ack.level': { wildcard: '3*' } } });
  // @ts-expect-error a range needs a lower bound first
  pattern({ type: 'message.ack', where: { 'data.ack.level': { numeric: ['<', 1, '>', 3] } } });
  // @ts-expect-error no word of the list begins so
  pattern({ type: 'message', where: { 'data.chat.kind': { prefix: 'grx' } } });
  // @ts-expect-error no such operator
  pattern({ type: 'message', where: { 'data.body': { contains: 'x' } } });
  // @ts-expect-error one choice is none
  pattern({ type: 'message', where: { $or: [{ 'data.body': 'x' }] } });
  expect.assertions(0);
});

test('a pattern for all events needs no event type', () => {
  pattern({ where: { 'meta.type': { prefix: 'group.v2.' }, 'meta.session': 'shop' } });
  // @ts-expect-error no event type begins so
  pattern({ where: { 'meta.type': { prefix: 'groups.' } } });
  expect(pattern({})).toEqual({ source: ['whatsapp'] });
});
