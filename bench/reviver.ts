import { setTimeout as sleep } from "node:timers/promises";
import type { Part } from "../local/part";
import { readRecord, startPart } from "../local/supervision";

/**
 * Starts parts that have ended at once. The supervisor would wait longer with each time, as a kubelet does with a pod
 * that keeps ending, and here they end because they are told to.
 */
export class Reviver {
  private on = true;
  private readonly done: Promise<void>;

  constructor(parts: readonly Part[]) {
    this.done = this.watch(parts);
  }

  async stop(): Promise<void> {
    this.on = false;
    await this.done;
  }

  private async watch(parts: readonly Part[]): Promise<void> {
    while (this.on) {
      const recorded = readRecord()?.parts ?? [];
      const ended = parts.filter(({ name }) => recorded.find((it) => it.name === name)?.pid === undefined);
      await Promise.all(ended.map(startPart));
      await sleep(100);
    }
  }
}
