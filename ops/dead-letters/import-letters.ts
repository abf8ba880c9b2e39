import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { AwsAccess } from '../aws/connect.ts';
import type { QueueEntry } from './destination.ts';
import { NotALetterError, readExported } from './exported-letter.ts';
import type { EndQueue } from './failure-queue.ts';
import { sendToQueue } from './send-messages.ts';
import { Tally } from './tally.ts';

/** How a file is put into a queue. */
export interface ImportOptions {
  /** Lines that an earlier, interrupted run has sent. @default 0 */
  readonly skip?: number;
  /** Sends nothing; checks each line. @default false */
  readonly dryRun?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (lines: number) => void;
}

/** What an import has done. */
export interface ImportSummary {
  readonly sent: number;
  /** Lines that were not sent, by reason. */
  readonly refused: Readonly<Record<string, number>>;
  /** Lines that are done with; where to go on after an interruption. */
  readonly lines: number;
  readonly interrupted: boolean;
}

const linesPerRound = 80;

/**
 * Puts the letters of an NDJSON file into a queue. The whole file is checked first, so that a mistake
 * on its last line is found before anything is sent.
 *
 * @throws when a line holds no letter: names it
 */
export async function importLetters(
  { sqs }: Pick<AwsAccess, 'sqs'>,
  queue: EndQueue,
  file: string,
  options: ImportOptions = {},
): Promise<ImportSummary> {
  const { skip = 0, dryRun = false, signal, onProgress } = options;
  let checked = 0;
  for await (const round of rounds(file, queue, skip)) checked += round.entries.length;
  if (dryRun) return { sent: checked, refused: {}, lines: 0, interrupted: false };
  const refused = new Tally();
  let sent = 0;
  let lines = skip;
  for await (const round of rounds(file, queue, skip)) {
    if (signal?.aborted) return { sent, refused: refused.toJSON(), lines, interrupted: true };
    const results = await sendToQueue(sqs, queue.url, round.entries);
    for (const result of results) {
      if ('error' in result) refused.add(result.error);
      else sent += 1;
    }
    lines = round.lastLine;
    onProgress?.(lines);
  }
  return { sent, refused: refused.toJSON(), lines, interrupted: false };
}

interface Round {
  readonly entries: readonly QueueEntry[];
  readonly lastLine: number;
}

async function* rounds(file: string, { name }: EndQueue, skip: number): AsyncGenerator<Round> {
  const isFifo = name.endsWith('.fifo');
  const lines = createInterface({ input: createReadStream(file), crlfDelay: Infinity });
  let number = 0;
  let entries: QueueEntry[] = [];
  for await (const line of lines) {
    number += 1;
    if (number <= skip || line.trim() === '') continue;
    entries.push(readLine(line, number, isFifo));
    if (entries.length < linesPerRound) continue;
    yield { entries, lastLine: number };
    entries = [];
  }
  if (entries.length > 0) yield { entries, lastLine: number };
}

function readLine(line: string, number: number, isFifo: boolean): QueueEntry {
  try {
    return readExported(line, isFifo);
  } catch (error) {
    if (!(error instanceof NotALetterError)) throw error;
    throw new Error(`Line ${number} is no letter: ${error.message}. Nothing was sent.`);
  }
}
