import { accessDiff } from "../../access/diff";
import { plain } from "../../access/markdown";
import {
  changesOf,
  EMPTY,
  environmentOf,
  type Json,
  resource,
  type StackJson,
  textsOf,
} from "./support/stack-json";

describe("access diff of settings of operation", () => {
  const workload = (spec: Json) =>
    resource("kubernetes_cron_job_v1", {
      spec: [
        {
          ...spec,
          job_template: [
            { spec: [{ template: [{ spec: [{ container: [{ name: "a", image: "app:1" }] }] }] }] },
          ],
        },
      ],
    });

  it.each<[string, StackJson, StackJson, string]>([
    [
      "a schedule",
      workload({ schedule: "0 1 * * *" }),
      workload({ schedule: "0 0 31 2 *" }),
      "spec.schedule: 0 1 * * * -> 0 0 31 2 *",
    ],
    [
      "replicas",
      resource("kubernetes_deployment_v1", { spec: { replicas: 1 } }),
      resource("kubernetes_deployment_v1", { spec: { replicas: 3 } }),
      "spec.replicas: 1 -> 3",
    ],
  ])("names %s without an approval", (_what, before, after, expected) => {
    const changes = changesOf(before, after);

    expect(changes.map(({ what }) => plain(what))).toEqual([`changed: ${expected}`]);
    expect(changes[0]).toMatchObject({ kind: "operation", direction: "same", labels: [] });
  });

  it("reads a manifest as a resource of its kind", () => {
    const manifest = (replicas: number, image = "app:1") =>
      resource("kubernetes_manifest", {
        manifest: {
          apiVersion: "apps/v1",
          kind: "Deployment",
          metadata: { name: "a" },
          spec: { replicas, template: { spec: { containers: [{ name: "a", image }] } } },
        },
      });

    expect(textsOf(manifest(1), manifest(3))).toEqual([
      "kubernetes_manifest kubernetes_manifest.A: changed: spec.replicas: 1 -> 3 []",
    ]);
    expect(changesOf(manifest(1), manifest(1, "app:2"))).toMatchObject([{ kind: "operation", labels: [] }]);
  });

  it("names an import and a check", () => {
    const after = { import: [{ to: "vault_mount.A", id: "a" }], check: { C: { assert: {} } } };

    expect(changesOf(EMPTY, after).map(({ kind }) => kind)).toEqual(["unread", "operation"]);
  });
});

describe("access diff of a lifecycle", () => {
  const audit = (lifecycle?: Json) =>
    resource("vault_audit", { type: "file", ...(lifecycle && { lifecycle }) });

  it("names no other address of an object with a loss that is reported", () => {
    const mount = (name: string) => ({ resource: { vault_mount: { [name]: { path: "a" } } } });

    expect(changesOf(mount("A"), mount("B")).map(({ kind }) => kind)).toEqual(["destruction"]);
  });

  it("is dangerous if prevent_destroy is removed or off", () => {
    for (const after of [undefined, { prevent_destroy: false }]) {
      expect(textsOf(audit({ prevent_destroy: true }), audit(after))).toEqual([
        "vault_audit vault_audit.A: - prevent_destroy: from now on, Terraform can destroy it [destroys]",
      ]);
    }
  });

  it("is no change if only the order of Terraform's work changes", () => {
    expect(changesOf(audit(), audit({ create_before_destroy: true }))).toEqual([]);
  });
});

describe("access diff without a change", () => {
  const POLICY = 'path "secret/data/a" { capabilities = ["read"] }';

  it.each<[string, StackJson, StackJson]>([
    [
      "another order of arguments",
      resource("aws_iam_user", { name: "a", path: "/" }),
      resource("aws_iam_user", { path: "/", name: "a" }),
    ],
    [
      "another order of a list",
      resource("aws_s3control_access_grant", { grantee: [{ a: 1 }, { b: 2 }] }),
      resource("aws_s3control_access_grant", { grantee: [{ b: 2 }, { a: 1 }] }),
    ],
    [
      "another order of the options of an audit device",
      resource("vault_audit", { type: "file", options: { file_path: "a", log_raw: "f" } }),
      resource("vault_audit", { type: "file", options: { log_raw: "f", file_path: "a" } }),
    ],
    [
      "JSON in another format",
      resource("aws_sqs_queue_policy", { policy: '{"a":1,"b":[2]}' }),
      resource("aws_sqs_queue_policy", { policy: '{ "b": [2],\n "a": 1 }' }),
    ],
    [
      "values of a chart in another format",
      resource("helm_release", { name: "a", values: ["a: 1\nb: 2 # note\n"] }),
      resource("helm_release", { name: "a", values: ["# note\nb: 2\na: 1"] }),
    ],
    [
      "one block instead of a list of one",
      resource("aws_iam_user", { x: [{ y: 1 }] }),
      resource("aws_iam_user", { x: { y: "1" } }),
    ],
    [
      "a value in a local",
      resource("vault_policy", { name: "a", policy: POLICY }),
      resource("vault_policy", { name: "a", policy: "${local.p}" }, { locals: { p: POLICY } }),
    ],
    [
      "metadata of a construct",
      resource("vault_mount", { path: "a" }),
      resource("vault_mount", { path: "a", "//": { metadata: { path: "b/c" } } }),
    ],
    [
      "a description and tags",
      resource("aws_kms_key", { description: "a" }),
      resource("aws_kms_key", { description: "b", tags: { team: "a" } }),
    ],
    ["an output without a secret", EMPTY, { output: { O: { value: "${aws_s3_bucket.A.arn}" } } }],
  ])("is one for %s", (_what, before, after) => {
    expect(changesOf(before, after)).toEqual([]);
  });

  it("is one for a moved block, and names an object that gets another address without one", () => {
    const at = (name: string, moved?: Json): StackJson => ({
      resource: {
        vault_quota_rate_limit: { [name]: { name: "a", rate: 1 } },
        vault_egp_policy: { P: { policy: `\${vault_quota_rate_limit.${name}.id}` } },
      },
      ...(moved && { moved: [moved] }),
    });
    const moved = { from: "vault_quota_rate_limit.A", to: "vault_quota_rate_limit.B" };

    expect(changesOf(at("A"), at("B", moved))).toEqual([]);
    expect(textsOf(at("A"), at("B"))).toContain(
      "vault_quota_rate_limit vault_quota_rate_limit.B: same arguments at another address: destroyed and created again []",
    );
  });

  it("is one for a new stack with the known providers and backend", () => {
    const settings = (key: string) => ({
      provider: { vault: [{ address: "https://a" }] },
      terraform: { backend: { s3: { bucket: "a", key } }, required_providers: { vault: { version: "1" } } },
    });
    const before = { "production-config": settings("a") };
    const [{ changes }] = accessDiff(
      [environmentOf(before)],
      [environmentOf({ ...before, "production-config-team": settings("b") })],
    );
    expect(changes).toEqual([]);
  });
});
