import { received } from "../constructs/core/received";
import { namesOf } from "./all-names";
import { firstOf } from "./check";
import { type DerivedName, meets } from "./derived-names";
import { whereReadable } from "./readable";
import type { Environment } from "./schema";
import { stateRegionOf } from "./schema-aws";

/** Readable part of a definition, for comparison with the others. */
export interface Defined {
  /** Name in error messages, even if the definition has no valid name. */
  readonly label: string;
  /** Environment of the definition. Its invalid fields are unreadable. */
  readonly environment: Environment;
}

type Report = (path: string, value: unknown, allowed: string) => void;

/** Compares an environment with the earlier ones, or with all. */
type SharingCheck = (
  environment: Environment,
  report: Report,
  others: { readonly earlier: readonly Defined[]; readonly all: readonly Defined[] },
) => void;

/**
 * Rejects a value that an earlier environment has as well: it names something that exists once.
 * @param identity object that the value names; undefined if environments cannot share it
 * @param options.exceptHeirs - environments that take over from each other may share it
 */
function single(
  path: `${"kubernetes" | "vault"}.${string}`,
  identity: (environment: Environment) => string | undefined,
  allowed: (other: string) => string,
  { exceptHeirs = false } = {},
): SharingCheck {
  return (environment, report, { earlier, all }) => {
    const own = identity(environment);
    if (own === undefined) return;
    const owner = firstOf(
      earlier,
      (other) =>
        identity(other.environment) === own &&
        !(exceptHeirs && takesOver(environment, other.environment, all)),
    );
    if (!owner) return;
    const [section, field] = path.split(".") as ["kubernetes", "apiServer"];
    report(path, environment[section][field], allowed(owner.label));
  };
}

/** Returns true if one of two environments gets the data of the other when that one is lost. */
function takesOver(one: Environment, other: Environment, all: readonly Defined[]): boolean {
  const origin = ({ name, recovers }: Environment, seen: readonly string[] = []): string | undefined => {
    if (!recovers) return name;
    const original = all.find(({ label }) => label === recovers.environment)?.environment;
    return original && !seen.includes(name) ? origin(original, [...seen, name]) : undefined;
  };
  const peer = ({ vault: { enterprise } }: Environment) =>
    enterprise?.dr?.side === "primary" ? enterprise.dr.secondary.name : enterprise?.dr?.primary.name;
  const origins = [origin(one), origin(other)];
  // A missing original is reported as a separate problem.
  const isHeir = origins.includes(undefined) || origins[0] === origins[1];
  return isHeir || peer(one) === other.name || peer(other) === one.name;
}

/**
 * Canonical form of a URL or issuer, without default port, trailing dot and slash, and capitals.
 * @returns undefined if it is not a URL
 */
function identityOf(text: string): string | undefined {
  const url = text.includes("://") ? text : `https://${text}`;
  if (!URL.canParse(url)) return undefined;
  const { host, pathname } = new URL(url);
  return `${host.replace(/\.(?=$|:)/, "")}${pathname.replace(/\/+$/, "")}`.toLowerCase();
}

const checks: readonly SharingCheck[] = [
  ({ name }, report, { earlier }) => {
    if (firstOf(earlier, (other) => other.environment.name === name)) {
      const allowed =
        "one that no other environment has, because stacks, roles and buckets are named after it";
      report("name", name, allowed);
    }
  },
  (environment, report, { earlier }) => {
    // Duplicate environment names have been reported already.
    const others = earlier.filter((it) => whereReadable(() => it.environment.name !== environment.name));
    const taken = others.flatMap((owner) =>
      namesOf(owner.environment).map((theirs) => [keyOf(theirs), { owner, theirs }] as const),
    );
    const owners = new Map(taken.reverse());
    for (const own of namesOf(environment)) {
      const { owner, theirs } = owners.get(keyOf(own)) ?? {};
      if (!owner || !theirs || own.isOwnPlace || theirs.isOwnPlace || !meets(own, theirs)) continue;
      const as = own.of === theirs.of ? "" : ` as ${theirs.of}`;
      const path = own.path.join(".").replace(/\.(\d+)/g, "[$1]");
      report(path, `${own.name} in ${own.within}`, `one that ${owner.label} does not use already${as}`);
    }
  },
  ({ aws }, report, { earlier }) => {
    const region = stateRegionOf(aws);
    const elsewhere = firstOf(
      earlier,
      ({ environment }) =>
        environment.aws.account === aws.account && stateRegionOf(environment.aws) !== region,
    );
    if (elsewhere) {
      const theirs = stateRegionOf(elsewhere.environment.aws);
      const allowed = `${theirs}, as in ${elsewhere.label}: an account has one state bucket`;
      report("aws.stateRegion", region, allowed);
    }
  },
  // Pipeline roles have access to state by the prefix `<name>-`, and to IAM roles by `<name>-vault`.
  ({ name, aws: { account } }, report, { all }) => {
    const outer = firstOf(
      all,
      ({ environment }) => environment.aws.account === account && name.startsWith(`${environment.name}-`),
    );
    if (outer) {
      const allowed = `one that does not start with ${outer.label}-, which is how ${outer.label}'s pipelines find their state`;
      report("name", name, allowed);
    }
  },
  single(
    "kubernetes.apiServer",
    ({ kubernetes }) => identityOf(kubernetes.apiServer),
    (other) => `that of another cluster than ${other}'s`,
  ),
  single(
    "kubernetes.oidcProvider",
    ({ kubernetes }) => identityOf(kubernetes.oidcProvider),
    (other) => `that of another cluster than ${other}'s`,
  ),
  single(
    "kubernetes.clusterName",
    ({ kubernetes, aws }) =>
      kubernetes.distribution === "eks"
        ? JSON.stringify([aws.account, aws.region, kubernetes.clusterName])
        : undefined,
    (other) => `another EKS cluster of the account and region than ${other}'s`,
  ),
  single(
    "vault.endpoint",
    ({ vault }) => identityOf(vault.endpoint),
    (other) => `that of another Vault than ${other}'s`,
    { exceptHeirs: true },
  ),
  // In different accounts, only the names of stacks can collide.
  ({ name, aws: { account } }, report, { all }) => {
    const sharded = firstOf(
      all,
      ({ environment }) =>
        environment.shards === "team" &&
        environment.aws.account !== account &&
        ["config", "workloads"].some((layer) => `${name}-`.startsWith(`${environment.name}-${layer}-`)),
    );
    if (sharded) {
      const allowed = `one that does not start with ${sharded.label}-config or ${sharded.label}-workloads, as stacks of ${sharded.label}'s teams do`;
      report("name", name, allowed);
    }
  },
];

/** Problems of environments that would share something of which each needs its own. */
export function sharingProblems(definitions: readonly Defined[]): string[] {
  const problems: string[] = [];
  for (const [index, { label, environment }] of definitions.entries()) {
    const report: Report = (path, value, allowed) =>
      problems.push(`${label}.${path}: got ${received(value, path)}; allowed: ${allowed}`);
    const others = { earlier: definitions.slice(0, index), all: definitions };
    for (const check of checks) whereReadable(() => check(environment, report, others));
  }
  return problems;
}

function keyOf({ within, name }: DerivedName): string {
  return JSON.stringify([within, name]);
}
