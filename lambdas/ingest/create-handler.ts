import middy from '@middy/core';
import type {
  APIGatewayProxyEventV2,
  APIGatewayProxyStructuredResultV2,
  Context,
} from 'aws-lambda';
import type { Keyring, Way } from '../../events/keyring/keyring.ts';
import type { PutEvents } from '../runtime/publish.ts';
import { acceptWebhook } from './accept-webhook.ts';
import { answerErrors } from './answer-errors.ts';
import type { Authentication, Match } from './authenticate.ts';
import type { PutClaimCheck } from './claim-check.ts';
import type { Ledger } from './ledger.ts';
import type { NoiseFilter } from './noise-filter.ts';
import { readDoor } from './read-door.ts';
import { readRawBody } from './read-raw-body.ts';
import { requireAuthentic } from './require-authentic.ts';
import { requireSource } from './require-source.ts';
import type { SecretCache } from './secret-cache.ts';
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

/** The request as the handler sees it: with the exact bytes that the sender signed. */
export type IngestEvent = APIGatewayProxyEventV2 & {
  rawBody: Buffer;
  /** The secrets that the request proved to know. */
  matches: readonly Match[];
};

/** What the middlewares share with the handler. */
export type IngestRequest = middy.Request<
  IngestEvent,
  APIGatewayProxyStructuredResultV2,
  Error,
  Context
>;

/** Makes the ingest function: read the raw bytes, authenticate them, and only then look inside. */
export function createHandler(dependencies: IngestDependencies) {
  return middy<IngestEvent, APIGatewayProxyStructuredResultV2>()
    .use(answerErrors())
    .use(readDoor())
    .use(requireSource(dependencies.allowedSources ?? 'any'))
    .use(readRawBody(dependencies.maxBodyBytes))
    .use(requireAuthentic(dependencies))
    .handler((event: IngestEvent) => acceptWebhook(event, dependencies));
}
