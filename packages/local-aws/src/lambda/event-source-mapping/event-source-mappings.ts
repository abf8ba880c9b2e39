import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { AwsError } from '../../aws-service.ts';
import { readFunctionReference } from '../function-settings.ts';
import { mappingNotFound } from '../lambda-errors.ts';
import { EventSourceMapping } from './event-source-mapping.ts';
import { checkMapping, type MappingPorts, type MappingSettings } from './mapping-settings.ts';

/** A mapping and the properties that the API returns. */
export interface LocalMapping {
  readonly uuid: string;
  readonly settings: MappingSettings;
  /** Epoch milliseconds of real time. */
  readonly lastModified: number;
}

interface Entry extends LocalMapping {
  /** Undefined while the mapping is disabled. */
  readonly poller: EventSourceMapping | undefined;
}

/** The event source mappings of this machine. */
export class EventSourceMappings {
  readonly #ports: MappingPorts;
  readonly #entries = new Map<string, Entry>();
  readonly #stopping = new Set<Promise<void>>();

  constructor(ports: MappingPorts) {
    this.#ports = ports;
  }

  /**
   * Creates a mapping and, unless it is disabled, starts to poll. Its id is the same whenever the
   * same function is mapped to the same queue. Throws `InvalidParameterValueException` and
   * `ResourceConflictException`.
   */
  create(settings: MappingSettings): LocalMapping {
    checkMapping(settings);
    const uuid = nameMapping(settings);
    if (this.#entries.has(uuid)) {
      throw mappingExists(settings, uuid);
    }
    return this.#put(uuid, settings);
  }

  /** Creates the mapping, or updates the existing one. */
  put(settings: MappingSettings): LocalMapping {
    checkMapping(settings);
    const uuid = nameMapping(settings);
    const present = this.#entries.get(uuid);
    if (present && isDeepStrictEqual(present.settings, settings)) {
      return present;
    }
    if (present?.poller) {
      this.#stop(present.poller);
    }
    return this.#put(uuid, settings);
  }

  /** Updates a mapping: a defined value replaces the present one, undefined keeps it. */
  update(uuid: string, changes: Partial<MappingSettings>): LocalMapping {
    const { settings, poller } = this.#find(uuid);
    const given = Object.entries(changes).filter(([, value]) => value !== undefined);
    const changed = { ...settings, ...Object.fromEntries(given) };
    checkMapping(changed);
    if (poller) {
      this.#stop(poller);
    }
    return this.#put(uuid, changed);
  }

  delete(uuid: string): LocalMapping {
    const entry = this.#find(uuid);
    this.#entries.delete(uuid);
    if (entry.poller) {
      this.#stop(entry.poller);
    }
    return entry;
  }

  get(uuid: string): LocalMapping {
    return this.#find(uuid);
  }

  list(): LocalMapping[] {
    return [...this.#entries.values()];
  }

  /** Receives nothing more. Resolves when all received messages have been processed. */
  async close(): Promise<void> {
    for (const { poller } of this.#entries.values()) {
      if (poller) {
        this.#stop(poller);
      }
    }
    await Promise.all(this.#stopping);
  }

  #put(uuid: string, settings: MappingSettings): LocalMapping {
    const poller =
      settings.enabled === false ? undefined : new EventSourceMapping(settings, this.#ports);
    const entry = { uuid, settings, poller, lastModified: Date.now() };
    this.#entries.set(uuid, entry);
    return entry;
  }

  #stop(poller: EventSourceMapping): void {
    const stopped = poller.stop();
    this.#stopping.add(stopped);
    void stopped.finally(() => this.#stopping.delete(stopped));
  }

  #find(uuid: string): Entry {
    const entry = this.#entries.get(uuid);
    if (!entry) {
      throw mappingNotFound();
    }
    return entry;
  }
}

function nameMapping({ functionName, eventSourceArn }: MappingSettings): string {
  const name = readFunctionReference(functionName)?.name ?? functionName;
  const hex = createHash('sha256').update(`${name} ${eventSourceArn}`).digest('hex');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
}

const mappingExists = ({ eventSourceArn, functionName }: MappingSettings, uuid: string): AwsError =>
  new AwsError(
    'ResourceConflictException',
    `An event source mapping with SQS arn (" ${eventSourceArn} ") and function (" ${functionName} ") already exists. ` +
      `Please update or delete the existing mapping with UUID ${uuid}`,
    409,
  );
