import { identityProviderProblems } from "../constructs/auth/identity-providers";
import { SERVER_RESOURCES } from "../constructs/server/server-resources";
import { type Check, type Path, repeated } from "./check";
import { awsChecks } from "./check-aws";
import { listChecks } from "./check-lists";
import { policiesOfPlatform } from "./policies";
import { whereReadable } from "./readable";
import type { Environment } from "./schema";

const servers: readonly Check[] = [
  ...(["cpu", "memory"] as const).map((resource): Check => {
    return ({ vault: { requests } }, report) => {
      const most = SERVER_RESOURCES.limits[resource];
      if (amountOf(requests[resource]) > amountOf(most)) {
        const allowed = `at most ${most}, which is a server's limit`;
        report(["vault", "requests", resource], requests[resource].toString(), allowed);
      }
    };
  }),
];

const certificates: readonly Check[] = [
  ({ kubernetes, vault: { tls } }, report) => {
    const distributes = kubernetes.customResourceGroups.includes("trust.cert-manager.io");
    const signed = tls.issuer || tls.existingSecret;
    if (tls.caCertificates.length === 0 && (signed || !distributes)) {
      const allowed = signed
        ? "the certificates of the CA that signs the servers'"
        : "the certificates of the CA, unless the cluster has trust-manager (trust.cert-manager.io in kubernetes.customResourceGroups)";
      report(["vault", "tls", "caCertificates"], [], allowed);
    }
  },
  ({ vault: { tls } }, report) => {
    if (tls.existingSecret && tls.issuer) {
      const allowed = "nothing, because vault.tls.issuer signs the certificate";
      report(["vault", "tls", "existingSecret"], tls.existingSecret, allowed);
    }
  },
  ({ kubernetes: { operators }, vault: { tls } }, report) => {
    if (operators.certManager === "none" && !tls.existingSecret) {
      const allowed = "install or existing, unless vault.tls.existingSecret has the servers' certificate";
      report(["kubernetes", "operators", "certManager"], operators.certManager, allowed);
    }
  },
  ({ vault: { tls }, kubernetes: { customResourceGroups }, recovers }, report) => {
    const watched =
      customResourceGroups.includes("monitoring.coreos.com") && (!recovers || recovers.isActive);
    if (tls.mutual && watched) {
      const allowed =
        "false while the cluster has Prometheus (monitoring.coreos.com in kubernetes.customResourceGroups), which shows no certificate";
      report(["vault", "tls", "mutual"], true, allowed);
    }
  },
];

const LEVELS = ["operator", "auditor", "admin", "secretWriter"] as const;

/** Groups of an access level, with their paths in the definition. */
function groupsOf(level: string, groups: string | readonly string[] = []): { path: Path; name: string }[] {
  if (typeof groups === "string") return [{ path: [level], name: groups }];
  return groups.map((name, index) => ({ path: [level, index], name }));
}

const people: readonly Check[] = [
  ({ vault: { oidc, endpoint } }, report) => {
    if (oidc && !/^https:\/\/[^/]+$/.test(endpoint)) {
      const allowed = "https:// and a host, without a path, because people come back to it from vault.oidc";
      report(["vault", "endpoint"], endpoint, allowed);
    }
  },
  ({ vault: { oidc } }, report) => {
    if (!oidc) return;
    const groups = LEVELS.flatMap((level) => whereReadable(() => groupsOf(level, oidc.groups[level])) ?? []);
    // Group aliases are case-insensitive in Vault.
    for (const index of repeated(groups, ({ name }) => name.toLowerCase())) {
      const { path, name } = groups[index];
      const allowed = "a group that is named once: its members would have every level that names it";
      report(["vault", "oidc", "groups", ...path], name, allowed);
    }
  },
  ({ vault: { oidc } }, report) => {
    if (!oidc) return;
    const groups = LEVELS.flatMap((level) => groupsOf(level, oidc.groups[level]));
    for (const { field, received, allowed } of identityProviderProblems({
      ...oidc,
      groups: groups.map(({ name }) => name),
    })) {
      report(["vault", "oidc", field], received, allowed);
    }
  },
  ({ vault: { oidc } }, report) => {
    if (!oidc || !(oidc.groupsClaim in oidc.boundClaims)) return;
    const allowed = "nothing, because it is groupsClaim, whose values are the groups";
    const { groupsClaim, boundClaims } = oidc;
    report(["vault", "oidc", "boundClaims", groupsClaim], boundClaims[groupsClaim], allowed);
  },
  ({ vault: { oidc } }, report) => {
    if (!oidc) return;
    const mapped = Object.entries(oidc.claimMappings);
    for (const index of repeated(mapped, ([, key]) => key)) {
      const [claim, key] = mapped[index];
      report(["vault", "oidc", "claimMappings", claim], key, "a key that no other claim has");
    }
  },
  ({ vault: { secretWriters } }, report) => {
    for (const index of repeated(secretWriters, ({ name }) => name)) {
      const allowed =
        "a name that no other secret writer has, because it is that of the role and of the policy in Vault";
      report(["vault", "secretWriters", index, "name"], secretWriters[index].name, allowed);
    }
  },
  (environment, report) => {
    const { secretWriters } = environment.vault;
    const taken = policiesOfPlatform(environment);
    for (const index of secretWriters.keys()) {
      const name = whereReadable(() => secretWriters[index].name);
      if (name === undefined || !taken.includes(name)) continue;
      const path = ["vault", "secretWriters", index, "name"];
      report(path, name, `none of ${taken.join(", ")}, which are policies of others in Vault`);
    }
  },
];

