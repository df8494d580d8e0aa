import { TerraformStack, Testing } from "cdktf";
import { vaultAt } from "../../constructs/server/vault";
import { Cpu } from "../../constructs/core/cpu";
import { Duration } from "../../constructs/core/duration";
import { Size } from "../../constructs/core/size";
import { AgentInjection, type InjectedSecret } from "../../constructs/delivery/agent-injection";
import type { AgentInjectionProps } from "../../constructs/delivery/agent-settings";
import { identity, injectionWith, vault } from "./support/delivery";

const PREFIX = "vault.hashicorp.com/";
const secret: InjectedSecret = { path: "secret/data/a", template: "text" };

/** Annotations without their common prefix. */
function annotationsOf(injection: AgentInjection): Record<string, string> {
  const entries = Object.entries(injection.annotations);
  expect(entries.filter(([name]) => !name.startsWith(PREFIX))).toEqual([]);
  return Object.fromEntries(entries.map(([name, value]) => [name.slice(PREFIX.length), value]));
}

test("writes exactly the agent's settings as annotations if there are no secrets", () => {
  const {
    "agent-json-patch": patch,
    "agent-init-json-patch": initPatch,
    ...others
  } = annotationsOf(injectionWith());
  expect(others).toEqual({
    "agent-inject": "true",
    role: "payment-service",
    "auth-path": "auth/kubernetes",
    service: "https://vault.vault.svc:8200",
    "ca-cert": "/vault/ca/ca.crt",
    "agent-service-account-token-volume-name": "vault-token",
    "agent-cache-enable": "true",
    "agent-cache-listener-port": "8200",
    "agent-limits-cpu": "250m",
    "agent-limits-mem": "128Mi",
    "agent-requests-cpu": "50m",
    "agent-requests-mem": "64Mi",
    "agent-revoke-on-shutdown": "true",
    "agent-revoke-grace": "20",
    "agent-set-security-context": "true",
    "agent-run-as-same-user": "true",
    "agent-run-as-group": "10001",
    "template-static-secret-render-interval": "5m",
  });
  expect(initPatch).toBe(patch);
});

test("mounts the CA and the token in both agents and sets a seccomp profile", () => {
  expect(JSON.parse(annotationsOf(injectionWith())["agent-json-patch"])).toEqual([
    {
      op: "add",
      path: "/volumeMounts/-",
      value: { name: "vault-ca", mountPath: "/vault/ca", readOnly: true },
    },
    {
      op: "add",
      path: "/volumeMounts/-",
      value: {
        name: "vault-token",
        mountPath: "/var/run/secrets/kubernetes.io/serviceaccount",
        readOnly: true,
      },
    },
    { op: "add", path: "/securityContext/seccompProfile", value: { type: "RuntimeDefault" } },
  ]);
});

test("returns a token volume with the role's audience and the CA's ConfigMap", () => {
  expect(injectionWith().volumes).toEqual([
    {
      name: "vault-token",
      projected: [
        { sources: [{ serviceAccountToken: { audience: "vault", expirationSeconds: 3600, path: "token" } }] },
      ],
    },
    { name: "vault-ca", configMap: { name: "vault-ca" } },
  ]);
});

test("writes each setting that is chosen", () => {
  const injection = injectionWith({
    vault: vaultAt({ namespace: "v", caBundle: { configMapName: "ca", key: "tls.pem" } }),
    identity: { ...identity, authPath: "k8s-b", audience: "b" },
    audience: "b",
    containers: ["app", "worker"],
    group: 20000,
    cacheListenerPort: 8300,
    serviceAccountTokenExpiration: Duration.minutes(10),
    renderInterval: Duration.minutes(1),
    revokeGrace: Duration.seconds(45),
    agentResources: {
      requests: { cpu: Cpu.millis(1), memory: Size.mebibytes(2) },
      limits: { cpu: Cpu.millis(3), memory: Size.mebibytes(4) },
    },
  });
  expect(annotationsOf(injection)).toMatchObject({
    "auth-path": "auth/k8s-b",
    service: "https://vault.v.svc:8200",
    "ca-cert": "/vault/ca/tls.pem",
    "agent-inject-containers": "app,worker",
    "agent-run-as-group": "20000",
    "agent-cache-listener-port": "8300",
    "template-static-secret-render-interval": "1m",
    "agent-revoke-grace": "45",
    "agent-requests-cpu": "1m",
    "agent-requests-mem": "2Mi",
    "agent-limits-cpu": "3m",
    "agent-limits-mem": "4Mi",
  });
  expect(injection.volumes).toMatchObject([
    { projected: [{ sources: [{ serviceAccountToken: { audience: "b", expirationSeconds: 600 } }] }] },
    { configMap: { name: "ca" } },
  ]);
});

