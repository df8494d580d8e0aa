import { spawn } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { describeUnless, missingPrograms, programPath } from "../support/needs";
import { certificateRequest, localhostCertificate } from "../support/certificate";
import { serviceAccountClaims, TokenIssuer, TokenReviewer } from "../support/servers/tokens";
import { PostgresServer } from "../support/servers/postgres";
import { TerraformRun } from "./support/terraform-run";
import { DevVault } from "../support/servers/dev-vault";
import { buildConfigLayer, HOSTILE, PASSWORDS, type World } from "./support/config-layer";

const missing = missingPrograms("vault", "postgres", "initdb", "bash") ?? TerraformRun.missing();

describeUnless(missing)("the config layer on a real Vault", () => {
  let world: World;
  let sidecar: Server;
  const heard: string[] = [];
  let terraform: TerraformRun;
  const env = (token = world.vault.rootToken) => ({
    VAULT_ADDR: world.vault.address,
    VAULT_TOKEN: token,
    TF_VAR_stripe: PASSWORDS.secret,
  });

  beforeAll(async () => {
    terraform = new TerraformRun();
    const tls = await localhostCertificate();
    const [vault, postgres, issuer, reviewer] = await Promise.all([
      DevVault.start(),
      PostgresServer.start(),
      TokenIssuer.start(),
      TokenReviewer.start(tls),
    ]);
    world = { vault, postgres, issuer, reviewer, reviewerCertificate: tls.cert };
    sidecar = createServer((socket) => socket.on("data", (text) => heard.push(text.toString())));
    await new Promise<void>((resolve) => sidecar.listen(`${vault.folder}/audit.sock`, resolve));
    // The device from the bootstrap, and a mount of another owner.
    await vault.write("sys/audit/bootstrap-file", {
      type: "file",
      options: { file_path: `${vault.folder}/first.log` },
    });
    await vault.write("sys/auth/userpass", { type: "userpass" });
    await postgres.query(
      postgres.superuser("postgres"),
      "CREATE ROLE payments_owner LOGIN PASSWORD 'owner'",
      "CREATE ROLE legacy_report LOGIN PASSWORD 'old'",
      "CREATE DATABASE payments OWNER payments_owner",
    );
    const { stack, paymentsDb } = buildConfigLayer(world);
    const dba = postgres.superuser("payments");
    await postgres.query(dba, "CREATE SCHEMA ledger AUTHORIZATION payments_owner", paymentsDb.setupSql);
    await postgres.query(dba, `ALTER ROLE vault_admin PASSWORD '${PASSWORDS.initial}'`);
    await postgres.query(
      { user: "payments_owner", password: "owner" },
      "CREATE TABLE ledger.entries (id serial PRIMARY KEY, note text)",
    );
    await terraform.use(stack);
    await terraform.apply({ ...env(), TF_VAR_payments_db_initial_password: PASSWORDS.initial });
  });

  afterAll(async () => {
    await Promise.all([world?.vault.stop(), world?.postgres.stop()]);
    sidecar?.close();
    await world?.issuer.stop();
    await world?.reviewer.stop();
    terraform?.remove();
  });

  const login = async (mount: string, role: string, claims: Record<string, unknown>) =>
    world.vault.call("POST", `auth/${mount}/login`, { role, jwt: world.issuer.sign(claims) }, "");
  const tokenOf = async (...[mount, role, claims]: Parameters<typeof login>): Promise<string> => {
    const { status, body } = await login(mount, role, claims);
    if (status !== 200) throw new Error(`no login: ${JSON.stringify(body)}`);
    return body.auth.client_token;
  };
  const payment = () =>
    tokenOf("kubernetes", "payment-service", serviceAccountClaims("production", "payment-service"));
  const github = (role: string, claims: Record<string, unknown>) =>
    tokenOf("jwt", role, { aud: "vault", repository: "example/vault-platform", ...claims });
  const plan = () =>
    github("plan", { sub: "repo:example/vault-platform:pull_request", ref: "refs/pull/1/merge" });
  const deploy = () =>
    github("deploy", {
      sub: "repo:example/vault-platform:environment:production",
      ref: "refs/heads/main",
      environment: "production",
    });

  test("plans no change after the apply, without the initial password", async () => {
    expect(await terraform.plan(env())).toEqual([]);
  });

  test("stores no secret in state or plan", async () => {
    await terraform.plan(env());
    const written = await terraform.written();
    expect(written).not.toContain(PASSWORDS.initial);
    expect(written).not.toContain(PASSWORDS.secret);
  });

  test("writes the article's policy byte for byte", async () => {
    const { policy } = await world.vault.read("sys/policies/acl/payment-service");
    expect(policy).toBe(`path "secret/data/payment-service/*" {
  capabilities = ["read"]
}
path "database/creds/payment-service-role" {
  capabilities = ["read"]
}
path "pki/issue/payment-service" {
  capabilities = ["create", "update"]
}
`);
  });

  test("grants payment-service the article's permissions and nothing else", async () => {
    const paths = {
      "secret/data/payment-service/config": ["read"],
      "database/creds/payment-service-role": ["read"],
      "pki/issue/payment-service": ["create", "update"],
      "secret/data/other-service/config": ["deny"],
      "secret/data/payment-service": ["deny"],
      "secret/metadata/payment-service/config": ["deny"],
      "database/creds/custom": ["deny"],
      "database/config/payments-db": ["deny"],
      "pki/issue/other": ["deny"],
      "pki/sign/payment-service": ["deny"],
      "transit/encrypt/cards": ["deny"],
      "sys/policies/acl/payment-service": ["deny"],
    };
    expect(await world.vault.capabilities(await payment(), Object.keys(paths))).toEqual(paths);
  });

  test("logs in only the bound ServiceAccount with its audience, with the configured TTLs", async () => {
    const { body } = await login(
      "kubernetes",
      "payment-service",
      serviceAccountClaims("production", "payment-service"),
    );
    expect(body.auth).toMatchObject({
      lease_duration: 3600,
      renewable: true,
      policies: ["default", "payment-service"],
      metadata: { service_account_uid: "5a9ee8f4-6c1c-4a55-9b63-000000000001" },
    });
    expect(await world.vault.read("auth/kubernetes/role/payment-service")).toMatchObject({
      token_max_ttl: 86400,
      alias_name_source: "serviceaccount_uid",
    });
    for (const claims of [
      serviceAccountClaims("production", "other"),
      serviceAccountClaims("other", "payment-service"),
      serviceAccountClaims("production", "payment-service", "https://kubernetes.default.svc"),
    ]) {
      expect((await login("kubernetes", "payment-service", claims)).status).toBe(403);
    }
  });

  test("gives payment-service the secret that Terraform wrote", async () => {
    const { body } = await world.vault.call(
      "GET",
      "secret/data/payment-service/config",
      undefined,
      await payment(),
    );
    expect(body.data.data).toEqual({ stripe_api_key: PASSWORDS.secret });
    expect(body.data.metadata.version).toBe(1);
  });

  test("replaces the initial password with one that only Vault knows", async () => {
    const admin = { user: "vault_admin", password: PASSWORDS.initial };
    await expect(world.postgres.connect(admin)).rejects.toThrow(/authentication failed/);
    await world.vault.read("database/creds/payment-service-role");
  });

  test("issues a credential that works until its lease is revoked", async () => {
    const { body } = await world.vault.call(
      "GET",
      "database/creds/payment-service-role",
      undefined,
      await payment(),
    );
    expect(body).toMatchObject({ lease_duration: 3600, renewable: true });
    const user = { user: body.data.username, password: body.data.password };
    expect(user.password).toHaveLength(32);
    const session = await world.postgres.connect(user);
    await session.query("INSERT INTO ledger.entries (note) VALUES ('a')");
    await world.vault.write("sys/leases/revoke", { lease_id: body.lease_id, sync: true });
    await expect(session.query("SELECT 1")).rejects.toThrow();
    await expect(world.postgres.connect(user)).rejects.toThrow(/authentication failed/);
    expect(world.postgres.log).not.toContain(user.password);
  });

  test("passes custom SQL to PostgreSQL unchanged", async () => {
    const { username } = await world.vault.read("database/creds/custom");
    const [{ comment }] = await world.postgres.query(
      world.postgres.superuser("payments"),
      `SELECT shobj_description(oid, 'pg_authid') AS comment FROM pg_roles WHERE rolname = '${username}'`,
    );
    expect(comment).toBe(HOSTILE);
  });

  test("manages the password of a static user", async () => {
    const { username, password } = await world.vault.read("database/static-creds/legacy");
    expect(username).toBe("legacy_report");
    await world.postgres.query({ user: username, password }, "SELECT 1");
  });

  test("allows only roles of the app to use the connection", async () => {
    const { allowed_roles, connection_details } = await world.vault.read("database/config/payments-db");
    expect(allowed_roles).toEqual(["custom", "legacy", "payment-service-role"]);
    expect(connection_details).toMatchObject({
      connection_url: `postgresql://{{username}}:{{password}}@localhost:${world.postgres.port}/payments?sslmode=verify-full`,
      password_authentication: "scram-sha-256",
    });
  });

  test("passes descriptions to Vault unchanged", async () => {
    const mounts = await world.vault.read("sys/auth");
    expect(mounts["kubernetes/"].description).toBe(HOSTILE);
    const devices = await world.vault.read("sys/audit");
    expect(devices["stdout/"].description).toBe(HOSTILE);
    const { keys } = await world.vault.call("LIST", "identity/mfa/method/totp").then(({ body }) => body.data);
    const { issuer } = await world.vault.read(`identity/mfa/method/totp/${keys[0]}`);
    expect(issuer).toBe(HOSTILE.replaceAll("\n", " "));
    const { name } = await world.vault
      .write("identity/lookup/group", { name: "admin" })
      .then(({ data }) => data.alias);
    expect(name).toBe('Vault admin "admin" é');
  });

  test("issues certificates only for the role's domain, signed by the issuing CA", async () => {
    const token = await payment();
    const issue = (body: object) => world.vault.call("POST", "pki/issue/payment-service", body, token);
    const { status, body } = await issue({ common_name: "payment-service.production.svc" });
    expect(status).toBe(200);
    const [leaf, issuing, root] = [body.data.certificate, ...body.data.ca_chain].map(
      (pem) => new X509Certificate(pem),
    );
    expect(leaf.verify(issuing.publicKey) && issuing.verify(root.publicKey)).toBe(true);
    expect(issuing.subject).toContain("Issuing CA");
    expect(leaf.infoAccess).toMatch(
      /CA Issuers - URI:https:\/\/vault\.vault\.svc:8200\/v1\/pki\/issuer\/[0-9a-f-]+\/der/,
    );
    for (const refused of [
      { common_name: "other.production.svc" },
      { common_name: "a.payment-service.production.svc" },
      { common_name: "*.payment-service.production.svc" },
      { common_name: "localhost" },
      { common_name: "payment-service.production.svc", ip_sans: "10.0.0.1" },
      { common_name: "payment-service.production.svc", ttl: "8760h" },
    ]) {
      const answer = await issue(refused);
      // Vault shortens an excessive TTL with a warning and refuses the other requests.
      if ("ttl" in refused) expect(answer.body.warnings[0]).toContain("longer than permitted maxTTL");
      else expect(answer.status).toBe(400);
    }
    expect(await world.vault.call("LIST", "pki-root/roles").then(({ status: code }) => code)).toBe(404);
  });

  /** Signing request that cert-manager sends for a Certificate with `dnsNames` but no `commonName`. */
  async function signRequest(...dnsNames: string[]) {
    return world.vault.call("POST", "pki/sign/payment-service", {
      common_name: "",
      alt_names: dnsNames.join(),
      ip_sans: "",
      uri_sans: "",
      ttl: "720h",
      csr: await certificateRequest(dnsNames),
      exclude_cn_from_sans: "true",
    });
  }

  test("signs a cert-manager request with DNS names only, for the role's domain only", async () => {
    const { status, body } = await signRequest("payment-service.production.svc");
    expect([status, body.errors]).toEqual([200, undefined]);
    const certificate = new X509Certificate(body.data.certificate);
    expect(certificate.subjectAltName).toBe("DNS:payment-service.production.svc");
    expect(certificate.subject ?? "").toBe("");
    for (const names of [["other.production.svc"], ["payment-service.production.svc", "localhost"]]) {
      expect((await signRequest(...names)).status).toBe(400);
    }
  });

  test("encrypts for the granted workload, and refuses to export or delete the key", async () => {
    const token = await tokenOf("kubernetes", "batch", serviceAccountClaims("production", "batch"));
    const plaintext = Buffer.from(HOSTILE).toString("base64");
    const encrypted = await world.vault.call("POST", "transit/encrypt/cards", { plaintext }, token);
    const ciphertext = encrypted.body.data.ciphertext;
    expect((await world.vault.call("POST", "transit/decrypt/cards", { ciphertext }, token)).status).toBe(403);
    expect((await world.vault.call("POST", "transit/encrypt/another", { plaintext }, token)).status).toBe(
      403,
    );
    expect((await world.vault.write("transit/decrypt/cards", { ciphertext })).data.plaintext).toBe(plaintext);
    expect((await world.vault.call("GET", "transit/export/encryption-key/cards")).status).toBe(400);
    expect((await world.vault.call("DELETE", "transit/keys/cards")).status).toBe(400);
    const rewrap = (body: object) => world.vault.call("POST", "transit/rewrap/cards", body, token);
    expect((await rewrap({ ciphertext })).status).toBe(200);
    expect((await rewrap({ batch_input: [{ ciphertext }] })).status).toBe(403);
  });

  test("issues a periodic token", async () => {
    const { body } = await login("kubernetes", "batch", serviceAccountClaims("production", "batch"));
    const { data } = await world.vault.write("auth/token/lookup", { token: body.auth.client_token });
    expect(data).toMatchObject({ period: 7200, ttl: expect.any(Number) });
  });

  test("writes audit records without secrets to the sidecar and to a private file", async () => {
    await world.vault.call("GET", "secret/data/payment-service/config", undefined, await payment());
    const file = `${world.vault.folder}/audit.log`;
    for (const log of [heard.join(""), readFileSync(file, "utf8")]) {
      expect(log).toContain("secret/data/payment-service/config");
      expect(log).not.toContain(PASSWORDS.secret);
    }
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test("sets the userpass lockout to five failures and 15 minutes", async () => {
    const { user_lockout_threshold, user_lockout_duration } = await world.vault.read(
      "sys/mounts/auth/userpass/tune",
    );
    expect({ user_lockout_threshold, user_lockout_duration }).toEqual({
      user_lockout_threshold: 5,
      user_lockout_duration: 900,
    });
  });

  test("logs in only workflows whose claims all match", async () => {
    const claims = {
      aud: "vault",
      repository: "example/vault-platform",
      ref: "refs/heads/main",
      environment: "production",
      sub: "x",
    };
    expect((await login("jwt", "deploy", claims)).status).toBe(200);
    for (const other of [
      { repository: "example/fork" },
      { ref: "refs/heads/feature" },
      { environment: "staging" },
      { environment: undefined },
      { aud: "sts.amazonaws.com" },
    ]) {
      expect((await login("jwt", "deploy", { ...claims, ...other })).status).toBe(400);
    }
    expect((await login("jwt", "plan", claims)).status).toBe(400);
  });

  test("lets the plan role plan without changes and denies secrets and credentials", async () => {
    const token = await plan();
    expect(await terraform.plan(env(token))).toEqual([]);
    const refused = [
      "secret/data/payment-service/config",
      "database/creds/payment-service-role",
      "database/static-creds/legacy",
      "pki/issue/payment-service",
      "pki/sign/payment-service",
      "transit/decrypt/cards",
      "transit/export/encryption-key/cards",
      "auth/token/create",
      "sys/raw/x",
      "sys/storage/raft/snapshot",
    ];
    const capabilities = await world.vault.capabilities(token, refused);
    expect(capabilities).toEqual(Object.fromEntries(refused.map((path) => [path, ["deny"]])));
    const writes = await world.vault.capabilities(token, [
      "sys/policies/acl/x",
      "auth/jwt/role/plan",
      "sys/mounts/x",
    ]);
    for (const each of Object.values(writes)) expect(each).not.toContain("update");
  });

  test("lets the deploy role apply a change and denies secrets and the bootstrap's objects", async () => {
    const token = await deploy();
    await terraform.use(buildConfigLayer(world, { maxVersions: 20 }).stack);
    expect(await terraform.plan(env(token))).toEqual([
      expect.stringMatching(/^update vault_kv_secret_backend_v2\./),
    ]);
    await terraform.apply(env(token));
    expect(await terraform.plan(env(token))).toEqual([]);
    const denied = [
      "secret/data/other",
      "database/creds/payment-service-role",
      "auth/terraform/role/deploy",
      "sys/auth/terraform",
      "sys/mounts/auth/terraform/tune",
      "sys/audit/bootstrap-file",
    ];
    const capabilities = await world.vault.capabilities(token, denied);
    expect(capabilities).toEqual(Object.fromEntries(denied.map((path) => [path, ["deny"]])));
    const own = await world.vault.capabilities(token, ["secret/data/payment-service/config"]);
    expect(own).toEqual({ "secret/data/payment-service/config": ["create", "patch", "update"] });
  });

  test.each([
    [
      "operator",
      {
        "sys/step-down": ["sudo", "update"],
        "sys/mounts": ["list", "read"],
        "auth/kubernetes/role/x": ["deny"],
      },
    ],
    [
      "auditor",
      {
        "sys/audit": ["read", "sudo"],
        "sys/step-down": ["deny"],
        "auth/kubernetes/role/x": ["list", "read"],
      },
    ],
    ["admin", { "sys/policies/acl/x": ["create", "delete", "list", "patch", "read", "sudo", "update"] }],
  ])("denies secrets to human access in the group %s", async (group, others) => {
    const { auth } = await world.vault.write("auth/token/create", { policies: [group] });
    const expected = {
      "secret/data/payment-service/config": ["deny"],
      "database/creds/payment-service-role": ["deny"],
      "pki/issue/payment-service": ["deny"],
      "transit/decrypt/cards": ["deny"],
      ...others,
    };
    expect(await world.vault.capabilities(auth.client_token, Object.keys(expected))).toEqual(expected);
  });

  describe("with the OIDC configuration that an operator writes", () => {
    /** Performs the browser's requests between Vault and the identity provider. */
    async function personLogin(groups: string[], claims: Record<string, unknown> = {}) {
      const redirect_uri = "http://localhost:8250/oidc/callback";
      const asked = await world.vault.call(
        "POST",
        "auth/oidc/oidc/auth_url",
        { role: "people", redirect_uri },
        "",
      );
      const url = new URL(asked.body.data.auth_url);
      world.issuer.person = {
        sub: groups.join() || "nobody",
        aud: "vault",
        nonce: url.searchParams.get("nonce"),
        groups,
        ...claims,
      };
      return world.vault.call(
        "GET",
        `auth/oidc/oidc/callback?state=${url.searchParams.get("state")}&code=x`,
        undefined,
        "",
      );
    }

    beforeAll(async () => {
      const command = buildConfigLayer(world).oidc.configurationCommand.replace(
        "https://id.example.com",
        world.issuer.url,
      );
      const shell = spawn(programPath("bash"), ["-c", command], {
        env: { ...process.env, ...env() },
        stdio: ["pipe", "ignore", "pipe"],
      });
      shell.stdin.end("client secret\n");
      let said = "";
      shell.stderr.on("data", (text) => (said += text));
      const code = await new Promise((resolve) => shell.once("close", resolve));
      if (code !== 0) throw new Error(said);
    });

    test("plans no change", async () => {
      expect(await terraform.plan(env())).toEqual([]);
    });

    test("grants a user the policy of the group, for at most eight hours", async () => {
      const { body } = await personLogin(['Vault operator "operator" é', "others"]);
      expect(body.auth).toMatchObject({
        identity_policies: ["operator"],
        token_policies: ["default"],
        lease_duration: 3600,
      });
      const { data } = await world.vault.write("auth/token/lookup", { token: body.auth.client_token });
      expect(data.explicit_max_ttl).toBe(0);
      const { token_max_ttl } = await world.vault.read("auth/oidc/role/people");
      expect(token_max_ttl).toBe(8 * 3600);
    });

    test("refuses a token to an admin without a second factor", async () => {
      const { body } = await personLogin(['Vault admin "admin" é']);
      expect(body.auth.client_token).toBe("");
      expect(body.auth.mfa_requirement.mfa_constraints).toMatchObject({ admin: { any: [{ type: "totp" }] } });
    });

    test.each([
      ["another client", { aud: "other" }, /audience/],
      ["another login", { nonce: "n_of_another_login" }, /nonce/],
      ["another issuer", { iss: "https://id.example.org" }, /issue/],
      ["a time that is over", { exp: Math.floor(Date.now() / 1000) - 3600 }, /expire/],
    ])("rejects an ID token for %s", async (_title, claims, reason) => {
      const { status, body } = await personLogin(['Vault operator "operator" é'], claims);
      expect([status, body.auth]).toEqual([400, undefined]);
      expect(body.errors.join()).toMatch(reason);
    });

    test.each([[["others"]], [[]]])("rejects a user in the groups %j", async (groups) => {
      expect((await personLogin(groups)).status).toBe(400);
    });
  });

  test("accepts another initial password and replaces it at once", async () => {
    await world.postgres.query(
      world.postgres.superuser("payments"),
      "ALTER ROLE vault_admin PASSWORD 'second'",
    );
    await terraform.use(buildConfigLayer(world, { maxVersions: 20, passwordVersion: 2 }).stack);
    await terraform.apply({ ...env(), TF_VAR_payments_db_initial_password: "second" });
    await expect(world.postgres.connect({ user: "vault_admin", password: "second" })).rejects.toThrow();
    await world.vault.read("database/creds/payment-service-role");
    expect(await terraform.plan(env())).toEqual([]);
  });
});
