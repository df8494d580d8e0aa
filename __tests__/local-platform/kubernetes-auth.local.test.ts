import { sign } from "node:crypto";
import { readFileSync } from "node:fs";
import { bootstrapNames } from "../../constructs/jobs/bootstrap-names";
import { serviceAccountKeys } from "../../local/certificates";
import { SERVICE_ACCOUNT_ISSUER } from "../../local/kubernetes";
import { names } from "../../local/platform";
import { expectAudited } from "./audit-trail";
import {
  ask,
  cluster,
  logIn,
  logInAsService,
  logInAsTerraform,
  service,
  serviceAccountToken,
} from "./support";

const { name, namespace } = service;

describe("a pod of the payment service", () => {
  test("gets a token for an hour with its policy", async () => {
    const jwt = await serviceAccountToken(namespace, name);
    const { status, text } = await ask("POST", "auth/kubernetes/login", { body: { role: name, jwt } });
    expect(status).toBe(200);
    expect(JSON.parse(text).auth).toMatchObject({
      policies: ["default", name],
      lease_duration: 3600,
      orphan: true,
      metadata: { role: name, service_account_name: name, service_account_namespace: namespace },
    });
  });

  test("has three permissions besides those of every token", async () => {
    const terraform = await logInAsTerraform();
    const everybody = "auth/kubernetes/role/test-everybody";
    await terraform.request("POST", everybody, {
      bound_service_account_names: [name],
      bound_service_account_namespaces: [namespace],
      audience: bootstrapNames.audience,
    });
    const nobody = await logIn("kubernetes", "test-everybody", await serviceAccountToken(namespace, name));
    await terraform.request("DELETE", everybody);
    const session = await logInAsService();
    const [own, common] = await Promise.all([permissions(session.token), permissions(nobody.token)]);
    for (const path of Object.keys(common)) delete own[path];
    expect(own).toEqual({
      "secret/data/payment-service/*": ["read"],
      "database/creds/payment-service-role": ["read"],
      "pki/issue/payment-service": ["create", "update"],
    });
  });

  /** Capabilities by path, merged from all policies of the token. */
  async function permissions(token: string): Promise<Record<string, string[]>> {
    const { text } = await ask("GET", "sys/internal/ui/resultant-acl", { token });
    const { exact_paths: exact, glob_paths: globs, root } = JSON.parse(text).data;
    expect(root).toBe(false);
    const entries = [
      ...Object.entries<{ capabilities: string[] }>(exact),
      ...Object.entries<{ capabilities: string[] }>(globs).map(([path, it]) => [`${path}*`, it] as const),
    ];
    return Object.fromEntries(
      entries
        // A token may read its own entity, whose path differs for each token.
        .filter(([path]) => !path.startsWith("identity/entity/"))
        .map(([path, { capabilities }]) => [path, capabilities]),
    );
  }

  test("sees the same capabilities at sys/capabilities-self", async () => {
    const allowed = {
      "secret/data/payment-service/config": ["read"],
      "secret/data/payment-service/some/where/deeper": ["read"],
      "database/creds/payment-service-role": ["read"],
      "pki/issue/payment-service": ["create", "update"],
    };
    const refused = [
      "secret/data/payment-service",
      "secret/data/payment-service-other/config",
      "secret/data/other-service/config",
      "secret/data/vault-platform/canary",
      "secret/metadata/payment-service/config",
      "secret/metadata/payment-service",
      "secret/delete/payment-service/config",
      "secret/destroy/payment-service/config",
      "secret/subkeys/payment-service/config",
      "secret/config",
      "database/creds/other-role",
      "database/creds/payment-service-role/more",
      "database/config/payments-db",
      "database/roles/payment-service-role",
      "database/rotate-root/payments-db",
      "pki/issue/other-service",
      "pki/sign/payment-service",
      "pki/roles/payment-service",
      "pki/root/generate/internal",
      "pki-root/root/sign-intermediate",
      "transit/encrypt/payment-service",
      "auth/kubernetes/role/payment-service",
      "auth/kubernetes/config",
      "auth/terraform/role/deploy",
      "auth/token/create",
      "identity/entity",
      "sys/policies/acl/payment-service",
      "sys/mounts",
      "sys/audit",
      "sys/leases/revoke",
      "sys/raw/core/keyring",
      "sys/storage/raft/snapshot",
      "sys/seal",
    ];
    const session = await logInAsService();
    const paths = [...Object.keys(allowed), ...refused];
    const { data } = await session.request("POST", "sys/capabilities-self", { paths });
    expect(Object.fromEntries(paths.map((path) => [path, data[path]]))).toEqual({
      ...allowed,
      ...Object.fromEntries(refused.map((path) => [path, ["deny"]])),
    });
  });
});

