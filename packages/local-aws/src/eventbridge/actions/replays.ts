import type { JsonObject } from '../../aws-service.ts';
import { isActive } from '../archive/replays.ts';
import type { Desk } from '../desk.ts';
import {
  alreadyExists,
  illegalStatus,
  limitExceeded,
  notFound,
  validationError,
} from '../eventbridge-error.ts';
import { pageOf, readSlice } from '../page.ts';
import {
  optionalText,
  requiredObject,
  requiredText,
  requiredTime,
  type TextRule,
  textList,
} from '../request.ts';
import type { Replay } from '../resources/resources.ts';
import { findArchive } from './archives.ts';

/** API reference, StartReplay. */
const replayName: TextRule = { max: 64, pattern: /^[.\-_A-Za-z0-9]+$/ };
/** Quotas of EventBridge: concurrent replays. */
const maxActive = 10;

const invalid = (member: string, reason: string) =>
  validationError(`Parameter ${member} is not valid. Reason: ${reason}`);

export function startReplay(desk: Desk, input: JsonObject): JsonObject {
  const name = requiredText(input, 'ReplayName', replayName);
  const source = requiredText(input, 'EventSourceArn', { max: 1600 });
  const eventStart = requiredTime(input, 'EventStartTime');
  const eventEnd = requiredTime(input, 'EventEndTime');
  const destination = requiredObject(input, 'Destination');
  const busArn = requiredText(destination, 'Arn', { max: 1600 });
  const description = optionalText(input, 'Description', { min: 0, max: 512 });
  const archiveName = desk.arns.idIn(source, 'archive');
  if (archiveName === undefined) throw invalid('EventSourceArn', 'Must contain an ARN.');
  const archive = findArchive(desk, archiveName);
  if (desk.arns.bus(archive.bus) !== busArn)
    throw invalid('Destination.Arn', 'Cross event bus replay is not permitted.');
  if (eventStart >= eventEnd)
    throw invalid('EventEndTime', 'EventStartTime must be before EventEndTime.');
  const { replays } = desk.resources;
  if (replays.get('', name)) throw alreadyExists(`Replay ${name} already exists.`);
  if (replays.list('').filter(isActive).length >= maxActive) throw limitExceeded();
  desk.archives.purge(archive);
  const replay: Replay = {
    name,
    archive: archive.name,
    bus: archive.bus,
    ruleArns: textList(destination, 'FilterArns') ?? [],
    eventStart,
    eventEnd,
    state: 'STARTING',
    startedAt: desk.now(),
    // No event has the row 0, so this is before the first of that time.
    position: { time: Math.ceil(eventStart), row: 0 },
    ...(description !== undefined && { description }),
  };
  replays.put('', name, replay);
  desk.replays.run(name);
  return {
    ReplayArn: desk.arns.of('replay', name),
    State: replay.state,
    ReplayStartTime: replay.startedAt / 1000,
  };
}

function readReplay(desk: Desk, input: JsonObject): Replay {
  const name = requiredText(input, 'ReplayName', replayName);
  const replay = desk.resources.replays.get('', name);
  if (!replay) throw notFound(`Replay ${name} does not exist.`);
  return replay;
}

export function cancelReplay(desk: Desk, input: JsonObject): JsonObject {
  const replay = readReplay(desk, input);
  if (replay.state !== 'STARTING' && replay.state !== 'RUNNING')
    throw illegalStatus(`Replay ${replay.name} is not in a valid state for this operation.`);
  desk.resources.replays.put('', replay.name, { ...replay, state: 'CANCELLING' });
  desk.replays.run(replay.name);
  return { ReplayArn: desk.arns.of('replay', replay.name), State: 'CANCELLING' };
}

export function describeReplay(desk: Desk, input: JsonObject): JsonObject {
  const replay = readReplay(desk, input);
  const { name, bus, ruleArns, description } = replay;
  return {
    ...summarize(desk, replay),
    ReplayArn: desk.arns.of('replay', name),
    ...(description !== undefined && { Description: description }),
    Destination: {
      Arn: desk.arns.bus(bus),
      ...(ruleArns.length > 0 && { FilterArns: ruleArns }),
    },
  };
}

export function listReplays(desk: Desk, input: JsonObject): JsonObject {
  const slice = readSlice(input);
  const source = optionalText(input, 'EventSourceArn', { max: 1600 });
  const state = optionalText(input, 'State');
  const wanted = desk.resources.replays
    .list('')
    .filter(({ archive }) => source === undefined || desk.arns.of('archive', archive) === source)
    .filter((replay) => state === undefined || state === replay.state);
  const { shown, next } = pageOf(wanted, slice, ({ name }) => name);
  return { Replays: shown.map((replay) => summarize(desk, replay)), ...next };
}

function summarize(desk: Desk, replay: Replay): JsonObject {
  const { name, archive, state, eventStart, eventEnd, startedAt, endedAt, position } = replay;
  return {
    ReplayName: name,
    EventSourceArn: desk.arns.of('archive', archive),
    State: state,
    EventStartTime: eventStart / 1000,
    EventEndTime: eventEnd / 1000,
    ...(position.row > 0 && { EventLastReplayedTime: position.time / 1000 }),
    ReplayStartTime: startedAt / 1000,
    ...(endedAt !== undefined && { ReplayEndTime: endedAt / 1000 }),
  };
}
