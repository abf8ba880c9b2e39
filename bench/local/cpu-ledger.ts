import { functionsOf, usageOf } from './process-usage.ts';

/** Who uses the processor: the run's own process, ingest, the other functions, and who sends. */
export type Share = 'run' | 'ingest' | 'consumers' | 'sender';

/** Adds up what each share of the processes uses, those that have ended meanwhile included. */
export class CpuLedger {
  readonly #run: number;
  readonly #sender: number;
  readonly #last = new Map<number, { readonly share: Share; readonly cpuMs: number }>();

  constructor(run: number, sender: number) {
    this.#run = run;
    this.#sender = sender;
  }

  /** To be called every second or so: what a process used after the last look before its end is lost. */
  look(): { readonly memoryMb: Readonly<Record<Share, number>>; readonly functions: number } {
    const memoryMb = { run: 0, ingest: 0, consumers: 0, sender: 0 };
    const functions = functionsOf(this.#run);
    const note = (pid: number, share: Share) => {
      const usage = usageOf(pid);
      memoryMb[share] += usage.memoryMb;
      const before = this.#last.get(pid)?.cpuMs ?? 0;
      this.#last.set(pid, { share, cpuMs: Math.max(before, usage.cpuMs) });
    };
    note(this.#run, 'run');
    note(this.#sender, 'sender');
    for (const [pid, name] of functions) note(pid, /ingest/.test(name) ? 'ingest' : 'consumers');
    return { memoryMb, functions: functions.size };
  }

  /** Milliseconds of processor time so far. */
  totals(): Record<Share, number> {
    const sums = { run: 0, ingest: 0, consumers: 0, sender: 0 };
    for (const { share, cpuMs } of this.#last.values()) sums[share] += cpuMs;
    return sums;
  }
}
