import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const root = resolve(__dirname, "..", "..");
let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "deploy-order-"))));
afterEach(() => rmSync(folder, { recursive: true }));

/** Stand-in for Terraform. Its apply takes a while and records its start and end. */
const TERRAFORM = `#!/bin/sh
stack=$(basename "$PWD")
case "$1 $*" in
  version*json*) echo '{"terraform_version":"1.11.4"}' ;;
  version*) echo "Terraform v1.11.4" ;;
  apply*) echo "begins $stack" >>"$LOG"; sleep 0.3; echo "ends $stack" >>"$LOG" ;;
  output*) echo '{}' ;;
esac
`;

test("deploys all layers of an environment one after the other in one cdktf process", () => {
  const terraform = join(folder, "terraform");
  writeFileSync(terraform, TERRAFORM, { mode: 0o755 });
  const { status, stderr } = spawnSync(
    join(root, "node_modules", ".bin", "cdktf"),
    ["deploy", "production-*", "--auto-approve", "--skip-provider-lock", "--output", join(folder, "out")],
    {
      cwd: root,
      encoding: "utf8",
      env: {
        ...process.env,
        TERRAFORM_BINARY_NAME: terraform,
        LOG: join(folder, "log"),
        CHECKPOINT_DISABLE: "1",
        CI: "1",
      },
    },
  );
  expect({ status, stderr: status === 0 ? "" : stderr }).toEqual({ status: 0, stderr: "" });
  const layers = ["foundation", "cluster", "config", "workloads"].map((layer) => `production-${layer}`);
  expect(readFileSync(join(folder, "log"), "utf8").trim().split("\n")).toEqual(
    layers.flatMap((stack) => [`begins ${stack}`, `ends ${stack}`]),
  );
}, 120_000);
