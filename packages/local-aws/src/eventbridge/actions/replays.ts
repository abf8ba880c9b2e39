import type { JsonObject } from '../../aws-service.ts';
import type { EventBridgeContext } from '../event-bridge-context.ts';
import {
  alreadyExists,
  illegalStatus,
  limitExceeded,
  notFound,
  validationError,
} from '../eventbridge-error.ts';
import { isActive } from '../replays.ts';
import {
  optionalText,
  pageOf,
  readSlice,
  requiredObject,
  requiredText,
  requiredTime,
  type TextRule,
  textList,
} from '../request.ts';
import type { Replay } from '../resources.ts';
import { findArchive } from './archives.ts';

/** API reference, StartReplay. */
const replayName: TextRule = { max: 64, pattern: /^[.\-_A-Za-z0-9]+$/ };
/** Quotas of EventBridge: concurrent replays. */
const maxActive = 10;

const invalid = (member: string, reason: string) =>
  validationError(`Parameter ${member} is not valid. Reason: ${reason}`);

export function startReplay(context: EventBridgeContext, input: JsonObject): JsonObject {
  const name = requiredText(input, 'ReplayName', replayName);
  const source = requiredText(input, 'EventSourceArn', { max: 1600 });
  const eventStart = requiredTime(input, 'EventStartTime');
  const eventEnd = requiredTime(input, 'EventEndTime');
  const destination = requiredObject(input, 'Destination');
  const busArn = requiredText(destination, 'Arn', { max: 1600 });
  const description = optionalText(input, 'Description', { min: 0, max: 512 });
  const archiveName = context.arns.idIn(source, 'archive');
  if (archiveName === undefined) {
    throw invalid('EventSourceArn', 'Must contain an ARN.');
  }
  const archive = findArchive(context, archiveName);
  if (context.arns.bus(archive.bus) !== busArn) {
    throw invalid('Destination.Arn', 'Cross event bus replay is not permitted.');
  }
  if (eventStart >= eventEnd) {
    throw invalid('EventEndTime', 'EventStartTime must be before EventEndTime.');
  }
  const { replays } = context.resources;
  if (replays.get('', name)) {
    throw alreadyExists(`Replay ${name} already exists.`);
  }
  if (replays.list('').filter(isActive).length >= maxActive) {
    throw limitExceeded();
  }
  context.archives.purge(archive);
  const replay: Replay = {
    name,
    archive: archive.name,
    bus: archive.bus,
    ruleArns: textList(destination, 'FilterArns') ?? [],
    eventStart,
    eventEnd,
    state: 'STARTING',
    startedAt: context.now(),
    // No event has row number 0, so this position precedes the first event of that time.
    position: { time: Math.ceil(eventStart), row: 0 },
    ...(description !== undefined && { description }),
  };
  replays.put('', name, replay);
  context.replays.run(name);
  return {
    ReplayArn: context.arns.of('replay', name),
    State: replay.state,
    ReplayStartTime: replay.startedAt / 1000,
  };
}

function readReplay(context: EventBridgeContext, input: JsonObject): Replay {
  const name = requiredText(input, 'ReplayName', replayName);
  const replay = context.resources.replays.get('', name);
  if (!replay) {
    throw notFound(`Replay ${name} does not exist.`);
  }
  return replay;
}

export function cancelReplay(context: EventBridgeContext, input: JsonObject): JsonObject {
  const replay = readReplay(context, input);
  if (replay.state !== 'STARTING' && replay.state !== 'RUNNING') {
    throw illegalStatus(`Replay ${replay.name} is not in a valid state for this operation.`);
  }
  context.resources.replays.put('', replay.name, { ...replay, state: 'CANCELLING' });
  context.replays.run(replay.name);
  return { ReplayArn: context.arns.of('replay', replay.name), State: 'CANCELLING' };
}

export function describeReplay(context: EventBridgeContext, input: JsonObject): JsonObject {
  const replay = readReplay(context, input);
  const { name, bus, ruleArns, description } = replay;
  return {
    ...summarize(context, replay),
    ReplayArn: context.arns.of('replay', name),
    ...(description !== undefined && { Description: description }),
    Destination: {
      Arn: context.arns.bus(bus),
      ...(ruleArns.length > 0 && { FilterArns: ruleArns }),
    },
  };
}

export function listReplays(context: EventBridgeContext, input: JsonObject): JsonObject {
  const slice = readSlice(input);
  const source = optionalText(input, 'EventSourceArn', { max: 1600 });
  const state = optionalText(input, 'State');
  const wanted = context.resources.replays
    .list('')
    .filter(({ archive }) => source === undefined || context.arns.of('archive', archive) === source)
    .filter((replay) => state === undefined || state === replay.state);
  const { shown, next } = pageOf(wanted, slice, ({ name }) => name);
  return { Replays: shown.map((replay) => summarize(context, replay)), ...next };
}

function summarize(context: EventBridgeContext, replay: Replay): JsonObject {
  const { name, archive, state, eventStart, eventEnd, startedAt, endedAt, position } = replay;
  return {
    ReplayName: name,
    EventSourceArn: context.arns.of('archive', archive),
    State: state,
    EventStartTime: eventStart / 1000,
    EventEndTime: eventEnd / 1000,
    ...(position.row > 0 && { EventLastReplayedTime: position.time / 1000 }),
    ReplayStartTime: startedAt / 1000,
    ...(endedAt !== undefined && { ReplayEndTime: endedAt / 1000 }),
  };
}
