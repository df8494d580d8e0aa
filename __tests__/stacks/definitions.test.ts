import { type App, TerraformStack, Testing } from "cdktf";
import { production } from "../../environments/production";
import type { EnvironmentDefinition } from "../../platform/schema";
import { buildPlatform } from "../../stacks";
import { problemsOf, withChange } from "../platform/support";

/** Resources of a type in all stacks. */
function resources(definition: EnvironmentDefinition, type: string): Record<string, unknown>[] {
  const app = Testing.app() as App;
  buildPlatform(app, [definition]);
  const stacks = app.node.findAll().filter(TerraformStack.isStack);
  return stacks.flatMap((stack) =>
    Object.values<Record<string, unknown>>(JSON.parse(Testing.synth(stack, true)).resource?.[type] ?? {}),
  );
}

const licence = { secretName: "licence", key: "licence" };
const oidc = {
  issuer: "https://login.example.com",
  clientId: "vault",
  groups: { operator: "operators", auditor: "auditors", admin: "admins" },
};
const dr = {
  side: "secondary" as const,
  primary: { name: "other", account: "444444444444" },
  peerRanges: ["10.0.0.0/8"],
};

test("rejects a service with the name of any policy that the platform creates", () => {
  const all = withChange(production, (e) => {
    e.services = [];
    e.vault.oidc = { ...oidc, groups: { ...oidc.groups, secretWriter: "secret-writers" } };
    e.vault.secretWriters = [{ namespace: "vault", name: "secret-writer" }];
    e.vault.enterprise = { licence, dr };
  });
  const policies = resources(all, "vault_policy").map(({ name }) => name as string);
  expect(policies).toEqual(expect.arrayContaining(["plan", "admin", "vault-backup", "vault-dr-replication"]));
  for (const name of policies) {
    const taken = withChange(all, (e) =>
      e.services.push({ name, namespace: "production", team: "payments" }),
    );
    expect(problemsOf(taken)).toEqual([
      expect.stringContaining(`services[0].name: got "${name}"; allowed: none`),
    ]);
  }
});

test("builds a definition with the largest allowed values", () => {
  const longest = "s".repeat(47);
  const keys = [{ name: "k".repeat(253), key: "k".repeat(253) }];
  const most = withChange(production, (e) => {
    e.backup.retention = "24h";
    e.vault.requests = { cpu: "2", memory: "2Gi" };
    e.vault.dataSize = e.vault.auditSize = "65536Gi";
    e.vault.oidc = oidc;
    e.siem.ranges = ["0.0.0.0/0", "::/0"];
    e.siem.endpoint = "https://siem.example.com:65535/a/path";
    e.mirrors = { registry: "registry.example.com:5000/mirror" };
    e.shards = "team";
    e.databases.push({ ...e.databases[0], name: "d".repeat(63), host: "10.0.0.1", ranges: ["10.0.0.0/8"] });
    e.services = [
      {
        name: longest,
        namespace: "n".repeat(63),
        team: "t".repeat(63),
        token: { ttl: "768h", maxTtl: "768h" },
        databases: [
          { name: "d".repeat(63), defaultTtl: "5m", maxTtl: "768h", secret: "b".repeat(63) },
          { name: "d".repeat(63), alias: "l".repeat(38) },
        ],
        certificates: [`${"a".repeat(60)}.svc`],
        encryptionKey: true,
        deployment: { image: "a:1", command: ["./a"], port: 65535, replicas: 1000 },
        secrets: [{ name: "c".repeat(63), secret: `${longest}/b`, refreshInterval: "1s", keys }],
      },
    ];
  });
  expect(resources(most, "vault_kubernetes_auth_backend_role")).toContainEqual(
    expect.objectContaining({ role_name: longest }),
  );
});
