import { compilePattern, matches } from '@event-fanout/event-pattern';
import { isObject, type JsonObject } from '../../aws-service.ts';
import type { EventBridgeContext } from '../event-bridge-context.ts';
import { requiredText, validationError } from '../request.ts';
import * as archives from './archives.ts';
import * as replays from './archives.ts';
import * as buses from './buses.ts';
import * as apiDestinations from './connections.ts';
import * as connections from './connections.ts';
import { putEvents } from './put-events.ts';
import * as rules from './rules.ts';
import { checkPattern } from './rules.ts';
import * as targets from './targets.ts';

/** Runs one action: takes the members of the request, returns the members of the response. */
export type Action = (context: EventBridgeContext, input: JsonObject) => JsonObject;

/** The actions of the API (`AWSEvents.<name>`) by name; permissions are not among them. */
export const actions: ReadonlyMap<string, Action> = new Map<string, Action>([
  ['CreateEventBus', buses.createEventBus],
  ['UpdateEventBus', buses.updateEventBus],
  ['DeleteEventBus', buses.deleteEventBus],
  ['DescribeEventBus', buses.describeEventBus],
  ['ListEventBuses', buses.listEventBuses],
  ['PutRule', rules.putRule],
  ['DeleteRule', rules.deleteRule],
  ['DescribeRule', rules.describeRule],
  ['ListRules', rules.listRules],
  ['EnableRule', rules.enableRule],
  ['DisableRule', rules.disableRule],
  ['ListRuleNamesByTarget', rules.listRuleNamesByTarget],
  ['PutTargets', targets.putTargets],
  ['RemoveTargets', targets.removeTargets],
  ['ListTargetsByRule', targets.listTargetsByRule],
  ['TagResource', buses.tagResource],
  ['UntagResource', buses.untagResource],
  ['ListTagsForResource', buses.listTagsForResource],
  ['CreateArchive', archives.createArchive],
  ['UpdateArchive', archives.updateArchive],
  ['DeleteArchive', archives.deleteArchive],
  ['DescribeArchive', archives.describeArchive],
  ['ListArchives', archives.listArchives],
  ['StartReplay', replays.startReplay],
  ['CancelReplay', replays.cancelReplay],
  ['DescribeReplay', replays.describeReplay],
  ['ListReplays', replays.listReplays],
  ['CreateConnection', connections.createConnection],
  ['UpdateConnection', connections.updateConnection],
  ['DeleteConnection', connections.deleteConnection],
  ['DescribeConnection', connections.describeConnection],
  ['ListConnections', connections.listConnections],
  ['CreateApiDestination', apiDestinations.createApiDestination],
  ['UpdateApiDestination', apiDestinations.updateApiDestination],
  ['DeleteApiDestination', apiDestinations.deleteApiDestination],
  ['DescribeApiDestination', apiDestinations.describeApiDestination],
  ['ListApiDestinations', apiDestinations.listApiDestinations],
  ['PutEvents', putEvents],
  ['TestEventPattern', testEventPattern],
]);

/** API reference, TestEventPattern: "the following fields are mandatory"; AWS lets resources lack. */
const mandatory = ['id', 'account', 'source', 'time', 'region', 'detail-type'];

function testEventPattern(_context: EventBridgeContext, input: JsonObject): JsonObject {
  const pattern = requiredText(input, 'EventPattern', { min: 0, max: 4096 });
  const event = requiredText(input, 'Event', { min: 0 });
  checkPattern(pattern);
  checkEvent(event);
  return { Result: matches(compilePattern(pattern), event) };
}

function checkEvent(text: string): void {
  let event: unknown;
  try {
    event = JSON.parse(text);
  } catch {
    // Refused below.
  }
  if (!isObject(event)) {
    throw validationError('Parameter Event is not a valid JSON object.');
  }
  const absent = mandatory.find((name) => !Object.hasOwn(event, name));
  if (absent !== undefined) {
    throw validationError(`Parameter Event is not valid. Reason: ${absent} is a required field.`);
  }
}
