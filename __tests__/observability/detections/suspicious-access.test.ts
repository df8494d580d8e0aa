import "reflect-metadata";
import { readFileSync } from "node:fs";
import { Duration } from "../../../constructs/core/duration";
import type { Detection } from "../../../constructs/observability/detections/detection";
import {
  type SuspiciousAccessOptions,
  suspiciousAccess,
} from "../../../constructs/observability/detections/suspicious-access";
import { type Entry, find, valueOf } from "../support/audit-log";
import { describeWithPrograms } from "../../support/needs";
import { RaftVault } from "../../support/servers/raft-vault";

const named = (name: string, options?: SuspiciousAccessOptions): Detection =>
  suspiciousAccess(options).find((detection) => detection.name === name)!;

test("gives each detection a unique name, a title, a description and the expected cases", () => {
  const detections = suspiciousAccess();
  expect(new Set(detections.map(({ name }) => name)).size).toBe(detections.length);
  for (const { title, description, expected } of detections) {
    expect([title, description, expected].every((text) => text.length > 10)).toBe(true);
  }
});

describe("invalid options", () => {
  const burst = (moreThan: number, within: Duration) => ({ moreThan, within });
  const refused: [SuspiciousAccessOptions, string][] = [
    [{ pipelineLogins: [] }, "pipelineLogins must be one at least, got none"],
    [
      { pipelineLogins: ['ci" OR "1'] },
      'pipelineLogins must be letters, digits and _ . / -, such as github-, got "ci\\" OR \\"1"',
    ],
    [{ pipelineLogins: ["ci*"] }, "pipelineLogins must be letters"],
    [{ deniedBurst: burst(0, Duration.minutes(5)) }, "deniedBurst.moreThan must be a whole number"],
    [{ massReads: burst(2.5, Duration.minutes(5)) }, "massReads.moreThan must be a whole number"],
    [{ deniedBurst: burst(9, Duration.seconds(90)) }, "deniedBurst.within must be whole minutes, got 90s"],
    [{ massReads: burst(9, Duration.seconds(0)) }, "massReads.within must be whole minutes"],
  ];
  test.each(refused)("rejects %j", (options, message) => {
    expect(() => suspiciousAccess(options)).toThrow(message);
  });
});

/** Window that is long enough for every burst to be within one. */
const SAME_WINDOW = Duration.hours(10_000);

