import { Testing } from "cdktf";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { applyProgram } from "../../../local/applier/apply";
import { AppliedRecord } from "../../../local/applier/applied-record";
import { Program } from "../../../local/applier/program";
import { table } from "../../../local/applier/table";
import { VaultApi } from "../../../local/applier/vault-api";
import { localConfig } from "./support/world";

test("lists exactly the resource types that local-config uses", () => {
  const folder = join(Testing.fullSynth(localConfig()), "stacks", "local-config");
  const { resource } = JSON.parse(readFileSync(join(folder, "cdk.tf.json"), "utf8"));
  expect(Object.keys(table)).toEqual(Object.keys(resource).sort());
  // The program also has to understand all expressions.
  expect(Program.read(folder, {}).resources).not.toEqual([]);
});

test("rejects a type that the table lacks before it writes", async () => {
  const resource = { vault_policy: { One: { name: "x" } }, vault_namespace: { Two: { path: "y" } } };
  await expect(
    applyProgram({
      program: new Program({ resource }, {}),
      vault: new VaultApi({ address: "http://127.0.0.1:1" }),
      record: new AppliedRecord("/nonexistent"),
      say: () => {},
    }),
  ).rejects.toThrow(
    "vault_namespace.Two: the applier does not know the type vault_namespace; local/applier/table.ts lists those.",
  );
});
