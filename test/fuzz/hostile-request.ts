import { sign } from '../../events/signature.ts';
import { type Chance, integer, oneOf } from './chance.ts';
import { hostileBody } from './hostile-body.ts';

/** A request as a front door may get it, and whether whoever made it knew the secret. */
export interface HostileRequest {
  readonly method: string;
  /** With everything behind the origin that is no query. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** Whether the proof is a right one for this very body. */
  readonly isAuthentic: boolean;
  /** What was done, for the report of a failure. */
  readonly attack: string;
}

/** What the stage is protected with; an attacker has an authentic request, and neither secret. */
export interface Target {
  readonly signingSecret: string;
  readonly urlSecret: string;
}

type Parts = Partial<Omit<HostileRequest, 'attack'>>;

/** Every attack, with what it makes of an authentic body. */
const attacks: Readonly<Record<string, (chance: Chance, target: Target, body: Buffer) => Parts>> = {
  'no proof': () => ({}),
  'one bit of the body': (chance, target, body) => ({
    body: flipBit(body, integer(chance, body.length * 8)),
    headers: signed(body, target),
  }),
  'one bit of the signature': (chance, target, body) => {
    const signature = Buffer.from(sign(body, target.signingSecret));
    const flipped = flipBit(signature, integer(chance, signature.length * 8));
    return { headers: { 'x-webhook-hmac': flipped.toString('latin1') } };
  },
  'a signature in another form': (chance, target, body) => {
    const signature = sign(body, target.signingSecret);
    const other = oneOf(chance, [
      signature.slice(0, integer(chance, 128)),
      `${signature}00`,
      `${signature.slice(0, 64)} ${signature.slice(64)}`,
      `0x${signature}`,
      `${signature},${signature}`,
      `sha1=${signature}`,
      signature.toUpperCase().replace(/^[^A-F]*$/, ''),
      Buffer.from(signature, 'hex').toString('base64'),
      [...signature].reverse().join(''),
      '0'.repeat(128),
      '',
    ]);
    return { headers: { 'x-webhook-hmac': other } };
  },
  'a signature of another key or digest': (chance, target, body) => {
    const { signingSecret, urlSecret } = target;
    const other = oneOf(chance, [
      sign(body, urlSecret),
      sign(body, ''),
      sign(body, `${signingSecret} `),
      sign(body, signingSecret.slice(1)),
      sign(body, signingSecret, 'sha256'),
      sign('', signingSecret),
      sign(sign(body, signingSecret), signingSecret),
    ]);
    return { headers: { 'x-webhook-hmac': other, 'x-webhook-hmac-algorithm': 'sha256' } };
  },
  'a right signature of another body': (chance, target, body) => ({
    body: Buffer.concat([body, Buffer.from(oneOf(chance, [' ', '\n', '\0', '{}', ',']))]),
    headers: signed(body, target),
  }),
  'a wrong secret': (chance, { urlSecret, signingSecret }): Parts => {
    const wrong = oneOf(chance, [
      urlSecret.slice(0, -1),
      `${urlSecret}x`,
      urlSecret.toUpperCase(),
      `${urlSecret},${urlSecret}`,
      signingSecret,
      `${urlSecret}\u0000`,
      '*',
      'undefined',
      '[object Object]',
      '',
    ]);
    const place = integer(chance, 4);
    if (place === 0) {
      return { query: { secret: wrong } };
    }
    if (place === 1) {
      return { headers: { 'x-webhook-secret': wrong } };
    }
    if (place === 2) {
      return { headers: { authorization: `Bearer ${wrong}` } };
    }
    return { path: `/webhooks/${encodeURIComponent(wrong)}` };
  },
  'a right secret beside a wrong signature': (_chance, { urlSecret }, body) => ({
    query: { secret: urlSecret },
    headers: { 'x-webhook-hmac': sign(body, 'forged') },
  }),
  'a right secret in a wrong place': (chance, { urlSecret }) =>
    oneOf<Parts>(chance, [
      { query: { token: urlSecret } },
      { headers: { cookie: `secret=${urlSecret}` } },
      { headers: { authorization: `Basic ${Buffer.from(`x:${urlSecret}`).toString('base64')}` } },
      { headers: { 'user-agent': urlSecret } },
    ]),
  'names that mean something to JavaScript': (chance) => {
    const name = oneOf(chance, ['__proto__', 'constructor', 'toString', 'hasOwnProperty']);
    return { headers: { [name]: 'x' }, query: { [name]: 'x' }, path: `/webhooks/${name}` };
  },
  'random headers': (chance) => ({
    headers: Object.fromEntries(
      Array.from({ length: integer(chance, 20) }, (_, index) => [
        `x-${index}`,
        randomText(chance, integer(chance, 200)),
      ]),
    ),
  }),
  'another method or path': (chance) =>
    oneOf(chance, [
      { method: 'GET' },
      { method: 'PUT' },
      { method: 'DELETE' },
      { path: '/webhooks/../webhooks' },
      { path: '//webhooks' },
      { path: '/webhooks/%00/%2e%2e' },
      { path: `/${'a/'.repeat(integer(chance, 100))}` },
    ]),
  'a random body': (chance) => ({
    body: Buffer.from(Array.from({ length: integer(chance, 300) }, () => integer(chance, 256))),
  }),
};

/** A hostile body with a right signature: who signs may be hostile too, or broken. */
function authenticButHostile(chance: Chance, target: Target): HostileRequest {
  const body = hostileBody(chance);
  return {
    method: 'POST',
    path: '/webhooks',
    query: {},
    headers: { 'content-type': 'application/json', ...signed(body, target) },
    body,
    isAuthentic: true,
    attack: 'a hostile body, signed',
  };
}

const names = Object.keys(attacks);

/** Makes one hostile request; one in `1 / authentic` has a right proof and a hostile body. */
export function hostileRequest(
  chance: Chance,
  target: Target,
  genuine: Buffer,
  authentic: number,
): HostileRequest {
  if (chance() < authentic) {
    return authenticButHostile(chance, target);
  }
  const attack = oneOf(chance, names);
  const made = attacks[attack]?.(chance, target, genuine) ?? {};
  return {
    method: 'POST',
    path: '/webhooks',
    query: {},
    body: genuine,
    isAuthentic: false,
    attack,
    ...made,
    headers: { 'content-type': 'application/json', ...made.headers },
  };
}

const signed = (body: Buffer, { signingSecret }: Target) => ({
  'x-webhook-hmac': sign(body, signingSecret),
});

/** A copy with one bit changed. */
export function flipBit(bytes: Uint8Array, bit: number): Buffer {
  const changed = Buffer.from(bytes);
  changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return changed;
}

const randomText = (chance: Chance, length: number) =>
  Array.from({ length }, () => String.fromCharCode(32 + integer(chance, 223))).join('');