describe("Vault's login", () => {
  const strangers = [
    { namespace: names.namespace, name },
    { namespace, name: "test-other-service" },
  ];
  beforeAll(async () => {
    for (const metadata of strangers) {
      await cluster.apply({ apiVersion: "v1", kind: "ServiceAccount", metadata }, "serviceaccounts");
    }
  });
  afterAll(async () => {
    for (const { namespace: where, name: who } of strangers) {
      await cluster.request("DELETE", `/api/v1/namespaces/${where}/serviceaccounts/${who}`);
    }
  });

  function login(jwt: string) {
    return ask("POST", "auth/kubernetes/login", { body: { role: name, jwt } });
  }

  test("rejects a ServiceAccount of the same name in another namespace", async () => {
    const answer = await login(await serviceAccountToken(names.namespace, name));
    expect(answer).toMatchObject({ status: 403, text: expect.stringContaining("namespace not authorized") });
  });

  test("rejects another ServiceAccount of the same namespace", async () => {
    const answer = await login(await serviceAccountToken(namespace, "test-other-service"));
    expect(answer).toMatchObject({
      status: 403,
      text: expect.stringContaining("service account name not authorized"),
    });
  });

  test("rejects a token for the Kubernetes API", async () => {
    const answer = await login(await serviceAccountToken(namespace, name, SERVICE_ACCOUNT_ISSUER));
    expect(answer).toMatchObject({ status: 403, text: expect.stringContaining("invalid audience") });
  });

  test("rejects an expired token that is valid otherwise", async () => {
    const jwt = await serviceAccountToken(namespace, name);
    // Signed with the same key: the next token is rejected only because of its times.
    expect((await login(reissued(jwt, 0))).status).toBe(200);
    const answer = await login(reissued(jwt, -3600));
    expect(answer.status).toBe(403);
  });

  test("rejects a token with changed claims", async () => {
    const [header, , signature] = (await serviceAccountToken(namespace, "test-other-service")).split(".");
    const [, claims] = (await serviceAccountToken(namespace, name)).split(".");
    expect((await login([header, claims, signature].join("."))).status).toBe(403);
  });

  test("rejects the ServiceAccount at every other role of either mount", async () => {
    const terraform = await logInAsTerraform();
    const { data } = await terraform.request("LIST", "auth/kubernetes/role");
    const others = data.keys.filter((role: string) => role !== name);
    expect(others.length).toBeGreaterThan(0);
    const jwt = await serviceAccountToken(namespace, name);
    const attempts = [
      ...others.map((role: string) => ["kubernetes", role]),
      [bootstrapNames.authPath, bootstrapNames.deployRole],
      [bootstrapNames.authPath, bootstrapNames.checkRole],
    ];
    for (const [mount, role] of attempts) await expect(logIn(mount, role, jwt)).rejects.toThrow("with 403");
  });
});

test("records the requests in both audit devices, without the tokens", async () => {
  const jwt = await serviceAccountToken(namespace, name);
  const session = await logIn("kubernetes", name, jwt);
  await expectAudited({ "ServiceAccount token": jwt, "Vault token": session.token });
});

/** Token with the same claims but shifted times, signed with the key of the Kubernetes API. */
function reissued(jwt: string, seconds: number): string {
  const [header, payload] = jwt.split(".");
  const claims = JSON.parse(Buffer.from(payload, "base64url").toString());
  for (const time of ["exp", "iat", "nbf"]) claims[time] += seconds;
  const content = `${header}.${Buffer.from(JSON.stringify(claims)).toString("base64url")}`;
  const signature = sign("sha256", Buffer.from(content), readFileSync(serviceAccountKeys.private));
  return `${content}.${signature.toString("base64url")}`;
}
