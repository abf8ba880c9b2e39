declare module 'dynalite' {
  import type { Server } from 'node:http';

  /** Times are milliseconds that a table stays in a passing state. */
  export interface DynaliteOptions {
    readonly createTableMs?: number;
    readonly deleteTableMs?: number;
    readonly updateTableMs?: number;
  }

  export default function dynalite(options?: DynaliteOptions): Server;
}
