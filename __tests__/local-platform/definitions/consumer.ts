import type { Accepted } from "./synthesis";

/** Real program that reads the synthesized form of definitions. */
export interface Consumer {
  /**
   * Finds content that the program rejects or interprets differently than intended.
   * @returns an empty list if there is none
   */
  problemsOf(definition: Accepted): Promise<readonly string[]>;
  stop(): Promise<void>;
}

/** Cache of outcomes: two random definitions are mostly equal. */
export class Tried {
  private readonly outcomes = new Map<string, Promise<string | undefined>>();

  /** Tries a content on the first call for it. @returns its problem, undefined if there is none */
  once(content: unknown, attempt: () => Promise<string | undefined>): Promise<string | undefined> {
    const key = JSON.stringify(content);
    const known = this.outcomes.get(key) ?? attempt();
    this.outcomes.set(key, known);
    return known;
  }
}
