import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describeChange, describeSubject } from "../../../access/describe-change";
import { type EnvironmentDiff, accessDiff } from "../../../access/diff";
import { gradeOf } from "../../../access/diff-rows";
import { type Verdict, verdictOf } from "../../../access/diff-summary";
import { plain } from "../../../access/markdown";
import type { Environment } from "../../../analysis/terraform/synthesized";
import { asText, environmentsFrom, type Stack } from "./golden-platform";

const LAYERS = ["account", "cluster", "config", "foundation", "replication", "workloads"] as const;
/** Layer of production that has a stack. */
export type Layer = (typeof LAYERS)[number];

/** Change of production's Terraform JSON. */
export type Edit = (production: Production) => void;

/** Change, or two of which the first is made in both revisions. */
export type Edits = Edit | readonly [before: Edit, change: Edit];

const golden = new Map(
  LAYERS.map((layer) => [
    layer,
    readFileSync(join(__dirname, "../../golden/production", `${layer}.tf.json`), "utf8"),
  ]),
);

/** Terraform JSON of all stacks of production, as Terraform gets it. */
export class Production {
  private readonly stacks = new Map<Layer, Stack>();

  /** Stack of a layer. */
  stack(layer: Layer): Stack {
    const known = this.stacks.get(layer);
    if (known) return known;
    const read = JSON.parse(golden.get(layer)!, asText) as Stack;
    this.stacks.set(layer, read);
    return read;
  }

  /** Resources of a type by name. They are in the layer that has the type first. */
  all(type: string, layer?: Layer): Stack {
    const found = layer ?? LAYERS.find((it) => this.stack(it).resource[type] !== undefined);
    if (found === undefined) throw new Error(`production has no ${type}`);
    return this.stack(found).resource[type] as Stack;
  }

  /** Resource by its type and the start of its name. */
  resource(type: string, name = ""): Stack {
    for (const layer of LAYERS) {
      const blocks = (this.stack(layer).resource[type] ?? {}) as Stack;
      const key = Object.keys(blocks).find((it) => it.startsWith(name));
      if (key !== undefined) return blocks[key] as Stack;
    }
    throw new Error(`production has no ${type}.${name}`);
  }

  /** Removes a resource by its type and the start of its name. */
  remove(type: string, name = ""): void {
    const body = this.resource(type, name);
    for (const layer of LAYERS) {
      const blocks = (this.stack(layer).resource[type] ?? {}) as Stack;
      for (const key of Object.keys(blocks)) if (blocks[key] === body) delete blocks[key];
    }
  }

  /** Adds a resource to a layer. @param layer @default - the layer of the type's provider */
  add(type: string, body: object, layer: Layer = layerOf(type), name = "Added"): void {
    const { resource } = this.stack(layer);
    resource[type] = { ...(resource[type] as object | undefined), [name]: body };
  }

  /** Replaces text of a policy in Vault, by the start of the resource's name. */
  policy(name: string, change: (text: string) => string): void {
    const policy = this.resource("vault_policy", name);
    policy.policy = replaced(policy.policy as string, change);
  }

  /** Changes the values of a Helm release, by the start of the resource's name. */
  release(name: string, change: (values: Stack) => void): void {
    const release = this.resource("helm_release", name);
    const values = JSON.parse(release.values[0] as string) as Stack;
    change(values);
    release.values = [JSON.stringify(values)];
  }

  /** Statements of an IAM policy document, by the start of its name. */
  statements(name: string): Stack[] {
    for (const layer of ["foundation", "account"] as const) {
      const documents = this.stack(layer).data.aws_iam_policy_document as Stack;
      const key = Object.keys(documents).find((it) => it.startsWith(name));
      if (key !== undefined) return documents[key].statement as Stack[];
    }
    throw new Error(`production has no policy document ${name}`);
  }

  /** Pod of a job or cron job, by the start of the resource's name. */
  pod(name: string): Stack {
    const jobs = {
      ...this.all("kubernetes_cron_job_v1"),
      ...this.all("kubernetes_job_v1", "cluster"),
    } as Stack;
    const { spec } = jobs[Object.keys(jobs).find((it) => it.startsWith(name))!] as Stack;
    return (spec.job_template?.spec ?? spec).template.spec as Stack;
  }

  /** Environments that `access diff` compares. */
  read(): Environment[] {
    return environmentsFrom(
      Object.fromEntries(
        LAYERS.map((layer) => [
          layer === "account" ? "account-333333333333" : `production-${layer}`,
          this.stack(layer),
        ]),
      ),
    );
  }
}

/** Changed text. @throws Error if the text does not change, because the edit of a test then does nothing */
export function replaced(text: string, change: (text: string) => string): string {
  const after = change(text);
  if (after === text) throw new Error(`the edit changes nothing in ${text.slice(0, 200)}`);
  return after;
}

function layerOf(type: string): Layer {
  if (type.startsWith("aws_")) return "foundation";
  return /^(kubernetes|helm)_/.test(type) ? "cluster" : "config";
}

const base = new Production().read();

/** Differences between production and an edited copy. */
export function productionDiff(edits: Edits): EnvironmentDiff[] {
  if (typeof edits === "function") return accessDiff(base, edited(edits).read());
  const [before, change] = edits;
  return accessDiff(edited(before).read(), edited(before, change).read());
}

function edited(...edits: readonly Edit[]): Production {
  const production = new Production();
  for (const edit of edits) edit(production);
  return production;
}

/** Changes of a severity, one line each: labels, subject, description. @param verdict @default - all */
export function describeRows(diffs: readonly EnvironmentDiff[], verdict?: Verdict): string[] {
  return diffs
    .flatMap(({ changes }) => changes)
    .filter((change) => verdict === undefined || gradeOf(change) === verdict)
    .map(
      (change) =>
        `[${change.labels.join(", ")}] ${describeSubject(change)}: ${plain(describeChange(change))}`,
    );
}

/** Verdict on an edited copy of production, and the changes of the severity that decides on it. */
export function judge(edits: Edits): { readonly verdict: Verdict; readonly rows: readonly string[] } {
  const diffs = productionDiff(edits);
  const verdict = verdictOf(diffs);
  return { verdict, rows: describeRows(diffs, verdict) };
}
