import { setTimeout as sleep } from "node:timers/promises";
import type { ManagedProcess } from "../local/managed-process";
import { readRecord, startPart } from "../local/supervision";

/**
 * Restarts ended parts immediately. The supervisor would wait longer each time, as a kubelet does for a pod in a crash
 * loop. Here the measurements end the parts on purpose.
 */
export class ProcessRestarter {
  private on = true;
  private readonly done: Promise<void>;

  constructor(parts: readonly ManagedProcess[]) {
    this.done = this.watch(parts);
  }

  /** Stops restarting parts. */
  async stop(): Promise<void> {
    this.on = false;
    await this.done;
  }

  private async watch(parts: readonly ManagedProcess[]): Promise<void> {
    while (this.on) {
      const recorded = readRecord()?.parts ?? [];
      const ended = parts.filter(({ name }) => recorded.find((it) => it.name === name)?.pid === undefined);
      await Promise.all(ended.map(startPart));
      await sleep(100);
    }
  }
}