test("passes tlsServerName to the agent and to the command that revokes its token", () => {
  const annotations = annotationsOf(injectionWith({ tlsServerName: "vault.example.com" }));
  expect(annotations["tls-server-name"]).toBe("vault.example.com");
  for (const patch of ["agent-json-patch", "agent-init-json-patch"]) {
    expect(JSON.parse(annotations[patch])).toContainEqual({
      op: "add",
      path: "/env/-",
      value: { name: "VAULT_TLS_SERVER_NAME", value: "vault.example.com" },
    });
  }
});

test("passes the Enterprise namespace to the agent and to the command that revokes its token", () => {
  const enterprise = vaultAt({ enterpriseNamespace: "teams/payments" });
  const annotations = annotationsOf(injectionWith({ vault: enterprise }));
  expect(annotations.namespace).toBe("teams/payments");
  for (const patch of ["agent-json-patch", "agent-init-json-patch"]) {
    expect(JSON.parse(annotations[patch])).toContainEqual({
      op: "add",
      path: "/env/-",
      value: { name: "VAULT_NAMESPACE", value: "teams/payments" },
    });
  }
});

test("writes path, template, permissions and error-on-missing-key of a secret, without a command", () => {
  const injection = injectionWith();
  const before = Object.keys(annotationsOf(injection));
  expect(injection.addSecret("app.conf", secret)).toBe("/vault/secrets/app.conf");
  const { ...annotations } = annotationsOf(injection);
  for (const name of before) delete annotations[name];
  expect(annotations).toEqual({
    "agent-inject-secret-app.conf": "secret/data/a",
    "agent-inject-template-app.conf": "text",
    "agent-inject-perms-app.conf": "0400",
    "error-on-missing-key-app.conf": "true",
  });
});

test("uses onChange for every secret without a command", () => {
  const injection = injectionWith({ onChange: "echo all" });
  injection.addSecret("a", secret);
  injection.addSecret("b", { ...secret, command: "echo b", permissions: "0440" });
  expect(annotationsOf(injection)).toMatchObject({
    "agent-inject-command-a": "echo all",
    "agent-inject-command-b": "echo b",
    "agent-inject-perms-b": "0440",
  });
});

test("escapes text that Terraform would evaluate in a template or command", () => {
  const injection = injectionWith();
  injection.addSecret("a", { ...secret, template: 'ü "${x}"\n%{y} $z', command: 'echo "${x}"' });
  expect(annotationsOf(injection)).toMatchObject({
    "agent-inject-template-a": 'ü "$${x}"\n%%{y} $z',
    "agent-inject-command-a": 'echo "$${x}"',
  });
});

test("lists files of environment variables in the order of addition, without other files", () => {
  const injection = injectionWith();
  injection.addDatabaseCredentials("db", { role: "r", leaseTtl: Duration.hours(1) });
  injection.addSecret("other", secret);
  injection.addKeyValue("config", { path: "p", variables: { A: "a" } });
  injection.addSecret("own", { ...secret, sourced: true });
  expect(injection.environmentFiles).toEqual([
    "/vault/secrets/db",
    "/vault/secrets/config",
    "/vault/secrets/own",
  ]);
  injection.environmentFiles.pop();
  expect(injection.environmentFiles).toHaveLength(3);
});

test("writes the paths of the article's policy for KV secrets, database credentials and certificates", () => {
  const injection = injectionWith();
  injection.addKeyValue("config", { path: "payment-service/config", variables: { A: "a" } });
  injection.addDatabaseCredentials("db", { role: "payment-service-role", leaseTtl: Duration.hours(1) });
  injection.addPkiCertificate("tls", {
    role: "payment-service",
    commonName: "payment-service.production.svc",
  });
  expect(annotationsOf(injection)).toMatchObject({
    "agent-inject-secret-config": "secret/data/payment-service/config",
    "agent-inject-secret-db": "database/creds/payment-service-role",
    "agent-inject-secret-tls": "pki/issue/payment-service",
  });
});