const pipelines: readonly Check[] = [
  ({ pipeline, shards, kubernetes }, report) => {
    if (
      pipeline.teamIdentities &&
      !(shards === "team" && pipeline.vaultLogin && kubernetes.vault === "internal")
    ) {
      const allowed =
        'false, or true with shards: "team" and pipelines that log in to a Vault inside the cluster';
      report(["pipeline", "teamIdentities"], true, allowed);
    }
  },
];

/** Features of Vault Enterprise that a definition can use, each with the value that an error shows. */
const LICENSED: Readonly<Record<string, (it: NonNullable<Environment["vault"]["enterprise"]>) => unknown>> = {
  namespaces: ({ namespaces }) => namespaces,
  sentinel: ({ sentinel }) => sentinel.length > 0,
  sentinelRoles: ({ sentinelRoles }) => sentinelRoles.length > 0,
  maxLeases: ({ maxLeases }) => maxLeases,
  dr: ({ dr }) => dr?.side,
};

const SENTINEL = ["sentinel", "sentinelRoles"] as const;

const enterprise: readonly Check[] = [
  ...Object.entries(LICENSED).map(([feature, wantedBy]): Check => {
    return ({ vault: { enterprise } }, report) => {
      const wanted = enterprise && wantedBy(enterprise);
      if (wanted && !enterprise.licence) {
        const allowed = "nothing, or a reference to the licence in vault.enterprise.licence";
        report(["vault", "enterprise", feature], wanted, allowed);
      }
    };
  }),
  ({ vault: { enterprise } }, report) => {
    if (!enterprise) return;
    const policies = SENTINEL.flatMap((kind) =>
      [...enterprise[kind].keys()].map((index) => ({ kind, index })),
    );
    for (const which of repeated(policies, ({ kind, index }) => enterprise[kind][index].name)) {
      const { kind, index } = policies[which];
      const path = ["vault", "enterprise", kind, index, "name"];
      report(path, enterprise[kind][index].name, "a name that no other Sentinel policy has");
    }
  },
  ({ services, vault: { enterprise } }, report) => {
    const known = services.map(({ name }) => name);
    for (const [index, policy] of (enterprise?.sentinelRoles ?? []).entries()) {
      for (const [at, name] of policy.services.entries()) {
        if (known.includes(name)) continue;
        const path = ["vault", "enterprise", "sentinelRoles", index, "services", at];
        report(
          path,
          name,
          `a service of this environment: ${known.join(", ") || "none, because services is empty"}`,
        );
      }
    }
  },
  ({ name, aws: { account }, vault: { enterprise } }, report) => {
    if (!enterprise?.dr) return;
    const [side, peer] =
      enterprise.dr.side === "primary"
        ? (["secondary", enterprise.dr.secondary] as const)
        : (["primary", enterprise.dr.primary] as const);
    if (peer.name === name && peer.account === account) {
      const path = ["vault", "enterprise", "dr", side, "name"];
      report(path, name, "another environment than this one");
    }
  },
  ({ recovers, vault: { enterprise } }, report) => {
    if (recovers && enterprise?.dr) {
      const allowed = "nothing, because this environment gets its data from snapshots";
      report(["vault", "enterprise", "dr"], enterprise.dr.side, allowed);
    }
  },
];

/** Checks that compare sections of an environment with each other. */
export const environmentChecks: readonly Check[] = [
  ...listChecks,
  ...awsChecks,
  ...servers,
  ...certificates,
  ...people,
  ...pipelines,
  ...enterprise,
];

function amountOf(resource: Environment["vault"]["requests"]["cpu" | "memory"]): number {
  return "toMillis" in resource ? resource.toMillis() : resource.toMebibytes();
}
