import type { JsonObject } from '../../aws-service.ts';
import type { EventBridgeContext } from '../event-bridge-context.ts';
import { alreadyExists, notFound, validationError } from '../eventbridge-error.ts';
import { archiveRuleName } from '../publisher.ts';
import {
  optionalInteger,
  optionalText,
  pageOf,
  readSlice,
  requiredText,
  type TextRule,
} from '../request.ts';
import type { Archive } from '../resources.ts';
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
