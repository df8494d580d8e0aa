import { readFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../constructs/core/user-error";
import { type Outcome, run } from "./processes";
import type { SynthesizedStack } from "./stacks";

/** Resource in the state of a stack. */
export interface StateResource {
  /** Terraform address, such as `aws_kms_key.Unseal_Key_1B2C3D4E`. */
  readonly address: string;
  /** Terraform type. */
  readonly type: string;
  /** Identifier in its system: an ARN, a name, a path. */
  readonly id: string;
}

/** Resources that are retained and destroyed when a stack is destroyed. */
export interface Teardown {
  /** Stack to destroy. */
  readonly stack: SynthesizedStack;
  /** Resources that are retained. */
  readonly stays: readonly StateResource[];
  /** Resources that are destroyed. */
  readonly goes: readonly StateResource[];
}

interface StackDocument {
  readonly resource?: Readonly<Record<string, Readonly<Record<string, Record<string, unknown>>>>>;
}

/**
 * Resource types that protect another resource. Without them, a retained resource is less protected than before.
 * For a bucket, these are its policy, lock, encryption and versioning.
 */
const PARTS: Readonly<Record<string, RegExp>> = { aws_s3_bucket: /^aws_s3_bucket_/ };

/**
 * Addresses of resources that must not be destroyed: those with `prevent_destroy`, and the resources that protect them.
 * @param document `cdk.tf.json` of a stack
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

/** Terraform in the folder of a stack, for its teardown. */
export class StackTeardown {
  constructor(
    private readonly stack: SynthesizedStack,
    private readonly env: NodeJS.ProcessEnv,
  ) {}

  /** Reads the state of the stack. @throws UserError with the output of Terraform */
  async look(): Promise<Teardown> {
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

  /**
   * Removes the retained resources, and no others, from the state.
   * @throws UserError with the output of Terraform
   */
  async forget({ stays }: Teardown): Promise<void> {
    if (stays.length === 0) return;
    await this.terraform(["state", "rm", ...stays.map(({ address }) => address)]);
  }

  /** Destroys the remaining resources. @throws UserError with the output of Terraform */
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

/** Address without the index of a resource that exists several times. */
function plain(address: string): string {
  return address.replace(/\[.*\]$/, "");
}
