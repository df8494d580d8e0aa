import type { Accepted } from "./synthesis";

/** A real program that reads what definitions are written as. */
export interface Consumer {
  /** What it refuses or reads otherwise than it was meant; nothing when it agrees. */
  problemsOf(definition: Accepted): Promise<readonly string[]>;
  stop(): Promise<void>;
}

/** Remembers what was tried, because most of two random definitions is the same. */
export class Tried {
  private readonly outcomes = new Map<string, Promise<string | undefined>>();

  /** @returns the problem of a content, found by the first call for it */
  once(content: unknown, attempt: () => Promise<string | undefined>): Promise<string | undefined> {
    const key = JSON.stringify(content);
    const known = this.outcomes.get(key) ?? attempt();
    this.outcomes.set(key, known);
    return known;
  }
}
