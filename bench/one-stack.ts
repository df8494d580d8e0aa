import { local } from "../environments/local";
import { withServices } from "./definitions";
import type { Platform } from "./platform";
import { RESOURCES } from "./sizes";
import type { Timed } from "./timed";

/** Measurements with all services in the config stack. */
export interface OneStack {
  readonly title: string;
  /** Plans of the new services. */
  readonly plans: readonly Timed[];
  /** Applies of those plans. */
  readonly applies: readonly Timed[];
  /** Plans after the apply, with one service that reads another path. */
  readonly changes: readonly Timed[];
}

interface OneStackProps {
  readonly count: number;
  readonly runs: number;
  /** Storage of Terraform's state. @default s3 */
  readonly state?: "s3" | "file";
  /** Flags of plan and apply. @default - none */
  readonly flags?: readonly string[];
}

/** Adds services to the config stack of a running platform. Each run adds other services. */
export async function oneStack(
  platform: Platform,
  { count, runs, state = "s3", flags = [] }: OneStackProps,
): Promise<OneStack> {
  const plans: Timed[] = [];
  const applies: Timed[] = [];
  const changes: Timed[] = [];
  const title = `${services(count)}${state === "file" ? ", state in a file" : ""}`;
  for (let run = 0; run < runs; run++) {
    const prefix = ["one", count, state, run, ...flags].join("-").replace(/[^a-z0-9]+/g, "-");
    platform.say(`one stack: ${[title, ...flags].join(" ")}, run ${run + 1} of ${runs}`);
    const stacks = platform.synthesize(withServices(local, { count, prefix }), prefix);
    const stack = await platform.stack(stacks, "local-config", prefix, state);
    await stack.init();
    // The one change is the database's connection, which lists the roles that may use it.
    plans.push(await stack.plan({ add: count * RESOURCES, change: 1 }, ...flags));
    applies.push(await stack.applyPlan(...flags));
    platform.synthesize(withServices(local, { count, prefix, changed: true }), prefix);
    changes.push(await stack.plan({ add: 0, change: 1 }, ...flags));
  }
  return { title, plans, applies, changes };
}

/** Label with the number of services. */
export function services(count: number): string {
  return count === 1 ? "1 service" : `${count.toLocaleString("en")} services`;
}
