import type { JsonObject } from '../../aws-service.ts';
import { isActive } from '../archives.ts';
import type { EventBridgeContext } from '../event-bridge-context.ts';
import { archiveRuleName } from '../publisher.ts';
import {
  alreadyExists,
  illegalStatus,
  limitExceeded,
  notFound,
  optionalInteger,
  optionalText,
  pageOf,
  readSlice,
  requiredObject,
  requiredText,
  requiredTime,
  type TextRule,
  textList,
  validationError,
} from '../request.ts';
import type { Archive, Replay } from '../resources.ts';
import { findBus } from './buses.ts';
import { checkPattern } from './rules.ts';

/** API reference, CreateArchive. */
const archiveName: TextRule = { max: 48, pattern: /^[.\-_A-Za-z0-9]+$/ };
const maxDays = 2 ** 31 - 1;
/** The service that archives' rules belong to on AWS. */
const manager = 'prod.vhs.events.aws.internal';

export function findArchive(context: EventBridgeContext, name: string): Archive {
  const archive = context.resources.archives.get('', name);
  if (!archive) {
    throw notFound(`Archive ${name} does not exist.`);
  }
  return archive;
}

const readArchive = (context: EventBridgeContext, input: JsonObject) =>
  findArchive(context, requiredText(input, 'ArchiveName', archiveName));

/** The settings that CreateArchive and UpdateArchive share. */
function readSettings(input: JsonObject) {
  const pattern = optionalText(input, 'EventPattern', { min: 0, max: 4096 }) || undefined;
  if (pattern !== undefined) {
    checkPattern(pattern);
  }
  const description = optionalText(input, 'Description', { min: 0, max: 512 });
  const retentionDays = optionalInteger(input, 'RetentionDays', 0, maxDays);
  return {
    ...(pattern !== undefined && { pattern }),
    ...(description !== undefined && { description }),
    ...(retentionDays !== undefined && { retentionDays }),
  };
}

export function createArchive(context: EventBridgeContext, input: JsonObject): JsonObject {
  const name = requiredText(input, 'ArchiveName', archiveName);
  const source = requiredText(input, 'EventSourceArn', { max: 1600 });
  const busName = context.arns.idIn(source, 'event-bus');
  if (busName === undefined) {
    throw validationError('Parameter EventSourceArn is not valid. Reason: Must contain an ARN.');
  }
  const bus = findBus(context, busName).name;
  const settings = readSettings(input);
  if (context.resources.archives.get('', name)) {
    throw alreadyExists(`Archive ${name} already exists.`);
  }
  const archive = { name, bus, retentionDays: 0, createdAt: context.now(), ...settings };
  return save(context, archive);
}

export function updateArchive(context: EventBridgeContext, input: JsonObject): JsonObject {
  return save(context, { ...readArchive(context, input), ...readSettings(input) });
}

/** An archive receives its bus's events by a rule of its own, which ignores replayed events. */
function save(context: EventBridgeContext, archive: Archive): JsonObject {
  const { archives, rules } = context.resources;
  const { name, bus, pattern = '{}' } = archive;
  const before = pattern.trimEnd().slice(0, -1);
  const comma = pattern.trim() === '{}' ? '' : ',';
  context.transactions.run(() => {
    archives.put('', name, archive);
    rules.put(bus, archiveRuleName(name), {
      bus,
      name: archiveRuleName(name),
      state: 'ENABLED',
      pattern: `${before}${comma}"replay-name":[{"exists":false}]}`,
      managedBy: manager,
    });
  });
  context.rules.changed(bus);
  context.archives.start();
  const ArchiveArn = context.arns.of('archive', name);
  return { ArchiveArn, State: 'ENABLED', CreationTime: archive.createdAt / 1000 };
}

export function deleteArchive(context: EventBridgeContext, input: JsonObject): JsonObject {
  const { name, bus } = readArchive(context, input);
  context.transactions.run(() => {
    context.resources.archives.delete('', name);
    context.resources.rules.delete(bus, archiveRuleName(name));
    context.archived.clear(name);
  });
  context.rules.changed(bus);
  return {};
}

export function describeArchive(context: EventBridgeContext, input: JsonObject): JsonObject {
  const archive = readArchive(context, input);
  const { name, description, pattern } = archive;
  return {
    ArchiveArn: context.arns.of('archive', name),
    ...summarize(context, archive),
    ...(description !== undefined && { Description: description }),
    ...(pattern !== undefined && { EventPattern: pattern }),
  };
}

export function listArchives(context: EventBridgeContext, input: JsonObject): JsonObject {
  const slice = readSlice(input);
  const source = optionalText(input, 'EventSourceArn', { max: 1600 });
  const state = optionalText(input, 'State');
  const filters = [input.NamePrefix, source, state].filter((each) => each !== undefined);
  if (filters.length > 1) {
    throw validationError(
      'At most one filter is allowed for ListArchives. Use either : State, EventSourceArn, or NamePrefix.',
    );
  }
  const wanted = context.resources.archives
    .list('')
    .filter(({ bus }) => source === undefined || context.arns.bus(bus) === source)
    .filter(() => state === undefined || state === 'ENABLED');
  const { shown, next } = pageOf(wanted, slice, ({ name }) => name);
  return { Archives: shown.map((archive) => summarize(context, archive)), ...next };
}

function summarize(context: EventBridgeContext, archive: Archive): JsonObject {
  context.archives.purge(archive);
  const { count, bytes } = context.archived.totals(archive.name);
  return {
    ArchiveName: archive.name,
    EventSourceArn: context.arns.bus(archive.bus),
    State: 'ENABLED',
    RetentionDays: archive.retentionDays,
    SizeBytes: bytes,
    EventCount: count,
    CreationTime: archive.createdAt / 1000,
  };
}

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
    ...replaySummary(context, replay),
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
  return { Replays: shown.map((replay) => replaySummary(context, replay)), ...next };
}

function replaySummary(context: EventBridgeContext, replay: Replay): JsonObject {
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
