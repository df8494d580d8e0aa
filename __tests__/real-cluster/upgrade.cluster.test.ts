import { readFileSync, writeFileSync } from "node:fs";
import { isReady, logs, pods, get } from "./support/kubernetes";
import { describeUnless } from "../support/needs";
import { environment } from "./support/platform";
import { run } from "./support/shell";

type Json = any; // eslint-disable-line @typescript-eslint/no-explicit-any

const image = process.env.CLUSTER_OTHER_VAULT_IMAGE;

const missing = image ? undefined : "CLUSTER_OTHER_VAULT_IMAGE names no other image";

describeUnless(missing)("another image of Vault", () => {
  const file = process.env.CLUSTER_SETTINGS as string;
  const before = readFileSync(file, "utf8");
  afterAll(() => writeFileSync(file, before));

  test("replaces every server by a deploy, the active one last", () => {
    const old = pods("vault", "component=server");
    const [active] = pods("vault", "component=server,vault-active=true");
    const settings = JSON.parse(before);
    writeFileSync(file, JSON.stringify({ ...settings, images: { ...settings.images, vault: image } }));
    const flags = ["--auto-approve", "--skip-provider-lock", "--ignore-missing-stack-dependencies"];
    run("npx", ["cdktf", "deploy", "cluster-cluster", ...flags]);

    const now = pods("vault", "component=server");
    expect(now.filter(isReady)).toHaveLength(environment.vault.replicas);
    for (const { metadata, spec } of now) {
      expect(spec.containers.find(({ name }: Json) => name === "vault").image).toBe(image);
      expect(old.map((it) => it.metadata.uid)).not.toContain(metadata.uid);
    }
    const started = now
      .map(({ metadata }) => metadata)
      .sort((a, b) => (a.creationTimestamp < b.creationTimestamp ? -1 : 1));
    expect(started.at(-1).name).toBe(active.metadata.name);
    const [job] = get("vault", "jobs", "-l", "app.kubernetes.io/component=rollout").items;
    expect(job.status.succeeded).toBe(1);
    expect(logs("vault", job.metadata.name)).not.toContain("FAILED");
  });
});
