import type { JsonObject } from '../../aws-service.ts';
import type { Desk } from '../desk.ts';
import { alreadyExists, notFound, validationError } from '../eventbridge-error.ts';
import { pageOf, readSlice } from '../page.ts';
import { archiveRuleName } from '../publishing/bus-rules.ts';
import { optionalInteger, optionalText, requiredText, type TextRule } from '../request.ts';
import type { Archive } from '../resources/resources.ts';
import { findBus } from './buses.ts';
import { checkPattern } from './rules.ts';

/** API reference, CreateArchive. */
const archiveName: TextRule = { max: 48, pattern: /^[.\-_A-Za-z0-9]+$/ };
const maxDays = 2 ** 31 - 1;
/** The service that archives' rules belong to on AWS. */
const manager = 'prod.vhs.events.aws.internal';

export function findArchive(desk: Desk, name: string): Archive {
  const archive = desk.resources.archives.get('', name);
  if (!archive) throw notFound(`Archive ${name} does not exist.`);
  return archive;
}

const readArchive = (desk: Desk, input: JsonObject) =>
  findArchive(desk, requiredText(input, 'ArchiveName', archiveName));

/** The settings that CreateArchive and UpdateArchive share. */
function readSettings(input: JsonObject) {
  const pattern = optionalText(input, 'EventPattern', { min: 0, max: 4096 }) || undefined;
  if (pattern !== undefined) checkPattern(pattern);
  const description = optionalText(input, 'Description', { min: 0, max: 512 });
  const retentionDays = optionalInteger(input, 'RetentionDays', 0, maxDays);
  return {
    ...(pattern !== undefined && { pattern }),
    ...(description !== undefined && { description }),
    ...(retentionDays !== undefined && { retentionDays }),
  };
}

export function createArchive(desk: Desk, input: JsonObject): JsonObject {
  const name = requiredText(input, 'ArchiveName', archiveName);
  const source = requiredText(input, 'EventSourceArn', { max: 1600 });
  const busName = desk.arns.idIn(source, 'event-bus');
  if (busName === undefined)
    throw validationError('Parameter EventSourceArn is not valid. Reason: Must contain an ARN.');
  const bus = findBus(desk, busName).name;
  const settings = readSettings(input);
  if (desk.resources.archives.get('', name)) throw alreadyExists(`Archive ${name} already exists.`);
  const archive = { name, bus, retentionDays: 0, createdAt: desk.now(), ...settings };
  return save(desk, archive);
}

export function updateArchive(desk: Desk, input: JsonObject): JsonObject {
  return save(desk, { ...readArchive(desk, input), ...readSettings(input) });
}

/** An archive hears its bus by a rule of its own, which ignores what replays send. */
function save(desk: Desk, archive: Archive): JsonObject {
  const { archives, rules } = desk.resources;
  const { name, bus, pattern = '{}' } = archive;
  const before = pattern.trimEnd().slice(0, -1);
  const comma = pattern.trim() === '{}' ? '' : ',';
  desk.turns.run(() => {
    archives.put('', name, archive);
    rules.put(bus, archiveRuleName(name), {
      bus,
      name: archiveRuleName(name),
      state: 'ENABLED',
      pattern: `${before}${comma}"replay-name":[{"exists":false}]}`,
      managedBy: manager,
    });
  });
  desk.rules.changed(bus);
  desk.archives.start();
  const ArchiveArn = desk.arns.of('archive', name);
  return { ArchiveArn, State: 'ENABLED', CreationTime: archive.createdAt / 1000 };
}

export function deleteArchive(desk: Desk, input: JsonObject): JsonObject {
  const { name, bus } = readArchive(desk, input);
  desk.turns.run(() => {
    desk.resources.archives.delete('', name);
    desk.resources.rules.delete(bus, archiveRuleName(name));
    desk.archived.clear(name);
  });
  desk.rules.changed(bus);
  return {};
}

export function describeArchive(desk: Desk, input: JsonObject): JsonObject {
  const archive = readArchive(desk, input);
  const { name, description, pattern } = archive;
  return {
    ArchiveArn: desk.arns.of('archive', name),
    ...summarize(desk, archive),
    ...(description !== undefined && { Description: description }),
    ...(pattern !== undefined && { EventPattern: pattern }),
  };
}

export function listArchives(desk: Desk, input: JsonObject): JsonObject {
  const slice = readSlice(input);
  const source = optionalText(input, 'EventSourceArn', { max: 1600 });
  const state = optionalText(input, 'State');
  const filters = [input.NamePrefix, source, state].filter((each) => each !== undefined);
  if (filters.length > 1)
    throw validationError(
      'At most one filter is allowed for ListArchives. Use either : State, EventSourceArn, or NamePrefix.',
    );
  const wanted = desk.resources.archives
    .list('')
    .filter(({ bus }) => source === undefined || desk.arns.bus(bus) === source)
    .filter(() => state === undefined || state === 'ENABLED');
  const { shown, next } = pageOf(wanted, slice, ({ name }) => name);
  return { Archives: shown.map((archive) => summarize(desk, archive)), ...next };
}

function summarize(desk: Desk, archive: Archive): JsonObject {
  desk.archives.purge(archive);
  const { count, bytes } = desk.archived.totals(archive.name);
  return {
    ArchiveName: archive.name,
    EventSourceArn: desk.arns.bus(archive.bus),
    State: 'ENABLED',
    RetentionDays: archive.retentionDays,
    SizeBytes: bytes,
    EventCount: count,
    CreationTime: archive.createdAt / 1000,
  };
}
