import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deployPolicy } from "../../constructs/jobs/bootstrap-policies";
import { exampleCa } from "../../environments/shared";
import { TerraformRun } from "../engines/support/terraform-run";
import { DevVault } from "../support/servers/dev-vault";
import { describeUnless, missingPrograms } from "../support/needs";
import { namespaced, stacksOf } from "./support/team-namespaces";

// Vault Community lacks namespaces, and Vault Enterprise requires a licence. OpenBao has namespaces with the same API.

const missing = missingPrograms("bao") ?? TerraformRun.missing();

/** Types that require more than an in-memory server, or another edition. */
const LEFT_OUT =
  /^vault_(audit|raft_autopilot|rgp_policy|jwt_auth_backend(_role)?|database_secret_backend_.*|generic_endpoint)$/;

describeUnless(missing)("team namespaces on a real server", () => {
  let server: DevVault;
  const terraform = new TerraformRun();
  const tokens: Record<string, string> = {};

  const tokenOf = async (policy: string, namespace = "") => {
    const { auth } = await server.write(`${namespace}auth/token/create`, { policies: [policy] });
    return auth.client_token as string;
  };

  beforeAll(async () => {
    server = await DevVault.start({ program: "bao" });
    await server.call("DELETE", "sys/mounts/secret");
    await server.write("sys/policies/acl/terraform-deploy", { policy: deployPolicy("teams") });
    tokens["terraform-deploy"] = await tokenOf("terraform-deploy");
    await take();
    await terraform.apply({});
    for (const policy of ["deploy", "plan", "admin"]) tokens[policy] = await tokenOf(policy);
    for (const [team, service] of [
      ["payments", "payment-service"],
      ["books", "ledger"],
    ]) {
      await server.write(`teams/${team}/secret/data/${service}/config`, { data: { key: team } });
      tokens[service] = await tokenOf(service, `teams/${team}/`);
    }
  }, 120_000);

  afterAll(async () => {
    terraform.remove();
    await server?.stop();
  });

  /** Applies the config layer of two teams with the policy that the bootstrap gives to Terraform. */
  async function take(): Promise<void> {
    const content = JSON.parse(JSON.stringify(stacksOf(namespaced, "config").config)).json;
    const resource = Object.fromEntries(
      Object.entries<Record<string, { token_policies?: string[] }>>(content.resource).filter(
        ([type]) => !LEFT_OUT.test(type),
      ),
    );
    for (const role of Object.values(resource.vault_kubernetes_auth_backend_role))
      role.token_policies = role.token_policies!.filter((policy) => !policy.includes("vault_rgp_policy"));
    for (const config of Object.values(resource.vault_kubernetes_auth_backend_config))
      Object.assign(config, { disable_local_ca_jwt: true, kubernetes_ca_cert: exampleCa });
    const vault = { address: server.address, token: tokens["terraform-deploy"], skip_child_token: true };
    const required_providers = { vault: content.terraform.required_providers.vault };
    const folder = mkdtempSync(join(tmpdir(), "namespaces-"));
    const stack = { terraform: { required_providers }, provider: { vault: [vault] }, resource };
    writeFileSync(join(folder, "cdk.tf.json"), JSON.stringify(stack, null, 1));
    await terraform.take(folder);
    rmSync(folder, { recursive: true });
  }

  test("plans no changes after the bootstrap identity's apply", async () => {
    expect(await terraform.plan({})).toEqual([]);
  }, 60_000);

  const status = async (who: string, path: string) =>
    (await server.call("GET", path, undefined, tokens[who])).status;

  test("lets a service read its secret in its namespace, and none of another team", async () => {
    expect(await status("payment-service", "teams/payments/secret/data/payment-service/config")).toBe(200);
    expect(await status("payment-service", "teams/books/secret/data/ledger/config")).toBe(403);
    expect(await status("ledger", "teams/books/secret/data/ledger/config")).toBe(200);
  });

  test.each(["terraform-deploy", "deploy", "plan", "admin", "ledger"])(
    "denies %s secrets and policies of the parent namespace by other spellings",
    async (who) => {
      const secret = "secret/data/payment-service/config";
      const policy = "sys/policies/acl/evil";
      const attempts: [method: string, path: string, namespace?: string][] = [
        ...[
          `teams/payments/${secret}`,
          `teams%2Fpayments%2F${secret}`,
          `teams/%2Fpayments/${secret}`,
          `teams/payments/%2F${secret}`,
          `teams/payments/secret%2Fdata/payment-service/config`,
          `teams/payments/secret/%2Fdata/payment-service/config`,
          `teams/payments/secret/data/%2Fpayment-service/config`,
          `%2Fteams/payments/${secret}`,
          `TEAMS/payments/${secret}`,
          `teams/Payments/${secret}`,
          `teams/payments/Secret/data/payment-service/config`,
        ].map((path): [string, string] => ["GET", path]),
        ...["teams/payments", "/teams/payments/", "//teams//payments", "teams/./payments"].flatMap(
          (namespace): [string, string, string][] => [
            ["GET", secret, namespace],
            ["GET", `%2F${secret}`, namespace],
          ],
        ),
        ["GET", `payments/${secret}`, "teams"],
        ["GET", `%2Fpayments/${secret}`, "teams/"],
        ["POST", `teams/${policy}`],
        ["POST", `teams/%2F${policy}`],
        ["POST", `teams/sys/policies%2Facl/evil`],
        ["POST", `teams/sys/%2Fpolicies/acl/evil`],
        ["POST", policy, "teams"],
        ["POST", policy, "/teams//"],
        ["POST", `%2F${policy}`, "teams"],
        ["POST", `sys/policy/evil`, "teams"],
      ];
      for (const [method, path, namespace] of attempts) {
        const response = await fetch(`${server.address}/v1/${path}`, {
          method,
          redirect: "manual",
          headers: { "X-Vault-Token": tokens[who], ...(namespace && { "X-Vault-Namespace": namespace }) },
          body:
            method === "POST"
              ? JSON.stringify({ policy: 'path "payments/*" { capabilities = ["read"] }' })
              : undefined,
        });
        expect([method, path, namespace, response.ok]).toEqual([method, path, namespace, false]);
      }
      expect((await server.call("GET", "teams/sys/policies/acl/evil")).status).toBe(404);
    },
  );

  test("isolates namespaces that the deploy identity creates from those of teams", async () => {
    const all = {
      policy: 'path "*" { capabilities = ["create", "read", "update", "delete", "list", "sudo"] }',
    };
    for (const place of ["", "teams/payments/"]) {
      for (const [path, body] of [
        ["sys/namespaces/own", {}],
        ["own/sys/policies/acl/all", all],
      ] as const)
        expect((await server.call("POST", place + path, body, tokens.deploy)).status).toBeLessThan(300);
      const made = await server.call(
        "POST",
        `${place}own/auth/token/create`,
        { policies: ["all"] },
        tokens.deploy,
      );
      const token = made.body.auth.client_token;
      for (const path of ["teams/payments/secret/data/payment-service/config", "teams/books/sys/mounts"])
        expect((await server.call("GET", path, undefined, token)).status).toBe(403);
      for (const from of ["teams/payments/secret", "../secret", "secret"]) {
        const move = await server.call("POST", `${place}own/sys/remount`, { from, to: "moved" }, token);
        expect([from, move.status]).toEqual([from, 400]);
      }
    }
  });

  test.each(["terraform-deploy", "deploy", "plan", "admin"])(
    "denies %s values, credentials, tokens and remounts in every namespace",
    async (who) => {
      for (const team of ["payments", "books"]) {
        expect(await status(who, `teams/${team}/secret/config`)).toBe(200);
        const paths = [
          "secret/data/payment-service/config",
          "secret/data/ledger/config",
          "database/creds/ledger-role",
          "pki/issue/ledger",
          "pki/issuer/default/issue/ledger",
          "transit/decrypt/payment-service",
          "auth/token/create",
          "sys/remount",
        ].map((path) => `teams/${team}/${path}`);
        const capabilities = await server.capabilities(tokens[who], paths);
        for (const path of paths) expect([path, capabilities[path]]).toEqual([path, ["deny"]]);
      }
      const parent = ["teams/auth/token/create", "teams/sys/policies/acl/x"];
      expect(Object.values(await server.capabilities(tokens[who], parent))).toEqual([["deny"], ["deny"]]);
    },
  );
});
