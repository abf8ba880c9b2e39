import type { JsonObject } from '../../aws-service.ts';
import type { Desk } from '../desk.ts';
import * as buses from './buses.ts';
import { putEvents } from './put-events.ts';
import * as rules from './rules.ts';
import * as tags from './tags.ts';
import * as targets from './targets.ts';
import { testEventPattern } from './test-event-pattern.ts';

/** Runs one action: the request's members in, the answer's members out. */
export type Action = (desk: Desk, input: JsonObject) => JsonObject;

/** The actions of the API (`AWSEvents.<name>`) by name. */
export const ACTIONS: ReadonlyMap<string, Action> = new Map<string, Action>([
  ['CreateEventBus', buses.createEventBus],
  ['UpdateEventBus', buses.updateEventBus],
  ['DeleteEventBus', buses.deleteEventBus],
  ['DescribeEventBus', buses.describeEventBus],
  ['ListEventBuses', buses.listEventBuses],
  ['PutPermission', buses.putPermission],
  ['RemovePermission', buses.removePermission],
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
  ['TagResource', tags.tagResource],
  ['UntagResource', tags.untagResource],
  ['ListTagsForResource', tags.listTagsForResource],
  ['PutEvents', putEvents],
  ['TestEventPattern', testEventPattern],
]);
