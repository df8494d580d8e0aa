import { setTimeout as sleep } from "node:timers/promises";
import { Session, servers } from "./support";

/**
 * Writer of one key after the other, for at most two minutes. It logs each acknowledged write with its start time. If a
 * server refuses or times out, it retries the same key at the next server.
 */
export class Writer {
  /** Start times of the acknowledged writes by key, in milliseconds since 1970. */
  readonly log = new Map<string, number>();
  /** Start times of refused writes. */
  readonly refusals: number[] = [];
  private on = true;
  private current = 0;
  private readonly done: Promise<void>;

  constructor(
    private readonly mount: string,
    session: Session,
  ) {
    this.done = this.write(new Session(session.token, 5000));
  }

  /** URL of the server that accepted the last write. */
  get server(): string {
    return servers[this.current];
  }

  stop(): Promise<void> {
    this.on = false;
    return this.done;
  }

  /** Acknowledged keys that can no longer be read. */
  async lost(session: Session): Promise<string[]> {
    const lost = [];
    for (const key of this.log.keys()) {
      const { data } = await session.request("GET", `${this.mount}/${key}`, undefined, this.server);
      if (data.value !== key) lost.push(key);
    }
    return lost;
  }

  private async write(session: Session): Promise<void> {
    const deadline = Date.now() + 120_000;
    for (let number = 0; this.on && Date.now() < deadline; number++) {
      const key = `write-${number}`;
      while (this.on || !this.log.has(key)) {
        const begun = Date.now();
        try {
          await session.request("POST", `${this.mount}/${key}`, { value: key }, this.server);
          this.log.set(key, begun);
          break;
        } catch {
          this.refusals.push(begun);
          this.current = (this.current + 1) % servers.length;
          await sleep(100);
        }
        if (Date.now() > deadline) return;
      }
    }
  }
}
