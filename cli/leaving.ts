import { readFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../constructs/core/user-error";
import { type Outcome, run } from "./processes";
import type { SynthesizedStack } from "./stacks";

/** A resource of a stack's state. */
export interface StateResource {
  /** As Terraform calls it, such as `aws_kms_key.Unseal_Key_1B2C3D4E`. */
  readonly address: string;
  readonly type: string;
  /** What it is called where it is: an ARN, a name, a path. */
  readonly id: string;
}

/** What of a stack stays and what goes when the stack does. */
export interface Leaving {
  readonly stack: SynthesizedStack;
  readonly stays: readonly StateResource[];
  readonly goes: readonly StateResource[];
}

interface StackDocument {
  readonly resource?: Readonly<Record<string, Readonly<Record<string, Record<string, unknown>>>>>;
}

/**
 * Parts of a thing that are resources of their own: without them what stays would be less protected than it was.
 * A bucket's policy, lock, encryption and versioning are such.
 */
const PARTS: Readonly<Record<string, RegExp>> = { aws_s3_bucket: /^aws_s3_bucket_/ };

/**
 * Addresses of what must not be destroyed: resources with `prevent_destroy`, and the parts of those.
 * @param document a stack's cdk.tf.json
 */
export function protectedAddresses(document: StackDocument): Set<string> {
  const resources = Object.entries(document.resource ?? {}).flatMap(([type, byId]) =>
    Object.entries(byId).map(([id, body]) => ({ type, address: `${type}.${id}`, body })),
  );
  const kept = resources.filter(
    ({ body }) => (body.lifecycle as { prevent_destroy?: boolean } | undefined)?.prevent_destroy === true,
  );
  const parts = resources.filter(({ type, body }) => {
    const text = JSON.stringify(body);
    return kept.some((whole) => PARTS[whole.type]?.test(type) && text.includes(`\${${whole.address}.`));
  });
  return new Set([...kept, ...parts].map(({ address }) => address));
}

/** Terraform in a stack's folder, to take the stack away. */
export class LeavingStack {
  constructor(
    private readonly stack: SynthesizedStack,
    private readonly env: NodeJS.ProcessEnv,
  ) {}

  /** @throws UserError with what Terraform said */
  async look(): Promise<Leaving> {
    await this.terraform(["init", "-input=false", "-no-color"]);
    const { stdout } = await this.terraform(["show", "-json", "-no-color"]);
    const state = JSON.parse(stdout) as {
      values?: {
        root_module?: { resources?: (StateResource & { mode: string; values: { id?: string } })[] };
      };
    };
    const resources = (state.values?.root_module?.resources ?? [])
      .filter(({ mode }) => mode === "managed")
      .map(({ address, type, values }) => ({ address, type, id: values.id ?? "" }));
    const document = JSON.parse(
      readFileSync(join(this.stack.folder, "cdk.tf.json"), "utf8"),
    ) as StackDocument;
    const keeps = protectedAddresses(document);
    return {
      stack: this.stack,
      stays: resources.filter(({ address }) => keeps.has(plain(address))),
      goes: resources.filter(({ address }) => !keeps.has(plain(address))),
    };
  }

  /** Has Terraform forget what stays, which is all that it forgets. @throws UserError with what Terraform said */
  async forget({ stays }: Leaving): Promise<void> {
    if (stays.length === 0) return;
    await this.terraform(["state", "rm", ...stays.map(({ address }) => address)]);
  }

  /** Destroys what is left. @throws UserError with what Terraform said */
  async destroy(): Promise<void> {
    await this.terraform(["destroy", "-auto-approve", "-input=false", "-no-color", "-lock-timeout=60s"]);
  }

  private async terraform(args: readonly string[]): Promise<Outcome> {
    const outcome = await run("terraform", args, {
      cwd: this.stack.folder,
      env: this.env,
      patient: true,
    });
    if (outcome.code === 0) return outcome;
    const said = (outcome.stderr || outcome.stdout).trim();
    throw new UserError(`terraform ${args[0]} of ${this.stack.name} failed:\n${said}`);
  }
}

/** Without the index of a resource that is there several times. */
function plain(address: string): string {
  return address.replace(/\[.*\]$/, "");
}