test("accepts other mounts, other variables and certificate parameters", () => {
  const injection = injectionWith();
  injection.addKeyValue("config", { mount: "kv/team", path: "p", variables: { A: "a" } });
  injection.addDatabaseCredentials("db", {
    mount: "db",
    role: "r",
    leaseTtl: Duration.hours(1),
    variables: { PGUSER: "username" },
  });
  injection.addPkiCertificate("tls", {
    mount: "pki-b",
    role: "r",
    commonName: "a.svc",
    alternativeNames: ["b.svc", "c.svc"],
    ttl: Duration.hours(2),
  });
  const annotations = annotationsOf(injection);
  expect(annotations["agent-inject-secret-config"]).toBe("kv/team/data/p");
  expect(annotations["agent-inject-template-db"]).toMatch(
    /^\{\{- with secret "db\/creds\/r" -\}\}\nexport PGUSER="\{\{ \$v := index \.Data "username" \}\}.+\}\}"\n\{\{- end \}\}\n$/,
  );
  expect(annotations["agent-inject-template-tls"]).toContain(
    '{{- with pkiCert "pki-b/issue/r" "common_name=a.svc" "alt_names=b.svc,c.svc" "ttl=2h" -}}',
  );
});

test("requests no alternative names for a certificate with one name", () => {
  const injection = injectionWith();
  injection.addPkiCertificate("tls", { role: "r", commonName: "a.svc" });
  expect(annotationsOf(injection)["agent-inject-template-tls"]).toContain(
    '{{- with pkiCert "pki/issue/r" "common_name=a.svc" -}}',
  );
});

test("limits secret names so that the annotation name has at most 63 characters", () => {
  const injection = injectionWith();
  injection.addSecret("a".repeat(41), secret);
  const names = Object.keys(annotationsOf(injection)).map((name) => name.length);
  expect(Math.max(...names)).toBe(63);
});

test.each<[string, Partial<AgentInjectionProps>, string]>([
  [
    "a token of another audience than the role's",
    { audience: "kubernetes" },
    'the token\'s audience must be the one that role payment-service asks for, vault, got "kubernetes"',
  ],
  ["root's group", { group: 0 }, "group must be a whole number from 1 to 2147483647, got 0"],
  [
    "a port of 0",
    { cacheListenerPort: 0 },
    "cacheListenerPort must be a whole number from 1 to 65535, got 0",
  ],
  ["half a port", { cacheListenerPort: 80.5 }, "got 80.5"],
  [
    "a token that Kubernetes would not issue",
    { serviceAccountTokenExpiration: Duration.minutes(9) },
    "serviceAccountTokenExpiration must be from 10m to 24h, got 9m",
  ],
  ["a token for two days", { serviceAccountTokenExpiration: Duration.days(2) }, "got 48h"],
  [
    "no pause between renderings",
    { renderInterval: Duration.seconds(0) },
    "renderInterval must be from 1s to 24h",
  ],
  [
    "a limit below its request",
    {
      agentResources: {
        requests: { cpu: Cpu.millis(2), memory: Size.mebibytes(1) },
        limits: { cpu: Cpu.millis(1), memory: Size.mebibytes(1) },
      },
    },
    "the CPU limit must be at least the request, 2m, got 1m",
  ],
])("rejects the setting %s with the value and the construct's path", (_title, change, message) => {
  expect(() => injectionWith(change)).toThrow(message);
  expect(() => injectionWith(change)).toThrow("[test/Injection]");
});

