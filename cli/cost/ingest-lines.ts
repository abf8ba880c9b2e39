import { gigabyte } from '../../lib/prices.ts';
import { type CostLine, piecesOf, quantity } from './cost-line.ts';
import type { CostContext } from './cost-of.ts';
import type { FunctionFacts } from './stack-facts.ts';
import type { Flow } from './traffic.ts';

const sum = (flows: readonly Flow[], of: (flow: Flow) => number) =>
  flows.reduce((total, flow) => total + of(flow), 0);

/** From the request to the bus: front door, ingest, ledger, bus, archive. */
export function ingestLines({ facts, flows, prices, assumed }: CostContext): readonly CostLine[] {
  const received = sum(flows, ({ received }) => received);
  const told = sum(flows, ({ told }) => told);
  const requestSteps = sum(flows, ({ received, row }) => received * Math.ceil(row.bytes / 524_288));
  const door = {
    'http-api': prices.httpApiRequests,
    'rest-api': prices.restApiRequests,
    'function-url': 0,
  };
  const ms = told * assumed.ingestMs + (received - told) * assumed.leftOutMs;
  const coldMs = received * assumed.coldShare * assumed.coldMs;
  const eventPieces = sum(flows, ({ told, eventBytes }) => told * piecesOf(eventBytes));
  const archived =
    facts.archiveDays > 0 ? sum(flows, ({ told, eventBytes }) => told * eventBytes) / gigabyte : 0;
  const archiveMonths = Math.min(facts.archiveDays / 30.4, 12);
  const lookedUp = sum(flows, ({ lookedUp }) => lookedUp);
  const noted = sum(flows, ({ noted }) => noted);
  const volume = (component: string, dollarsAMonth: number, counted: string): CostLine => ({
    component,
    kind: 'volume',
    dollarsAMonth,
    counted,
  });
  return [
    volume(
      'front door',
      requestSteps * door[facts.frontDoor],
      quantity(requestSteps, `requests (${facts.frontDoor})`),
    ),
    ...(facts.webAcls > 0
      ? [volume('WAF', received * prices.wafRequests, quantity(received, 'requests'))]
      : []),
    volume(
      'ingest',
      received * prices.lambdaRequests +
        gbSeconds(facts.ingest, ms + coldMs) * prices.lambdaGbSeconds,
      `${quantity(received, 'invocations')}, ${quantity(gbSeconds(facts.ingest, ms + coldMs), 'GB-seconds')}`,
    ),
    volume(
      'ledger',
      lookedUp * prices.tableReads + noted * prices.tableWrites,
      `${quantity(lookedUp, 'reads')}, ${quantity(noted, 'writes')}`,
    ),
    volume('bus', eventPieces * prices.busEvents, quantity(eventPieces, 'events of 64 KB')),
    volume(
      'archive',
      archived * (prices.archivedGb + prices.archiveGbMonths * archiveMonths),
      facts.archiveDays > 0
        ? `${quantity(archived, 'GB')}, kept for ${facts.archiveDays} days`
        : 'none',
    ),
    ...(facts.ingest.isTraced
      ? [volume('traces', received * prices.traces, quantity(received, 'traces'))]
      : []),
  ];
}

/** What a function's memory and time come to. */
export const gbSeconds = ({ memoryMb }: FunctionFacts, ms: number) =>
  (memoryMb / 1024) * (ms / 1000);
