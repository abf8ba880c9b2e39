import { readFileSync } from 'node:fs';
import { type EventType, eventTypes } from '../../events/catalog.ts';
import { type Mix, type MixRow, mixes } from './mixes.ts';

/**
 * A mix by its name, or of a file.
 *
 * @throws when there is neither, or when the file is no mix: says where, the bad value, what is allowed
 */
export function readMix(nameOrFile: string): Mix {
  if (Object.hasOwn(mixes, nameOrFile)) return mixes[nameOrFile as keyof typeof mixes];
  let text: string;
  try {
    text = readFileSync(nameOrFile, 'utf8');
  } catch (error) {
    throw new Error(
      `"${nameOrFile}" is no mix: it must be ${Object.keys(mixes).join(', ')} or a file that can be read.`,
      { cause: error },
    );
  }
  return { summary: `The mix of ${nameOrFile}`, rows: parseMix(text, nameOrFile) };
}

/** Reads a mix of JSON. Throws when it is none. */
export function parseMix(text: string, source: string): readonly MixRow[] {
  const refuse = (what: string): never => {
    throw new Error(`${source} is no mix: ${what}.`);
  };
  let rows: unknown;
  try {
    rows = JSON.parse(text);
  } catch {
    return refuse('it is not JSON');
  }
  if (!Array.isArray(rows) || rows.length === 0) return refuse('it must be a list of rows');
  const read = rows.map((row: unknown, index) =>
    readRow(row, (what) => refuse(`row ${index + 1} ${what}`)),
  );
  const sum = read.reduce((total, { share }) => total + share, 0);
  if (Math.abs(sum - 1) > 0.001)
    refuse(`the shares make ${Number(sum.toFixed(4))}, but must make 1`);
  return read;
}

const fields = ['type', 'share', 'bytes', 'fromMe', 'twinOf', 'repeats', 'stateWrites', 'reason'];

function readRow(row: unknown, refuse: (what: string) => never): MixRow {
  if (typeof row !== 'object' || row === null) return refuse('is no object');
  const given = row as { readonly [field: string]: unknown };
  const unknown = Object.keys(given).find((field) => !fields.includes(field));
  if (unknown) refuse(`has ${JSON.stringify(unknown)}, but a row has ${fields.join(', ')}`);
  const number = (field: string, from: number, to: number, otherwise?: number): number => {
    const value = given[field] ?? otherwise;
    if (typeof value === 'number' && value >= from && value <= to) return value;
    return refuse(
      `has ${field} ${JSON.stringify(given[field])}, but it must be a number from ${from} to ${to}`,
    );
  };
  const type = (field: 'type' | 'twinOf'): EventType => {
    if (eventTypes.includes(given[field] as EventType)) return given[field] as EventType;
    return refuse(`has ${field} ${JSON.stringify(given[field])}, which no kind of event is called`);
  };
  if (given.fromMe !== undefined && typeof given.fromMe !== 'boolean') {
    refuse(`has fromMe ${JSON.stringify(given.fromMe)}, but it must be true or false`);
  }
  return {
    type: type('type'),
    share: number('share', 0, 1),
    bytes: number('bytes', 1, 6_000_000),
    repeats: number('repeats', 0, 1, 0),
    ...(given.fromMe === undefined ? {} : { fromMe: given.fromMe as boolean }),
    ...(given.twinOf === undefined ? {} : { twinOf: type('twinOf') }),
    ...(given.stateWrites === undefined ? {} : { stateWrites: number('stateWrites', 0, 100_000) }),
  };
}
