import { join } from "node:path";
import { exists, get } from "./support/kubernetes";
import { environment, names, stacks } from "./support/platform";
import { attempt, project, run } from "./support/shell";

type Json = any; // eslint-disable-line @typescript-eslint/no-explicit-any

const aws = (...args: string[]): Json => {
  const text = run("aws", [...args, "--region", environment.aws.region, "--output", "json"]);
  return text.trim() === "" ? {} : JSON.parse(text);
};
const terraform = (stack: string, ...args: string[]) =>
  attempt("terraform", [`-chdir=${join(project, "cdktf.out", "stacks", stack)}`, ...args]);
const claims = () => get("vault", "pvc").items.map(({ metadata }: Json) => metadata.uid as string);
const kept = () => ({
  key: aws("kms", "describe-key", "--key-id", names.unsealKeyAlias).KeyMetadata,
  snapshots: aws("s3api", "list-objects-v2", "--bucket", names.snapshotBucket).Contents as Json[],
  policy: aws("s3api", "get-bucket-policy", "--bucket", names.snapshotBucket).Policy as string,
  claims: claims(),
});

test("prevents the destruction of retained resources by Terraform alone", () => {
  for (const stack of ["cluster-foundation", "cluster-cluster"]) {
    const { code, stderr } = terraform(stack, "plan", "-destroy", "-input=false", "-no-color", "-lock=false");
    expect(code).not.toBe(0);
    expect(stderr).toContain("Instance cannot be destroyed");
  }
});

test("destroys the environment and keeps the key, the bucket and the volumes", () => {
  const before = kept();
  expect(before.key.KeyState).toBe("Enabled");
  const said = run("npm", [
    ...[
      "run",
      "-s",
      "vault-platform",
      "--",
      "destroy",
      "--env",
      "cluster",
      "--port-forward",
      "--auto-approve",
    ],
  ]);
  expect(said).toContain(`stays: aws_s3_bucket.`);
  expect(said).toContain(before.key.KeyId);
  expect(kept()).toEqual(before);
  expect(exists("vault", "statefulset", "vault")).toBe(false);
  expect(exists("production", "deployment", "payment-service")).toBe(false);
  for (const stack of stacks) expect(terraform(stack, "state", "list").stdout.trim()).toBe("");
});