test.each<[string, (injection: AgentInjection) => void, string]>([
  [
    "a name that is taken",
    (injection) => {
      injection.addSecret("a", secret);
      injection.addKeyValue("a", { path: "p", variables: { A: "a" } });
    },
    'a secret\'s name must be given once, got "a" again',
  ],
  [
    "a name in capitals, which the injector lower-cases",
    (injection) => injection.addSecret("Config", secret),
    'lower-case letters, digits, dots, dashes and underscores and not start with file-, got "Config"',
  ],
  [
    "a name that the injector reads as a template's file",
    (injection) => injection.addSecret("file-a", secret),
    'not start with file-, got "file-a"',
  ],
  ["a name that leaves the folder", (injection) => injection.addSecret("../a", secret), 'got "../a"'],
  [
    "a name that does not fit into an annotation",
    (injection) => injection.addSecret("a".repeat(42), secret),
    "at most 41",
  ],
  [
    "an empty template",
    (injection) => injection.addSecret("a", { ...secret, template: " \n" }),
    "template of a must render something, got an empty text",
  ],
  [
    "permissions that are not octal",
    (injection) => injection.addSecret("a", { ...secret, permissions: "640" }),
    'permissions of a must be octal, such as 0400, got "640"',
  ],
  [
    "a path with an empty segment",
    (injection) => injection.addSecret("a", { ...secret, path: "secret//a" }),
    'without wildcards, quotes, spaces, "." and "..", got "secret//a"',
  ],
  [
    "a path that climbs",
    (injection) => injection.addKeyValue("a", { path: "../other/config", variables: { A: "a" } }),
    'got "../other/config"',
  ],
  [
    "a path with a segment that is none",
    (injection) => injection.addKeyValue("a", { path: "./config", variables: { A: "a" } }),
    'got "./config"',
  ],
  [
    "a path with a wildcard",
    (injection) => injection.addKeyValue("a", { path: "payment-service/*", variables: { A: "a" } }),
    'got "payment-service/*"',
  ],
  [
    "a path with a part of the API",
    (injection) => injection.addKeyValue("a", { path: "data/orders/config", variables: { A: "a" } }),
    'path must be the path below the mount without "data/", which is "orders/config", got "data/orders/config"',
  ],
  [
    "a path with the mount",
    (injection) =>
      injection.addKeyValue("a", { mount: "kv", path: "kv/data/orders/config", variables: { A: "a" } }),
    'path must be the path below the mount without "kv/data/", which is "orders/config"',
  ],
  [
    "a mount with a part of the API",
    (injection) => injection.addKeyValue("a", { mount: "secret/data", path: "a", variables: { A: "a" } }),
    'mount must be the path of the engine alone, which is "secret", got "secret/data"',
  ],
  [
    "a role with the mount",
    (injection) =>
      injection.addDatabaseCredentials("db", { role: "database/creds/a", leaseTtl: Duration.hours(1) }),
    "role must be one name of letters, digits, dots, dashes and underscores, such as payment-service-role, " +
      'got "database/creds/a"',
  ],
  [
    "a path that ends the template's string",
    (injection) => injection.addKeyValue("a", { path: 'a" "b', variables: { A: "a" } }),
    "path must be names separated by single slashes",
  ],
  [
    "no variables",
    (injection) => injection.addKeyValue("a", { path: "p", variables: {} }),
    "variables must name at least one variable for secret/data/p, got none",
  ],
  [
    "a variable that a shell does not know as one",
    (injection) => injection.addKeyValue("a", { path: "p", variables: { "A-B": "a" } }),
    'a variable\'s name must be letters, digits and underscores and not start with a digit, got "A-B"',
  ],
  [
    "a key that ends the template's string",
    (injection) => injection.addKeyValue("a", { path: "p", variables: { A: 'a" }}' } }),
    "a key must be letters, digits, dots, dashes and underscores",
  ],
  [
    "rendering more rarely than a lease lasts",
    (injection) => injection.addDatabaseCredentials("db", { role: "r", leaseTtl: Duration.minutes(4) }),
    "renderInterval must be at most leaseTtl of r, got 5m and 4m",
  ],
  [
    "a certificate for a name that is no host's",
    (injection) => injection.addPkiCertificate("tls", { role: "r", commonName: 'a" "b' }),
    'each name of the certificate must be a host name, such as vault.example.com, got "a\\" \\"b"',
  ],
  [
    "an alternative name with a wildcard",
    (injection) =>
      injection.addPkiCertificate("tls", { role: "r", commonName: "a.svc", alternativeNames: ["*.svc"] }),
    'got "*.svc"',
  ],
])("rejects the secret with %s, and names the construct's path", (_title, add, message) => {
  expect(() => add(injectionWith())).toThrow(message);
  expect(() => add(injectionWith())).toThrow("[test/Injection]");
});

test("accepts a lease as long as the render interval", () => {
  expect(() =>
    injectionWith().addDatabaseCredentials("db", { role: "r", leaseTtl: Duration.minutes(5) }),
  ).not.toThrow();
});

test("reports an injection without a secret at synthesis", () => {
  const stack = new TerraformStack(Testing.app(), "test");
  const injection = new AgentInjection(stack, "Injection", { vault, identity });
  expect(injection.node.validate()).toEqual([
    "no secret was added; call addKeyValue() or another add method",
  ]);
  injection.addSecret("a", secret);
  expect(injection.node.validate()).toEqual([]);
});