describeWithPrograms("vault")("on the audit log of a real Vault", () => {
  let vault: RaftVault;
  let root: string;
  const tokens: Record<string, string> = {};

  beforeAll(async () => {
    vault = await RaftVault.start();
    await vault.initialise();
    root = vault.token;
    await vault.done("PUT", "sys/audit/first", {
      type: "file",
      options: { file_path: vault.auditFile("first"), elide_list_responses: "true", hmac_accessor: "true" },
    });
    await vault.done("POST", "sys/mounts/secret", { type: "kv", options: { version: "2" } });
    await policy(
      "writes-policies",
      'path "sys/policies/*" { capabilities = ["create", "read", "update", "delete"] }',
    );
    await policy("reads", 'path "secret/data/*" { capabilities = ["create", "update", "read"] }');
    // Logins of other kinds are simulated: only mount and name matter.
    await login("terraform", "vault-vault-terraform", ["writes-policies", "reads"]);
    await login("oidc", "somebody", ["writes-policies"]);
    await login("kubernetes", "production-payment-service", ["reads"]);
    await login("kubernetes", "production-copier", ["reads"]);
    for (let i = 0; i < 12; i++) {
      await vault.done(
        "POST",
        `secret/data/number-${i}`,
        { data: { value: "x" } },
        tokens["production-copier"],
      );
    }
  }, 120_000);
  afterAll(() => vault?.stop());

  const policy = (name: string, text: string) =>
    vault.done("PUT", `sys/policies/acl/${name}`, { policy: text });

  async function login(mount: string, name: string, policies: string[]): Promise<void> {
    await vault.call("POST", `sys/auth/${mount}`, { type: "userpass" });
    await vault.done("POST", `auth/${mount}/users/${name}`, { password: "test", token_policies: policies });
    const { auth } = await vault.done("POST", `auth/${mount}/login/${name}`, { password: "test" });
    tokens[name] = auth.client_token;
  }

  const log = (): Entry[] =>
    readFileSync(vault.auditFile("first"), "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line));

  /** Results of a detection on the entries that an action produces. */
  async function foundBy(detection: Detection, act: () => Promise<unknown>): Promise<Entry[] | string[]> {
    const before = log().length;
    await act();
    const entries = log().slice(before);
    expect(entries.length).toBeGreaterThan(0);
    return find(detection, entries);
  }
  const paths = (entries: Entry[] | string[]) =>
    (entries as Entry[]).map(
      (entry) => `${valueOf(entry, "request.operation")} ${valueOf(entry, "request.path")}`,
    );

  test("finds each use of the root token once, and no other access", async () => {
    const found = await foundBy(named("root-token-used"), async () => {
      await vault.done("GET", "sys/mounts", undefined, root);
      await vault.call("GET", "sys/does-not-exist", undefined, root);
      await vault.done("GET", "secret/data/number-1", undefined, tokens["production-copier"]);
      await vault.call("GET", "sys/mounts", undefined, tokens.somebody);
      await vault.call("GET", "sys/mounts", undefined, "hvs.invalid");
    });
    expect(paths(found)).toEqual(["read sys/mounts", "read sys/does-not-exist"]);
  });

  test("finds the use of a child of the root token", async () => {
    const { auth } = await vault.done("POST", "auth/token/create", { policies: ["root"], ttl: "5m" });
    const found = await foundBy(named("root-token-used"), () =>
      vault.done("GET", "sys/auth", undefined, auth.client_token),
    );
    expect(paths(found)).toEqual(["read sys/auth"]);
  });

  test("finds policy changes outside the pipeline, and ignores the pipeline's", async () => {
    const text = { policy: 'path "secret/data/x" { capabilities = ["read"] }' };
    const found = await foundBy(named("policy-changed-outside-pipelines"), async () => {
      await vault.done("PUT", "sys/policies/acl/by-pipeline", text, tokens["vault-vault-terraform"]);
      await vault.done("DELETE", "sys/policies/acl/by-pipeline", undefined, tokens["vault-vault-terraform"]);
      await vault.done("PUT", "sys/policies/acl/by-hand", text, tokens.somebody);
      await vault.done("GET", "sys/policies/acl/by-hand", undefined, tokens.somebody);
      await vault.done("DELETE", "sys/policies/acl/by-hand", undefined, tokens.somebody);
      await vault.call("PUT", "sys/policies/acl/denied", text, tokens["production-copier"]);
      await vault.done("PUT", "sys/policy/by-root", text, root);
      await vault.done("POST", "secret/data/number-1", { data: { value: "y" } }, tokens["production-copier"]);
    });
    expect(paths(found)).toEqual([
      "update sys/policies/acl/by-hand",
      "delete sys/policies/acl/by-hand",
      "update sys/policy/by-root",
    ]);
  });

  test("finds policy changes by a child of the pipeline's token", async () => {
    await vault.done("PUT", "sys/policies/acl/makes-tokens", {
      policy: 'path "auth/token/create" { capabilities = ["update"] }',
    });
    await login("terraform", "with-children", ["writes-policies", "makes-tokens"]);
    const { auth } = await vault.done("POST", "auth/token/create", {}, tokens["with-children"]);
    const all = { pipelineLogins: ["terraform-"] };
    const found = await foundBy(named("policy-changed-outside-pipelines", all), () =>
      vault.done("DELETE", "sys/policies/acl/some", undefined, auth.client_token),
    );
    expect(paths(found)).toEqual(["delete sys/policies/acl/some"]);
  });

  test("finds denials above the threshold, by policy and by token alike", async () => {
    const burst = { deniedBurst: { moreThan: 4, within: SAME_WINDOW } };
    const act = (times: number) => async () => {
      for (let i = 0; i < times; i++) await vault.call("GET", "sys/mounts", undefined, "hvs.invalid");
      await vault.call("GET", "sys/policies/acl/reads", undefined, tokens["production-copier"]);
      await vault.call("GET", "sys/seal-status", undefined, tokens["production-copier"]);
      await vault.done("GET", "secret/data/number-1", undefined, tokens["production-copier"]);
      // The response is 404, not a denial.
      await vault.call("GET", "secret/data/none", undefined, tokens["production-copier"]);
    };
    expect(await foundBy(named("denied-burst", burst), act(4))).toEqual(["127.0.0.1"]);
    expect(await foundBy(named("denied-burst", burst), act(3))).toEqual([]);
  });

  test("counts denials once that two devices log", async () => {
    for (let i = 0; i < 3; i++) await vault.call("GET", "sys/mounts", undefined, "hvs.invalid");
    const entries = log();
    const denials = entries.filter(({ type, error }) => type === "response" && /denied/.test(String(error)));
    const moreThan = (count: number) =>
      find(named("denied-burst", { deniedBurst: { moreThan: count, within: SAME_WINDOW } }), [
        ...entries,
        ...entries,
      ]);
    expect(moreThan(denials.length - 1)).toEqual(["127.0.0.1"]);
    expect(moreThan(denials.length)).toEqual([]);
  });

  test("finds a login that reads many secrets, and ignores repeated reads of a few", async () => {
    const burst = { massReads: { moreThan: 9, within: SAME_WINDOW } };
    const found = await foundBy(named("mass-secret-reads", burst), async () => {
      for (let i = 0; i < 10; i++) {
        await vault.done("GET", `secret/data/number-${i}`, undefined, tokens["production-copier"]);
        await vault.done("GET", "secret/data/number-1", undefined, tokens["production-payment-service"]);
        await vault.call("GET", "sys/policies/acl/reads", undefined, tokens.somebody);
        await vault.done(
          "POST",
          `secret/data/number-${i}`,
          { data: { value: "z" } },
          tokens["vault-vault-terraform"],
        );
      }
    });
    expect(found).toEqual(["kubernetes-production-copier"]);
  });

  test("reads no hashed field", () => {
    const fields = JSON.stringify(suspiciousAccess()).match(/(?<=")(type|error|(auth|request)\.\w+)(?=")/g)!;
    const values = [...new Set(fields)].map((field) => [
      field,
      log().flatMap((entry) => valueOf(entry, field) ?? []),
    ]);
    for (const [field, found] of values) {
      expect({ field, some: found.length > 0 }).toEqual({ field, some: true });
      expect(String(found)).not.toContain("hmac-sha256:");
    }
  });
});
