import { describe, expect, test } from '@jest/globals';
import { dataOf } from '../webhook.ts';

const idRule = '3EB0C8A41F5D7E9B20A1';
const phoneAddress = '12025550142@c.us';

describe('the content of a message', () => {
  const full = { id: `false_${phoneAddress}_${idRule}`, from: phoneAddress, fromMe: false };

  test('is a file in each field that WAHA uses for the link', () => {
    const url = 'http://localhost:3000/api/files/default/x.jpg';
    expect(dataOf('message', { ...full, hasMedia: true, mediaUrl: url }).media).toStrictEqual({
      available: true,
      url,
    });
    expect(
      dataOf('message', {
        ...full,
        hasMedia: true,
        media: { url, mimetype: 'image/jpeg', filename: null, error: null, s3: null },
      }).media,
    ).toStrictEqual({ available: true, url, mimetype: 'image/jpeg' });
    expect(dataOf('message', { ...full, media: { url } }).hasMedia).toBe(true);
  });

  test('is a file that was not downloaded, and is marked so', () => {
    const data = dataOf('message', { ...full, hasMedia: true, media: null });
    expect(data.hasMedia).toBe(true);
    expect(data.media).toStrictEqual({ available: false });
  });

  test('is a file whose download failed, without the stack trace', () => {
    const error = { message: 'Timeout', details: 'Error: Timeout\n    at download (x.js:1)' };
    const data = dataOf('message', {
      ...full,
      hasMedia: true,
      media: { url: null, mimetype: 'video/mp4', error },
    });
    expect(data.media).toStrictEqual({
      available: false,
      mimetype: 'video/mp4',
      error: 'Timeout',
    });
  });

  test('is a location, whose coordinates are numbers even if they were sent as text', () => {
    const place = { latitude: 51.5033, longitude: -0.0754, live: true, name: 'Harbour' };
    const asText = {
      ...place,
      latitude: '51.5033',
      longitude: '-0.0754',
      thumbnail: 'x',
      url: null,
    };
    expect(dataOf('message', { ...full, location: place }).location).toStrictEqual(place);
    expect(dataOf('message', { ...full, location: asText }).location).toStrictEqual(place);
    expect(
      dataOf('message', { ...full, location: { latitude: 'north', longitude: '' } }),
    ).not.toHaveProperty('location');
  });

  test.each([{}, { live: false }, { latitude: ' ', longitude: '\t' }, { name: '', address: '' }])(
    'is text if the location says nothing: %j',
    (location) => {
      const data = dataOf('message', { ...full, body: 'Hi', location });
      expect(data).toMatchObject({ content: 'text', body: 'Hi' });
      expect(data).not.toHaveProperty('location');
    },
  );

  test('is not the thumbnail that WEBJS writes into the body of a location', () => {
    const body = `/9j/${'4AAQSkZJRgABAQAA'.repeat(20)}`;
    const location = { latitude: '1', longitude: '2' };
    expect(dataOf('message', { ...full, body, location })).not.toHaveProperty('body');
    expect(dataOf('message', { ...full, body: '/9j/ is how a JPEG begins', location }).body).toBe(
      '/9j/ is how a JPEG begins',
    );
    expect(dataOf('message', { ...full, body }).body).toBe(body);
  });

  test('is contact cards, from a list or from an object with numeric keys', () => {
    const card = 'BEGIN:VCARD\nEND:VCARD';
    expect(dataOf('message', { ...full, vCards: [card] }).vcards).toStrictEqual([card]);
    expect(dataOf('message', { ...full, vCards: { '0': card } }).vcards).toStrictEqual([card]);
    expect(dataOf('message', { ...full, vCards: [] })).not.toHaveProperty('vcards');
    expect(dataOf('message', { ...full, vCards: null })).not.toHaveProperty('vcards');
  });

  test('is a reply, whose quoted message has a bare id in every form', () => {
    const replyTo = {
      messageId: '3EB0AA',
      author: { kind: 'user', id: phoneAddress, phone: '+12025550142' },
      chat: { kind: 'user', id: phoneAddress, phone: '+12025550142' },
      body: 'Hi',
    };
    const bare = { id: '3EB0AA', participant: phoneAddress, body: 'Hi', _data: {} };
    const complete = {
      ...bare,
      id: `false_${phoneAddress}_3EB0AA`,
      participant: '12025550142@s.whatsapp.net',
      media: null,
    };
    expect(dataOf('message', { ...full, replyTo: bare }).replyTo).toStrictEqual(replyTo);
    expect(dataOf('message', { ...full, replyTo: complete }).replyTo).toStrictEqual(replyTo);
    expect(dataOf('message', { ...full, replyTo: null })).not.toHaveProperty('replyTo');
  });

  test('has one direction: from `fromMe`, else from the id', () => {
    expect(dataOf('message', { id: `true_${phoneAddress}_${idRule}` }).direction).toBe('outbound');
    expect(
      dataOf('message', { id: `true_${phoneAddress}_${idRule}`, fromMe: false }).direction,
    ).toBe('inbound');
    expect(dataOf('message', { from: phoneAddress, body: 'x' })).not.toHaveProperty('direction');
  });

  test.each([
    ['the thumbnail of a picture', `/9j/${'4AAQSkZJRgABAQAA'.repeat(20)}`],
    ['a contact card', 'BEGIN:VCARD\nVERSION:3.0\nFN:Ann\nEND:VCARD'],
  ])('is a reply without text if the sender writes %s in its place', (_what, body) => {
    const replyTo = { id: '3EB0AA', participant: phoneAddress, body };
    expect(dataOf('message', { ...full, replyTo }).replyTo).not.toHaveProperty('body');
  });

  test('is not available while WPP has only the encrypted file on WhatsApp’s servers', () => {
    const encrypted = 'https://mmg.whatsapp.net/v/t62.7118-24/a.enc?ccb=11-4';
    for (const media of [null, { url: null, error: { message: 'failed' } }]) {
      const payload = { ...full, hasMedia: true, media, mediaUrl: encrypted };
      const { media: found } = dataOf('message', payload, { engine: 'WPP' });
      expect(found).toMatchObject({ available: false });
      expect(found).not.toHaveProperty('url');
    }
  });

  test.each([
    ['without a version', 'BEGIN:VCARD\nFN:Ann\nTEL;waid=12025550151:+1\nEND:VCARD'],
    ['without an end', 'BEGIN:VCARD\nVERSION:3.0\nFN:Ann\nTEL;waid=12025550151:+1'],
    [
      'with a name in parts only',
      'BEGIN:VCARD\nVERSION:3.0\nN:;Ann;;;\nTEL:+12025550151\nEND:VCARD',
    ],
    [
      'with marks of direction and hyphens that do not break',
      'BEGIN:VCARD\nVERSION:3.0\nFN:Ann\nTEL:\u202a+1 202\u2011555\u20110151\u202c\nEND:VCARD',
    ],
  ])('has the name and number of a contact card %s', (_what, vcard) => {
    expect(dataOf('message', { ...full, vCards: [vcard] }).contacts).toEqual([
      { name: 'Ann', phones: ['+12025550151'] },
    ]);
  });
});
