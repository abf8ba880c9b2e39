import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Keyring, Way } from '../../events/keyring/keyring.ts';
import type { PutEvents } from '../runtime/publish.ts';
import { acceptWebhook } from './accept-webhook.ts';
import { answerError } from './answer-error.ts';
import type { Authentication, Match } from './authenticate.ts';
import type { PutClaimCheck } from './claim-check.ts';
import type { Ledger } from './ledger.ts';
import type { NoiseFilter } from './noise-filter.ts';
import { readDoor } from './read-door.ts';
import { type RawBody, readRawBody } from './read-raw-body.ts';
import { requireAuthentic } from './require-authentic.ts';
import type { SecretCache } from './secret-cache.ts';
import { sourceGate } from './source-gate.ts';
import type { Spill } from './spill.ts';

/** What ingest works with; a test brings its own. */
export interface IngestDependencies {
  readonly busName: string;
  readonly authentication: Authentication;
  readonly maxBodyBytes: number;
  /** What is compared with, by the way of authentication. */
  readonly keyrings: SecretCache<Way, Keyring>;
  /** Networks that requests may come from, with commas between them. @default 'any' */
  readonly allowedSources?: string | undefined;
  /** Hours after which a webhook is taken for a replay, by the time in its body. @default 0, never */
  readonly replayWindowHours?: number | undefined;
  readonly putEvents: PutEvents;
  readonly putClaimCheck: PutClaimCheck;
  /** Keeps what the bus refuses. */
  readonly spill: Spill;
  /** Knows what was published. @default - duplicates are not looked for */
  readonly ledger?: Ledger | undefined;
  /** Leaves out what the stage has called noise. @default - nothing is noise */
  readonly noise?: NoiseFilter | undefined;
  /** Whether duplicates of a kind are looked for. */
  readonly isDeduplicated: (type: string) => boolean;
  /** Whether a webhook that comes without a trace begins one. @default false */
  readonly beginsTraces?: boolean | undefined;
  /** Milliseconds since 1970. @default Date.now */
  readonly now?: () => number;
}

/** A request as far as it has come: what came first, then what the steps have found. */
export type IngestEvent = APIGatewayProxyEventV2 & {
  /** The exact body that the sender signed. Text stands for its bytes in UTF-8. */
  rawBody: RawBody;
  /** The secrets that the request proved to know. Absent until it is known to be authentic. */
  matches: readonly Match[];
};

/**
 * Makes the ingest function: read the raw body, authenticate it, and only then look inside. Each step
 * refuses by throwing a RefusedError, and anything thrown becomes an answer.
 */
export function createHandler(dependencies: IngestDependencies) {
  const requireSource = sourceGate(dependencies.allowedSources ?? 'any');
  return async (given: IngestEvent): Promise<APIGatewayProxyStructuredResultV2> => {
    let event = given;
    try {
      event = readDoor(given);
      requireSource(event);
      event.rawBody = readRawBody(event, dependencies.maxBodyBytes);
      event.matches = await requireAuthentic(event, dependencies);
      return await acceptWebhook(event, dependencies);
    } catch (error) {
      return answerError(error, event);
    }
  };
}
