import { createHash } from "node:crypto";
import { UserError } from "../../constructs/core/user-error";
import type { AppliedRecord, Done } from "./applied-record";
import { differences } from "./differences";
import type { Program, Resource, Values } from "./program";
import { type ResourceType, table } from "./table";
import type { VaultApi } from "./vault-api";

/** Properties of `applyProgram`. */
export interface ApplyProps {
  readonly program: Program;
  readonly vault: VaultApi;
  readonly record: Pick<AppliedRecord, "addresses" | "get" | "set">;
  /** Receives one line per written resource, always in the same order. */
  readonly say: (text: string) => void;
  /** Resource types that can be written. @default - those of `local-config` */
  readonly types?: Readonly<Record<string, ResourceType>>;
}

const ANEW = "npm run local -- down and npm run local make it anew";

/**
 * Writes the stack's resources to Vault one after the other, where Vault differs. Deletes nothing.
 * @returns the number of written resources
 * @throws UserError that names the resource, the path and Vault's answer
 */
export async function applyProgram(props: ApplyProps): Promise<number> {
  const { program, vault, record, say, types = table } = props;
  const { resources } = program;
  for (const { address, type } of resources) {
    if (!Object.hasOwn(types, type))
      throw new UserError(
        `${address}: the applier does not know the type ${type}; local/applier/table.ts lists those.`,
      );
  }
  const gone = record.addresses.filter((address) => !resources.some((it) => it.address === address));
  for (const address of gone) say(`${address}: no longer wanted, but left in Vault; ${ANEW}`);

  const attributes = new Map<string, Values>();
  let changes = 0;
  for (const [index, resource] of resources.entries()) {
    const { address } = resource;
    try {
      const values = program.evaluate(resource.attributes, attributes) as Values;
      const triggers = program.evaluate(resource.triggers, attributes);
      const writer = new Writer(types[resource.type], { resource, values, triggers, vault, record });
      const { written, known } = await writer.write();
      attributes.set(address, { ...values, ...known });
      if (!written) continue;
      changes++;
      say(`${index + 1}/${resources.length} ${address}: ${written}`);
    } catch (error) {
      throw error instanceof UserError ? new UserError(`${address}: ${error.message}`) : error;
    }
  }
  return changes;
}

interface Outcome {
  /** @default - nothing was written */
  readonly written?: "made" | "changed" | "done";
  readonly known?: Values;
}

interface WriterProps {
  readonly resource: Resource;
  readonly values: Values;
  readonly triggers: unknown;
  readonly vault: VaultApi;
  readonly record: Pick<AppliedRecord, "addresses" | "get" | "set">;
}

/** Writer of one resource. */
class Writer {
  private readonly path: string;
  private readonly body: Values;

  constructor(
    private readonly type: ResourceType,
    private readonly props: WriterProps,
  ) {
    this.path = type.path(props.values);
    this.body = withoutNull(type.body(props.values));
  }

  write(): Promise<Outcome> {
    return this.type.read ? this.bring() : this.doOnce();
  }

  /** Writes the resource if Vault returns other values for it. */
  private async bring(): Promise<Outcome> {
    const { vault, values } = this.props;
    const found = await this.found();
    const writeOnly = this.type.writeOnly?.(values);
    const version = writeOnly && show(writeOnly.version);
    const isDue = version !== this.done?.version;
    const differ = found && differences(this.body, found);
    if (differ?.length === 0 && !isDue) {
      this.note({ version });
      return { known: this.type.attributes?.(found!) };
    }
    const { path, body } = this.way(differ);
    await vault.write(path, withoutNull({ ...body, ...(isDue && writeOnly?.body) }));
    this.note({ version });
    const now = (await this.found()) ?? {};
    const left = differences(this.body, now);
    if (left.length > 0)
      throw new UserError(`Vault took ${path} but still says otherwise about ${left.join(", ")}`);
    return { written: found ? "changed" : "made", known: this.type.attributes?.(now) };
  }

  private way(differ: readonly string[] | undefined): { path: string; body: Values } {
    const { change } = this.type;
    if (!differ || !change) return { path: this.path, body: this.body };
    if (change === "never") {
      throw new UserError(
        `${this.path} differs in ${differ.join(", ")}, and Vault cannot change it; ${ANEW}`,
      );
    }
    return change(this.props.values);
  }

  private async found(): Promise<Values | undefined> {
    const { path, key } = this.type.read!(this.props.values);
    const data = await this.props.vault.read(path);
    const found = key === undefined ? data : (data?.[key] as Values | undefined);
    return found && (this.type.found?.(found) ?? found);
  }

  /** Writes a resource that Vault does not return afterwards, unless an earlier run wrote it. */
  private async doOnce(): Promise<Outcome> {
    const { values, triggers, vault } = this.props;
    const version = show(this.type.version ? this.type.version(values, triggers) : digest(this.body));
    if (this.done?.version === version) return { known: this.done.attributes };
    if (this.done && !this.type.version) {
      throw new UserError(`${this.path} was written with other values and is written only once; ${ANEW}`);
    }
    const answer = await vault.write(this.path, this.body);
    const attributes = this.type.attributes?.(answer);
    this.note({ version, attributes });
    return { written: "done", known: attributes };
  }

  private get done(): Done | undefined {
    return this.props.record.get(this.props.resource.address);
  }

  private note(done: Done): void {
    this.props.record.set(this.props.resource.address, done);
  }
}

function withoutNull(values: Values): Values {
  const given = Object.entries(values).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(given);
}

function show(version: unknown): string {
  return typeof version === "string" ? version : JSON.stringify(version);
}

function digest(body: Values): string {
  return createHash("sha256").update(JSON.stringify(body)).digest("hex");
}
