import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
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
   * Creates a mapping, or updates the one between the same queue and function, and polls the queue
   * unless the mapping is disabled. Its id is the same at each start. Throws
   * `InvalidParameterValueException`.
   */
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

  /** Throws `ResourceNotFoundException`. */
  delete(uuid: string): void {
    const entry = this.#entries.get(uuid);
    if (!entry) {
      throw mappingNotFound();
    }
    this.#entries.delete(uuid);
    if (entry.poller) {
      this.#stop(entry.poller);
    }
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
}

function nameMapping({ functionName, eventSourceArn }: MappingSettings): string {
  const name = readFunctionReference(functionName)?.name ?? functionName;
  const hex = createHash('sha256').update(`${name} ${eventSourceArn}`).digest('hex');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
}
