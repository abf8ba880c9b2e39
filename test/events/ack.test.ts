import { describe, expect, test } from '@jest/globals';
import { readAck } from '../../events/ack.ts';

describe('an acknowledgement level', () => {
  test.each([
    [-1, 'ERROR', { level: -1, name: 'error' }],
    [0, 'PENDING', { level: 0, name: 'pending' }],
    [1, 'SERVER', { level: 1, name: 'server' }],
    [2, 'DEVICE', { level: 2, name: 'device' }],
    [3, 'READ', { level: 3, name: 'read' }],
    [4, 'PLAYED', { level: 4, name: 'played' }],
    ['3', undefined, { level: 3, name: 'read' }],
    [undefined, 'READ', { level: 3, name: 'read' }],
    [null, 'ACK_SENT', { level: 1, name: 'server' }],
    [null, 'ACK_DELIVERED', { level: 2, name: 'device' }],
    [null, 'ACK_READ', { level: 3, name: 'read' }],
    [-1, 'PENDING', { level: -1, name: 'error' }],
    [null, 'UNKNOWN', { name: 'unknown' }],
    [undefined, undefined, { name: 'unknown' }],
    [7, 'NEW', { name: 'unknown' }],
    [1.5, null, { name: 'unknown' }],
    ['', '', { name: 'unknown' }],
  ])('is read from ack %j and ackName %j', (ack, ackName, expected) => {
    expect(readAck(ack, ackName)).toStrictEqual(expected);
  });
});
